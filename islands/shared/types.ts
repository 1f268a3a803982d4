/** What the board's API answers and takes. Times are ISO 8601 with an offset; identifiers are the database's. */

export type Priority = 'low' | 'medium' | 'high';

/** The fixed meaning behind a user-defined activity state. */
export type StateCategory =
  | 'open'
  | 'planned'
  | 'confirmed'
  | 'under_way'
  | 'done'
  | 'missed'
  | 'superseded'
  | 'cancelled';

export interface ActivityState {
  name: string;
  colour: string;
  category: StateCategory;
}

export interface Appointment {
  id: number;
  resource_id: number;
  starts: string;
  ends: string;
  version: number;
  title: string;
  customer: string;
  site: string;
  activity_type_id: number;
  state: ActivityState;
  priority: Priority;
  work_order_id: number | null;
  work_order_code: string;
  /** The version that unplanning must name; where it is absent, the appointment's own version stands for it. */
  work_order_version?: number | null;
  ticket_id: number | null;
  /** The work order's status as a word in the user's language; empty where there is no work order. */
  status: string;
  movable: boolean;
}

export interface Closure {
  starts: string;
  ends: string;
  kind: 'absence' | 'holiday';
  label: string;
}

export interface Resource {
  id: number;
  name: string;
  colour: string;
  teams: number[];
  time_zone: string;
  performs: number[];
  presence: [string, string][];
  closed: Closure[];
}

export interface ActivityType {
  id: number;
  name: string;
  colour: string;
  minutes: number;
}

export interface Team {
  id: number;
  name: string;
}

export interface Board {
  time_zone: string;
  start: string;
  end: string;
  now: string;
  resources: Resource[];
  appointments: Appointment[];
  activity_types: ActivityType[];
  teams: Team[];
}

export interface UnplannedItem {
  work_order_id: number;
  ticket_id: number;
  version: number;
  code: string;
  customer: string;
  place: string;
  activity_type_id: number;
  minutes: number;
  priority: Priority;
  received_at: string;
  subject: string;
}

export interface UnplannedPage {
  items: UnplannedItem[];
  next: string | null;
  /** Already formatted: "12" or "1,000+". */
  count: string;
}

export interface WorkOrder {
  id: number;
  version: number;
  status: string;
  code: string;
}

export interface RefusalBody {
  code: string;
  message: string;
  remedy: string;
  fields: Record<string, string[]>;
  facts: Record<string, unknown>;
}
