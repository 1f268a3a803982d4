"""Refusals of tickets."""

from callout.core.errors import N_, DomainError, Invalid


class NotThisCustomers(Invalid):
    """A contact, an asset or a contract of somebody else."""

    code = "not_this_customers"
    what = N_("“{name}” does not belong to the customer {customer}.")
    remedy = N_("Choose one from the customer's own list.")


class ContractNotInForce(Invalid):
    """The contract does not cover the day of the call."""

    code = "contract_not_in_force"
    what = N_("The contract {contract} is not in force on {on}.")
    remedy = N_("Choose another contract, or none.")


class ServedElsewhere(Invalid):
    """A site that another branch serves: the ticket's number and period are its branch's."""

    code = "served_elsewhere"
    what = N_("{site} is served by {branch}, but {code} is a ticket of {own}.")
    remedy = N_("Cancel this ticket and take the call anew for that site.")


class SubjectMissing(Invalid):
    """A ticket without a word about what it is."""

    code = "subject_missing"
    what = N_("The subject is empty.")
    remedy = N_("Write in a few words what the customer wants.")


class TextMissing(Invalid):
    """A message without text."""

    code = "text_missing"
    what = N_("The remark is empty.")
    remedy = N_("Write something, or attach the file to a remark.")


class BadText(Invalid):
    """Characters that cannot be kept."""

    code = "bad_text"
    what = N_("The text contains characters that cannot be kept.")
    remedy = N_("Remove the unreadable characters and save again.")


class TextTooLong(Invalid):
    """More characters than the field holds."""

    code = "text_too_long"
    what = N_("The text has {length} characters; {most} are allowed.")
    remedy = N_("Shorten it, and put the rest into the notes.")


class BadAddress(Invalid):
    """Something that is no e-mail address."""

    code = "bad_address"
    what = N_("“{address}” is no e-mail address.")
    remedy = N_("Write addresses such as name@example.com, separated by commas.")


class DueBeforeReceived(Invalid):
    """A request due before it came in."""

    code = "due_before_received"
    what = N_("The due time ({due}) lies before the request came in ({received}).")
    remedy = N_("Choose a later due time.")


class ReceivedInFuture(Invalid):
    """A request that has not come in yet."""

    code = "received_in_future"
    what = N_("A request cannot have come in at {received}: that lies ahead.")
    remedy = N_("Choose the time at which the customer called.")


class ReasonMissing(Invalid):
    """Cancelling without saying why."""

    code = "reason_missing"
    what = N_("The reason is empty.")
    remedy = N_("Write why; it stays with the ticket.")


class TicketCancelled(DomainError):
    """The ticket was cancelled; nothing on it changes any more."""

    code = "ticket_cancelled"
    what = N_("The ticket {code} is cancelled.")
    remedy = N_("Reopen it first.")


class NotCancelled(DomainError):
    """Nothing to reopen."""

    code = "nothing_to_reopen"
    what = N_("The ticket {code} is open.")
    remedy = N_("Add a further work order if more has to be done.")


class SameExternalId(DomainError):
    """Another ticket has this external id."""

    code = "same_external_id"
    what = N_("There is already a ticket with the external id “{external_id}”: {code}.")
    remedy = N_("Look at that ticket, or leave the external id out.")
