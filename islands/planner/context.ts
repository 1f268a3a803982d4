import { createContext } from 'svelte';
import type { Commands } from './commands.svelte.ts';
import type { Dispatch } from './dispatch.svelte.ts';
import type { Drag } from './drag.svelte.ts';
import type { Planner } from './state.svelte.ts';

export interface Parts {
  planner: Planner;
  commands: Commands;
  drag: Drag;
  dispatch: Dispatch;
}

/** The one planner of the page, for every component in it. */
export const [parts, provideParts] = createContext<Parts>();
