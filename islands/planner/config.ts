import { isDate } from '../shared/time.ts';

export interface Config {
  locale: string;
  csrf: string;
  canPlan: boolean;
  /** Path of the API, without a slash at the end. */
  api: string;
  day: string;
  days: 1 | 7;
  team: number | null;
  timeZone: string;
  /** Path of a ticket's page, with `{id}` where its id goes. */
  ticketUrl: string;
}

/** Reads the mount point's `data-config`. Raises Error when it is missing something that the board cannot guess. */
export function readConfig(text: string | undefined): Config {
  const given = JSON.parse(text ?? '{}') as Partial<Config>;
  if (!given.day || !isDate(given.day)) throw new Error('planner: data-config names no day');
  if (!given.timeZone) throw new Error('planner: data-config names no timeZone');
  return {
    locale: given.locale ?? 'en',
    csrf: given.csrf ?? '',
    canPlan: given.canPlan === true,
    api: (given.api ?? '/api').replace(/\/$/, ''),
    day: given.day,
    days: given.days === 7 ? 7 : 1,
    team: given.team ?? null,
    timeZone: given.timeZone,
    ticketUrl: given.ticketUrl ?? '/tickets/{id}/',
  };
}

const KEY = 'callout.planner';

/** What a person arranged on this device: the pane's height, colours, the whole day. */
export interface Habits {
  pane: number;
  colourBy: 'state' | 'type';
  wholeDay: boolean;
}

export function readHabits(): Habits {
  const usual: Habits = { pane: 240, colourBy: 'state', wholeDay: false };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Habits>) };
  } catch {
    return usual; // Storage may be switched off, or hold what another version wrote.
  }
}

export function keepHabits(habits: Habits): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(habits));
  } catch {
    // Without storage the arrangement lasts as long as the page.
  }
}
