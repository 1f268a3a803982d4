from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.it import iva
from stdnum.luhn import calc_check_digit
from stdnum.ro import cnp, cui

from callout.core.errors import Invalid
from callout.core.taxcodes import (
    OtherCountrysTaxNumber,
    UnknownCountry,
    WrongCheckDigit,
    WrongTaxNumberForm,
    WrongTaxNumberLength,
    tax_code,
    vat_number,
)

from .support import explained, refused

SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", "\u00a0", "\u200b"])


@pytest.mark.parametrize(
    ("country", "text", "kept"),
    [
        ("IT", "00743110157", "IT00743110157"),
        ("it", "it 007.431.101-57", "IT00743110157"),
        ("IT", "ＩＴ００７４３１１０１５７", "IT00743110157"),
        ("RO", "RO 18547290", "RO18547290"),
        ("RO", "18547290", "RO18547290"),
        ("GR", "GR 094259216", "EL094259216"),
        ("GR", "EL094259216", "EL094259216"),
        ("GR", "094259216", "EL094259216"),
        ("DE", "136 695 976", "DE136695976"),
        ("AT", "U13585627", "ATU13585627"),
        ("FR", "40303265045", "FR40303265045"),
        ("FR", "FRK7399859412", "FRK7399859412"),
        ("ES", "B58378431", "ESB58378431"),
        ("ES", "ES54362315K", "ES54362315K"),
        ("NL", "NL004495445B01", "NL004495445B01"),
        ("GB", "GB 980 7806 84", "980780684"),
        ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("US", "12-3456789", "123456789"),
    ],
)
def test_vat_numbers_are_kept_in_one_form(country, text, kept):
    assert vat_number(country, text) == kept
    assert vat_number(country, kept) == kept


@pytest.mark.parametrize(
    ("country", "text", "kind"),
    [
        ("IT", "00743110158", WrongCheckDigit),
        ("IT", "0074311015", WrongTaxNumberLength),
        ("IT", "IT0074311015A", WrongTaxNumberForm),
        ("RO", "18547291", WrongCheckDigit),
        ("DE", "DE136695977", WrongCheckDigit),
        ("IT", "DE136695976", OtherCountrysTaxNumber),
        ("RO", "EL094259216", OtherCountrysTaxNumber),
        ("IT", "", WrongTaxNumberForm),
        ("IT", "IT=1+1", WrongTaxNumberForm),
        ("IT", "٠٠٧٤٣١١٠١٥٧", WrongTaxNumberForm),
        ("IT", "9" * 500, WrongTaxNumberLength),
        ("US", "1", WrongTaxNumberLength),
        ("CH", "CHE-107.787.578 IVA", WrongCheckDigit),
    ],
)
def test_wrong_vat_numbers_are_refused(country, text, kind):
    error = refused(kind, vat_number, country, text, field="partner_vat")
    assert error.field == "partner_vat"
    assert error.status == 422


@pytest.mark.parametrize(
    ("country", "text", "kept"),
    [
        ("IT", "rcc mnl 83s18 d969h", "RCCMNL83S18D969H"),
        ("IT", "00743110157", "00743110157"),
        ("IT", "IT00743110157", "00743110157"),
        ("RO", "1630615123457", "1630615123457"),
        ("RO", "RO18547290", "18547290"),
        ("DE", "123/456/789", "123456789"),
        ("FR", "FR 40 303 265 045", "40303265045"),
    ],
)
def test_tax_codes_are_kept_in_one_form(country, text, kept):
    assert tax_code(country, text) == kept
    assert tax_code(country, kept) == kept


@pytest.mark.parametrize(
    ("country", "text", "kind"),
    [
        ("IT", "RCCMNL83S18D969X", WrongCheckDigit),
        ("IT", "RCCMNL83S18D969", WrongTaxNumberLength),
        ("IT", "00743110158", WrongCheckDigit),
        ("RO", "1630615123458", WrongCheckDigit),
        ("DE", "1", WrongTaxNumberLength),
        ("DE", "<script>", WrongTaxNumberForm),
    ],
)
def test_wrong_tax_codes_are_refused(country, text, kind):
    assert refused(kind, tax_code, country, text).field == "tax_code"


@pytest.mark.parametrize("country", ["", "ITA", "1T", "..", "__"])
def test_a_country_is_needed(country):
    assert refused(UnknownCountry, vat_number, country, "00743110157").field == "country"
    assert refused(UnknownCountry, tax_code, country, "00743110157").field == "country"


@given(st.from_regex("[0-9]{7}(00[1-9]|0[1-9][0-9]|100)", fullmatch=True), SEPARATORS, st.data())
def test_one_wrong_digit_of_a_partita_iva_is_found(digits, separator, data):
    number = digits + calc_check_digit(digits)
    if not iva.is_valid(number):
        return
    assert vat_number("IT", separator.join(number)) == "IT" + number
    at = data.draw(st.integers(0, 10))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    with pytest.raises(Invalid):
        vat_number("IT", number[:at] + other + number[at + 1 :])


@given(st.from_regex("[1-9][0-9]{3,8}", fullmatch=True), SEPARATORS)
def test_a_cui_needs_its_check_digit(digits, separator):
    right = cui.calc_check_digit(digits)
    assert vat_number("RO", separator.join(digits + right)) == "RO" + digits + right
    assert tax_code("RO", "RO" + digits + right) == digits + right
    wrong = str((int(right) + 1) % 10)
    refused(WrongCheckDigit, vat_number, "RO", digits + wrong)


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(1, 46), st.integers(1, 999))
def test_a_cnp_needs_its_check_digit(day, county, serial):
    digits = f"1{day:%y%m%d}{county:02}{serial:03}"
    right = cnp.calc_check_digit(digits)
    assert tax_code("RO", digits + right) == digits + right
    refused(WrongCheckDigit, tax_code, "RO", digits + str((int(right) + 1) % 10))


@given(st.sampled_from(["IT", "RO", "DE", "FR", "GR", "ES", "GB", "US", "ZZ"]), st.text(max_size=30))
def test_any_text_is_a_number_or_refused(country, text):
    for check in (vat_number, tax_code):
        try:
            kept = check(country, text)
        except Invalid as error:
            assert explained(error)
        else:
            assert kept.isascii()
            assert check(country, kept) == kept
