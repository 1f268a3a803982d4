import { describe, expect, it } from 'vitest';
import type { Proposal, Suggestion } from '../shared/types.ts';
import { byPerson, daysBetween, ghosts, hopeful, toggled } from './dispatch.ts';

function suggestion(id: number, fields: Partial<Suggestion> = {}): Suggestion {
  return {
    work_order_id: id,
    work_order_code: `WO-${id}`,
    ticket_id: id,
    customer: 'Verdi',
    subject: 'Boiler',
    site: 'Milano',
    activity_type_id: 1,
    priority: 'medium',
    minutes: 60,
    kind: 'plan',
    resource_id: 1,
    resource: 'Rossi',
    starts: '2026-11-23T08:00:00Z',
    ends: '2026-11-23T09:00:00Z',
    travel: 600,
    metres: 9000,
    from_resource_id: null,
    from_resource: '',
    from_starts: null,
    from_ends: null,
    stale: '',
    outcome: '',
    told: '',
    ...fields,
  };
}

function proposal(suggestions: Suggestion[], status: Proposal['status'] = 'open'): Proposal {
  return { status, suggestions } as unknown as Proposal;
}

describe('what is ticked at first', () => {
  it('is what is undecided and not known to be old', () => {
    const rows = [suggestion(1), suggestion(2, { stale: 'taken' }), suggestion(3, { outcome: 'accepted' })];
    expect([...hopeful(proposal([...rows, suggestion(4, { outcome: 'refused' })]))]).toEqual([1, 4]);
  });
});

describe('ghosts', () => {
  it('stand where the proposal puts what is undecided', () => {
    const [ghost, ...others] = ghosts(proposal([suggestion(1), suggestion(2, { outcome: 'accepted' })]));
    expect(others).toEqual([]);
    expect([ghost!.resourceId, ghost!.to - ghost!.from]).toEqual([1, 3_600_000]);
  });
  it('are none when nothing can be decided', () => {
    expect(ghosts(proposal([suggestion(1)], 'accepted'))).toEqual([]);
    expect(ghosts(null)).toEqual([]);
  });
});

describe('ticks', () => {
  it('go on for all unless all are on', () => {
    expect([...toggled(new Set([1]), [1, 2])]).toEqual([1, 2]);
    expect([...toggled(new Set([1, 2, 3]), [1, 2])]).toEqual([3]);
  });
  it('are grouped by technician', () => {
    const rows = [suggestion(1), suggestion(2, { resource_id: 2, resource: 'Bianchi' }), suggestion(3)];
    expect(byPerson(rows).map(([name, group]) => [name, group.map((one) => one.work_order_id)])).toEqual([
      ['Rossi', [1, 3]],
      ['Bianchi', [2]],
    ]);
  });
});

describe('days', () => {
  it('go from the first to the last, over the end of a month, and never past what one run takes', () => {
    expect(daysBetween('2026-11-30', '2026-12-02')).toEqual(['2026-11-30', '2026-12-01', '2026-12-02']);
    expect(daysBetween('2026-12-02', '2026-11-30')).toEqual([]);
    expect(daysBetween('2026-01-01', '2027-01-01')).toHaveLength(14);
  });
});
