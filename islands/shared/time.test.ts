import { describe, expect, it } from 'vitest';
import { addDays, clockText, HOUR, isDate, mondayOf, parseClock, Zone } from './time.ts';

const rome = new Zone('Europe/Rome');

describe('dates', () => {
  it('are added across months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
  });

  it('know their Monday', () => {
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  });

  it('are refused when they do not exist', () => {
    expect(isDate('2026-02-28')).toBe(true);
    expect(isDate('2026-13-01')).toBe(false);
    expect(isDate('23/11/2026')).toBe(false);
  });
});

describe('clock texts', () => {
  it('are read with and without seconds', () => {
    expect(parseClock('09:15')).toBe(555);
    expect(parseClock('09:15:30')).toBe(555);
    expect(clockText(555)).toBe('09:15');
  });

  it('are refused outside the day', () => {
    expect(parseClock('24:00')).toBeNull();
    expect(parseClock('10:60')).toBeNull();
    expect(parseClock('')).toBeNull();
  });
});

describe('a zone', () => {
  it('has a day of 23 hours when the clock goes forward and of 25 when it goes back', () => {
    const length = (date: string) => {
      const [from, to] = rome.day(date);
      return (to - from) / HOUR;
    };
    expect(length('2026-03-29')).toBe(23);
    expect(length('2026-10-25')).toBe(25);
    expect(length('2026-11-23')).toBe(24);
  });

  it('names no instant in the skipped hour and two in the repeated one', () => {
    expect(rome.instants('2026-03-29', 150)).toEqual([]);
    expect(rome.instants('2026-10-25', 150)).toEqual([
      Date.parse('2026-10-25T02:30:00+02:00'),
      Date.parse('2026-10-25T02:30:00+01:00'),
    ]);
    expect(rome.instants('2026-11-23', 600)).toEqual([Date.parse('2026-11-23T10:00:00+01:00')]);
  });

  it('takes a skipped time as far past the gap as it lies in it', () => {
    expect(rome.iso(rome.at('2026-03-29', 150))).toBe('2026-03-29T03:30:00+02:00');
  });

  it('begins a day at the first instant that exists when midnight is skipped', () => {
    const cairo = new Zone('Africa/Cairo');
    const [from, to] = cairo.day('2024-04-26');
    expect(cairo.iso(from)).toBe('2024-04-26T01:00:00+03:00');
    expect((to - from) / HOUR).toBe(23);
  });

  it('handles a change of half an hour and offsets that are no full hours', () => {
    const lordHowe = new Zone('Australia/Lord_Howe');
    const [from, to] = lordHowe.day('2026-10-04');
    expect((to - from) / HOUR).toBe(23.5);
    expect(new Zone('Asia/Kathmandu').iso(Date.parse('2026-11-23T00:00:00Z'))).toBe('2026-11-23T05:45:00+05:45');
    expect(new Zone('America/St_Johns').iso(Date.parse('2026-11-23T00:00:00Z'))).toBe('2026-11-22T20:30:00-03:30');
  });

  it('reads the wall clock back from every quarter of the days around a change', () => {
    for (const date of ['2026-03-29', '2026-10-25']) {
      const [from, to] = rome.day(date);
      for (let at = from; at < to; at += HOUR / 4) {
        const { date: shown, minutes } = rome.wall(at);
        expect(shown).toBe(date);
        expect(rome.instants(shown, minutes)).toContain(at);
      }
    }
  });

  it('refuses a name that it does not know', () => {
    expect(() => new Zone('Europe/Atlantis')).toThrow(RangeError);
  });
});
