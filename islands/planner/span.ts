/** The days that a view shows. */

import type { View } from '../shared/types.ts';
import { addDays, addMonths, mondayOf, monthOf } from '../shared/time.ts';

/** How many days the board asks for; a month is asked for as a whole. */
export function daysOf(view: View): number {
  return view === 'day' ? 1 : 7;
}

/** Where the view that shows a date begins. */
export function beginning(date: string, view: View): string {
  if (view === 'month') return monthOf(date);
  return view === 'day' ? date : mondayOf(date);
}

/** Where the next or the previous view of this kind begins. */
export function stepped(start: string, view: View, direction: 1 | -1): string {
  return view === 'month' ? addMonths(start, direction) : addDays(start, direction * daysOf(view));
}
