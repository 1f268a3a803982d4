"""Refusals of verification and billing."""

from callout.core.errors import N_, DomainError, Invalid


class NotReported(DomainError):
    """Verification needs a report."""

    code = "not_reported"
    what = N_("Work order {code} is {status}; only reported work can be verified.")
    remedy = N_("Ask the technician for the report, or correct the work order first.")


class UndecidedLines(DomainError):
    """Some reported lines were neither approved nor declined."""

    code = "undecided_lines"
    what = N_("{count} lines of work order {code} are not decided yet.")
    remedy = N_("Approve each line, or decline it with a reason.")


class ReasonMissing(Invalid):
    """A quantity or price was changed, or a line declined, without saying why."""

    code = "reason_missing"
    what = N_("“{line}” differs from the report.")
    remedy = N_("Say why, so that the customer can be answered.")


class UnknownLine(Invalid):
    """The decision names a line that the work order does not have."""

    code = "unknown_line"
    what = N_("This work order has no such line.")
    remedy = N_("Reload the page: the report has changed.")


class LineOnInvoice(DomainError):
    """The line stands on an invoice already."""

    code = "line_billed"
    what = N_("“{line}” is already on invoice {invoice}.")
    remedy = N_("Cancel that invoice first, or leave the line out.")


class NothingToBill(DomainError):
    """None of the chosen work orders has an approved line that is not billed."""

    code = "nothing_to_bill"
    what = N_("There is nothing to bill in what you chose.")
    remedy = N_("Choose verified work orders with approved lines.")


class MixedInvoice(DomainError):
    """One invoice is for one customer, one branch and one currency."""

    code = "mixed_invoice"
    what = N_("These work orders do not belong on one invoice: they differ in {difference}.")
    remedy = N_("Make one invoice for each.")


class InvoiceStep(DomainError):
    """The invoice is not in a state that allows this."""

    code = "invoice_step"
    what = N_("Invoice {code} is {status}.")
    remedy = N_("Only a draft can be confirmed or discarded, and only a confirmed invoice cancelled.")


class CancelReasonMissing(Invalid):
    """An invoice is cancelled without saying why."""

    code = "cancel_reason_missing"
    what = N_("Invoice {code} cannot be cancelled without a reason.")
    remedy = N_("Write down why: it stays with the invoice.")
