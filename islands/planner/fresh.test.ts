import { describe, expect, it } from 'vitest';
import { keptCalendars, withSome, type Kept } from './fresh.ts';
import { aResource } from './samples.ts';

const nothing: Kept = { calendars: [], texts: new Map() };
const three = [1, 2, 3].map((id) => ({ ...aResource(), id }));

describe('an answer that takes the place of an older one', () => {
  it('keeps the calendars that did not change, and only those', () => {
    const before = keptCalendars(three, nothing);
    const after = keptCalendars([three[0]!, { ...three[1]!, name: 'Bruno Neri' }], before);
    expect(after.calendars.map((calendar) => calendar.name)).toEqual(['Giulia Rossi', 'Bruno Neri']);
    expect(after.calendars[0]).toBe(before.calendars[0]);
    expect(after.calendars[1]).not.toBe(before.calendars[1]);
  });

  it('draws a calendar again that was away in between', () => {
    const before = keptCalendars(three, nothing);
    const without = keptCalendars(three.slice(1), before);
    expect(keptCalendars(three, without).calendars[0]).not.toBe(before.calendars[0]);
  });
});

describe('an answer for some rows', () => {
  it('leaves the order and the other calendars as they are', () => {
    const before = keptCalendars(three, nothing);
    const after = withSome([{ ...three[1]!, name: 'Bruno Neri' }], before);
    expect(after.calendars.map((calendar) => calendar.id)).toEqual([1, 2, 3]);
    expect(after.calendars[0]).toBe(before.calendars[0]);
    expect(after.calendars[1]!.name).toBe('Bruno Neri');
    expect(keptCalendars(three, after).calendars[1]!.name).toBe('Giulia Rossi');
  });

  it('adds nobody who is not on the board', () => {
    const before = keptCalendars(three.slice(0, 2), nothing);
    expect(withSome([three[2]!], before).calendars.map((calendar) => calendar.id)).toEqual([1, 2]);
  });
});
