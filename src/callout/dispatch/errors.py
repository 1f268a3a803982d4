"""What dispatch refuses, why, and the way out."""

from callout.core.errors import N_, DomainError, Invalid


class NoDays(Invalid):
    """No day was chosen."""

    code = "no_days"
    what = N_("No day is chosen.")
    remedy = N_("Choose at least one day to dispatch.")


class TooManyDays(Invalid):
    """More days than one run takes."""

    code = "too_many_days"
    what = N_("One run dispatches {most} days at most, within {span} days.")
    remedy = N_("Choose fewer days.")


class DayOver(Invalid):
    """A day that has passed."""

    code = "day_over"
    what = N_("{day} is over.")
    remedy = N_("Choose today or a later day.")


class BadLunch(Invalid):
    """A lunch break that cannot be."""

    code = "bad_lunch"
    what = N_("A lunch break lasts from {least} to {most} minutes and begins at its earliest time or later.")
    remedy = N_("Check the times of the lunch break.")


class NobodyToDispatch(Invalid):
    """Nobody among the chosen people."""

    code = "nobody_to_dispatch"
    what = N_("Nobody who is planned is among the people and teams that you chose.")
    remedy = N_("Choose others, or leave teams and people open for everybody.")


class NothingToDispatch(DomainError):
    """No work waits."""

    code = "nothing_to_dispatch"
    what = N_("No work waits that these people could do.")
    remedy = N_("Choose other people, types, sectors or zones, or leave them open.")


class NobodyPresent(DomainError):
    """Nobody is there on these days."""

    code = "nobody_present"
    what = N_("Nobody of those you chose is there on these days.")
    remedy = N_("Choose other days or people, or look at their presence and absences.")


class AlreadyDispatching(DomainError):
    """A run of the same person goes on."""

    code = "already_dispatching"
    what = N_("Your last run is still going on.")
    remedy = N_("Wait until it has ended, or stop it.")


class OthersProposal(DomainError):
    """A proposal that somebody else decides."""

    code = "others_proposal"
    status = 403
    what = N_("This proposal is {person}'s, who decides about it.")
    remedy = N_("Make a proposal of your own.")


class ProposalOver(DomainError):
    """The proposal is not open any more."""

    code = "proposal_over"
    what = N_("This proposal is {status} and cannot be changed any more.")
    remedy = N_("Make a new one.")


class NothingToUndo(DomainError):
    """Nothing was accepted."""

    code = "nothing_to_undo"
    what = N_("Nothing of this proposal is planned.")


class NothingChosen(Invalid):
    """Nothing was ticked."""

    code = "nothing_chosen"
    what = N_("No work order is chosen.")
    remedy = N_("Tick at least one.")


class NotWaiting(DomainError):
    """The work order does not wait for a plan."""

    code = "not_waiting"
    what = N_("{code} is {status} and does not wait for a plan.")
    remedy = N_("Move it on the planner instead.")


class NoRoom(DomainError):
    """An urgent call fits nowhere."""

    code = "no_room"
    what = N_("{code} fits into nobody's day: {reason}")
    remedy = N_("Allow planned work to be moved, choose more days, or plan it by hand.")


class MovedMeanwhile(DomainError):
    """What the undo would take back is not where the proposal put it."""

    code = "moved_meanwhile"
    what = N_("Meanwhile it was moved or its work has begun; it stays as it is.")


class NotAsProposed(DomainError):
    """An urgent call cannot be fitted in as it was proposed; nothing has been changed."""

    code = "not_as_proposed"
    what = N_("{code} cannot be put there any more: {reason}")
    remedy = N_("Fit the call in anew.")
