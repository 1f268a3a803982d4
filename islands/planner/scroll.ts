/** What of a long list is drawn, and how far it scrolls. Heights and places in pixels. */

/** Running sums: where each row begins, and at the end where the last one ends. */
export function rowTops(heights: readonly number[]): number[] {
  const tops = [0];
  for (const height of heights) tops.push(tops[tops.length - 1]! + height);
  return tops;
}

/** The row at a height, by bisection; -1 outside. */
export function rowAt(tops: readonly number[], y: number): number {
  const rows = tops.length - 1;
  if (y < 0 || rows < 1 || y >= tops[rows]!) return -1;
  let low = 0;
  let high = rows - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows to draw, as first and one past the last, with some more on either side. */
export function rowWindow(tops: readonly number[], scroll: number, height: number, more: number): [number, number] {
  const rows = tops.length - 1;
  if (rows < 1) return [0, 0];
  const total = tops[rows]!;
  const first = rowAt(tops, Math.min(Math.max(scroll, 0), total - 1));
  const last = rowAt(tops, Math.min(Math.max(scroll + height, 0), total - 1));
  return [Math.max(0, first - more), Math.min(rows, last + 1 + more)];
}

/** The same for rows that are all of one height, without a sum of each. */
export function evenWindow(count: number, row: number, scroll: number, height: number, more: number): [number, number] {
  const first = Math.min(count, Math.floor(Math.max(scroll, 0) / row));
  const last = Math.ceil(Math.max(scroll + height, 0) / row);
  return [Math.max(0, first - more), Math.min(count, last + more)];
}

/** How far to scroll so that a row is seen whole; as far as now when it is. */
export function revealing(scroll: number, height: number, top: number, row: number): number {
  if (top < scroll) return top;
  return top + row > scroll + height ? top + row - height : scroll;
}

const NUDGE_ZONE = 30;
const NUDGE = 12;

/** How far to scroll in a frame for a pointer near an edge: the nearer, the further; 0 in the middle. */
export function edgeForce(at: number, low: number, high: number): number {
  if (at < low + NUDGE_ZONE) return -Math.ceil(NUDGE * Math.min(1, (low + NUDGE_ZONE - at) / NUDGE_ZONE));
  if (at > high - NUDGE_ZONE) return Math.ceil(NUDGE * Math.min(1, (at - high + NUDGE_ZONE) / NUDGE_ZONE));
  return 0;
}
