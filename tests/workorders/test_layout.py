"""The layout of an activity type: what its tickets' page shows, and in which order; the form for a call knows it."""

import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from callout.planning.models import ActivityType
from callout.planning.registry import layout_fields
from tests import builders
from tests.board.support import browser
from tests.workorders.support import Company

pytestmark = pytest.mark.django_db


def terms(answer) -> list[str]:
    """The terms of the facts of the call, in their order."""
    step = answer.content.decode().partition('aria-labelledby="step-call"')[2].partition("</section>")[0]
    return re.findall(r"<dt>([^<]+)</dt>", step)


def test_a_ticket_shows_the_fields_of_its_types_layout_in_their_order() -> None:
    company = Company()
    ticket = company.call(description="Water on the floor", notes="Ring twice")
    client = browser(builders.user("dispatcher"))
    page = f"/tickets/{ticket.pk}/"
    usual = terms(client.get(page))
    assert usual[:2] == ["What the customer says", "Received"]
    ActivityType.objects.filter(pk=company.kind.pk).update(layout=["notes", "place", "description"])
    assert terms(client.get(page)) == ["Notes for colleagues", "Site", "What the customer says"]
    assert "Priority" not in client.get(page).content.decode()


def test_every_field_of_a_layout_has_its_place_on_the_page() -> None:
    ticket = Company().call()
    html = browser(builders.user("dispatcher")).get(f"/tickets/{ticket.pk}/").content.decode()
    assert "Priority" in html
    source = Path(get_template("workorders/_step_call.html").origin.name).read_text()
    shown = set(re.findall(r'field == "(\w+)"', source))
    assert shown | {"objects", "priority"} == {field.name for field in layout_fields()}


def test_the_form_for_a_call_has_the_layouts_of_the_types_that_have_one() -> None:
    company = Company()
    builders.activity_type("Other")
    ActivityType.objects.filter(pk=company.kind.pk).update(layout=["notes", "contact"])
    page = browser(builders.user("operator")).get("/calls/new/", {"customer": company.customer.pk})
    assert json.loads(page.context["layouts"]) == {str(company.kind.pk): ["notes", "contact"]}
    html = page.content.decode()
    for field in layout_fields():
        if field.asked and field.name != "contract":  # this customer has none
            assert f'data-field="{field.name}"' in html, field.name
