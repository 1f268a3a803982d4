/** The names under which the islands know what the API gives. Times are ISO 8601 with an offset; ids are the database's. */

import type { components } from './api/schema.d.ts';

type Schemas = components['schemas'];

export type ActivityType = Schemas['BoardTypeOut'];
export type Appointment = Schemas['AppointmentOut'];
export type Board = Schemas['BoardOut'];
export type Branch = Schemas['BranchOut'];
export type Closure = Schemas['ClosureOut'];
/** How somebody has arranged the planner. */
export type Look = Required<Schemas['LookSchema']>;
export type View = Look['view'];
export type Mail = Schemas['MailOut'];
export type Month = Schemas['MonthOut'];
export type CopyItem = Schemas['CopyItemOut'];
export type NewAppointment = Schemas['AppointmentIn'];
export type Priority = Appointment['priority'];
export type RefusalBody = Schemas['Refusal'];
export type Resource = Schemas['CalendarOut'];
/** Where a work order goes; without an end it takes as long as expected. */
export type Slot = Omit<Schemas['PlanIn'], 'version' | 'helpers'> & { helpers?: number[] };
export type ExactSlot = Omit<Schemas['MoveIn'], 'version'>;
/** The fixed meaning behind a user-defined activity state. */
export type StateCategory = Appointment['state']['category'];
export type DispatchChoices = Schemas['DispatchChoicesOut'];
/** What is to be dispatched; an empty list leaves its matter open. */
export type DispatchQuestion = Schemas['DispatchIn'];
export type Proposal = Schemas['ProposalOut'];
export type Suggestion = Schemas['SuggestionOut'];
export type Team = Schemas['TeamOut'];
export type UnplannedItem = Schemas['UnplannedOut'];
export type UnplannedPage = Schemas['UnplannedPageOut'];
/** A work order after a change of its plan. */
export type WorkOrder = Schemas['PlannedOrderOut'];
