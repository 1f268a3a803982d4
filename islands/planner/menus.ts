import type { Parts } from './context.ts';
import { blocks, type Card } from './lib.ts';
import type { MenuItem } from './panels.ts';
import type { Planner } from './state.svelte.ts';

/** What can be done with a block, as far as this person may. */
export function blockItems(parts: Parts, card: Card, anchor: DOMRect): MenuItem[] {
  const { planner } = parts;
  return [
    {
      label: planner.say.text('details'),
      icon: 'info',
      run: () => (planner.panel = { kind: 'card', id: card.id, anchor }),
    },
    ...ticketItem(planner, card),
    favouriteItem(planner, card),
    ...(planner.config.canPlan ? [copyItem(planner, card, anchor), ...crewItems(parts, card, anchor), ...takeOff(parts, card)] : []),
  ];
}

function ticketItem(planner: Planner, card: Card): MenuItem[] {
  if (card.ticket_id === null) return [];
  return [{ label: planner.say.text('open_ticket'), icon: 'link', href: planner.ticketUrl(card.ticket_id) }];
}

function favouriteItem(planner: Planner, card: Card): MenuItem {
  const id = card.resource_id;
  const others = planner.look.favourites.filter((one) => one !== id);
  const pinned = others.length < planner.look.favourites.length;
  const resource = planner.calendar(id)?.name ?? '';
  return {
    label: planner.say.text(pinned ? 'remove_favourite' : 'add_favourite', { resource }),
    icon: 'star',
    run: () => planner.arrange({ favourites: pinned ? others : [...others, id] }),
  };
}

function copyItem(planner: Planner, card: Card, anchor: DOMRect): MenuItem {
  const cards = planner.selected.has(card.id) ? planner.chosen() : [card];
  return {
    label: planner.say.text('copy_week'),
    icon: 'copy',
    run: () => (planner.panel = { kind: 'copy', cards, anchor }),
  };
}

function crewItems({ planner, commands }: Parts, card: Card, anchor: DOMRect): MenuItem[] {
  if (!card.movable || card.work_order_id === null) return [];
  const { text } = planner.say;
  const add: MenuItem = {
    label: text('add_technician'),
    icon: 'users',
    run: () => (planner.panel = { kind: 'crew', card, anchor }),
  };
  if (!card.helps) return [add];
  const lead = async () => {
    const refusal = await commands.crew.lead(card);
    if (refusal) planner.refuse(refusal);
  };
  return [add, { label: text('make_lead'), icon: 'flag', run: () => void lead() }];
}

function takeOff({ planner, commands }: Parts, card: Card): MenuItem[] {
  if (!card.movable) return [];
  const report = async (done: ReturnType<typeof commands.cancel>) => {
    const refusal = await done;
    if (refusal) planner.refuse(refusal);
  };
  const { text } = planner.say;
  return card.work_order_id === null
    ? [{ label: text('cancel_appointment'), icon: 'ban', run: () => void report(commands.cancel(card)) }]
    : [{ label: text(card.helps ? 'take_off' : 'unplan'), icon: 'calendar-off', run: () => void report(commands.unplan(card)) }];
}

/** What copying to the next week takes: what is selected, or all that is on the board. */
export function copied(planner: Planner): Card[] {
  if (planner.selected.size > 0) return planner.chosen();
  const shown = planner.rows.flatMap((row) => planner.cardsOf(row.id)).filter((card) => planner.axis.shows(card));
  return shown.filter(blocks);
}
