/** Walking over the board with the arrow keys. */

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
