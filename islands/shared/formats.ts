import { clockText, type Zone } from './time.ts';

/**
 * Times and dates as the reader writes them. Plain `en` reads as international English: 24 hours and day before month.
 * Formatters are made once, because a board asks for thousands of times.
 */
export class Formats {
  readonly locale: string;
  readonly #clock: Intl.DateTimeFormat;
  readonly #times = new Map<number, string>();
  readonly #hours: Intl.DateTimeFormat;
  readonly #numbers: Intl.NumberFormat;
  readonly #ages: Intl.RelativeTimeFormat;
  readonly #long: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;
  readonly #shortYear: Intl.DateTimeFormat;
  readonly #ranges: Intl.DateTimeFormat;
  readonly #month: Intl.DateTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #longDates = new Map<string, string>();

  constructor(locale: string) {
    this.locale = locale === 'en' ? 'en-GB' : locale;
    this.#clock = new Intl.DateTimeFormat(this.locale, { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
    this.#hours = new Intl.DateTimeFormat(this.locale, { timeZone: 'UTC', hour: 'numeric' });
    this.#numbers = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 });
    const day = { timeZone: 'UTC', day: 'numeric' } as const;
    this.#long = new Intl.DateTimeFormat(this.locale, { ...day, weekday: 'long', month: 'long', year: 'numeric' });
    this.#short = new Intl.DateTimeFormat(this.locale, { ...day, weekday: 'short', month: 'short' });
    this.#shortYear = new Intl.DateTimeFormat(this.locale, {
      ...day,
      weekday: 'short',
      month: 'short',
      year: 'numeric',
    });
    this.#ranges = new Intl.DateTimeFormat(this.locale, { ...day, month: 'short', year: 'numeric' });
    this.#month = new Intl.DateTimeFormat(this.locale, { timeZone: 'UTC', month: 'long', year: 'numeric' });
    this.#weekday = new Intl.DateTimeFormat(this.locale, { timeZone: 'UTC', weekday: 'short' });
    this.#ages = new Intl.RelativeTimeFormat(this.locale, { style: 'short', numeric: 'always' });
  }

  /** The time of day, without the day. */
  time(at: number, zone: Zone): string {
    return this.clock(zone.wall(at).minutes);
  }

  clock(minutes: number): string {
    let text = this.#times.get(minutes);
    if (text === undefined) {
      text = this.#clock.format(Date.parse(`2000-01-01T${clockText(minutes)}:00Z`));
      this.#times.set(minutes, text);
    }
    return text;
  }

  /** A full hour for a scale, as short as the locale allows: 9 or 9 AM. */
  hour(minutes: number): string {
    return this.#hours.format(Date.parse(`2000-01-01T${clockText(minutes)}:00Z`));
  }

  range(from: number, to: number, zone: Zone): string {
    return `${this.time(from, zone)}–${this.time(to, zone)}`;
  }

  number(value: number): string {
    return this.#numbers.format(value);
  }

  /** Monday 23 November 2026. */
  longDate(date: string): string {
    let text = this.#longDates.get(date);
    if (text === undefined) {
      text = this.#long.format(Date.parse(`${date}T00:00:00Z`));
      this.#longDates.set(date, text);
    }
    return text;
  }

  /** Mon 23 Nov 2026. */
  shortDateYear(date: string): string {
    return this.#shortYear.format(Date.parse(`${date}T00:00:00Z`));
  }

  /** Mon 23 Nov. */
  shortDate(date: string): string {
    return this.#short.format(Date.parse(`${date}T00:00:00Z`));
  }

  /** November 2026. */
  month(date: string): string {
    return this.#month.format(Date.parse(`${date}T00:00:00Z`));
  }

  /** The short name of a weekday, 0 being Monday. */
  weekday(weekday: number): string {
    return this.#weekday.format(Date.UTC(2024, 0, 1 + weekday));
  }

  dateRange(first: string, last: string): string {
    return this.#ranges.formatRange(Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`));
  }

  /** The zone's short name at the instant, to tell apart the two readings of a repeated hour. */
  zoneName(at: number, zone: Zone): string {
    const format = new Intl.DateTimeFormat(this.locale, { timeZone: zone.name, timeZoneName: 'short' });
    return format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  }

  /** How long ago, in the largest unit that fits: 40 min ago, 3 days ago. */
  age(since: number, now: number): string {
    const minutes = Math.max(0, Math.round((now - since) / 60_000));
    if (minutes < 60) return this.#ages.format(-minutes, 'minute');
    if (minutes < 48 * 60) return this.#ages.format(-Math.floor(minutes / 60), 'hour');
    return this.#ages.format(-Math.floor(minutes / (24 * 60)), 'day');
  }
}
