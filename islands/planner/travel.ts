/** The way between two stops, as a rule of thumb that the server gives: the straight line times a factor, at a speed. */

import { HOUR, MINUTE, type Zone } from '../shared/time.ts';
import { blocks, type Card, type Span } from './lib.ts';

export interface Roads {
  factor: number;
  /** Kilometres an hour. */
  speed: number;
}

/** Latitude and longitude in degrees, WGS 84. */
export type Position = readonly [number, number];

/** The way to a stop, ending where it begins. */
export interface Way extends Span {
  minutes: number;
  /** Minutes between the two stops. */
  gap: number;
  /** Whether the gap is too short for the way. */
  tight: boolean;
}

const EARTH_KM = 6371.0088;
const LEAST = 1;

/** Kilometres as the crow flies, by the haversine formula. */
export function straightKm(from: Position, to: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half =
    Math.sin(radians(to[0] - from[0]) / 2) ** 2 +
    Math.cos(radians(from[0])) * Math.cos(radians(to[0])) * Math.sin(radians(to[1] - from[1]) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
}

export function minutesBetween(roads: Roads, from: Position, to: Position): number {
  return ((straightKm(from, to) * roads.factor) / roads.speed) * (HOUR / MINUTE);
}

/** The ways to the cards of one row, by card: from the stop before, on the same day, where both places are known. */
export function ways(cards: readonly Card[], roads: Roads, zone: Zone): ReadonlyMap<number, Way> {
  const found = new Map<number, Way>();
  let before: Card | null = null;
  for (const card of cards) {
    if (!blocks(card)) continue;
    const way: Way | null = before && wayTo(before, card, roads, zone);
    if (way) found.set(card.id, way);
    before = card;
  }
  return found;
}

function wayTo(before: Card, card: Card, roads: Roads, zone: Zone): Way | null {
  if (!before.position || !card.position || zone.clock(before.from)[0] !== zone.clock(card.from)[0]) return null;
  const minutes = Math.round(minutesBetween(roads, before.position, card.position));
  if (minutes < LEAST) return null;
  const gap = Math.floor((card.from - before.to) / MINUTE);
  return {
    from: Math.max(before.to, card.from - minutes * MINUTE),
    to: card.from,
    minutes,
    gap: Math.max(0, gap),
    tight: gap < minutes,
  };
}
