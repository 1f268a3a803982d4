/** What a proposal of automatic dispatch means on the board. */

import type { Proposal, Suggestion } from '../shared/types.ts';
import { addDays } from '../shared/time.ts';
import type { Span } from './lib.ts';

export const MOST_DAYS = 14;

/** A place on the board that is only proposed. */
export interface Ghosted extends Span {
  readonly suggestion: Suggestion;
  readonly resourceId: number;
}

/** What can still be planned: not decided, or refused before and tried again. */
export function undecided(suggestion: Suggestion): boolean {
  return suggestion.outcome === '' || suggestion.outcome === 'refused';
}

/** What is ticked at first: all that is not known to be old. */
export function hopeful(proposal: Proposal): ReadonlySet<number> {
  return new Set(
    proposal.suggestions.filter((one) => undecided(one) && one.stale === '').map((one) => one.work_order_id),
  );
}

/** The ghosts of what is still undecided. */
export function ghosts(proposal: Proposal | null): readonly Ghosted[] {
  if (proposal === null || proposal.status !== 'open') return [];
  return proposal.suggestions.filter(undecided).map((suggestion) => ({
    suggestion,
    resourceId: suggestion.resource_id,
    from: Date.parse(suggestion.starts),
    to: Date.parse(suggestion.ends),
  }));
}

/** Suggestions by technician, each group in the order of time, the groups in the order of their first stop. */
export function byPerson(suggestions: readonly Suggestion[]): readonly (readonly [string, readonly Suggestion[]])[] {
  const groups = new Map<number, Suggestion[]>();
  for (const one of suggestions) {
    const group = groups.get(one.resource_id);
    if (group) group.push(one);
    else groups.set(one.resource_id, [one]);
  }
  return [...groups.values()].map((group) => [group[0]!.resource, group] as const);
}

/** Ticked or not, for one or several at once: all on, unless all are on already. */
export function toggled(chosen: ReadonlySet<number>, ids: readonly number[]): ReadonlySet<number> {
  const next = new Set(chosen);
  const all = ids.every((id) => next.has(id));
  for (const id of ids) {
    if (all) next.delete(id);
    else next.add(id);
  }
  return next;
}

/** The days from the first to the last, as many as one run takes at most. */
export function daysBetween(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let day = first; day <= last && days.length < MOST_DAYS; day = addDays(day, 1)) days.push(day);
  return days;
}
