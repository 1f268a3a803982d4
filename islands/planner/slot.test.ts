import { describe, expect, it } from 'vitest';
import { Zone } from '../shared/time.ts';
import { endAfter, lengthOf, momentOf, readings, readSlot, slotFields } from './slot.ts';

const rome = new Zone('Europe/Rome');
const from = Date.parse('2026-11-23T09:00:00+01:00');
const to = Date.parse('2026-11-23T10:30:00+01:00');

describe('the fields of a slot', () => {
  it('are written and read back', () => {
    const fields = slotFields(4, { from, to }, rome);
    expect(fields.starts).toEqual({ date: '2026-11-23', time: '09:00', second: false });
    expect(readSlot(fields, rome)).toEqual({ place: { resourceId: 4, from, to }, errors: null });
  });

  it('keep which of two equal times was meant', () => {
    const second = Date.parse('2026-10-25T02:30:00+01:00');
    const moment = momentOf(second, rome);
    expect(moment).toEqual({ date: '2026-10-25', time: '02:30', second: true });
    expect(readings(moment, rome)).toHaveLength(2);
    const slot = { resourceId: 4, starts: { ...moment, second: false }, ends: moment };
    expect(readSlot(slot, rome).place).toEqual({ resourceId: 4, from: second - 3_600_000, to: second });
  });

  it('refuse a time that the clock skips', () => {
    const starts = { date: '2026-03-29', time: '02:30', second: false };
    const ends = { date: '2026-03-29', time: '04:00', second: false };
    expect(readSlot({ resourceId: 4, starts, ends }, rome).errors).toEqual({ starts: 'skipped_time' });
  });

  it('say what is missing, each beside its field', () => {
    const empty = { date: '', time: '', second: false };
    expect(readSlot({ resourceId: null, starts: empty, ends: { ...empty, date: '2026-11-23' } }, rome).errors).toEqual({
      resource_id: 'needs_technician',
      starts: 'needs_date',
      ends: 'needs_time',
    });
  });

  it('refuse an end that is not after the start', () => {
    const fields = slotFields(4, { from: to, to: from }, rome);
    expect(readSlot(fields, rome)).toEqual({ place: null, errors: { ends: 'end_before_start' } });
    const overnight = { ...fields, ends: { ...fields.ends, date: '2026-11-24' } };
    expect(readSlot(overnight, rome).errors).toBeNull();
  });

  it('keep the length when the start changes, over midnight too', () => {
    const fields = slotFields(4, { from, to }, rome);
    const late = { ...fields, starts: { ...fields.starts, time: '23:00' } };
    expect(endAfter(late, to - from, rome)).toEqual({ date: '2026-11-24', time: '00:30', second: false });
    expect(lengthOf({ ...late, ends: endAfter(late, to - from, rome) }, rome)).toBe(to - from);
  });

  it('leave the end alone while the start is no time', () => {
    const fields = slotFields(4, { from, to }, rome);
    const half = { ...fields, starts: { ...fields.starts, time: '' } };
    expect(endAfter(half, to - from, rome)).toEqual(fields.ends);
    expect(lengthOf(half, rome)).toBeNull();
    expect(lengthOf(slotFields(4, { from: to, to: from }, rome), rome)).toBeNull();
  });
});
