import { describe, expect, it } from 'vitest';
import { Formats } from './formats.ts';
import { Zone } from './time.ts';

const rome = new Zone('Europe/Rome');
const at = Date.parse('2026-11-23T14:05:00+01:00');

describe('formats', () => {
  it('write times on the board’s clock, in 24 hours for plain English too', () => {
    expect(new Formats('it').time(at, rome)).toBe('14:05');
    expect(new Formats('en').time(at, rome)).toBe('14:05');
    expect(new Formats('ro').range(at, at + 3_600_000, new Zone('Europe/Bucharest'))).toBe('15:05–16:05');
  });

  it('write dates in the reader’s language', () => {
    expect(new Formats('it').longDate('2026-11-23')).toBe('lunedì 23 novembre 2026');
    expect(new Formats('ro').longDate('2026-11-23')).toBe('luni, 23 noiembrie 2026');
    expect(new Formats('en').longDate('2026-11-23')).toMatch(/^Monday,? 23 November 2026$/);
  });

  it('write dates in short', () => {
    expect(new Formats('it').shortDateYear('2026-11-23')).toBe('lun 23 nov 2026');
    expect(new Formats('en').shortDateYear('2026-11-23')).toMatch(/^Mon,? 23 Nov 2026$/);
  });

  it('tell the two readings of a repeated hour apart', () => {
    const formats = new Formats('en');
    const [first, second] = rome.instants('2026-10-25', 150);
    expect(formats.zoneName(first!, rome)).not.toBe(formats.zoneName(second!, rome));
  });

  it('tell ages in the largest unit that fits, never in the future', () => {
    const formats = new Formats('en');
    expect(formats.age(at - 5 * 60_000, at)).toMatch(/^5 min\.? ago$/);
    expect(formats.age(at - 3 * 3_600_000, at)).toMatch(/^3 hr\.? ago$/);
    expect(formats.age(at - 80 * 3_600_000, at)).toBe('3 days ago');
    expect(formats.age(at + 60_000, at)).toMatch(/^0 min\.? ago$/);
  });
});
