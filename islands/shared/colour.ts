/** Colours of blocks: a tint that the text on it can be read on, whatever colour users gave a type or a state. */

type Rgb = readonly [number, number, number];

const GREY: Rgb = [134, 142, 150];
const LIGHT_SURFACE: Rgb = [255, 255, 255];
const DARK_SURFACE: Rgb = [38, 38, 38];
const INK: Rgb = [24, 28, 34];
const CHALK: Rgb = [244, 246, 248];
/** WCAG 2.2 AA for small text. */
export const ENOUGH = 4.5;

export interface BlockColours {
  background: string;
  text: string;
  bar: string;
}

/** Reads `#rgb` and `#rrggbb`; anything else is a middle grey. */
export function parseColour(text: string): Rgb {
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (long) return [parseInt(long[1]!, 16), parseInt(long[2]!, 16), parseInt(long[3]!, 16)];
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text.trim());
  if (short) return [parseInt(short[1]!, 16) * 17, parseInt(short[2]!, 16) * 17, parseInt(short[3]!, 16) * 17];
  return GREY;
}

export function mix(colour: Rgb, base: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(colour[index] * share + base[index] * (1 - share));
  return [part(0), part(1), part(2)];
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: Rgb): number {
  const linear = (part: number) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

/** Contrast ratio, WCAG 2.2: 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Dark or light text, whichever is read better on the colour. */
export function textOn(colour: Rgb): Rgb {
  return contrast(INK, colour) >= contrast(CHALK, colour) ? INK : CHALK;
}

export function css(colour: Rgb): string {
  return `rgb(${colour.join(' ')})`;
}

const known = new Map<string, BlockColours>();

export function blockColours(colour: string, dark: boolean): BlockColours {
  const key = `${dark ? 'd' : 'l'}${colour}`;
  let colours = known.get(key);
  if (!colours) {
    colours = computeColours(parseColour(colour), dark);
    known.set(key, colours);
  }
  return colours;
}

function computeColours(colour: Rgb, dark: boolean): BlockColours {
  const background = dark ? mix(colour, DARK_SURFACE, 0.3) : mix(colour, LIGHT_SURFACE, 0.17);
  return { background: css(background), text: css(textOn(background)), bar: css(colour) };
}
