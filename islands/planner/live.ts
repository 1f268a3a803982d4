/** What the server tells of others' changes, and whether the board has to do anything about it. */

import type { Span } from './lib.ts';

/** A change as it arrives. `resources` is null when too many calendars changed to name them. */
export interface Change {
  what: string;
  resources: readonly number[] | null;
  starts: string;
  ends: string;
  appointment: number | null;
  /** Work that waits for a plan has changed. */
  waiting: boolean;
  by: string;
  /** Done by the person who looks, here or on another screen. */
  own: boolean;
  /** The id of the request that did it. */
  via: string;
}

export type News = { kind: 'change'; change: Change } | { kind: 'gap' } | { kind: 'over' } | { kind: 'alive' };

/** What a message says; null for one that this page does not understand. */
export function readNews(kind: string, data: string): News | null {
  if (kind === 'hello' || kind === 'beat') return { kind: 'alive' };
  if (kind === 'gap' || kind === 'over') return { kind };
  if (kind !== 'change') return null;
  try {
    const change = JSON.parse(data) as Change;
    return change.resources === null || Array.isArray(change.resources) ? { kind: 'change', change } : null;
  } catch {
    return null;
  }
}

/** Whether a change touches the time that is shown; one without times may. */
export function touches(change: Change, range: Span): boolean {
  if (!change.starts || !change.ends) return true;
  return Date.parse(change.starts) < range.to && range.from < Date.parse(change.ends);
}

/** Texts that are seen for some seconds each. */
export class Passing<Key> {
  #shown: ReadonlyMap<Key, string> = new Map();

  constructor(
    private readonly milliseconds: number,
    private readonly changed: (shown: ReadonlyMap<Key, string>) => void,
  ) {}

  show(key: Key, text: string): void {
    const mine = new Map(this.#shown).set(key, text);
    this.#put(mine);
    setTimeout(() => {
      if (this.#shown.get(key) !== text) return;
      const left = new Map(this.#shown);
      left.delete(key);
      this.#put(left);
    }, this.milliseconds);
  }

  #put(shown: ReadonlyMap<Key, string>): void {
    this.#shown = shown;
    this.changed(shown);
  }
}
