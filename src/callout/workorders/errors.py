"""Refusals of work orders."""

from callout.core.errors import N_, DomainError, Invalid


class StepRefused(DomainError):
    """The work order is not where this step begins; the remedy says what is possible from there."""

    code = "step_refused"
    what = N_("The work order {code} is {status}; this step is not possible now.")

    def __init__(self, *, code: str, status: str, remedy: str) -> None:
        super().__init__(code=code, status=status)
        self.remedy = remedy  # type: ignore[misc]  # one sentence per status, each translated as a whole


class NotAccepted(DomainError):
    """Nothing to accept."""

    code = "nothing_to_accept"
    what = N_("The ticket {code} is {status}; only an assigned one can be accepted.")
    remedy = N_("Plan its work order first, and name a verifier.")


class EndBeforeStart(Invalid):
    """Work that ends before it begins."""

    code = "end_before_start"
    what = N_("The work cannot end at {ended}: it began at {started}.")
    remedy = N_("Enter a later end.")


class TimeInFuture(Invalid):
    """A time that has not come yet."""

    code = "time_in_future"
    what = N_("{at} lies ahead.")
    remedy = N_("Enter when it really happened.")


class StartTooEarly(Invalid):
    """Work that began before the last stretch ended, or before there was a call."""

    code = "start_too_early"
    what = N_("The work cannot go on at {at}: the stretch before ended at {ended}.")
    remedy = N_("Enter a later time.")


class VisitTooLong(Invalid):
    """A stretch of work longer than a day."""

    code = "visit_too_long"
    what = N_("From {started} to {ended} are {hours} hours; a stretch of work has 24 at most.")
    remedy = N_("Enter the time at which the work really ended.")


class NotRunning(DomainError):
    """Nothing to pause."""

    code = "not_running"
    what = N_("The work on {code} is paused already.")
    remedy = N_("Resume it first.")


class AlreadyRunning(DomainError):
    """Nothing to resume."""

    code = "already_running"
    what = N_("The work on {code} is going on already.")


class WorkingElsewhere(DomainError):
    """The technician's clock runs on another work order."""

    code = "working_elsewhere"
    what = N_("{name} is working on {other} at the moment.")
    remedy = N_("Pause or end that work first.")


class ReportWithoutHours(DomainError):
    """A report that says nothing about hours."""

    code = "report_without_hours"
    what = N_("The report of {code} has no hours yet.")
    remedy = N_("Enter the hours worked, then report.")


class DayTooLong(Invalid):
    """More hours than a day has."""

    code = "day_too_long"
    what = N_("{name} would have {hours} hours on {day}; a day has 24.")
    remedy = N_("Enter fewer hours, or spread them over the days they were worked on.")


class HoursInFuture(Invalid):
    """Hours of a day to come."""

    code = "hours_in_future"
    what = N_("{day} has not come yet.")
    remedy = N_("Enter the day on which the hours were worked.")


class NotPositive(Invalid):
    """Nothing, or less than nothing."""

    code = "not_positive"
    what = N_("{value} is too little; it has to be more than zero.")
    remedy = N_("Enter a larger number, or delete the line.")


class Negative(Invalid):
    """Less than nothing."""

    code = "negative"
    what = N_("{value} is less than zero.")
    remedy = N_("Enter zero or more.")


class TooPrecise(Invalid):
    """More decimals than money and quantities have."""

    code = "too_precise"
    what = N_("{value} has more than two decimals.")
    remedy = N_("Round it to two decimals.")


class TooBig(Invalid):
    """A number that nobody can mean."""

    code = "too_big"
    what = N_("{value} is too large; {most} is the most.")
    remedy = N_("Check the number.")


class NoNumber(Invalid):
    """NaN, infinity and their like."""

    code = "no_number"
    what = N_("This is no number.")
    remedy = N_("Write a number such as 12.50.")


class LinesClosed(DomainError):
    """Lines can no longer be written, or not yet."""

    code = "lines_closed"
    what = N_("The work order {code} is {status}; these lines cannot be changed now.")
    remedy = N_("Estimates are open until the report, hours, expenses and parts from the start of the work until then.")


class OtherCurrency(Invalid):
    """A rate card in another currency."""

    code = "other_currency"
    what = N_("The rate card “{name}” is in {card}, the work order in {order}.")
    remedy = N_("Choose a rate card in {order}.")


class CardNotValid(Invalid):
    """A rate card that is not in force."""

    code = "card_not_valid"
    what = N_("The rate card “{name}” is not in force on {on}.")
    remedy = N_("Choose another one.")


class EstimateUsed(DomainError):
    """The estimate cannot be replaced: hours were entered on its lines."""

    code = "estimate_used"
    what = N_("Hours have been entered on the estimate of {code}.")
    remedy = N_("Change its quantities instead of choosing another rate card.")


class NoVatRate(DomainError):
    """No tax rate to put on a line."""

    code = "no_vat_rate"
    what = N_("There is no VAT rate for the country {country}.")
    remedy = N_("An administrator can enter one in the catalogue.")


class SerialMissing(Invalid):
    """A part with serial numbers, used without saying which."""

    code = "serial_missing"
    what = N_("{product} has serial numbers.")
    remedy = N_("Enter the one of the part that you used.")


class OnePieceASerial(Invalid):
    """Several pieces under one serial number."""

    code = "one_piece_a_serial"
    what = N_("One serial number stands for one piece, not for {quantity}.")
    remedy = N_("Enter a line for each piece.")


class DescriptionMissing(Invalid):
    """A line that does not say what it is."""

    code = "description_missing"
    what = N_("The description is empty.")
    remedy = N_("Write what it was.")


class SignerMissing(Invalid):
    """A signature by nobody."""

    code = "signer_missing"
    what = N_("The name of who signs is empty.")
    remedy = N_("Write the name in block letters.")


class SignatureUnreadable(Invalid):
    """Something that is no drawn signature."""

    code = "signature_unreadable"
    what = N_("The signature did not arrive.")
    remedy = N_("Sign again, or have the name typed.")


class WorkGoesOn(DomainError):
    """The ticket cannot be cancelled or closed by phone: somebody has begun, or has worked already."""

    code = "work_goes_on"
    what = N_("Work on {work_order} has begun; it is {status}.")
    remedy = N_("End and report the work; what is not to be charged is left out at the verification.")


class PlaceKept(DomainError):
    """Customer and site stay as they are: somebody has begun to work there, or has worked already."""

    code = "place_kept"
    what = N_("Work on {work_order} has begun; customer and site stay as they are.")
    remedy = N_("Take a call of its own for the other customer or site.")


class NothingToSettle(DomainError):
    """No open work order that a call could make unnecessary."""

    code = "nothing_to_settle"
    what = N_("The ticket {code} has no open work order.")
    remedy = N_("Reopen the ticket if the customer calls about it again.")


class BadMinutes(Invalid):
    """A duration that nobody can plan."""

    code = "bad_minutes"
    what = N_("{minutes} minutes is no duration to plan with.")
    remedy = N_("Enter between 5 minutes and 24 hours.")


class NoReason(Invalid):
    """A correction says why."""

    code = "no_reason"
    what = N_("A correction needs a reason.")
    remedy = N_("Write why the hours change: the person whose hours they are reads it in the history.")


class OnItAlready(Invalid):
    """A person for a work order who is on it already."""

    code = "on_it_already"
    what = N_("{person} is on {work_order} already.")
    remedy = N_("Choose somebody else. Who leads the work is changed by “Make the lead”.")


class HelperElsewhen(Invalid):
    """A helper at a time when nobody else is there."""

    code = "helper_elsewhen"
    what = N_("The appointment is from {starts} to {ends}; whoever helps is there for a part of it at least.")
    remedy = N_("Choose a time within the appointment, or plan a further work order.")


class HasWorked(DomainError):
    """Somebody who cannot be taken off: the own hours tell otherwise."""

    code = "has_worked"
    what = N_("{person} has worked on {work_order}.")
    remedy = N_("Whoever has worked stays on the work order; “End” ends that part of it.")


class OnlyLead(DomainError):
    """A step that is the leading technician's."""

    code = "only_lead"
    what = N_("{person} leads the work on {work_order}; this step is not yours.")
    remedy = N_("Ask {person}, or the office.")


class HoursMissing(DomainError):
    """A report without the hours of somebody who worked."""

    code = "hours_missing"
    what = N_("The report of {work_order} has no hours of {people} yet.")
    remedy = N_("Take over the hours of the clock, or have them entered; then report.")


class LinkClosed(DomainError):
    """A customer's link that has expired or was revoked."""

    code = "link_closed"
    status = 410
    what = N_("This link is no longer valid.")
    remedy = N_("Please call us, or ask for a new link.")


class TimeGone(DomainError):
    """The time that a customer chose has been taken meanwhile. Says nothing about anybody's calendar."""

    code = "time_gone"
    what = N_("That time has just been taken.")
    remedy = N_("Please choose another one.")


class NotChosenHere(DomainError):
    """The customer can no longer choose: the work is under way, over or cancelled, or too near."""

    code = "not_chosen_here"
    what = N_("The time of this appointment cannot be changed here any more.")
    remedy = N_("Please call us.")
