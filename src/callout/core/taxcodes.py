"""VAT numbers and tax codes, checked by the rules of their country and kept in one form."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

from stdnum import exceptions
from stdnum.eu import vat as eu_vat
from stdnum.it import codicefiscale
from stdnum.ro import cf
from stdnum.util import get_cc_module

from callout.core.errors import N_, Invalid


class _Rules(Protocol):
    """What a module of the library offers for one kind of number."""

    def compact(self, number: str) -> str:
        """Without separators."""

    def validate(self, number: str) -> str:
        """The compact number, or a ValidationError."""

    def is_valid(self, number: str) -> bool:
        """Whether `validate` accepts it."""


_SEPARATORS = re.compile(r"[\s.,/\\_\-\u00ad\u2010-\u2015\u200b-\u200f\u2060\ufeff]+")
_LONGEST = 40
_PERSONAL: dict[str, _Rules] = {"IT": codicefiscale, "RO": cf}
"""Countries whose tax codes, of persons too, have rules that are checked."""
_EXAMPLES = {"IT": "IT00743110157", "RO": "RO18547290", "DE": "DE136695976", "FR": "FR40303265045"}


class UnknownCountry(Invalid):
    """No country, so that no rules can be chosen."""

    code = "unknown_country"
    what = N_("“{country}” is no country's code of two letters.")
    remedy = N_("Choose the country first.")


class BadTaxNumber(Invalid):
    """No number of that country; subclasses say why."""

    code = "bad_tax_number"
    what = N_("“{text}” is no valid tax number of {country}.")
    remedy = N_("Copy it from the customer's papers; one looks like {example}.")


class WrongTaxNumberLength(BadTaxNumber):
    """Too many or too few characters."""

    code = "wrong_tax_number_length"
    what = N_("“{text}” has too many or too few characters for a tax number of {country}.")


class WrongTaxNumberForm(BadTaxNumber):
    """Letters where digits should be, or a part that cannot be, such as a month 13."""

    code = "wrong_tax_number_form"
    what = N_("“{text}” is not built like a tax number of {country}.")


class WrongCheckDigit(BadTaxNumber):
    """The check digit does not fit: a digit was mistyped."""

    code = "wrong_check_digit"
    what = N_("“{text}” is no tax number of {country}: its check digit does not fit.")
    remedy = N_("Compare it digit by digit with the customer's papers.")


class OtherCountrysTaxNumber(BadTaxNumber):
    """A valid number of another member of the Union."""

    code = "other_countrys_tax_number"
    what = N_("“{text}” belongs to {other}, not to {country}.")
    remedy = N_("Change the country, or enter the number of {country}.")


def vat_number(country: str, text: str, *, field: str | None = "vat_number") -> str:
    """The VAT number in one form: capital letters and digits, in the European Union with the country's prefix (EL for
    Greece), elsewhere as the country writes it.

    `country` is the ISO 3166 code of two letters. Any separators, and the prefix, may be written or not. A country
    whose rules are not known accepts 3 to 20 letters and digits.
    Raises a subclass of BadTaxNumber, UnknownCountry (field `country`).
    """
    land, plain = country.upper(), _plain(country, text, field)
    if land.lower() in eu_vat.MEMBER_STATES:
        return _of_union(land, plain, text, field)
    rules = _module(land)
    return _free(land, plain, text, field) if rules is None else _checked(rules, land, plain, text, field)


def tax_code(country: str, text: str, *, field: str | None = "tax_code") -> str:
    """The tax code of a person or company in one form, capital letters and digits.

    In Italy a codice fiscale or partita IVA, in Romania a CNP or CUI (without its prefix), both checked. Elsewhere the
    country's VAT number if it is one, else 3 to 20 letters and digits.
    Raises a subclass of BadTaxNumber, UnknownCountry (field `country`).
    """
    land, plain = country.upper(), _plain(country, text, field)
    if land in _PERSONAL:
        return _checked(_PERSONAL[land], land, plain.removeprefix(land) if plain[2:].isdigit() else plain, text, field)
    rules = _module(land)
    if rules is not None and rules.is_valid(plain):
        return str(rules.compact(plain))
    return _free(land, plain, text, field)


def _plain(country: str, text: str, field: str | None) -> str:
    if not re.fullmatch("[A-Za-z]{2}", country):
        raise UnknownCountry("country", country=country[:_LONGEST])
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:_LONGEST])).upper()
    if not (plain.isascii() and plain.isalnum()):
        raise WrongTaxNumberForm(field, **_facts(country.upper(), text))
    return plain


def _facts(country: str, text: str) -> dict[str, str]:
    return {"country": country, "text": text[:_LONGEST], "example": _EXAMPLES.get(country, f"{country}123456789")}


def _module(country: str) -> _Rules | None:
    rules: _Rules | None = get_cc_module(country.lower(), "vat")
    return rules


def _of_union(country: str, plain: str, text: str, field: str | None) -> str:
    prefix = "EL" if country == "GR" else country
    rules = _module(country)
    if rules is None:
        return _free(country, plain, text, field)
    bare = plain.removeprefix(prefix).removeprefix(country)
    for candidate in (bare, plain):
        if rules.is_valid(candidate):
            return prefix + str(rules.compact(candidate)).removeprefix(prefix)
    other = plain[:2]
    if other not in (prefix, country) and other.isalpha() and eu_vat.is_valid(plain):
        raise OtherCountrysTaxNumber(field, other="GR" if other == "EL" else other, **_facts(country, text))
    return prefix + _checked(rules, country, bare, text, field)


def _checked(rules: _Rules, country: str, plain: str, text: str, field: str | None) -> str:
    facts = _facts(country, text)
    try:
        return str(rules.validate(plain))
    except exceptions.InvalidLength as error:
        raise WrongTaxNumberLength(field, **facts) from error
    except exceptions.InvalidChecksum as error:
        raise WrongCheckDigit(field, **facts) from error
    except exceptions.ValidationError as error:
        raise WrongTaxNumberForm(field, **facts) from error


def _free(country: str, plain: str, text: str, field: str | None) -> str:
    if not 3 <= len(plain) <= 20:
        raise WrongTaxNumberLength(field, **_facts(country, text))
    return plain
