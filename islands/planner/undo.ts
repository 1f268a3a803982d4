/** Undoing: each write leaves the step that takes it back, with the version that the record has by then. */

import type { Appointment, WorkOrder } from '../shared/types.ts';

/** Steps that make an appointment anew keep the old one's id and version, by which earlier steps know it. */
export type Step =
  | { kind: 'move'; appointment: number; version: number; resource: number; starts: string; ends: string }
  | { kind: 'unplan'; workOrder: number; version: number; appointment: number }
  | {
      kind: 'plan';
      workOrder: number;
      version: number;
      resource: number;
      starts: string;
      ends: string;
      appointment: number;
      appointmentVersion: number;
    }
  | { kind: 'cancel'; appointment: number; version: number }
  | {
      kind: 'create';
      resource: number;
      activityType: number;
      starts: string;
      ends: string;
      title: string;
      appointment: number;
      appointmentVersion: number;
    };

/** What a write of our own did to a record that earlier steps may speak of. */
export type Change =
  | { record: 'appointment'; id: number; from: number; now: { id: number; version: number } }
  | { record: 'work order'; id: number; from: number; now: { version: number } };

export const MOST_STEPS = 50;

export function undoMove(before: Appointment, after: Appointment): Step {
  return {
    kind: 'move',
    appointment: after.id,
    version: after.version,
    resource: before.resource_id,
    starts: before.starts,
    ends: before.ends,
  };
}

export function undoPlan(appointment: Appointment, workOrder: WorkOrder): Step {
  return { kind: 'unplan', workOrder: workOrder.id, version: workOrder.version, appointment: appointment.id };
}

export function undoUnplan(before: Appointment, workOrder: WorkOrder): Step {
  return {
    kind: 'plan',
    workOrder: workOrder.id,
    version: workOrder.version,
    resource: before.resource_id,
    starts: before.starts,
    ends: before.ends,
    appointment: before.id,
    appointmentVersion: before.version,
  };
}

export function undoCreate(appointment: Appointment): Step {
  return { kind: 'cancel', appointment: appointment.id, version: appointment.version };
}

export function undoCancel(before: Appointment): Step {
  return {
    kind: 'create',
    resource: before.resource_id,
    activityType: before.activity_type_id,
    starts: before.starts,
    ends: before.ends,
    title: before.title,
    appointment: before.id,
    appointmentVersion: before.version,
  };
}

function rebasedStep(step: Step, change: Change): Step {
  if (change.record === 'work order') {
    if (!('workOrder' in step) || step.workOrder !== change.id || step.version !== change.from) return step;
    return { ...step, version: change.now.version };
  }
  if (step.appointment !== change.id) return step;
  if (step.kind === 'unplan') return { ...step, appointment: change.now.id };
  if (step.kind === 'move' || step.kind === 'cancel') {
    if (step.version !== change.from) return step;
    return { ...step, appointment: change.now.id, version: change.now.version };
  }
  if (step.appointmentVersion !== change.from) return step;
  return { ...step, appointment: change.now.id, appointmentVersion: change.now.version };
}

/**
 * Earlier steps after a further write of our own. Only a step that named the version which that write replaced follows
 * it: where somebody else wrote in between, the step keeps its version and the server refuses it as stale.
 */
export function rebased(steps: readonly Step[], change: Change): Step[] {
  return steps.map((step) => rebasedStep(step, change));
}

export function pushed(steps: readonly Step[], step: Step): Step[] {
  return [...steps, step].slice(-MOST_STEPS);
}
