/** Records for the tests. */

import type { Appointment, Resource, UnplannedItem } from '../shared/types.ts';
import { toCalendar, toCard, type Calendar, type Card } from './lib.ts';

export function anAppointment(changes: Partial<Appointment> = {}): Appointment {
  return {
    id: 1,
    resource_id: 1,
    starts: '2026-11-23T09:00:00+01:00',
    ends: '2026-11-23T10:00:00+01:00',
    version: 1,
    title: 'Boiler blocked',
    customer: 'Hotel Belvedere',
    site: 'Milano',
    activity_type_id: 1,
    state: { name: 'Planned', colour: '#1c7ed6', category: 'planned' },
    priority: 'medium',
    work_order_id: 7,
    work_order_code: 'WO-7',
    work_order_version: null,
    ticket_id: 3,
    status: 'Planned',
    position: null,
    movable: true,
    helps: false,
    crew: [],
    ...changes,
  };
}

export function aCard(changes: Partial<Appointment> = {}): Card {
  return toCard(anAppointment(changes));
}

/** Present from 8 to 12 and from 13 to 17 on Monday 23 November 2026 in Rome, at the doctor's from 15 to 16. */
export function aResource(): Resource {
  return {
    id: 1,
    name: 'Giulia Rossi',
    colour: '#1c7ed6',
    teams: [],
    branch_id: 1,
    time_zone: 'Europe/Rome',
    performs: [1, 2],
    presence: [
      ['2026-11-23T13:00:00+01:00', '2026-11-23T17:00:00+01:00'],
      ['2026-11-23T08:00:00+01:00', '2026-11-23T12:00:00+01:00'],
    ],
    closed: [
      {
        starts: '2026-11-23T15:00:00+01:00',
        ends: '2026-11-23T16:00:00+01:00',
        kind: 'absence',
        label: 'Doctor',
      },
    ],
  };
}

export function aCalendar(): Calendar {
  return toCalendar(aResource());
}

export function anItem(changes: Partial<UnplannedItem> = {}): UnplannedItem {
  return {
    work_order_id: 7,
    ticket_id: 3,
    version: 1,
    code: 'WO-7',
    customer: 'Hotel Belvedere',
    place: 'Milano',
    activity_type_id: 1,
    minutes: 60,
    priority: 'medium',
    received_at: '2026-11-20T09:00:00+01:00',
    subject: 'Boiler blocked',
    position: null,
    ...changes,
  };
}
