/** What the board's things are called, on screen and by a screen reader. */

import type { Refusal } from '../shared/api/client.ts';
import type { Key } from '../shared/i18n/index.ts';
import type { Priority, UnplannedItem } from '../shared/types.ts';
import { MINUTE } from '../shared/time.ts';
import { blockColours, type BlockColours } from '../shared/colour.ts';
import { hoursAndMinutes, type Card, type Fit } from './lib.ts';
import type { Way } from './travel.ts';
import type { Planner } from './state.svelte.ts';

const PRIORITY: Record<Priority, Key> = { high: 'priority_high', medium: 'priority_medium', low: 'priority_low' };
const FIT: Record<Fit, Key> = { free: 'fit_free', taken: 'fit_taken', outside: 'fit_outside', closed: 'fit_closed' };

const PRIORITY_COLOUR: Record<Priority, string> = { high: '#d63939', medium: '#4299e1', low: '#868e96' };

/** What stands for a card in the legend, and its colour as users chose it. */
export function meaning(planner: Planner, card: Card): { name: string; colour: string } {
  switch (planner.look.colours) {
    case 'type':
      return {
        name: typeText(planner, card.activity_type_id),
        colour: planner.types.get(card.activity_type_id)?.colour ?? '',
      };
    case 'priority':
      return { name: priorityText(planner, card.priority), colour: PRIORITY_COLOUR[card.priority] };
    case 'state':
      return card.state;
  }
}

export function cardColours(planner: Planner, card: Card): BlockColours {
  return blockColours(meaning(planner, card).colour, planner.dark);
}

export function wayText(planner: Planner, way: Way): string {
  return planner.say.text(way.tight ? 'way_tight' : 'way', { minutes: way.minutes, gap: way.gap });
}

/** Drops the commas around parts that a record does not have. */
function tidy(text: string): string {
  return text
    .replace(/(?:, *)+(?=, |\n|$)/g, '')
    .replace(/(^|\n), /g, '$1')
    .replace(/\n(?=\n|$)/g, '');
}

export function priorityText(planner: Planner, priority: Priority): string {
  return planner.say.text(PRIORITY[priority]);
}

export function fitText(planner: Planner, fit: Fit): string {
  return planner.say.text(FIT[fit]);
}

export function durationText(planner: Planner, length: number): string {
  const { hours, minutes } = hoursAndMinutes(length);
  if (minutes === 0) return planner.say.text('hours_only', { hours });
  return planner.say.text(hours === 0 ? 'minutes_only' : 'hours_minutes', { hours, minutes });
}

export function timeText(planner: Planner, card: Card): string {
  return planner.formats.range(card.from, card.to, planner.zone);
}

export function typeText(planner: Planner, id: number): string {
  return planner.types.get(id)?.name ?? '';
}

/** With whom somebody goes: `with Rossi`; empty for who goes alone. */
export function crewText(planner: Planner, card: Card): string {
  if (card.crew.length === 0) return '';
  return planner.say.text('with', { people: card.crew.map((one) => one.name).join(', ') });
}

/** What a screen reader says of a block, beginning with what it shows; `way` leads to it. */
export function blockLabel(planner: Planner, card: Card, way?: Way): string {
  const along = crewText(planner, card);
  const told = tidy(
    planner.say.text('block_label', {
      title: along ? `${card.title}, ${along}` : card.title,
      customer: card.customer,
      resource: planner.calendar(card.resource_id)?.name ?? '',
      date: planner.formats.longDate(planner.zone.wall(card.from).date),
      time: timeText(planner, card),
      state: card.state.name,
      priority: priorityText(planner, card.priority),
    }),
  );
  const whole = way?.tight ? `${told}. ${wayText(planner, way)}` : told;
  return planner.selected.has(card.id) ? planner.say.text('selected_label', { label: whole }) : whole;
}

export function blockTip(planner: Planner, card: Card): string {
  const along = crewText(planner, card);
  const tip = tidy(
    planner.say.text('block_tip', {
      time: timeText(planner, card),
      title: card.title,
      customer: card.customer,
      site: card.site,
      type: typeText(planner, card.activity_type_id),
      state: card.state.name,
      priority: priorityText(planner, card.priority),
    }),
  );
  return along ? `${tip}\n${along}` : tip;
}

export function itemLabel(planner: Planner, item: UnplannedItem): string {
  return tidy(
    planner.say.text('item_label', {
      code: item.code,
      customer: item.customer,
      place: item.place,
      subject: item.subject,
      type: typeText(planner, item.activity_type_id),
      duration: durationText(planner, item.minutes * MINUTE),
      priority: priorityText(planner, item.priority),
      age: planner.formats.age(Date.parse(item.received_at), planner.now),
    }),
  );
}

/** The texts that a refusal gives beside one of the fields. */
export function fieldTexts(refusal: Refusal | null, ...names: string[]): string[] {
  return names.flatMap((name) => refusal?.fields[name] ?? []);
}
