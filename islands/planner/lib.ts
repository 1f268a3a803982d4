/** What the planner computes, without a browser: spans of time, stacking, load and free slots. */

import type { ActivityType, Appointment, Priority, Resource, UnplannedItem } from '../shared/types.ts';
import { HOUR, MINUTE, type Zone } from '../shared/time.ts';
import type { Axis, Hours } from './axis.ts';

/** The grid that dragged ends keep to. Zones change their offset on quarters, so it is a grid of the wall clock too. */
export const STEP = 15 * MINUTE;

/** Half open, in milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

export interface Card extends Appointment, Span {
  /** Shown before the server has answered. */
  pending?: boolean;
}

export interface ClosedSpan extends Span {
  kind: 'absence' | 'holiday';
  label: string;
}

/** A resource with its bookable time, merged and in order. */
export interface Calendar {
  id: number;
  name: string;
  colour: string;
  teams: readonly number[];
  branch: number;
  timeZone: string;
  performs: ReadonlySet<number>;
  presence: Span[];
  closed: ClosedSpan[];
}

export type Edge = 'start' | 'end';

/** The same object with its instants: an answer of the API belongs to whoever asked, and copies of thousands cost. */
export function toCard(appointment: Appointment): Card {
  const card = appointment as Card;
  card.from = Date.parse(appointment.starts);
  card.to = Date.parse(appointment.ends);
  return card;
}

export function mergeSpans(spans: Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged[merged.length - 1];
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

export function toCalendar(resource: Resource): Calendar {
  return {
    id: resource.id,
    name: resource.name,
    colour: resource.colour,
    teams: resource.teams,
    branch: resource.branch_id,
    timeZone: resource.time_zone,
    performs: new Set(resource.performs),
    presence: mergeSpans(resource.presence.map(([from, to]) => ({ from: Date.parse(from), to: Date.parse(to) }))),
    closed: resource.closed
      .map((closed) => ({
        from: Date.parse(closed.starts),
        to: Date.parse(closed.ends),
        kind: closed.kind,
        label: closed.label,
      }))
      .sort((a, b) => a.from - b.from),
  };
}

/** Cancelled, missed and superseded appointments take nobody's time. */
export function blocks(card: Card): boolean {
  const { category } = card.state;
  return category !== 'cancelled' && category !== 'missed' && category !== 'superseded';
}

export function overlaps(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

export function snap(at: number): number {
  return Math.round(at / STEP) * STEP;
}

/** A span of the same real length whose start is on the grid. */
export function placed(at: number, length: number): Span {
  const from = snap(at);
  return { from, to: from + length };
}

/** A span with one end moved onto the grid, never shorter than one step. */
export function stretched(span: Span, edge: Edge, at: number): Span {
  if (edge === 'start') return { from: Math.min(snap(at), span.to - STEP), to: span.to };
  return { from: span.from, to: Math.max(snap(at), span.from + STEP) };
}

class Heap<T> {
  readonly #items: T[] = [];

  constructor(private readonly rank: (item: T) => number) {}

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let index = items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.rank(items[parent]!) <= this.rank(item)) break;
      items[index] = items[parent]!;
      index = parent;
    }
    items[index] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.rank(items[child + 1]!) < this.rank(items[child]!)) child += 1;
      if (this.rank(items[child]!) >= this.rank(last)) break;
      items[index] = items[child]!;
      index = child;
    }
    items[index] = last;
    return top;
  }
}

export interface Stack {
  /** Lane of each span, in the order given. */
  lanes: number[];
  /** How many lanes there are, at least one. */
  count: number;
}

/** Puts spans, given in the order of their starts, into as few lanes as overlaps allow. O(n log n). */
export function stack(spans: readonly Span[]): Stack {
  const busy = new Heap<{ lane: number; to: number }>((entry) => entry.to);
  const free = new Heap<number>((lane) => lane);
  const lanes: number[] = [];
  let count = 0;
  for (const span of spans) {
    for (let done = busy.peek(); done && done.to <= span.from; done = busy.peek()) {
      busy.pop();
      free.push(done.lane);
    }
    const lane = free.pop() ?? count++;
    lanes.push(lane);
    busy.push({ lane, to: span.to });
  }
  return { lanes, count: Math.max(1, count) };
}

export interface Block {
  card: Card;
  x: number;
  width: number;
  lane: number;
}

const THINNEST = 6;

/** The cards that the axis shows, in whole pixels, with a hair of space to the right. */
export function layout(cards: readonly Card[], lanes: readonly number[], axis: Axis): Block[] {
  const shown: Block[] = [];
  cards.forEach((card, index) => {
    if (!axis.shows(card)) return;
    const x = Math.round(axis.x(card.from));
    const width = Math.max(THINNEST, Math.round(axis.x(card.to)) - x - 1);
    shown.push({ card, x, width, lane: lanes[index] ?? 0 });
  });
  return shown;
}

export type Band<S extends Span> = S & { x: number; width: number };

export function bands<S extends Span>(spans: readonly S[], axis: Axis): Band<S>[] {
  const shown: Band<S>[] = [];
  for (const span of spans) {
    const x = axis.x(span.from);
    const width = axis.x(span.to) - x;
    if (width > 0) shown.push({ ...span, x, width });
  }
  return shown;
}

/** The hours of the day to show so that nothing planned and nobody's presence is hidden. */
export function hoursNeeded(zone: Zone, base: Hours, spans: Iterable<Span>): Hours {
  let [first, last] = base;
  for (const span of spans) {
    if (first === 0 && last === 24) break;
    const [firstDay, from] = zone.clock(span.from);
    const [lastDay, to] = zone.clock(span.to - 1);
    if (firstDay !== lastDay) return [0, 24];
    first = Math.min(first, Math.floor(from / 60));
    last = Math.max(last, Math.floor(to / 60) + 1);
  }
  return [first, last];
}

/** Time within a range that is planned, and that could be, in milliseconds. */
export function load(calendar: Calendar, cards: readonly Card[], range: Span): { planned: number; bookable: number } {
  const within = (span: Span) => Math.max(0, Math.min(span.to, range.to) - Math.max(span.from, range.from));
  const planned = cards.reduce((sum, card) => sum + (blocks(card) ? within(card) : 0), 0);
  const bookable = openSpans(calendar.presence, calendar.closed).reduce((sum, span) => sum + within(span), 0);
  return { planned, bookable };
}

/** What is left of spans that are in order when others are taken away. */
export function openSpans(spans: readonly Span[], taken: readonly Span[]): Span[] {
  const away = mergeSpans(taken.map(({ from, to }) => ({ from, to })));
  const left: Span[] = [];
  let next = 0;
  for (const span of spans) {
    let { from } = span;
    while (next < away.length && away[next]!.to <= from) next += 1;
    for (let index = next; index < away.length && away[index]!.from < span.to; index += 1) {
      if (away[index]!.from > from) left.push({ from, to: away[index]!.from });
      from = Math.max(from, away[index]!.to);
    }
    if (from < span.to) left.push({ from, to: span.to });
  }
  return left;
}

export type Fit = 'free' | 'closed' | 'outside' | 'taken';

/** A hint about a slot while something is dragged over it; the server alone decides. */
export function fit(calendar: Calendar, cards: readonly Card[], slot: Span, except: ReadonlySet<number>): Fit {
  if (calendar.closed.some((closed) => overlaps(closed, slot))) return 'closed';
  if (!calendar.presence.some((span) => span.from <= slot.from && slot.to <= span.to)) return 'outside';
  if (cards.some((card) => !except.has(card.id) && blocks(card) && overlaps(card, slot))) return 'taken';
  return 'free';
}

/** The first slot of a length that is free, on the grid, not before an instant; null when the range has none. */
export function firstFree(calendar: Calendar, cards: readonly Card[], length: number, range: Span): Span | null {
  const taken = [...calendar.closed, ...cards.filter(blocks)];
  for (const open of openSpans(calendar.presence, taken)) {
    const from = Math.ceil(Math.max(open.from, range.from) / STEP) * STEP;
    if (from + length <= Math.min(open.to, range.to)) return { from, to: from + length };
  }
  return null;
}

/** What stands on a block: whose visit and what it is for; without a customer the title and the place. */
export function blockLines(card: Pick<Card, 'title' | 'customer' | 'site'>): [string, string] {
  if (!card.customer) return [card.title, card.site];
  const named = `${card.customer}: `;
  return [card.customer, card.title.startsWith(named) ? card.title.slice(named.length) : card.title];
}

function sameCard(a: Card, b: Card): boolean {
  return (
    a.id === b.id &&
    a.version === b.version &&
    a.from === b.from &&
    a.to === b.to &&
    a.title === b.title &&
    a.customer === b.customer &&
    a.site === b.site &&
    a.status === b.status &&
    a.state.name === b.state.name &&
    a.state.colour === b.state.colour &&
    a.state.category === b.state.category &&
    a.activity_type_id === b.activity_type_id &&
    a.priority === b.priority &&
    a.movable === b.movable &&
    a.pending === b.pending &&
    String(a.position) === String(b.position) &&
    a.work_order_version === b.work_order_version &&
    a.helps === b.helps &&
    a.crew.map((one) => one.appointment_id).join() === b.crew.map((one) => one.appointment_id).join() &&
    a.crew.map((one) => one.name).join() === b.crew.map((one) => one.name).join()
  );
}

export type CardMap = ReadonlyMap<number, readonly Card[]>;
const NONE: readonly Card[] = [];

export function byStart(a: Card, b: Card): number {
  return a.from - b.from || a.to - b.to || a.id - b.id;
}

/** Cards by resource, in order. A resource for which nothing changed keeps its array, so that nothing redraws it. */
export function groupCards(fresh: Card[], before: CardMap): CardMap {
  const groups = new Map<number, Card[]>();
  for (const card of fresh) {
    const group = groups.get(card.resource_id);
    if (group) group.push(card);
    else groups.set(card.resource_id, [card]);
  }
  const kept = new Map<number, readonly Card[]>();
  for (const [id, group] of groups) {
    group.sort(byStart);
    const old = before.get(id) ?? NONE;
    const same = old.length === group.length && group.every((card, index) => sameCard(card, old[index]!));
    kept.set(id, same ? old : group);
  }
  return kept;
}

/** The map with a card taken out (by its id, wherever it is) and, unless null, another put in. */
export function replaceCard(cards: CardMap, out: Card | null, into: Card | null): CardMap {
  const next = new Map(cards);
  if (out) {
    next.set(out.resource_id, (next.get(out.resource_id) ?? NONE).filter((card) => card.id !== out.id));
  }
  if (into) {
    const others = (next.get(into.resource_id) ?? NONE).filter((card) => card.id !== into.id);
    next.set(into.resource_id, [...others, into].sort(byStart));
  }
  return next;
}

const URGENCY: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

/** The one that has waited longest first. */
export function byAge(a: UnplannedItem, b: UnplannedItem): number {
  return Date.parse(a.received_at) - Date.parse(b.received_at) || a.work_order_id - b.work_order_id;
}

/** Most urgent first, then the one that has waited longest. */
export function byUrgency(a: UnplannedItem, b: UnplannedItem): number {
  return URGENCY[a.priority] - URGENCY[b.priority] || byAge(a, b);
}

/** Hours and minutes of a length, for a text in words. */
export function hoursAndMinutes(length: number): { hours: number; minutes: number } {
  const minutes = Math.round(length / MINUTE);
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

export function inHours(length: number): number {
  return length / HOUR;
}

/** The sectors that some activity types belong to, by name. */
export function sectorsOf(types: Iterable<ActivityType>, locale: string): [number, string][] {
  const names = new Map([...types].map((type) => [type.sector_id, type.sector]));
  return [...names].sort(([, a], [, b]) => a.localeCompare(b, locale));
}
