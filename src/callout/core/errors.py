"""Refusals: what was refused, why, what to do. Edges turn them into answers, form errors, reject rows, lines."""

from typing import Any, ClassVar


class Word(str):
    """Text of the program's own, which the edge translates when it is shown; what people typed stays a plain str."""

    __slots__ = ()


def N_(text: str) -> Word:  # noqa: N802 - the conventional name that gettext's extractor looks for
    """Mark `text` for translation and return the same text."""
    return Word(text)


class DomainError(Exception):
    """Something that the rules refuse.

    `what` and `remedy` are English sources for translation; `{name}` in them is filled from `facts`.
    Facts are plain values (text, numbers, dates, aware datetimes); the edge formats them for the reader. Text that is
    to be translated is marked with N_, or lazy; any other text is somebody's own and stays as it is.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    what: ClassVar[str] = N_("This is not possible.")
    remedy: ClassVar[str] = ""

    def __init__(self, field: str | None = None, **facts: Any) -> None:
        self.field = field
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        facts = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code


class Invalid(DomainError):
    """A value cannot be accepted; `field` names where it was entered."""

    code = "invalid"
    status = 422
    what = N_("This value is not valid.")


class Many(Invalid):
    """Several refusals of one input, each with its own field."""

    code = "many"
    what = N_("Some values are not valid.")

    def __init__(self, errors: list[DomainError]) -> None:
        super().__init__()
        self.errors = errors


class NotFound(DomainError):
    """The thing does not exist, or lies outside what this person may see: the two look alike on purpose."""

    code = "not_found"
    status = 404
    what = N_("This does not exist, or you may not see it.")


class Forbidden(DomainError):
    """The person lacks the right that the action needs."""

    code = "forbidden"
    status = 403
    what = N_("Your account may not do this.")
    remedy = N_("Ask an administrator for the right “{right}”.")


class StaleVersion(DomainError):
    """Somebody else saved the record after this page was opened."""

    code = "stale_version"
    what = N_("Somebody else changed this in the meantime.")
    remedy = N_("Look at the new values and save again.")


def check_version(current: int, seen: int | None) -> None:
    """Refuse a change made on an old state of the record; `seen` None means that the caller did not look."""
    if seen is not None and seen != current:
        raise StaleVersion(current=current, seen=seen)
