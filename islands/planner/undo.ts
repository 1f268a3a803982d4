/**
 * Undoing and redoing: each write leaves the step that takes it back, with the version that the record has by then, and
 * each step taken back leaves the one that does it again.
 */

import type { Appointment, WorkOrder } from '../shared/types.ts';

export interface Slot {
  resource: number;
  starts: string;
  ends: string;
}

/** Steps name an appointment with the id and the version that it has, or had when it was taken away. */
interface OfAppointment {
  appointment: number;
  version: number;
}

interface OfWorkOrder extends Slot {
  workOrder: number;
  orderVersion: number;
  /** Resources that go along. */
  helpers: readonly number[];
}

interface Made extends Slot {
  activityType: number;
  title: string;
}

export type SingleStep =
  | (OfAppointment & { kind: 'move'; to: Slot; from: Slot })
  | (OfAppointment & OfWorkOrder & { kind: 'plan' | 'unplan' })
  | (OfAppointment & Made & { kind: 'create' | 'cancel' });

/** Several that were done as one are taken back as one, the last of them first. */
export type Step = SingleStep | { kind: 'group'; steps: readonly SingleStep[] };

/** What a write of our own did to a record that other steps may speak of. */
export type Change =
  | { record: 'appointment'; id: number; from: number; now: { id: number; version: number } }
  | { record: 'work order'; id: number; from: number; now: { version: number } };

export const MOST_STEPS = 50;

function slotOf(appointment: Appointment): Slot {
  return { resource: appointment.resource_id, starts: appointment.starts, ends: appointment.ends };
}

function made(kind: 'create' | 'cancel', appointment: Appointment): SingleStep {
  return {
    kind,
    appointment: appointment.id,
    version: appointment.version,
    activityType: appointment.activity_type_id,
    title: appointment.title,
    ...slotOf(appointment),
  };
}

function ofOrder(kind: 'plan' | 'unplan', appointment: Appointment, workOrder: WorkOrder): SingleStep {
  return {
    kind,
    appointment: appointment.id,
    version: appointment.version,
    workOrder: workOrder.id,
    orderVersion: workOrder.version,
    helpers: appointment.crew.map((one) => one.resource_id),
    ...slotOf(appointment),
  };
}

export function undoMove(before: Appointment, after: Appointment): SingleStep {
  return {
    kind: 'move',
    appointment: after.id,
    version: after.version,
    to: slotOf(before),
    from: slotOf(after),
  };
}

export function undoPlan(appointment: Appointment, workOrder: WorkOrder): SingleStep {
  return ofOrder('unplan', appointment, workOrder);
}

export function undoUnplan(before: Appointment, workOrder: WorkOrder): SingleStep {
  return ofOrder('plan', before, workOrder);
}

export function undoCreate(appointment: Appointment): SingleStep {
  return made('cancel', appointment);
}

export function undoCancel(before: Appointment): SingleStep {
  return made('create', before);
}

function follows(step: SingleStep, change: Change): SingleStep {
  if (change.record === 'work order') {
    if (!('workOrder' in step) || step.workOrder !== change.id || step.orderVersion !== change.from) return step;
    return { ...step, orderVersion: change.now.version };
  }
  if (step.appointment !== change.id || step.version !== change.from) return step;
  return { ...step, appointment: change.now.id, version: change.now.version };
}

/**
 * Steps after a further write of our own. Only a step that named the version which that write replaced follows it:
 * where somebody else wrote in between, the step keeps its version and the server refuses it as stale.
 */
export function rebased(steps: readonly Step[], change: Change): Step[] {
  return steps.map((step) =>
    step.kind === 'group'
      ? { kind: 'group', steps: step.steps.map((one) => follows(one, change)) }
      : follows(step, change),
  );
}

export function pushed(steps: readonly Step[], step: Step): Step[] {
  return [...steps, step].slice(-MOST_STEPS);
}

/** The single steps of a step, in the order in which they are carried out. */
export function singles(step: Step): readonly SingleStep[] {
  return step.kind === 'group' ? step.steps : [step];
}

/** One step of several that were carried out in this order; taking them back goes the other way round. */
export function together(steps: readonly SingleStep[]): Step {
  return steps.length === 1 ? steps[0]! : { kind: 'group', steps: [...steps].reverse() };
}

/** What moving an appointment did to it and to its work order. */
export function movedChanges(before: Appointment, after: Appointment): Change[] {
  const changes: Change[] = [{ record: 'appointment', id: before.id, from: before.version, now: after }];
  if (before.work_order_id !== null && before.work_order_version && after.work_order_version) {
    const now = { version: after.work_order_version };
    changes.push({ record: 'work order', id: before.work_order_id, from: before.work_order_version, now });
  }
  return changes;
}
