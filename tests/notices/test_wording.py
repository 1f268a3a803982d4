"""Users' wording: a small, bounded language over plain values; what it cannot do is refused when it is saved."""

import time
from datetime import date
from decimal import Decimal

import pytest

from callout.audit.models import Entry
from callout.core.errors import Forbidden, StaleVersion
from callout.notices import commands, queries, registry, wording
from callout.notices.errors import (
    MailTooLong,
    TemplateBroken,
    TemplateRefused,
    TemplateTooLong,
    UnknownPlaceholder,
)
from callout.notices.models import MailTemplate
from tests import builders

FIELDS = {"ticket.code": "", "ticket.on": "", "ticket.total": "", "lines": ""}


def check(source):
    return wording.check(source, fields=FIELDS)


def test_placeholders_conditions_and_one_loop():
    text = "{{ ticket.code|upper }} {% if ticket.total > 100 %}dear{% endif %}"
    text += "{% for one in lines %} {{ one.name }}{% endfor %}"
    check(text)
    facts = {"ticket": {"code": "tk-1", "total": Decimal("1234.50")}, "lines": [{"name": "a"}, {"name": "b"}]}
    assert wording.render(text, facts, language="it") == "TK-1 dear a b"


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "23 Nov 2026 1234.5"), ("it", "23/11/2026 1234,5"), ("ro", "23.11.2026 1234,5")]
)
def test_dates_and_numbers_in_the_readers_notation(language, expected):
    facts = {"ticket": {"on": date(2026, 11, 23), "total": Decimal("1234.5")}}
    rendered = wording.render("{{ ticket.on }} {{ ticket.total }}", facts, language=language)
    assert rendered.replace("\u202f", ".") == expected


def test_what_is_not_there_shows_as_nothing():
    assert wording.render("[{{ ticket.code }}{{ nobody.home }}]", {}, language="en") == "[]"


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(100000) %}{% endfor %}",
        "{% for a in lines %}{% for b in lines %}x{% endfor %}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ ticket.code|center(1000000000) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ ticket.code.__class__.__mro__ }}{{ ticket['code'] }}",
        "{{ cycler.__init__.__globals__ }}{{ lipsum(1000) }}",
        "{% set x = 1 %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% include 'x' %}",
        "{% extends 'x' %}",
        "{{ ticket.code ~ ticket.code }}",
        "{% for one in lines recursive %}{{ loop(one) }}{% endfor %}",
        "{{ ticket.code" + "|upper" * 300 + " }}",
    ],
)
def test_what_could_run_away_or_reach_out_is_refused(source):
    with pytest.raises(TemplateRefused):
        check(source)
    with pytest.raises(TemplateRefused):
        wording.render(source, {"ticket": {"code": "x"}, "lines": [1]}, language="en")


@pytest.mark.parametrize(
    "source",
    ["{{ ticket.code", "{% if %}", "{% endfor %}", "{{ " + "(" * 5000 + ")" * 5000 + " }}"]
    + ["{% if ticket.code %}" * depth + "x" + "{% endif %}" * depth for depth in (120, 600)],
)
def test_what_cannot_be_read_is_refused(source):
    with pytest.raises(TemplateBroken):
        check(source)


def test_limits_of_length():
    with pytest.raises(TemplateTooLong):
        check("x" * 20_001)
    with pytest.raises(MailTooLong):
        wording.render("{% for x in lines %}{{ x }}{% endfor %}", {"lines": ["y" * 9000] * 200}, language="en")


def test_the_worst_template_ends_soon():
    step = "{% if ticket.code|upper|lower|first == ticket.code|title|trim|last %}{% endif %}"
    source = "{% for one in lines %}" + step * 28 + "{% endfor %}"
    check(source)
    started = time.monotonic()
    wording.render(source, {"ticket": {"code": "x" * 100_000}, "lines": list(range(100_000))}, language="en")
    assert time.monotonic() - started < 5


def test_a_misspelt_placeholder_is_named_with_those_that_exist():
    with pytest.raises(UnknownPlaceholder) as refusal:
        check("{{ ticket.cod }}")
    assert refusal.value.facts["name"] == "ticket.cod"
    assert "ticket.code" in refusal.value.facts["known"]
    check("{% if ticket %}{{ ticket.code }}{% endif %}{% for x in lines %}{{ x.a }}{{ loop.index }}{% endfor %}")


@pytest.mark.django_db
def test_the_companys_wording_is_used_until_it_is_switched_off():
    registry.register_event(
        "test.planned", label="Planned", subject="Planned {{ ticket.code }}", body="...", fields=FIELDS
    )
    event, admin = registry.event("test.planned"), builders.actor("administrator")
    own = {
        "event": "test.planned", "language": "it", "subject": "Pianificato {{ ticket.code }}", "body": "Ciao",
        "actor": admin, "now": builders.MONDAY,
    }  # fmt: skip
    saved = commands.save_wording(**own, active=True, version=None)
    assert queries.wording(event, "it").subject == "Pianificato {{ ticket.code }}"
    assert queries.wording(event, "en").subject == "Planned {{ ticket.code }}"
    assert commands.save_wording(**own, active=False, version=saved.version).version == 2
    assert queries.wording(event, "it").own is None
    with pytest.raises(StaleVersion):
        commands.save_wording(**own, active=True, version=1)
    with pytest.raises(Forbidden):
        commands.save_wording(**{**own, "actor": builders.actor("dispatcher")}, active=True, version=2)
    with pytest.raises(UnknownPlaceholder):
        commands.save_wording(**{**own, "body": "{{ secret }}"}, active=True, version=2)
    assert Entry.objects.filter(action="wording.saved").count() == 2


@pytest.mark.django_db
def test_a_wording_that_fails_in_use_gives_way_to_the_built_in_one():
    registry.register_event("test.sum", label="Sum", subject="Sum", body="Built in", fields=FIELDS)
    MailTemplate.objects.create(event="test.sum", language="en", subject="Own", body="{{ ticket.code > 5 }}")
    written = commands.send_mail(
        event="test.sum", to=["a@example.com"], language="en", facts={"ticket": {"code": "x"}},
        about=builders.branch(), customer_id=None, now=builders.MONDAY,
    )  # fmt: skip
    assert (written.subject, written.body) == ("Sum", "Built in")
