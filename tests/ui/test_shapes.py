"""Values as each language writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from callout.ui import shapes
from callout.ui.templatetags.apidocs import operations_by_group


@pytest.mark.parametrize(
    ("language", "currency", "shown"),
    [
        ("en", "EUR", "€1,234.50"), ("it", "EUR", "1.234,50\xa0€"), ("ro", "RON", "1.234,50\xa0RON"),
        ("it", "", "1.234,50"), ("en", "JPY", "¥1,234"), ("en", "USD", "$1,234.50"), ("en", "RON", "RON\xa01,234.50"),
    ],
)  # fmt: skip
def test_money_follows_language_and_currency(language, currency, shown):
    with translation.override(language):
        assert shapes.money(Decimal("1234.50"), currency) == shown


@pytest.mark.parametrize(("amount", "shown"), [("-0.004", "€0.00"), ("-1.5", "-€1.50"), ("0", "€0.00"), (None, "")])
def test_money_has_its_sign_in_front_and_no_negative_zero(amount, shown):
    with translation.override("en"):
        assert shapes.money(amount, "EUR") == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [("1.500", "1,5"), ("1000", "1.000"), ("0.0001", "0"), ("2", "2"), ("1E+3", "1.000")]
)
def test_quantities_lose_zeros_that_say_nothing(amount, shown):
    with translation.override("it"):
        assert shapes.quantity(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("length", "shown"), [(90, "1 h 30 min"), (45, "45 min"), (timedelta(hours=2), "2 h"), (0, "0 min"), (None, "")]
)
def test_durations_are_hours_and_minutes(length, shown):
    with translation.override("en"):
        assert shapes.duration(length) == shown


def test_a_colour_that_is_none_cannot_write_into_the_page():
    page = Template('{% pill word colour %}{% pill "ok" "#12ab34" %}{% pill "red" "red" %}').render(
        Context({"word": "<b>", "colour": 'red" onload="x'})
    )
    assert "&lt;b&gt;" in page
    assert "onload" not in page
    assert 'fill="#12ab34"' in page
    assert 'class="pill pill-red"' in page


def test_a_telephone_number_can_be_tapped():
    page = Template("{{ number|call_link }} {{ number|phone }} {{ none|phone }}").render(
        Context({"number": "+390212345678", "none": None})
    )
    assert page.startswith('<a href="tel:+390212345678">02 1234 5678</a> 02 1234 5678')


def test_the_api_s_description_is_grouped_and_its_references_followed():
    schema = {
        "paths": {
            "/api/tickets": {
                "post": {
                    "operationId": "make", "summary": "Take a call",
                    "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
                    "responses": {"200": {"description": "OK", "content": {"application/json": {
                        "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Out"}}}}}},
                }
            },
            "/api/board": {"get": {"tags": ["planner"], "responses": {}}},
        },
        "components": {"schemas": {
            "In": {"required": ["subject"], "properties": {
                "subject": {"type": "string", "description": "what"},
                "priority": {"anyOf": [{"enum": ["low", "high"]}, {"type": "null"}]}}},
            "Out": {"properties": {"id": {"type": "integer"}}},
        }},
    }  # fmt: skip
    groups = dict(operations_by_group(schema))
    made = groups["tickets"][0]
    assert set(groups) == {"tickets", "planner"}
    assert (made["method"], made["body_name"]) == ("POST", "In")
    assert [(field["name"], field["required"], field["type"]) for field in made["body"]] == [
        ("subject", True, "string"), ("priority", False, "low | high | null"),
    ]  # fmt: skip
    assert made["answers"][0]["type"] == "Out[]"
    assert made["answers"][0]["fields"][0]["name"] == "id"


def test_a_docstring_becomes_paragraphs_and_code():
    shown = Template("{% load apidocs %}{{ text|prose }}").render(
        Context({"text": "Give `a<b`\n  to it.\n\n<i>Then</i>."})
    )
    assert shown == "<p>Give <code>a&lt;b</code> to it.</p><p>&lt;i&gt;Then&lt;/i&gt;.</p>"


def test_a_moment_has_the_day_of_the_reader_s_clock():
    with timezone.override(ZoneInfo("Europe/Rome")):
        write = shapes.day_writer()
        assert write(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)) == write(date(2026, 11, 22))


@pytest.mark.parametrize(("language", "pieces"), [("en", "pc"), ("it", "pz"), ("ro", "buc.")])
def test_units_are_written_in_the_readers_language_and_ones_own_as_they_are(language, pieces):
    with translation.override(language):
        shown = Template("{{ piece|unit }} {{ hour|unit }} {{ own|unit }}").render(
            Context({"piece": "pc", "hour": "h", "own": "roll"})
        )
    assert shown == f"{pieces} h roll"
