import { describe, expect, it } from 'vitest';
import type { Appointment, WorkOrder } from '../shared/types.ts';
import { anAppointment } from './samples.ts';
import {
  MOST_STEPS,
  pushed,
  rebased,
  singles,
  together,
  undoCancel,
  undoCreate,
  undoMove,
  undoPlan,
  undoUnplan,
  type Step,
} from './undo.ts';

const workOrder = (version: number): WorkOrder => ({ id: 7, version, status: 'planned', code: 'WO-7' });
const moved = (before: Appointment, changes: Partial<Appointment>): Appointment => ({
  ...before,
  ...changes,
  version: before.version + 1,
});

describe('the inverse', () => {
  it('of a move puts the block back where it was, at the version it has now', () => {
    const before = anAppointment({ version: 4 });
    const after = moved(before, { resource_id: 2, starts: 'later', ends: 'later still' });
    expect(undoMove(before, after)).toEqual({
      kind: 'move',
      appointment: 1,
      version: 5,
      to: { resource: 1, starts: before.starts, ends: before.ends },
      from: { resource: 2, starts: 'later', ends: 'later still' },
    });
  });

  it('of planning is unplanning, and of unplanning planning at the same place', () => {
    expect(undoPlan(anAppointment(), workOrder(2))).toMatchObject({
      kind: 'unplan',
      workOrder: 7,
      orderVersion: 2,
      appointment: 1,
    });
    expect(undoUnplan(anAppointment({ version: 3 }), workOrder(5))).toMatchObject({
      kind: 'plan',
      workOrder: 7,
      orderVersion: 5,
      resource: 1,
      starts: '2026-11-23T09:00:00+01:00',
      appointment: 1,
      version: 3,
    });
  });

  it('of creating is cancelling, and of cancelling creating', () => {
    expect(undoCreate(anAppointment({ version: 1 }))).toMatchObject({ kind: 'cancel', appointment: 1, version: 1 });
    expect(undoCancel(anAppointment())).toMatchObject({ kind: 'create', title: 'Boiler blocked', activityType: 1 });
  });

  it('of several goes the other way round', () => {
    const steps = [1, 2, 3].map((id) => undoCreate(anAppointment({ id })));
    expect(singles(together(steps)).map((step) => step.appointment)).toEqual([3, 2, 1]);
    expect(together(steps.slice(0, 1))).toBe(steps[0]);
  });
});

describe('earlier steps', () => {
  it('follow a later move of the same block, so that both can be undone in turn', () => {
    const first = anAppointment({ version: 1 });
    const second = moved(first, { starts: 'b' });
    const third = moved(second, { starts: 'c' });
    let steps: Step[] = [undoMove(first, second)];
    steps = rebased(steps, { record: 'appointment', id: 1, from: second.version, now: third });
    steps = pushed(steps, undoMove(second, third));
    expect(steps.map((step) => 'version' in step && step.version)).toEqual([3, 3]);

    const undone = steps.pop()!;
    expect(undone).toMatchObject({ kind: 'move', to: { starts: 'b' }, version: 3 });
    steps = rebased(steps, { record: 'appointment', id: 1, from: 3, now: { id: 1, version: 4 } });
    expect(steps).toMatchObject([{ to: { starts: first.starts }, version: 4 }]);
  });

  it('stay stale where somebody else wrote in between', () => {
    const first = anAppointment({ version: 1 });
    const steps = [undoMove(first, moved(first, {}))];
    expect(rebased(steps, { record: 'appointment', id: 1, from: 8, now: { id: 1, version: 9 } })).toEqual(steps);
    expect(rebased(steps, { record: 'appointment', id: 99, from: 2, now: { id: 99, version: 3 } })).toEqual(steps);
  });

  it('follow a block that was unplanned and planned again under a new number', () => {
    const first = anAppointment({ version: 1 });
    const second = moved(first, { starts: 'b' });
    let steps: Step[] = [undoPlan(first, workOrder(2)), undoMove(first, second)];
    const unplanned = undoUnplan(second, workOrder(3));
    steps = rebased(steps, { record: 'work order', id: 7, from: 2, now: workOrder(3) });
    steps = rebased(steps, { record: 'work order', id: 7, from: 3, now: workOrder(4) });
    steps = rebased(steps, { record: 'appointment', id: 1, from: first.version, now: second });
    const again = { id: 50, version: 1 };
    steps = rebased(steps, { record: 'appointment', id: 1, from: second.version, now: again });
    expect(unplanned).toMatchObject({ kind: 'plan', starts: 'b' });
    expect(steps).toMatchObject([
      { kind: 'unplan', orderVersion: 4, appointment: 50 },
      { kind: 'move', appointment: 50, version: 1, to: { starts: first.starts } },
    ]);
  });

  it('are forgotten when there are too many', () => {
    let steps: Step[] = [];
    for (let version = 0; version < MOST_STEPS + 5; version += 1) {
      steps = pushed(steps, undoCreate(anAppointment({ version })));
    }
    expect(steps).toHaveLength(MOST_STEPS);
    expect(steps[0]).toMatchObject({ version: 5 });
  });
});
