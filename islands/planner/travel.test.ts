import { describe, expect, it } from 'vitest';
import { Zone } from '../shared/time.ts';
import { aCard } from './samples.ts';
import { minutesBetween, straightKm, ways, type Position } from './travel.ts';

const rome = new Zone('Europe/Rome');
const roads = { factor: 1.3, speed: 45 };
const milan: Position = [45.4642, 9.19];
const monza: Position = [45.5845, 9.2744];
const stop = (id: number, from: string, to: string, position: Position | null) =>
  aCard({
    id,
    starts: `2026-11-23T${from}:00+01:00`,
    ends: `2026-11-23T${to}:00+01:00`,
    position: position && [...position],
  });

describe('the way', () => {
  it('is the great circle, longer by the factor, at the speed', () => {
    expect(straightKm(milan, monza)).toBeCloseTo(14.92, 1);
    expect(straightKm(milan, milan)).toBe(0);
    expect(straightKm([0, 179.5], [0, -179.5])).toBeCloseTo(111.2, 1);
    expect(minutesBetween(roads, milan, monza)).toBeCloseTo((straightKm(milan, monza) * 1.3 * 60) / 45, 6);
  });

  it('leads from stop to stop and ends where the next begins', () => {
    const cards = [stop(1, '08:00', '09:00', milan), stop(2, '10:00', '11:00', monza), stop(3, '11:10', '12:00', milan)];
    const found = ways(cards, roads, rome);
    expect(found.get(1)).toBeUndefined();
    expect(found.get(2)).toMatchObject({ minutes: 26, gap: 60, tight: false, to: cards[1]!.from });
    expect(found.get(2)!.to - found.get(2)!.from).toBe(26 * 60_000);
    expect(found.get(3)).toMatchObject({ gap: 10, tight: true, from: cards[1]!.to });
  });

  it('is not guessed where a place is unknown, on another day, or from what was given up', () => {
    expect(ways([stop(1, '08:00', '09:00', milan), stop(2, '10:00', '11:00', null)], roads, rome).size).toBe(0);
    const tomorrow = aCard({
      id: 2,
      starts: '2026-11-24T08:00:00+01:00',
      ends: '2026-11-24T09:00:00+01:00',
      position: [...monza],
    });
    expect(ways([stop(1, '16:00', '17:00', milan), tomorrow], roads, rome).size).toBe(0);
    const missed = stop(1, '08:00', '09:00', milan);
    missed.state = { ...missed.state, category: 'missed' };
    expect(ways([missed, stop(2, '10:00', '11:00', monza)], roads, rome).size).toBe(0);
  });
});
