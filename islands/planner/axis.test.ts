import { describe, expect, it } from 'vitest';
import { HOUR, Zone } from '../shared/time.ts';
import { Axis, gridImage, labelEvery, shownHours, weekDates } from './axis.ts';

const rome = new Zone('Europe/Rome');
const PX = 10;
const week = (monday: string) => weekDates(monday, [0, 1, 2, 3, 4, 5, 6]);

function hoursOfTicks(axis: Axis, every = 1): number[] {
  return axis.ticks(every).map((tick) => tick.minutes / 60);
}

describe('an axis', () => {
  it('shows the real hours of a day, 23, 24 or 25', () => {
    expect(new Axis(rome, ['2026-11-23'], [0, 24], PX).width).toBe(240);
    expect(new Axis(rome, ['2026-03-29'], [0, 24], PX).width).toBe(230);
    expect(new Axis(rome, ['2026-10-25'], [0, 24], PX).width).toBe(250);
    expect(shownHours(rome, week('2026-10-19'), [0, 24])).toBe(169);
  });

  it('shows a part of the day that is not touched by a change at night', () => {
    const axis = new Axis(rome, ['2026-10-25'], [6, 22], PX);
    expect(axis.width).toBe(160);
    expect(rome.iso(axis.from)).toBe('2026-10-25T06:00:00+01:00');
    expect(rome.iso(axis.to)).toBe('2026-10-25T22:00:00+01:00');
  });

  it('has two ticks for the repeated hour and none for the skipped one', () => {
    expect(hoursOfTicks(new Axis(rome, ['2026-10-25'], [0, 6], PX))).toEqual([0, 1, 2, 2, 3, 4, 5]);
    expect(hoursOfTicks(new Axis(rome, ['2026-03-29'], [0, 6], PX))).toEqual([0, 1, 3, 4, 5]);
    expect(hoursOfTicks(new Axis(rome, ['2026-10-25'], [0, 24], PX), 6)).toEqual([0, 6, 12, 18]);
  });

  it('gives back the instant of every pixel it gave, across a week with a change', () => {
    const axis = new Axis(rome, week('2026-10-19'), [6, 22], PX);
    for (const column of axis.columns) {
      for (let at = column.from; at < column.to; at += HOUR / 4) expect(axis.at(axis.x(at))).toBe(at);
    }
  });

  it('puts what it does not show at the nearest shown instant', () => {
    const axis = new Axis(rome, ['2026-11-23', '2026-11-24'], [6, 22], PX);
    const night = Date.parse('2026-11-24T02:00:00+01:00');
    expect(axis.x(night)).toBe(160);
    expect(axis.columnOf(night)).toBeNull();
    expect(axis.columnOf(axis.from)?.date).toBe('2026-11-23');
    expect(axis.x(0)).toBe(0);
    expect(axis.x(Number.MAX_SAFE_INTEGER)).toBe(320);
    expect(axis.at(-5)).toBe(axis.from);
    expect(axis.at(1e6)).toBe(axis.to);
  });

  it('says how much room a label has before the next day begins', () => {
    const axis = new Axis(rome, week('2026-11-23'), [6, 22], PX);
    const rooms = axis.ticks(3).map((tick) => tick.room);
    expect(rooms.slice(0, 6)).toEqual([160, 130, 100, 70, 40, 10]);
  });

  it('draws its lines at full hours on both sides of a change', () => {
    const axis = new Axis(rome, ['2026-10-25'], [0, 24], PX);
    expect(axis.gridPieces(6)).toEqual([
      { x: 0, width: 30, phase: 0 },
      { x: 30, width: 220, phase: 40 },
    ]);
    expect(gridImage(axis, 6).split('no-repeat')).toHaveLength(3);
  });

  it('leaves out labels that would touch', () => {
    expect(labelEvery(80)).toBe(1);
    expect(labelEvery(11, 26)).toBe(3);
    expect(labelEvery(1)).toBe(24);
  });
});
