/** Walking over the board with the arrow keys, and choosing what lies between two blocks. */

import { overlaps, type Calendar, type Card, type Span } from './lib.ts';

interface Rows {
  /** From top to bottom. */
  rows: readonly Calendar[];
  range: Span;
  cardsOf(resourceId: number): readonly Card[];
}

/** The block before or after one in its row. */
export function neighbour(row: readonly Card[], card: Card, direction: 1 | -1): Card | null {
  const index = row.findIndex((one) => one.id === card.id);
  return index < 0 ? null : (row[index + direction] ?? null);
}

/** The block that starts nearest to a card, in the next row up or down that has any on screen. */
export function nearestInRow(rows: Rows, from: number, direction: 1 | -1, card: Span): Card | null {
  for (let index = from + direction; index >= 0 && index < rows.rows.length; index += direction) {
    const shown = rows.cardsOf(rows.rows[index]!.id).filter((one) => overlaps(one, rows.range));
    const [first, ...others] = shown;
    if (!first) continue;
    const distance = (one: Card) => Math.abs(one.from - card.from);
    return others.reduce((best, one) => (distance(one) < distance(best) ? one : best), first);
  }
  return null;
}

/** The block that an arrow key leads to; null when there is none, undefined for other keys. */
export function blockByKey(rows: Rows, key: string, card: Card): Card | null | undefined {
  const row = rows.cardsOf(card.resource_id).filter((one) => overlaps(one, rows.range));
  const at = rows.rows.findIndex((calendar) => calendar.id === card.resource_id);
  if (key === 'ArrowLeft') return neighbour(row, card, -1);
  if (key === 'ArrowRight') return neighbour(row, card, 1);
  if (key === 'ArrowUp') return nearestInRow(rows, at, -1, card);
  if (key === 'ArrowDown') return nearestInRow(rows, at, 1, card);
  return undefined;
}

/** Everything in the rows from one block to the other that touches the time between them. */
export function between(rows: Rows, one: Card, other: Card): number[] {
  const span = { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) };
  const ends = [one, other].map((card) => rows.rows.findIndex((calendar) => calendar.id === card.resource_id));
  return rows.rows
    .slice(Math.min(...ends), Math.max(...ends) + 1)
    .flatMap((calendar) => rows.cardsOf(calendar.id).filter((card) => overlaps(card, span)).map((card) => card.id));
}
