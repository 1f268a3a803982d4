import type { Refusal } from '../shared/api/client.ts';
import type { Appointment, ExactSlot } from '../shared/types.ts';
import { others, settle } from './crew.svelte.ts';
import { toCard } from './lib.ts';
import type { Planner } from './state.svelte.ts';
import {
  movedChanges,
  pushed,
  rebased,
  singles,
  together,
  undoCreate,
  undoPlan,
  type Change,
  type SingleStep,
  type Slot,
  type Step,
} from './undo.ts';

/** What became of several changes. */
export interface Outcome {
  done: number;
  refused: readonly Refusal[];
}

/** Sends a write whose outcome shows when the server has answered; resolves to the refusal, or to null. */
export type Back = <A>(call: () => Promise<A>, done: (answer: A) => void) => Promise<Refusal | null>;

/** What was done here and can be taken back, and what was taken back and can be done again. */
export class History {
  steps = $state.raw<readonly Step[]>([]);
  redos = $state.raw<readonly Step[]>([]);
  undoing = $state(false);

  constructor(
    private readonly planner: Planner,
    private readonly back: Back,
    private readonly told: (outcome: Outcome) => void,
  ) {}

  /** Something new was done: what was taken back before cannot be done again. */
  push(step: Step): void {
    this.steps = pushed(this.steps, step);
    this.redos = [];
  }

  /** A write of our own changed a record that steps may speak of. */
  follow(change: Change): void {
    this.steps = rebased(this.steps, change);
    this.redos = rebased(this.redos, change);
  }

  /** Takes back the last thing that was done here and is not taken back yet. */
  async undo(): Promise<void> {
    const step = this.steps[this.steps.length - 1];
    if (!step || this.undoing) return;
    this.steps = this.steps.slice(0, -1);
    const inverse = await this.#repeat(step);
    if (inverse) this.redos = pushed(this.redos, inverse);
    if (inverse) this.planner.announce(this.planner.say.text('said_undone'));
  }

  /** Does again what was taken back last, unless something else was done since. */
  async redo(): Promise<void> {
    const step = this.redos[this.redos.length - 1];
    if (!step || this.undoing) return;
    this.redos = this.redos.slice(0, -1);
    const inverse = await this.#repeat(step);
    if (inverse) this.steps = pushed(this.steps, inverse);
    if (inverse) this.planner.announce(this.planner.say.text('said_redone'));
  }

  /** Carries out a step that was kept; resolves to what takes back as much of it as was done. */
  async #repeat(step: Step): Promise<Step | null> {
    this.undoing = true;
    const refused: Refusal[] = [];
    const inverses: SingleStep[] = [];
    let left = [...singles(step)];
    try {
      while (left.length > 0) {
        const [one, ...others] = left as [SingleStep, ...SingleStep[]];
        left = others;
        const refusal = await this.#carryOut(one, (inverse) => inverses.push(inverse), (change) => {
          left = left.map((later) => singles(rebased([later], change)[0]!)[0]!);
        });
        if (refusal) refused.push(refusal);
      }
    } finally {
      this.undoing = false;
    }
    this.told({ done: inverses.length, refused });
    return inverses.length > 0 ? together(inverses) : null;
  }

  #carryOut(
    step: SingleStep,
    keep: (inverse: SingleStep) => void,
    follow: (change: Change) => void,
  ): Promise<Refusal | null> {
    const { api } = this.planner;
    const changed = (change: Change) => {
      this.follow(change);
      follow(change);
    };
    switch (step.kind) {
      case 'move':
        return this.back(() => api.move(step.appointment, placeOf(step.to), step.version), ({ appointment, others: rest }) => {
          const shown = this.planner.card(step.appointment);
          const before = { ...(shown ?? appointment), id: step.appointment, version: step.version };
          for (const change of movedChanges(before, appointment)) changed(change);
          this.#settle(step.appointment, appointment);
          for (const change of settle(this.planner, rest)) changed(change);
          keep({ ...step, version: appointment.version, to: step.from, from: step.to });
        });
      case 'cancel':
        return this.back(() => api.cancel(step.appointment, step.version), () => {
          this.#settle(step.appointment, null);
          keep({ ...step, kind: 'create' });
        });
      case 'unplan':
        return this.back(() => api.unplan(step.workOrder, step.orderVersion), ({ work_order }) => {
          const shown = this.planner.card(step.appointment);
          for (const one of shown ? others(this.planner, shown) : []) this.#settle(one.id, null);
          this.#settle(step.appointment, null);
          changed({ record: 'work order', id: step.workOrder, from: step.orderVersion, now: work_order });
          keep({ ...step, kind: 'plan', orderVersion: work_order.version });
          void this.planner.unplanned.refresh();
        });
      case 'plan':
        return this.back(() => api.plan(step.workOrder, { ...placeOf(step), helpers: [...step.helpers] }, step.orderVersion), (answer) => {
          const { appointment, others: rest, work_order } = answer;
          settle(this.planner, rest);
          this.#replan(step.workOrder, appointment);
          changed({ record: 'work order', id: step.workOrder, from: step.orderVersion, now: work_order });
          changed(reborn(step, appointment));
          keep(undoPlan(appointment, work_order));
        });
      case 'create':
        return this.back(() => api.create(newOf(step)), ({ appointment }) => {
          this.planner.swap(null, toCard(appointment));
          changed(reborn(step, appointment));
          keep(undoCreate(appointment));
        });
    }
  }

  #settle(id: number, appointment: Appointment | null): void {
    this.planner.swap(this.planner.card(id) ?? null, appointment && toCard(appointment));
  }

  #replan(workOrder: number, appointment: Appointment): void {
    this.planner.unplanned.left(workOrder);
    this.planner.swap(null, toCard(appointment));
    void this.planner.unplanned.refresh();
  }
}

function reborn(step: { appointment: number; version: number }, appointment: Appointment): Change {
  return { record: 'appointment', id: step.appointment, from: step.version, now: appointment };
}

function placeOf(slot: Slot): ExactSlot {
  return { resource_id: slot.resource, starts: slot.starts, ends: slot.ends };
}

function newOf(step: Slot & { activityType: number; title: string }) {
  return {
    resource_id: step.resource,
    activity_type_id: step.activityType,
    starts: step.starts,
    ends: step.ends,
    title: step.title,
  };
}
