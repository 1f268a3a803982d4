/** Which rows the board has, and in which order: favourites first, then groups that can be closed. */

import type { Calendar } from './lib.ts';

export type Line =
  | { kind: 'group'; key: string; label: string; count: number; open: boolean }
  | { kind: 'row'; calendar: Calendar };

interface Named {
  id: number;
  name: string;
}

export interface Arrangement {
  groups: 'none' | 'team' | 'branch';
  favourites: readonly number[];
  collapsed: readonly string[];
  /** Part of a name; everybody when it is empty. */
  search: string;
  teams: readonly Named[];
  branches: readonly Named[];
  /** What the group of favourites, and of those without a team, is called. */
  words: { favourites: string; without: string };
}

interface Group {
  key: string;
  label: string;
  calendars: Calendar[];
}

/** Without case and accents. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
}

/** Somebody in several teams stands under the first of them, so that every calendar is on the board once. */
function groupOf(calendar: Calendar, how: Arrangement): { key: string; label: string } {
  if (how.groups === 'branch') {
    const branch = how.branches.find((one) => one.id === calendar.branch);
    return { key: `branch:${calendar.branch}`, label: branch?.name ?? '' };
  }
  const [first] = calendar.teams;
  if (first === undefined) return { key: 'team:', label: how.words.without };
  return { key: `team:${first}`, label: how.teams.find((one) => one.id === first)?.name ?? '' };
}

function grouped(calendars: readonly Calendar[], how: Arrangement): Group[] {
  const groups = new Map<string, Group>();
  for (const calendar of calendars) {
    const { key, label } = groupOf(calendar, how);
    const group = groups.get(key);
    if (group) group.calendars.push(calendar);
    else groups.set(key, { key, label, calendars: [calendar] });
  }
  const last = (group: Group) => (group.key === 'team:' ? 1 : 0);
  return [...groups.values()].sort((a, b) => last(a) - last(b) || a.label.localeCompare(b.label));
}

/** The lines of the board from top to bottom. A search opens every group. */
export function arranged(calendars: readonly Calendar[], how: Arrangement): Line[] {
  const wanted = folded(how.search.trim());
  const found = wanted ? calendars.filter((calendar) => folded(calendar.name).includes(wanted)) : calendars;
  const pinned = new Set(how.favourites);
  const favourites = found.filter((calendar) => pinned.has(calendar.id));
  const others = found.filter((calendar) => !pinned.has(calendar.id));
  const row = (calendar: Calendar): Line => ({ kind: 'row', calendar });
  const groups = how.groups === 'none' ? [] : grouped(others, how);
  if (favourites.length > 0 && groups.length > 0) {
    groups.unshift({ key: 'favourites', label: how.words.favourites, calendars: favourites });
  }
  if (groups.length === 0) return [...favourites, ...(how.groups === 'none' ? others : [])].map(row);
  const closed = new Set(wanted ? [] : how.collapsed);
  return groups.flatMap(({ key, label, calendars: members }) => {
    const open = !closed.has(key);
    const head: Line = { kind: 'group', key, label, count: members.length, open };
    return open ? [head, ...members.map(row)] : [head];
  });
}
