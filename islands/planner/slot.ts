/** A place on the board as fields of a form, in the board's wall clock time. */

import type { Key } from '../shared/i18n/index.ts';
import { clockText, isDate, parseClock, type Zone } from '../shared/time.ts';
import type { Span } from './lib.ts';

export interface Moment {
  date: string;
  time: string;
  /** Which of the two instants, where the clock shows this time twice. */
  second: boolean;
}

export interface SlotFields {
  resourceId: number | null;
  starts: Moment;
  ends: Moment;
}

export type SlotErrors = Partial<Record<'resource_id' | 'starts' | 'ends', Key>>;

export type SlotReading =
  | { place: Span & { resourceId: number }; errors: null }
  | { place: null; errors: SlotErrors };

export function momentOf(at: number, zone: Zone): Moment {
  const { date, minutes } = zone.wall(at);
  return { date, time: clockText(minutes), second: zone.instants(date, minutes)[1] === at };
}

export function slotFields(resourceId: number | null, span: Span, zone: Zone): SlotFields {
  return { resourceId, starts: momentOf(span.from, zone), ends: momentOf(span.to, zone) };
}

/** The instants that a moment can mean: usually one, none where the clock skips it, two where it is repeated. */
export function readings(moment: Moment, zone: Zone): number[] {
  const minutes = parseClock(moment.time);
  return minutes === null || !isDate(moment.date) ? [] : zone.instants(moment.date, minutes);
}

function readMoment(moment: Moment, zone: Zone): number | Key {
  if (!isDate(moment.date)) return 'needs_date';
  if (parseClock(moment.time) === null) return 'needs_time';
  const found = readings(moment, zone);
  return found[moment.second ? 1 : 0] ?? found[0] ?? 'skipped_time';
}

/** The end that keeps the slot's length after its start has changed; as it was while the start is no time. */
export function endAfter(fields: SlotFields, length: number, zone: Zone): Moment {
  const from = readMoment(fields.starts, zone);
  return typeof from === 'string' ? fields.ends : momentOf(from + length, zone);
}

/** How long the slot is; null while start and end do not make one. */
export function lengthOf(fields: SlotFields, zone: Zone): number | null {
  const from = readMoment(fields.starts, zone);
  const to = readMoment(fields.ends, zone);
  return typeof from === 'string' || typeof to === 'string' || to <= from ? null : to - from;
}

export function readSlot(fields: SlotFields, zone: Zone): SlotReading {
  const from = readMoment(fields.starts, zone);
  const to = readMoment(fields.ends, zone);
  const errors: SlotErrors = {};
  if (fields.resourceId === null) errors.resource_id = 'needs_technician';
  if (typeof from === 'string') errors.starts = from;
  if (typeof to === 'string') errors.ends = to;
  else if (typeof from === 'number' && to <= from) errors.ends = 'end_before_start';
  if (fields.resourceId === null || typeof from === 'string' || typeof to === 'string' || to <= from) {
    return { place: null, errors };
  }
  return { place: { resourceId: fields.resourceId, from, to }, errors: null };
}
