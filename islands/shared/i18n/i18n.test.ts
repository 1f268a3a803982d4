import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { Translator } from './index.ts';
import { it as italian } from './it.ts';
import { ro } from './ro.ts';

function texts(entry: string | Record<string, string>): string[] {
  return typeof entry === 'string' ? [entry] : Object.values(entry);
}

function places(text: string): string {
  return [...text.matchAll(/\{\w+\}/g)].map(String).sort().join(' ');
}

describe('dictionaries', () => {
  for (const [language, dictionary] of Object.entries({ italian, ro })) {
    it(`in ${language} have the texts and places of the English one`, () => {
      expect(Object.keys(dictionary).sort()).toEqual(Object.keys(en).sort());
      for (const [key, entry] of Object.entries(en)) {
        const wanted = places(texts(entry)[0]!);
        for (const text of texts(dictionary[key as keyof typeof en])) expect(places(text), key).toBe(wanted);
      }
    });
  }

  it('have every plural form that the language uses', () => {
    for (const [locale, dictionary] of Object.entries({ en, it: italian, ro })) {
      const rules = new Intl.PluralRules(locale);
      const used = new Set([0, 1, 2, 5, 19, 20, 21, 100, 101, 119].map((n) => rules.select(n)));
      for (const entry of Object.values(dictionary)) {
        if (typeof entry !== 'string') for (const form of used) expect(entry).toHaveProperty(form);
      }
    }
  });
});

describe('a translator', () => {
  it('chooses Romanian plural forms', () => {
    const { plural } = new Translator('ro');
    expect(plural('technician_count', 1)).toBe('1 tehnician');
    expect(plural('technician_count', 2)).toBe('2 tehnicieni');
    expect(plural('technician_count', 19)).toBe('19 tehnicieni');
    expect(plural('technician_count', 20)).toBe('20 de tehnicieni');
    expect(plural('technician_count', 101)).toBe('101 tehnicieni');
  });

  it('fills places and leaves unknown ones visible', () => {
    const { text } = new Translator('it-CH');
    expect(text('none_found', { search: 'Rossi' })).toBe('Nessun risultato per «Rossi».');
    expect(text('other_zone')).toBe('Ora locale: {zone}');
  });

  it('falls back to English', () => {
    expect(new Translator('fr').text('today')).toBe('Today');
  });
});
