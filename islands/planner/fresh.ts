/** Putting an answer of the server in the place of an older one, so that what did not change is not drawn again. */

import type { Resource } from '../shared/types.ts';
import { toCalendar, type Calendar } from './lib.ts';

/** Each resource as the server wrote it last, by id. */
export type Texts = ReadonlyMap<number, string>;

export interface Kept {
  calendars: readonly Calendar[];
  texts: Texts;
}

/** All calendars of an answer. A resource whose text did not change keeps its object. */
export function keptCalendars(resources: readonly Resource[], before: Kept): Kept {
  const known = new Map(before.calendars.map((calendar) => [calendar.id, calendar]));
  const texts = new Map<number, string>();
  const calendars = resources.map((resource) => {
    const text = JSON.stringify(resource);
    texts.set(resource.id, text);
    const old = known.get(resource.id);
    return old && before.texts.get(resource.id) === text ? old : toCalendar(resource);
  });
  return { calendars, texts };
}

/** Some calendars read again, put between those that are there; the order stays, and nobody is added. */
export function withSome(resources: readonly Resource[], before: Kept): Kept {
  const some = keptCalendars(resources, before);
  const fresh = new Map(some.calendars.map((calendar) => [calendar.id, calendar]));
  return {
    calendars: before.calendars.map((calendar) => fresh.get(calendar.id) ?? calendar),
    texts: new Map([...before.texts, ...some.texts]),
  };
}
