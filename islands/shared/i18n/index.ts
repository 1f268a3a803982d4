import { en } from './en.ts';
import { it } from './it.ts';
import { ro } from './ro.ts';

/** A text for each plural form that the language has; `{n}` stands for the number. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

type Source = typeof en;
export type Key = { [K in keyof Source]: Source[K] extends string ? K : never }[keyof Source];
export type PluralKey = Exclude<keyof Source, Key>;
/** Every language has every text, or the project does not compile. */
export type Dictionary = { [K in Key]: string } & { [K in PluralKey]: Plural };

export type Values = Record<string, string | number>;

const DICTIONARIES: Record<string, Dictionary> = { en, it, ro };

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export class Translator {
  readonly #texts: Dictionary;
  readonly #plurals: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;

  /** Takes `it` and `it-CH` alike; a language without a dictionary is English. */
  constructor(readonly locale: string) {
    const language = locale.toLowerCase().split(/[-_]/)[0] ?? 'en';
    this.#texts = DICTIONARIES[language] ?? en;
    this.#plurals = new Intl.PluralRules(DICTIONARIES[language] ? language : 'en');
    this.#numbers = new Intl.NumberFormat(DICTIONARIES[language] ? language : 'en');
  }

  text = (key: Key, values: Values = {}): string => fill(this.#texts[key], values);

  plural = (key: PluralKey, n: number, values: Values = {}): string => {
    const forms = this.#texts[key];
    return fill(forms[this.#plurals.select(n)] ?? forms.other, { ...values, n: this.#numbers.format(n) });
  };
}
