import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from callout.core.phones import display, is_phone_like, normalise, search_key

# Where the trunk prefix is an 8, or Argentina's 15 stands inside: understood only when the region is known.
ODD_TRUNK = {"AR", "BY", "KZ", "RU", "TM"}


def examples():
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                yield region, number


def notations(region, number):
    written = (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.RFC3966)
    return [phonenumbers.format_number(number, form) for form in written]


def test_every_notation_of_every_country_gives_one_number_and_finds_it():
    seen = 0
    for region, number in examples():
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        for text in notations(region, number):
            assert normalise(text, region) == e164, text
            assert search_key(text, region) in search_key(e164), text
            assert region in ODD_TRUNK or search_key(text) in search_key(e164), text
            seen += 1
        for abroad in ("AU", "IT", "JP", "RO", "US"):
            dialled = phonenumbers.format_out_of_country_calling_number(number, abroad)
            assert normalise(dialled, abroad) == e164, dialled
            assert search_key(dialled, abroad) in search_key(e164), dialled
    assert seen > 1_000


@pytest.mark.parametrize(
    "text",
    [
        "+39 02 1234567",
        "0039 02/123 45 67",
        "02 1234567",
        "(02) 1234-567",
        "02.123.4567",
        "+39 (0)2 1234567",
        "'+39 02 1234567",
        "tel:+39-02-1234567",
        "39 02 1234567",
        "02 1234567 int. 12",
        "+39 02 1234567 x12",
        "０２ １２３４５６７",
        "02\u00a01234\u2011567",
    ],
)
def test_italian_notations(text):
    assert normalise(text, "IT") == "+39021234567"
    assert search_key(text) in "39021234567"
    assert search_key(text, "IT") in "39021234567"
    assert len(search_key(text)) >= 8


@pytest.mark.parametrize("text", ["+44 (0)20 7946 0958", "0044 (0)20 7946 0958", "020 7946 0958", "(020) 7946-0958"])
def test_a_trunk_zero_in_brackets_is_left_out(text):
    assert normalise(text, "GB") == "+442079460958"
    assert search_key(text) in "442079460958"


@pytest.mark.parametrize(
    "text",
    ["", "abc", "12", "112", "+", "+39", "02 1234567 / 333 1234567", "9" * 40, "9" * 500, "\0", "(5) 55", "+999 1"],
)
def test_what_is_no_number_is_left_aside(text):
    assert normalise(text, "IT") is None


def test_without_a_region_only_whole_numbers_are_read():
    assert normalise("02 1234567", None) is None
    assert normalise("02 1234567", "??") is None
    assert normalise("0039 02 1234567", None) == "+39021234567"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0721 23", "+40721234567"),
        ("234 5", "+40721234567"),
        ("+40 72", "+40721234567"),
        ("0040721", "+40721234567"),
        ("+44 (0)20 79", "+442079460958"),
        ("02 12", "+39021234567"),
        ("4021", "centralino int. 4021 / 4022"),
    ],
)
def test_a_part_finds_the_number(typed, kept):
    assert search_key(typed)
    assert search_key(typed) in search_key(kept)


@given(st.sampled_from([e for e in examples() if e[0] not in ODD_TRUNK]), st.integers(4, 20))
def test_the_beginning_of_a_national_number_finds_it(example, length):
    region, number = example
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    typed = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)[:length]
    assert search_key(typed) in search_key(e164)


@given(st.integers(10_000_000, 9_999_999_999), st.data())
def test_any_four_digits_in_a_row_find_the_number(subscriber, data):
    kept = f"+40{subscriber}"
    start = data.draw(st.integers(0, len(kept) - 5))
    end = data.draw(st.integers(start + 4, len(kept)))
    assert search_key(kept[start:end]) in search_key(kept)


@given(st.text(max_size=100), st.sampled_from(["IT", "RO", "US", None, "xx", ""]))
def test_any_text_is_survived(text, region):
    number = normalise(text, region)
    assert number is None or normalise(number, None) == number
    assert search_key(text, region).isdigit() or not search_key(text, region)
    assert isinstance(display(text, region), str)


def test_what_may_be_a_number():
    assert is_phone_like("+39 02/123.45-67")
    assert is_phone_like("(02) 1234567")
    assert is_phone_like("021")
    assert not is_phone_like("12")
    assert not is_phone_like("TK2026-00012")
    assert not is_phone_like("12+34")
    assert not is_phone_like("1" * 21)
    assert not is_phone_like("...")


def test_a_number_is_shown_as_people_write_it():
    assert display("+40721234567", "RO") == "0721 234 567"
    assert display("+40721234567", "IT") == "+40 721 234 567"
    assert display("+39021234567", "IT") == "02 123 4567"
    assert display("+39021234567", None) == "+39 02 123 4567"
    assert display("+12015550123", "CA") == "(201) 555-0123"
    assert display("int. 4021", "IT") == "int. 4021"
