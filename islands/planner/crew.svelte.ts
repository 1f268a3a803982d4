import { Refusal } from '../shared/api/client.ts';
import type { Appointment, WorkOrder } from '../shared/types.ts';
import { byStart, toCard, type Card } from './lib.ts';
import type { Planner } from './state.svelte.ts';
import type { Change } from './undo.ts';

/** What the server says after a change of the people of a work order. */
interface Answer {
  work_order: WorkOrder;
  appointments: readonly Appointment[];
}

/** The blocks of the others on the same work order, as far as they are on the board. */
export function others(planner: Planner, card: Card): Card[] {
  return card.crew.flatMap((one) => planner.card(one.appointment_id) ?? []).sort(byStart);
}

/** Draws these blocks as they are now; returns what that changed for steps that may be undone. */
export function settle(planner: Planner, appointments: readonly Appointment[]): Change[] {
  return appointments.flatMap((now) => {
    const before = planner.card(now.id) ?? null;
    planner.swap(before, toCard(now));
    return before ? [{ record: 'appointment' as const, id: now.id, from: before.version, now }] : [];
  });
}

/** Who goes along on a work order: adding, taking off, and letting somebody lead. Each resolves to the refusal, or null. */
export class Crew {
  constructor(
    private readonly planner: Planner,
    private readonly follow: (change: Change) => void,
  ) {}

  add(card: Card, resourceId: number): Promise<Refusal | null> {
    return this.#change(card, (order, version) => this.planner.api.addHelper(order, resourceId, version), 'said_added');
  }

  takeOff(card: Card): Promise<Refusal | null> {
    const { api } = this.planner;
    return this.#change(card, (order, version) => api.removeHelper(order, card.resource_id, version), 'said_taken_off');
  }

  lead(card: Card): Promise<Refusal | null> {
    const { api } = this.planner;
    return this.#change(card, (order, version) => api.makeLead(order, card.resource_id, version), 'said_leads');
  }

  async #change(
    card: Card,
    call: (workOrder: number, version: number) => Promise<Answer>,
    said: 'said_added' | 'said_taken_off' | 'said_leads',
  ): Promise<Refusal | null> {
    const { planner } = this;
    const { work_order_id: order, work_order_version: version } = card;
    if (order === null || version === null) return null;
    planner.source.writing(true);
    try {
      const { work_order, appointments } = await call(order, version);
      const left = [card, ...others(planner, card)].filter((one) => !appointments.some((now) => now.id === one.id));
      for (const one of left) planner.swap(planner.card(one.id) ?? null, null);
      for (const change of settle(planner, appointments)) this.follow(change);
      this.follow({ record: 'work order', id: order, from: version, now: work_order });
      planner.announce(planner.say.text(said, { title: card.title }));
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    } finally {
      planner.source.writing(false);
    }
  }
}
