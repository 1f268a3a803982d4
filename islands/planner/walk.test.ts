import { describe, expect, it } from 'vitest';
import { aCalendar, aCard } from './samples.ts';
import { between, blockByKey, nearestInRow, neighbour } from './walk.ts';

const hour = (id: number, resource: number, from: number) =>
  aCard({
    id,
    resource_id: resource,
    starts: `2026-11-23T${String(from).padStart(2, '0')}:00:00+01:00`,
    ends: `2026-11-23T${String(from + 1).padStart(2, '0')}:00:00+01:00`,
  });

const cards = new Map([
  [1, [hour(1, 1, 8), hour(2, 1, 14)]],
  [3, [hour(3, 3, 9), hour(4, 3, 13)]],
]);
const rows = {
  rows: [1, 2, 3].map((id) => ({ ...aCalendar(), id })),
  range: { from: Date.parse('2026-11-23T06:00:00+01:00'), to: Date.parse('2026-11-23T22:00:00+01:00') },
  cardsOf: (id: number) => cards.get(id) ?? [],
};

describe('arrow keys', () => {
  it('lead along a row and stop at its ends', () => {
    const [first, second] = cards.get(1)!;
    expect(neighbour(cards.get(1)!, first!, 1)).toBe(second);
    expect(neighbour(cards.get(1)!, second!, 1)).toBeNull();
  });

  it('lead to the nearest block of the next row that has any', () => {
    const second = cards.get(1)![1]!;
    expect(nearestInRow(rows, 0, 1, second)?.id).toBe(4);
    expect(nearestInRow(rows, 2, -1, cards.get(3)![0]!)?.id).toBe(1);
    expect(nearestInRow(rows, 2, 1, second)).toBeNull();
  });
});

describe('keys', () => {
  it('lead up and down, and others nowhere', () => {
    const third = cards.get(3)![0]!;
    expect(blockByKey(rows, 'ArrowUp', third)?.id).toBe(1);
    expect(blockByKey(rows, 'ArrowRight', third)?.id).toBe(4);
    expect(blockByKey(rows, 'ArrowDown', third)).toBeNull();
    expect(blockByKey(rows, 'a', third)).toBeUndefined();
  });
});

describe('what lies between two blocks', () => {
  it('is all that touches their time, in whatever order they were chosen', () => {
    const first = cards.get(1)![0]!;
    const last = cards.get(3)![1]!;
    expect(between(rows, first, last)).toEqual([1, 3, 4]);
    expect(between(rows, last, first)).toEqual([1, 3, 4]);
    expect(between(rows, first, first)).toEqual([1]);
  });
});
