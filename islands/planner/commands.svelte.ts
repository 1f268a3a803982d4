import { Refusal } from '../shared/api/client.ts';
import type { Appointment, ExactSlot, UnplannedItem, WorkOrder } from '../shared/types.ts';
import { MINUTE } from '../shared/time.ts';
import { toCard, type Card, type Span } from './lib.ts';
import type { Planner } from './state.svelte.ts';
import {
  pushed,
  rebased,
  undoCancel,
  undoCreate,
  undoMove,
  undoPlan,
  undoUnplan,
  type Change,
  type Step,
} from './undo.ts';

interface Write<A> {
  /** Shows the outcome at once and returns what takes it back. */
  apply: () => () => void;
  call: () => Promise<A>;
  done: (answer: A) => void;
}

export interface Place extends Span {
  resourceId: number;
}

/**
 * What the user does to the plan. Each shows its outcome at once, and takes it back when the server refuses; it resolves
 * to the refusal, or to null when it was done.
 */
export class Commands {
  steps = $state.raw<readonly Step[]>([]);
  undoing = $state(false);
  #last = 0;

  constructor(private readonly planner: Planner) {}

  plan(item: UnplannedItem, place: Place, exactEnd: boolean): Promise<Refusal | null> {
    const { planner } = this;
    const slot = this.#slot(place);
    const draft = this.#draft(item, place);
    return this.#write({
      apply: () => {
        planner.unplanned.leave(item, true);
        planner.swap(null, draft);
        return () => {
          planner.swap(draft, null);
          planner.unplanned.leave(item, false);
        };
      },
      call: () => planner.api.plan(item.work_order_id, exactEnd ? slot : { ...slot, ends: null }, item.version),
      done: ({ appointment, work_order }) => {
        planner.unplanned.left(item.work_order_id);
        planner.swap(draft, toCard(appointment));
        this.#remember(undoPlan(appointment, work_order), [
          { record: 'work order', id: work_order.id, from: item.version, now: work_order },
        ]);
        this.#planned(appointment);
        void planner.unplanned.refresh();
      },
    });
  }

  move(card: Card, place: Place): Promise<Refusal | null> {
    const { planner } = this;
    const slot = this.#slot(place);
    const moved: Card = { ...card, ...place, ...slot, pending: true };
    return this.#write({
      apply: () => {
        planner.swap(card, moved);
        return () => planner.swap(moved, card);
      },
      call: () => planner.api.move(card.id, slot, card.version),
      done: ({ appointment }) => {
        planner.swap(moved, toCard(appointment));
        this.#remember(undoMove(card, appointment), movedChanges(card, appointment));
        this.#planned(appointment);
      },
    });
  }

  /** Takes a work order's appointment off the board; it waits below again. */
  unplan(card: Card): Promise<Refusal | null> {
    const { planner } = this;
    const workOrder = card.work_order_id;
    if (workOrder === null) return Promise.resolve(null);
    const version = card.work_order_version ?? card.version;
    return this.#write({
      apply: () => {
        planner.swap(card, null);
        return () => planner.swap(null, card);
      },
      call: () => planner.api.unplan(workOrder, version),
      done: ({ work_order }) => {
        this.#waitsAgain(card, work_order);
        this.#remember(undoUnplan(card, work_order), [
          { record: 'work order', id: work_order.id, from: version, now: work_order },
        ]);
        planner.announce(planner.say.text('said_unplanned', { title: card.title }));
      },
    });
  }

  create(place: Place, activityType: number, title: string): Promise<Refusal | null> {
    const { planner } = this;
    const { starts, ends } = this.#slot(place);
    return this.#write({
      apply: () => () => undefined,
      call: () =>
        planner.api.create({
          resource_id: place.resourceId,
          activity_type_id: activityType,
          starts,
          ends,
          title,
        }),
      done: ({ appointment }) => {
        planner.swap(null, toCard(appointment));
        this.#remember(undoCreate(appointment), []);
        this.#planned(appointment);
      },
    });
  }

  cancel(card: Card): Promise<Refusal | null> {
    const { planner } = this;
    return this.#write({
      apply: () => {
        planner.swap(card, null);
        return () => planner.swap(null, card);
      },
      call: () => planner.api.cancel(card.id, card.version),
      done: () => {
        this.#remember(undoCancel(card), []);
        planner.announce(planner.say.text('said_cancelled', { title: card.title }));
      },
    });
  }

  /** Takes back the last thing that was done here and is not taken back yet. */
  async undo(): Promise<void> {
    const step = this.steps[this.steps.length - 1];
    if (!step || this.undoing) return;
    this.undoing = true;
    this.steps = this.steps.slice(0, -1);
    const refusal = await this.#takeBack(step);
    this.undoing = false;
    if (refusal) this.planner.refuse(refusal);
    else this.planner.announce(this.planner.say.text('said_undone'));
  }

  #takeBack(step: Step): Promise<Refusal | null> {
    switch (step.kind) {
      case 'move':
        return this.#back(() => this.planner.api.move(step.appointment, slotOf(step), step.version), (answer) => {
          const shown = this.planner.card(step.appointment);
          const before = { ...(shown ?? answer.appointment), id: step.appointment, version: step.version };
          for (const change of movedChanges(before, answer.appointment)) this.#follow(change);
          this.#settle(step.appointment, answer.appointment);
        });
      case 'cancel':
        return this.#back(() => this.planner.api.cancel(step.appointment, step.version), () => {
          this.#settle(step.appointment, null);
        });
      case 'unplan':
        return this.#back(() => this.planner.api.unplan(step.workOrder, step.version), (answer) => {
          this.#settle(step.appointment, null);
          this.#follow({ record: 'work order', id: step.workOrder, from: step.version, now: answer.work_order });
          void this.planner.unplanned.refresh();
        });
      case 'plan':
        return this.#back(() => this.planner.api.plan(step.workOrder, slotOf(step), step.version), (answer) => {
          this.#replan(step.workOrder, answer.appointment);
          this.#follow({ record: 'work order', id: step.workOrder, from: step.version, now: answer.work_order });
          this.#follow(reborn(step, answer.appointment));
        });
      case 'create':
        return this.#back(() => this.planner.api.create(newOf(step)), (answer) => {
          this.planner.swap(null, toCard(answer.appointment));
          this.#follow(reborn(step, answer.appointment));
        });
    }
  }

  #back<A>(call: () => Promise<A>, done: (answer: A) => void): Promise<Refusal | null> {
    return this.#write({ apply: () => () => undefined, call, done });
  }

  #settle(id: number, appointment: Appointment | null): void {
    this.planner.swap(this.planner.card(id) ?? null, appointment && toCard(appointment));
  }

  #replan(workOrder: number, appointment: Appointment): void {
    this.planner.unplanned.left(workOrder);
    this.planner.swap(null, toCard(appointment));
    void this.planner.unplanned.refresh();
  }

  async #write<A>({ apply, call, done }: Write<A>): Promise<Refusal | null> {
    const revert = apply();
    this.planner.writing(true);
    try {
      done(await call());
      return null;
    } catch (error) {
      revert();
      if (error instanceof Refusal) return error;
      throw error;
    } finally {
      this.planner.writing(false);
    }
  }

  #slot(place: Place): ExactSlot {
    const { zone } = this.planner;
    return { resource_id: place.resourceId, starts: zone.iso(place.from), ends: zone.iso(place.to) };
  }

  /** How a dropped work order looks until the server has made its appointment. */
  #draft(item: UnplannedItem, place: Place): Card {
    const { planner } = this;
    const colour = planner.types.get(item.activity_type_id)?.colour ?? '';
    return {
      ...item,
      ...this.#slot(place),
      id: --this.#last,
      from: place.from,
      to: place.to,
      version: 0,
      title: item.subject,
      site: item.place,
      state: { name: planner.say.text('saving'), colour, category: 'planned' },
      work_order_code: item.code,
      work_order_version: item.version,
      status: '',
      movable: false,
      pending: true,
    };
  }

  /** Until the list is read again, the row is made of what the block knew. */
  #waitsAgain(card: Card, workOrder: WorkOrder): void {
    const { unplanned } = this.planner;
    if (card.ticket_id !== null) {
      unplanned.add({
        work_order_id: workOrder.id,
        ticket_id: card.ticket_id,
        version: workOrder.version,
        code: workOrder.code,
        customer: card.customer,
        place: card.site,
        activity_type_id: card.activity_type_id,
        minutes: Math.round((card.to - card.from) / MINUTE),
        priority: card.priority,
        received_at: this.planner.zone.iso(this.planner.now),
        subject: card.title,
      });
    }
    void unplanned.refresh();
  }

  #planned(appointment: Appointment): void {
    const { planner } = this;
    const card = toCard(appointment);
    planner.announce(
      planner.say.text('said_planned', {
        title: card.title,
        resource: planner.calendar(card.resource_id)?.name ?? '',
        date: planner.formats.longDate(planner.zone.wall(card.from).date),
        time: planner.formats.range(card.from, card.to, planner.zone),
      }),
    );
  }

  #remember(step: Step, changes: Change[]): void {
    for (const change of changes) this.#follow(change);
    this.steps = pushed(this.steps, step);
  }

  #follow(change: Change): void {
    this.steps = rebased(this.steps, change);
  }
}

function movedChanges(before: Appointment, after: Appointment): Change[] {
  const changes: Change[] = [{ record: 'appointment', id: before.id, from: before.version, now: after }];
  if (before.work_order_id !== null && before.work_order_version && after.work_order_version) {
    const now = { version: after.work_order_version };
    changes.push({ record: 'work order', id: before.work_order_id, from: before.work_order_version, now });
  }
  return changes;
}

function reborn(step: { appointment: number; appointmentVersion: number }, appointment: Appointment): Change {
  return { record: 'appointment', id: step.appointment, from: step.appointmentVersion, now: appointment };
}

function slotOf(step: { resource: number; starts: string; ends: string }): ExactSlot {
  return { resource_id: step.resource, starts: step.starts, ends: step.ends };
}

function newOf(step: Extract<Step, { kind: 'create' }>) {
  return {
    resource_id: step.resource,
    activity_type_id: step.activityType,
    starts: step.starts,
    ends: step.ends,
    title: step.title,
  };
}
