"""Refusals around outgoing mail and its wording."""

from callout.core.errors import N_, DomainError, Invalid


class TemplateTooLong(Invalid):
    """More text than a wording may have."""

    code = "template_too_long"
    what = N_("The text has more than {limit} characters.")


class TemplateBroken(Invalid):
    """The wording cannot be read as a template."""

    code = "template_broken"
    what = N_("Line {line} of the text cannot be read: a bracket or a word of a placeholder is wrong.")
    remedy = N_("Write placeholders like {example}.")

    def __init__(self, field: str | None = "body", **facts: object) -> None:
        super().__init__(field, example="{{ ticket.code }}", **facts)


class TemplateRefused(Invalid):
    """The wording uses more of the template language than users may."""

    code = "template_refused"
    what = N_("Line {line} of the text uses “{construct}”, which is not allowed here.")
    remedy = N_("Use placeholders, “if” and a simple “for” only.")


class UnknownPlaceholder(Invalid):
    """The event does not know this placeholder."""

    code = "unknown_mail_placeholder"
    what = N_("“{name}” is not known for this event.")
    remedy = N_("Use one of: {known}.")


class UnknownEvent(Invalid):
    """No such event."""

    code = "unknown_event"
    what = N_("There is no event “{event}”.")


class MailTooLong(DomainError):
    """The finished text is longer than a mail may be."""

    code = "mail_too_long"
    what = N_("The finished text is too long to be sent.")
    remedy = N_("Shorten the wording of this mail in the settings.")


class NotFailed(DomainError):
    """Only a failed mail can be sent again by hand."""

    code = "mail_not_failed"
    what = N_("This mail has not failed; it is {status}.")
