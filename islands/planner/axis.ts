/**
 * The board's horizontal axis: columns of real hours, one a day. A day that is 23 or 25 hours long is that wide, and the
 * hours outside the shown part of the day take no room.
 */

import { addDays, HOUR, MINUTE, type Zone } from '../shared/time.ts';

export interface Column {
  date: string;
  from: number;
  to: number;
  x: number;
  width: number;
}

export interface Tick {
  at: number;
  /** Minutes on the wall clock. */
  minutes: number;
  x: number;
  /** Pixels to the end of the column. */
  room: number;
}

/** A stretch of one column in which the clock is not changed, for lines at every full hour. */
export interface GridPiece {
  x: number;
  width: number;
  /** Distance from the left end to the first line. */
  phase: number;
}

/** First and last shown hour of each day, 0 to 24. */
export type Hours = readonly [number, number];

function columnSpan(zone: Zone, date: string, [first, last]: Hours): [number, number] {
  const [midnight, next] = zone.day(date);
  const from = first === 0 ? midnight : zone.at(date, first * 60);
  return [from, last === 24 ? next : zone.at(date, last * 60)];
}

/** Shown hours of the days together, to choose a scale that fits a width. */
export function shownHours(zone: Zone, dates: readonly string[], hours: Hours): number {
  return dates.reduce((sum, date) => {
    const [from, to] = columnSpan(zone, date, hours);
    return sum + (to - from) / HOUR;
  }, 0);
}

/** Days of a week that begins on a Monday; `weekdays` are those wanted, 0 being Monday. */
export function weekDates(monday: string, weekdays: readonly number[]): string[] {
  return [...weekdays].sort((a, b) => a - b).map((weekday) => addDays(monday, weekday));
}

/** The distance in hours between labels, so that they do not touch at the scale. */
export function labelEvery(pxPerHour: number, labelWidth = 38): number {
  return [1, 2, 3, 6, 12].find((hours) => hours * pxPerHour >= labelWidth) ?? 24;
}

export class Axis {
  readonly columns: readonly Column[];
  readonly width: number;

  constructor(
    readonly zone: Zone,
    dates: readonly string[],
    hours: Hours,
    readonly pxPerHour: number,
  ) {
    const columns: Column[] = [];
    let x = 0;
    for (const date of dates) {
      const [from, to] = columnSpan(zone, date, hours);
      const width = ((to - from) / HOUR) * pxPerHour;
      columns.push({ date, from, to, x, width });
      x += width;
    }
    this.columns = columns;
    this.width = x;
  }

  get from(): number {
    return this.columns[0]!.from;
  }

  get to(): number {
    return this.columns[this.columns.length - 1]!.to;
  }

  /** Pixels from the left end; an instant that is not shown is at the nearest shown one. */
  x(at: number): number {
    for (const column of this.columns) {
      if (at <= column.from) return column.x;
      if (at < column.to) return column.x + ((at - column.from) / HOUR) * this.pxPerHour;
    }
    return this.width;
  }

  /** The instant under a pixel; left and right of the axis, its first and last instant. */
  at(x: number): number {
    if (x <= 0) return this.from;
    for (const column of this.columns) {
      if (x < column.x + column.width) return column.from + ((x - column.x) / this.pxPerHour) * HOUR;
    }
    return this.to;
  }

  /** Whether any of the span is on the axis. */
  shows(span: { from: number; to: number }): boolean {
    return this.columns.some((column) => span.from < column.to && column.from < span.to);
  }

  /** The column that shows the instant; null when none does. */
  columnOf(at: number): Column | null {
    return this.columns.find((column) => at >= column.from && at < column.to) ?? null;
  }

  /** Where the clock shows a full hour divisible by `every`. A repeated hour has two ticks, a skipped one has none. */
  ticks(every: number): Tick[] {
    const ticks: Tick[] = [];
    for (const column of this.columns) {
      for (let at = column.from; at < column.to; at += 30 * MINUTE) {
        const { minutes } = this.zone.wall(at);
        if (minutes % (every * 60) === 0) {
          const x = this.x(at);
          ticks.push({ at, minutes, x, room: column.x + column.width - x });
        }
      }
    }
    return ticks;
  }

  gridPieces(every: number): GridPiece[] {
    return this.columns.flatMap((column) => {
      const change = this.#changeIn(column);
      const ends = change === null ? [column.from, column.to] : [column.from, change, column.to];
      return ends.slice(0, -1).map((from, index) => this.#piece(from, ends[index + 1]!, every));
    });
  }

  #piece(from: number, to: number, every: number): GridPiece {
    const period = every * 60;
    const { minutes } = this.zone.wall(from);
    const ahead = (period - (minutes % period)) % period;
    return { x: this.x(from), width: ((to - from) / HOUR) * this.pxPerHour, phase: (ahead / 60) * this.pxPerHour };
  }

  /** The instant in a column at which the clock is changed; null on most days. */
  #changeIn(column: Column): number | null {
    const before = this.zone.offset(column.from);
    if (before === this.zone.offset(column.to - 1)) return null;
    for (let at = column.from; at < column.to; at += 15 * MINUTE) {
      if (this.zone.offset(at) !== before) return at;
    }
    return null;
  }
}

/** The lines of the hours as a CSS background, in `--planner-line`: one layer for each stretch of the clock. */
export function gridImage(axis: Axis, every: number): string {
  const period = every * axis.pxPerHour;
  const layers = axis.gridPieces(every).map(({ x, width, phase }) => {
    const before = `transparent 0 ${phase}px`;
    const line = `var(--planner-line) ${phase}px ${phase + 1}px`;
    const after = `transparent ${phase + 1}px ${period}px`;
    return `repeating-linear-gradient(to right,${before},${line},${after}) ${x}px 0/${width}px 100% no-repeat`;
  });
  return layers.join(',');
}
