"""What planning refuses, why, and the way out."""

from collections.abc import Sequence
from typing import Any, ClassVar

from callout.core.errors import N_, DomainError, Invalid


class Unbookable(DomainError):
    """A resource cannot take an appointment then. `free` names colleagues who could, for the way out."""

    remedy = N_("Free at that time: {free}.")
    nobody_else: ClassVar[str] = N_("Nobody else is free at that time; choose another.")

    def __init__(self, field: str | None = None, *, free: Sequence[str] = (), **facts: Any) -> None:
        super().__init__(field, free=", ".join(free), **facts)
        if not free:
            self.remedy = self.nobody_else  # type: ignore[misc]  # this refusal has no names to offer


class NotEligible(Unbookable):
    """The resource does not perform activities of this type."""

    code = "not_eligible"
    what = N_("{person} does not perform “{activity}”.")


class NobodyPerforms(DomainError):
    """No person and no team performs activities of this type."""

    code = "nobody_performs"
    what = N_("Nobody performs “{activity}” yet.")
    remedy = N_("Say in the planning setup which people or teams perform it.")

    def __init__(self, field: str | None = "resource_id", **facts: Any) -> None:
        super().__init__(field, **facts)


class OutsideHours(Unbookable):
    """The window does not lie within the resource's presence."""

    code = "outside_hours"
    what = N_("{person} works {hours} on {day}.")


class NotPresent(Unbookable):
    """The resource does not work at all on that day."""

    code = "not_present"
    what = N_("{person} does not work on {day}.")


class OnAbsence(Unbookable):
    """The resource is away for at least a part of the window; `until` is when the absence ends."""

    code = "on_absence"
    what = N_("{person} is away until {until} ({reason}).")


class OnHoliday(Unbookable):
    """A part of the window lies in a public holiday of the resource's branch."""

    code = "on_holiday"
    what = N_("{day} is a public holiday for {person} ({holiday}).")


class SlotTaken(Unbookable):
    """Another appointment has a part of the window."""

    code = "slot_taken"
    what = N_("{person} already has “{taken_by}” from {starts} to {ends}.")


class JustTaken(SlotTaken):
    """Another appointment took a part of the window at this moment; which one is not known."""

    what = N_("{person} already has another appointment in that time.")


class ResourceInactive(Unbookable):
    """Nobody plans this resource any more."""

    code = "resource_inactive"
    what = N_("{person} is no longer planned.")


class BadLength(Invalid):
    """An appointment is shorter or longer than appointments may be."""

    code = "bad_length"
    what = N_("An appointment lasts from 5 minutes to 24 hours; this one would last {minutes} minutes.")
    remedy = N_("Choose another end.")


class NotMovable(DomainError):
    """The appointment is over, or has been given up."""

    code = "not_movable"
    what = N_("“{title}” is {category} and does not move any more.")
    remedy = N_("Make a new appointment instead.")


class TypeInactive(Invalid):
    """Activities of this type are not planned any more."""

    code = "type_inactive"
    what = N_("“{activity}” is no longer offered.")
    remedy = N_("Choose another activity type, or set this one active again.")


class NoState(DomainError):
    """There is no activity state for something that the rules need one for."""

    code = "no_state"
    what = N_("There is no activity state of category “{category}”.")
    remedy = N_("Add one in the planning setup.")


class WorkPlanned(DomainError):
    """Planned work lies where it could not be any more."""

    code = "work_planned"
    what = N_("{person} has planned work in that time: {work} (the first on {first}).")
    remedy = N_("Move or unplan it first.")


class NoName(Invalid):
    """Everything that people choose has a name."""

    code = "no_name"
    what = N_("The name is missing.")
    remedy = N_("Write a name.")


class ExternalIdTaken(Invalid):
    """Another activity type has this external id."""

    code = "external_id_taken"
    what = N_("The external id “{external_id}” belongs to “{name}”.")
    remedy = N_("Choose another one, or change that activity type.")


class NoReason(Invalid):
    """An absence says why."""

    code = "no_reason"
    what = N_("An absence needs a reason.")
    remedy = N_("Write one, such as holiday or illness: who plans reads it.")


class InUse(DomainError):
    """Other records name this one."""

    code = "in_use"
    what = N_("“{name}” is in use and cannot be deleted: {uses}.")
    remedy = N_("Set it inactive instead: it stays on old records and is no longer offered.")


class SectorInUse(DomainError):
    """Activity types belong to this sector."""

    code = "in_use"
    what = N_("“{name}” has activity types and cannot be deleted.")
    remedy = N_("Move its activity types to another sector first.")


class CategoryInUse(Invalid):
    """The category of a state that activities are in would change their meaning."""

    code = "category_in_use"
    what = N_("Activities are in the state “{name}”: its category stays “{category}”.")
    remedy = N_("Add a new state with the other category, and set this one obsolete.")


class OtherZone(DomainError):
    """The person is present in another commercial zone at that time."""

    code = "other_zone"
    what = N_("{person} is in the zone {present} at that time; {site} is in the zone {zone}.")
    remedy = N_("Take the work order off the calendar first, then plan it anew.")


class NeedsDefault(Invalid):
    """The rules would have no state of this category to give."""

    code = "needs_default"
    what = N_("“{name}” is the state that is used for “{category}”.")
    remedy = N_("First mark another state of this category as the one to be used.")


class ObsoleteDefault(Invalid):
    """A state that is no longer offered cannot be the one that is used."""

    code = "obsolete_default"
    what = N_("A state that is no longer offered cannot be the one used unless another is chosen.")
    remedy = N_("Clear one of the two ticks.")


class HoursOverlap(Invalid):
    """Two stretches of the weekly hours overlap."""

    code = "hours_overlap"
    what = N_("{one} and {other} overlap on the same day.")
    remedy = N_("Change one of them.")


class BadHours(Invalid):
    """Hours of a day that cannot be read."""

    code = "bad_hours"
    what = N_("“{text}” is no working time.")
    remedy = N_("Write from and to, such as 8:00-12:00, 13:00-17:00.")


class BadAddress(Invalid):
    """Something in a mailing list is no e-mail address."""

    code = "bad_address"
    what = N_("“{address}” is no e-mail address.")
    remedy = N_("Write one address per line.")


class BadColour(Invalid):
    """A colour is written as #rrggbb."""

    code = "bad_colour"
    what = N_("“{colour}” is no colour.")
    remedy = N_("Write it as # and six hexadecimal digits.")


class AlreadyResource(Invalid):
    """This person's time is planned already."""

    code = "already_resource"
    what = N_("{person} is planned already.")
    remedy = N_("Change the existing entry.")


class NamesNobody(Invalid):
    """An eligibility names a person or team that does not exist."""

    code = "names_nobody"
    what = N_("One of the chosen people or teams no longer exists.")
    remedy = N_("Reload the page and choose again.")


class TaskClosed(DomainError):
    """What is done does not change any more."""

    code = "task_closed"
    what = N_("“{title}” is closed.")
    remedy = N_("Open it again first.")


class TaskOpen(DomainError):
    """Only what was closed can be opened again."""

    code = "task_open"
    what = N_("“{title}” is still to be done.")


class ReminderWithoutTime(Invalid):
    """A reminder comes at a time."""

    code = "reminder_without_time"
    what = N_("A reminder needs a time.")
    remedy = N_("Say when to remind.")


class NotATask(Invalid):
    """Activities of this type stand on a calendar, not in a to-do list."""

    code = "not_a_task"
    what = N_("“{activity}” is a kind of appointment.")
    remedy = N_("Choose a kind of task or reminder; appointments are made on the planner.")


class NobodysTask(Invalid):
    """A task is somebody's."""

    code = "nobodys_task"
    what = N_("A task belongs to a person or to a team.")
    remedy = N_("Choose one of the two.")


class ChainNeverFires(Invalid):
    """What would set the chain going does not happen to activities of this kind."""

    code = "chain_never_fires"
    what = N_("“{activity}” is a kind of appointment: no task of this type ever closes.")
    remedy = N_("Choose that the activity opens or closes.")


class ChainMakesAppointment(Invalid):
    """A chain makes tasks and reminders only."""

    code = "chain_makes_appointment"
    what = N_("“{activity}” is a kind of appointment, and appointments are not made by themselves.")
    remedy = N_("Choose a type of task or reminder.")


class KindInUse(Invalid):
    """The kind of a type that activities have would change their meaning."""

    code = "kind_in_use"
    what = N_("There are activities of the type “{name}”: it stays “{kind}”.")
    remedy = N_("Add a new type of the other kind, and set this one inactive.")


class UnknownField(Invalid):
    """A layout names a field that there is not."""

    code = "unknown_field"
    what = N_("There is no field “{name}”.")
    remedy = N_("Reload the page and choose again.")


class EndsBeforeFirstDay(Invalid):
    """A stretch of days whose last one lies before its first."""

    code = "ends_before_first_day"
    what = N_("The last day ({last}) lies before the first ({first}).")
    remedy = N_("Choose a later last day.")


class RangeTooLong(Invalid):
    """More days than presences are generated for at once."""

    code = "range_too_long"
    what = N_("Presences are generated for at most {most} days at once.")
    remedy = N_("Choose fewer days, and generate again later.")


class NoWeekday(Invalid):
    """A weekly pattern names no day of the week."""

    code = "no_weekday"
    what = N_("A pattern by the week needs a day of the week.")
    remedy = N_("Tick at least one.")


class NobodyChosen(Invalid):
    """Presences are to be generated for nobody."""

    code = "nobody_chosen"
    what = N_("There is nobody with these teams and zones to generate presences for.")
    remedy = N_("Choose other people, teams or zones, or add a presence pattern first.")


class NotMyself(DomainError):
    """Only somebody who has a calendar can be away from it."""

    code = "no_calendar"
    what = N_("Your time is not planned here, so that there is nothing to be away from.")
    remedy = N_("Ask an administrator to add you to the resources.")


class AskedAlready(Invalid):
    """Another request, or an absence, of the same person lies in that time."""

    code = "asked_already"
    what = N_("You are away then already, or have asked to be: {reason}, from {starts} to {ends}.")
    remedy = N_("Choose another time, or withdraw the other request first.")


class DecidedAlready(DomainError):
    """A request for an absence is decided, or withdrawn, once."""

    code = "decided_already"
    what = N_("This request is no longer open: {status} by {by} on {at}.")
    remedy = N_("Ask anew, or change the absence itself.")


class NoAnswer(Invalid):
    """Who refuses a request says why."""

    code = "no_answer"
    what = N_("A refusal needs a reason.")
    remedy = N_("Write one: who asked reads it.")


class AbsenceTooLong(Invalid):
    """An absence that is asked for lasts longer than a year."""

    code = "absence_too_long"
    what = N_("An absence of {days} days cannot be asked for; at most {most} are possible.")
    remedy = N_("Choose an earlier end.")


class NotGenerated(DomainError):
    """The calendar is no longer as it was when the presences were shown."""

    code = "not_generated"
    what = N_("The calendar of {person} has changed since the preview.")
    remedy = N_("Look at the preview again.")
