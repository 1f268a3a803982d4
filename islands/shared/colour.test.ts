import { describe, expect, it } from 'vitest';
import { blockColours, contrast, ENOUGH, parseColour } from './colour.ts';

function rgb(text: string): [number, number, number] {
  return text.match(/\d+/g)!.map(Number) as [number, number, number];
}

describe('colours', () => {
  it('are read in both notations; anything else is grey', () => {
    expect(parseColour('#0a8')).toEqual([0, 170, 136]);
    expect(parseColour('#00AA88')).toEqual([0, 170, 136]);
    expect(parseColour('red; background: url(x)')).toEqual([134, 142, 150]);
  });

  it('have the contrasts of WCAG', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
  });

  it('give text that can be read on every tint, in light and dark', () => {
    const steps = ['00', '33', '66', '99', 'cc', 'ff'];
    for (const red of steps) {
      for (const green of steps) {
        for (const blue of steps) {
          for (const dark of [false, true]) {
            const { background, text } = blockColours(`#${red}${green}${blue}`, dark);
            expect(contrast(rgb(background), rgb(text))).toBeGreaterThanOrEqual(ENOUGH);
          }
        }
      }
    }
  });
});
