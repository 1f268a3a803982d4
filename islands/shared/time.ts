/**
 * Wall clock time of one IANA zone. Instants are milliseconds since the epoch; dates are `YYYY-MM-DD`; wall times are
 * minutes since 00:00 on the clock (0 to 1439), whatever the length of the day.
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Every zone in use changes its offset on a quarter of an hour, so one answer holds for a whole quarter. */
const QUARTER = 15 * MINUTE;

export interface WallTime {
  date: string;
  minutes: number;
}

/** Days since the epoch, as milliseconds of the same reading of the clock in UTC. */
function utcOf(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new RangeError(`Not a date: ${date}`);
  return ms;
}

const dateTexts = new Map<number, string>();

function dateText(day: number): string {
  let text = dateTexts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY).toISOString().slice(0, 10);
    dateTexts.set(day, text);
  }
  return text;
}

export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

export function addDays(date: string, days: number): string {
  return new Date(utcOf(date) + days * DAY).toISOString().slice(0, 10);
}

/** The Monday on or before the date. */
export function mondayOf(date: string): string {
  const weekday = new Date(utcOf(date)).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}

/** The first day of the date's month. */
export function monthOf(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

/** So many months on, never into the month after where that one is shorter. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(date: string): number {
  return (new Date(utcOf(date)).getUTCDay() + 6) % 7;
}

/** Reads `HH:MM` (seconds are ignored) as minutes of the wall clock; null when it is no time. */
export function parseClock(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})/.exec(text);
  if (!match) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[1]) < 24 && Number(match[2]) < 60 ? minutes : null;
}

export function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

export class Zone {
  readonly #parts: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** Raises RangeError for a zone that the browser does not know. */
  constructor(readonly name: string) {
    this.#parts = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Milliseconds that the zone's clock is ahead of UTC at the instant. */
  offset(at: number): number {
    const quarter = Math.floor(at / QUARTER);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = this.#measure(quarter * QUARTER);
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  wall(at: number): WallTime {
    const [day, minutes] = this.clock(at);
    return { date: dateText(day), minutes };
  }

  /** Days since 1970-01-01 on this zone's calendar, and minutes on its clock: `wall` without a text. */
  clock(at: number): [number, number] {
    const shifted = at + this.offset(at);
    const day = Math.floor(shifted / DAY);
    return [day, Math.floor((shifted - day * DAY) / MINUTE)];
  }

  /** Every instant at which the clock shows this: none in a skipped hour, two in a repeated one, earliest first. */
  instants(date: string, minutes: number): number[] {
    const wall = utcOf(date) + minutes * MINUTE;
    const offsets = new Set([this.offset(wall - DAY), this.offset(wall + DAY)]);
    return [...offsets]
      .map((offset) => wall - offset)
      .filter((at) => at + this.offset(at) === wall)
      .sort((a, b) => a - b);
  }

  /** One instant for a reading of the clock: the first of two, and for a skipped one the same distance past the gap. */
  at(date: string, minutes: number): number {
    const wall = utcOf(date) + minutes * MINUTE;
    return this.instants(date, minutes)[0] ?? wall - this.offset(wall - DAY);
  }

  /** Where the day begins and the next one begins: 23, 24 or 25 hours apart in most zones. */
  day(date: string): [number, number] {
    return [this.at(date, 0), this.at(addDays(date, 1), 0)];
  }

  /** ISO 8601 with this zone's offset, to the second. */
  iso(at: number): string {
    const offset = this.offset(at);
    const size = Math.abs(offset) / MINUTE;
    const text = new Date(at + offset).toISOString().slice(0, 19);
    return `${text}${offset < 0 ? '-' : '+'}${clockText(size)}`;
  }

  #measure(at: number): number {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#parts.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - at;
  }
}
