import type { Look, View } from '../shared/types.ts';
import { isDate } from '../shared/time.ts';

export interface Config {
  locale: string;
  csrf: string;
  canPlan: boolean;
  /** Path of the API, without a slash at the end. */
  api: string;
  day: string;
  view: View;
  team: number | null;
  timeZone: string;
  /** Where live updates come from; empty for none. */
  events: string;
  /** Path of a ticket's page, with `{id}` where its id goes. */
  ticketUrl: string;
  /** How this person has arranged the planner, on whatever machine. */
  look: Look;
}

/** What somebody sees who has arranged nothing. */
export const USUAL: Look = {
  view: 'day',
  colours: 'state',
  groups: 'none',
  weekdays: [0, 1, 2, 3, 4, 5, 6],
  hours: null,
  zoom: 0,
  pane: 240,
  favourites: [],
  collapsed: [],
  waiting_order: 'priority',
  map: false,
  travel: true,
  ask_before_mail: false,
};

/** Reads the mount point's `data-config`. Raises Error when it is missing something that the board cannot guess. */
export function readConfig(text: string | undefined): Config {
  const given = JSON.parse(text ?? '{}') as Partial<Config>;
  if (!given.day || !isDate(given.day)) throw new Error('planner: data-config names no day');
  if (!given.timeZone) throw new Error('planner: data-config names no timeZone');
  const look = { ...USUAL, ...given.look };
  return {
    locale: given.locale ?? 'en',
    csrf: given.csrf ?? '',
    canPlan: given.canPlan === true,
    api: (given.api ?? '/api').replace(/\/$/, ''),
    day: given.day,
    view: given.view ?? look.view,
    team: given.team ?? null,
    timeZone: given.timeZone,
    events: given.events ?? '',
    ticketUrl: given.ticketUrl ?? '/tickets/{id}/',
    look,
  };
}
