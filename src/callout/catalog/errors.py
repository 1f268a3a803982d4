"""Refusals around products and prices, and those that any form of fields shares."""

from callout.core.errors import N_, DomainError, Invalid


class Missing(Invalid):
    """A value that has to be there is not."""

    code = "missing"
    what = N_("Please fill this in.")


class TooLong(Invalid):
    """A text longer than its field."""

    code = "too_long"
    what = N_("At most {most} characters fit here; these are {length}.")


class BadCharacters(Invalid):
    """Characters that cannot be kept: NUL, half of a surrogate pair."""

    code = "bad_characters"
    what = N_("This text holds characters that cannot be kept.")
    remedy = N_("Type it again instead of pasting it.")


class UnknownChoice(Invalid):
    """A value outside the list."""

    code = "unknown_choice"
    what = N_("“{value}” is not one of the choices.")


class UnknownReference(Invalid):
    """The named record does not exist."""

    code = "unknown_reference"
    what = N_("There is no “{value}” here.")
    remedy = N_("Choose one from the list.")


class NotANumber(Invalid):
    """No number, or one that cannot be kept as it is."""

    code = "not_a_number"
    what = N_("“{value}” is not a number.")


class NotADate(Invalid):
    """No day of the calendar."""

    code = "not_a_date"
    what = N_("“{value}” is not a date.")


class NotYesOrNo(Invalid):
    """Neither yes nor no."""

    code = "not_yes_or_no"
    what = N_("Only yes or no can stand here.")


class TooPrecise(Invalid):
    """More decimals than are kept."""

    code = "too_precise"
    what = N_("At most {places} decimals are kept here.")


class OutOfRange(Invalid):
    """A number outside its limits."""

    code = "out_of_range"
    what = N_("The value has to lie between {least} and {most}.")


class NotAnEmail(Invalid):
    """Not an address that mail can be sent to."""

    code = "not_an_email"
    what = N_("“{value}” is not an e-mail address.")


class UnknownCurrency(Invalid):
    """No ISO 4217 code."""

    code = "unknown_currency"
    what = N_("“{value}” is not the code of a currency.")
    remedy = N_("Write three letters, for example EUR.")


class UnknownCountry(Invalid):
    """No ISO 3166 code."""

    code = "unknown_country"
    what = N_("“{value}” is not the code of a country.")
    remedy = N_("Write two letters, for example IT.")


class AlreadyTaken(DomainError):
    """A code or external id belongs to another record."""

    code = "already_taken"
    what = N_("“{value}” is already used by {other}.")
    remedy = N_("Choose another one, or change the existing record.")


class EndBeforeStart(Invalid):
    """The last day lies before the first."""

    code = "end_before_start"
    what = N_("The last day lies before the first day.")


class CurrencyInUse(DomainError):
    """A rate card's currency is fixed once it has prices."""

    code = "currency_in_use"
    what = N_("The currency of a rate card with prices cannot be changed.")
    remedy = N_("Make a new rate card in the other currency.")


class UnknownLine(Invalid):
    """The change names a line that the rate card does not have."""

    code = "unknown_line"
    what = N_("This rate card has no such line.")
    remedy = N_("Reload the page: somebody else changed the card.")


class LinesRefused(Invalid):
    """Refusals that stand beside the lines themselves."""

    code = "lines_refused"
    what = N_("Some lines need another look.")
