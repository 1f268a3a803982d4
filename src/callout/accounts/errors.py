"""Refusals around people, teams and branches."""

from callout.core.errors import N_, DomainError, Invalid


class UsernameTaken(Invalid):
    """Somebody else has this user name, in whatever case."""

    code = "username_taken"
    what = N_("Somebody else has the user name “{username}”.")
    remedy = N_("Choose another one.")


class BadUsername(Invalid):
    """A user name that cannot be typed reliably."""

    code = "bad_username"
    what = N_("A user name has 3 to 60 letters, digits and the signs . - _ @ +, and begins with a letter or digit.")


class BadPassword(Invalid):
    """A password that is easily guessed; `reasons` come from Django, translated."""

    code = "bad_password"
    what = "{reasons}"


class BadPhone(Invalid):
    """No telephone number."""

    code = "bad_phone"
    what = N_("“{phone}” is no telephone number.")
    remedy = N_("Write it with the country's prefix, such as +39 02 1234567.")


class NameMissing(Invalid):
    """A name without a visible character."""

    code = "name_missing"
    what = N_("Enter a name.")


class UnknownRole(Invalid):
    """A role that does not exist."""

    code = "unknown_role"
    what = N_("There is no role “{role}”.")


class UnknownRight(Invalid):
    """A right that does not exist."""

    code = "unknown_right"
    what = N_("There is no right “{right}”.")


class LastAdministrator(DomainError):
    """Nobody would be left who can administer people."""

    code = "last_administrator"
    what = N_("Nobody else could administer people then.")
    remedy = N_("Make somebody else an administrator first.")


class NotYourself(DomainError):
    """Locking oneself out by a slip."""

    code = "not_yourself"
    what = N_("You cannot disable your own account.")
    remedy = N_("Ask another administrator.")


class NameTaken(Invalid):
    """Another team or branch has this name or code."""

    code = "name_taken"
    what = N_("“{name}” is already used.")
    remedy = N_("Choose another name.")


class BadTimeZone(Invalid):
    """A time zone that does not exist."""

    code = "bad_time_zone"
    what = N_("There is no time zone “{time_zone}”.")


class BadCountry(Invalid):
    """No country code of two letters."""

    code = "bad_country"
    what = N_("“{country}” is no country code of two letters.")


class BadCurrency(Invalid):
    """No currency code of three letters."""

    code = "bad_currency"
    what = N_("“{currency}” is no currency code of three letters.")


class BadIban(Invalid):
    """A bank account number whose check digits do not fit."""

    code = "bad_iban"
    what = N_("The check digits of this IBAN do not fit.")
    remedy = N_("Compare it with the bank's letter.")


class BadVatNumber(Invalid):
    """A VAT number whose check digits do not fit its country."""

    code = "bad_vat_number"
    what = N_("This is no VAT number of {country}.")
    remedy = N_("Compare it with the certificate of registration.")
