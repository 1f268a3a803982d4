import base64
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.core.ids import MAX_LENGTH, BadCursor, decode_cursor, encode_cursor

from .support import at, refused

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    st.datetimes(
        timezones=st.timezones(), min_value=at("1900-01-02"), max_value=at("2200-01-01"), allow_imaginary=False
    ),
    st.dates(),
)


def raw(text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_what_goes_in_comes_out_with_its_type(values):
    back = decode_cursor(encode_cursor(values))
    assert list(back) == [v.astimezone(UTC) if isinstance(v, datetime) else v for v in values]
    assert [type(v) for v in back] == [type(v) for v in values]
    assert all(v.tzinfo is UTC for v in back if isinstance(v, datetime))
    assert [str(v) for v in back if isinstance(v, Decimal)] == [f"{v:f}" for v in values if isinstance(v, Decimal)]


@given(st.lists(VALUES, min_size=1, max_size=3), st.data())
def test_a_changed_cursor_is_refused_or_reads_as_itself(values, data):
    cursor = encode_cursor(values)
    at = data.draw(st.integers(0, len(cursor) - 1))
    changed = cursor[:at] + data.draw(st.sampled_from("Aa0_-=+/ \n\0é")) + cursor[at + 1 :]
    try:
        assert encode_cursor(decode_cursor(changed)) == changed
    except BadCursor as error:
        assert error.status == 422


@given(st.binary(max_size=60).map(raw) | st.text(max_size=60))
def test_nothing_but_a_refusal_comes_of_rubbish(cursor):
    try:
        assert encode_cursor(decode_cursor(cursor)) == cursor
    except BadCursor as error:
        assert error.code == "bad_cursor"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "[1]",
        raw("[]"),
        raw("{}"),
        raw("1"),
        raw("[1, 2]"),
        raw("[1.5]"),
        raw("[NaN]"),
        raw("[Infinity]"),
        raw("[1e3]"),
        raw("[9223372036854775808]"),
        raw("[" + "9" * 1400 + "]"),
        raw('["a\\u0000"]'),
        raw('["\\ud800"]'),
        raw('["\\u0041"]'),
        raw("[" * 700 + "]" * 700),
        raw("[[1]]"),
        raw('[{"n":"NaN"}]'),
        raw('[{"n":"1E+5"}]'),
        raw('[{"n":"01"}]').replace("=", "") + "=",
        raw('[{"n":1}]'),
        raw('[{"n":"1","n":"2"}]'),
        raw('[{"x":"1"}]'),
        raw('[{"t":"2026-01-01T00:00:00"}]'),
        raw('[{"t":"2026-01-01T00:00:00+01:00"}]'),
        raw('[{"t":"0001-01-01T00:00:00+14:00"}]'),
        raw('[{"d":"2026-02-30"}]'),
        raw('[{"d":"20260228"}]'),
        raw(b'["\xff"]'),
        raw(json.dumps(list(range(9)), separators=(",", ":"))),
        raw("[" + ",".join(["1"] * 5000) + "]"),
        encode_cursor([1]) + "A",
    ],
)
def test_odd_cursors_are_refused(cursor):
    refused(BadCursor, decode_cursor, cursor)


def test_the_types_of_the_columns_are_held():
    cursor = encode_cursor([datetime(2026, 3, 1, 12, tzinfo=UTC), None, 7])
    assert decode_cursor(cursor, kinds=(datetime, str | None, int))[2] == 7
    refused(BadCursor, decode_cursor, cursor, kinds=(datetime, str | None))
    refused(BadCursor, decode_cursor, cursor, kinds=(date, str | None, int))
    refused(BadCursor, decode_cursor, cursor, kinds=(datetime, str, int))
    refused(BadCursor, decode_cursor, encode_cursor([True]), kinds=(int,))


@pytest.mark.parametrize(
    "values",
    [
        [],
        [1] * 9,
        [1.5],
        [2**63],
        [at("2026-01-01")],
        [Decimal("NaN")],
        [Decimal("Infinity")],
        ["\0"],
        [b"x"],
        ["x" * MAX_LENGTH],
    ],
)
def test_what_could_not_be_read_is_not_written(values):
    with pytest.raises((ValueError, TypeError)):
        encode_cursor(values)


def test_a_moment_keeps_its_instant_not_its_zone():
    moment = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    assert decode_cursor(encode_cursor([moment])) == (datetime(2026, 10, 25, 0, 30, 0, 123456, tzinfo=UTC),)
