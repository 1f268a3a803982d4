"""Telephone numbers: one form to keep, one key to find them by whatever the notation, one way to show them."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import CountryCodeSource, PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

_LONGEST = 80
_EXTENSION = re.compile(r"[\s,;]*(?:(?<![a-z])(?:ext(?:ensio)?n?|int(?:erno|erior)?|x)[.:=]?|#)\s*\d{1,7}\s*$", re.I)
_PHONE_LIKE = re.compile(r"\s*\+?[\d\s()./\u2010-\u2015\u00a0-]+")
_ABROAD = (CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN, CountryCodeSource.FROM_NUMBER_WITH_IDD)


def normalise(text: str, default_region: str | None) -> str | None:
    """The number in E.164 (`+39021234567`), or None when it cannot be one: keep the text itself then.

    Lenient, for forms and imports: any notation and digits of any script, `tel:`, an apostrophe before the plus, `00`
    or the region's own exit code, `(0)` after the country code; an extension is left out. Only the length is checked
    against the country, because ranges are opened all the time. `default_region` is the ISO country of a number
    without country code; None or an unknown one accepts numbers with a country code only.
    """
    number = _parsed(text, default_region)
    if number is None or phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def search_key(text: str, region: str | None = None) -> str:
    """Digits such that the key of a number in any notation is contained in the key of the number as kept.

    Make it of the kept number (E.164, or the text that could not be normalised) and of what somebody looks for, whole
    or a part of four digits or more, and search for the latter within the former. Country codes stay when they are
    written; zeros before a national number go, since `+40 721` is `0721` at home. With a region its own exit code and
    trunk prefix (the 8 of Russia, say) are understood too. Empty when there is no digit.
    """
    number = _parsed(text, region)
    if number is not None and number.country_code_source in _ABROAD:
        return _e164_digits(number)
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.national_significant_number(number).lstrip("0")
    return _digits(_EXTENSION.sub("", text)).lstrip("0")


def is_phone_like(term: str) -> bool:
    """Whether somebody may have meant a telephone number: 3 to 20 digits and nothing else but its punctuation."""
    return _PHONE_LIKE.fullmatch(term) is not None and 3 <= len(_digits(term)) <= 20


def display(e164: str, region: str | None) -> str:
    """The number as people of that country write it: national at home, else with the country code.

    What is no number with a country code comes back unchanged.
    """
    number = _parsed(e164, None)
    if number is None:
        return e164
    at_home = region is not None and phonenumbers.country_code_for_region(region) == number.country_code
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def _digits(text: str) -> str:
    return phonenumbers.normalize_digits_only(text)


def _e164_digits(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).lstrip("+")


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    """The number that the library reads, with the trunk zero in brackets taken out where the country has one."""
    plain = text.strip()[:_LONGEST]
    number = _read(plain, region)
    if plain.startswith("00") and (number is None or number.country_code_source not in _ABROAD):
        plain = "+" + plain[2:]
        number = _read(plain, region)
    if number is None or "(0)" not in plain or number.country_code_source not in _ABROAD:
        return number
    home = PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(number.country_code or 0))
    if home is None or home.national_prefix != "0":
        return number
    return _read(plain.replace("(0)", " ", 1), region)


def _read(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None
