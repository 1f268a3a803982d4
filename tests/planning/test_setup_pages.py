"""The planning setup, page by page: what is typed arrives, what is refused says so beside its field."""

import re
from datetime import date, time
from decimal import Decimal

import pytest
from django.test import Client

from callout.planning import commands
from callout.planning.models import Absence, ActivityState, ActivityType, BillingItem, Resource, Sector, WorkingHours
from tests import builders
from tests.board.support import browser
from tests.planning.support import MONDAY, NOW, book, dispatcher, window

pytestmark = pytest.mark.django_db

NO_ITEMS = {"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"}


@pytest.fixture
def client() -> Client:
    return browser(builders.user("administrator"))


def text(answer) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def type_data(**fields) -> dict:
    sector = Sector.objects.get_or_create(name="Technical")[0]
    start = {
        "name": "Repair", "sector": sector.pk, "kind": "appointment", "minutes": "90", "colour": "#206bc4",
        "active": "on", "chargeable": "on", **NO_ITEMS,
    }  # fmt: skip
    return {**start, **fields}


def resource_data(**fields) -> dict:
    start = {"time_zone": "Europe/Rome", "presence": "hours", "colour": "#206bc4", "position": "3", "active": "on"}
    return {**start, **fields}


def test_the_overview_counts_and_says_what_is_missing(client) -> None:
    builders.activity_type("Repair")
    rossi = builders.technician("Rossi")
    WorkingHours.objects.filter(resource=rossi).delete()
    said = text(client.get("/planning/"))
    assert "Nobody performs these activity types: Repair" in said
    assert "These people have no working hours: Rossi" in said


@pytest.mark.parametrize("path", ["", "resources/", "absences/", "types/", "states/", "sectors/"])
def test_lists_show_what_there_is(client, path: str) -> None:
    kind = builders.activity_type("Repair")
    rossi = builders.technician("Rossi", performs=(kind,))
    commands.add_absence(
        resource_id=rossi.pk, window=window(MONDAY, "08:00", "12:00"), reason="doctor", actor=dispatcher(), now=NOW
    )
    answer = client.get(f"/planning/{path}")
    assert answer.status_code == 200
    expected = {"resources/": "Rossi", "absences/": "doctor", "types/": "Repair", "states/": "Under way",
                "sectors/": "Technical", "": "Activity types"}  # fmt: skip
    assert expected[path] in text(answer)


@pytest.mark.parametrize("path", ["resources/", "absences/", "types/", "states/", "sectors/"])
def test_empty_forms_open(client, path: str) -> None:
    answer = client.get(f"/planning/{path}new/")
    assert answer.status_code == 200
    assert b"csrfmiddlewaretoken" in answer.content


def test_a_sector_is_made_changed_and_deleted(client) -> None:
    made = client.post("/planning/sectors/new/", {"name": "Technical", "name_it": "Tecnico", "position": "2"})
    assert made.status_code == 302
    sector = Sector.objects.get()
    assert (sector.names, sector.position) == ({"it": "Tecnico"}, 2)
    assert b"Tecnico" in client.get(f"/planning/sectors/{sector.pk}/").content
    stale = client.post(f"/planning/sectors/{sector.pk}/", {"name": "T", "position": "2", "version": "0"})
    assert stale.status_code == 409
    gone = client.post(f"/planning/sectors/{sector.pk}/remove/", {"version": "1"})
    assert gone.status_code == 302
    assert not Sector.objects.exists()


def test_a_state_is_made_and_an_impossible_one_explained(client) -> None:
    fields = {"name": "Promised", "colour": "#00aa00", "category": "planned"}
    assert client.post("/planning/states/new/", fields).status_code == 302
    assert ActivityState.objects.get(name="Promised").category == "planned"
    refused = client.post("/planning/states/new/", {**fields, "is_default": "on", "obsolete": "on"})
    assert refused.status_code == 422
    assert "cannot be the one used" in text(refused)
    default = ActivityState.objects.get(category="planned", is_default=True)
    kept = client.post(f"/planning/states/{default.pk}/remove/", {"version": default.version}, follow=True)
    assert "First mark another state" in text(kept)


def test_a_type_is_made_with_people_and_billing_items(client) -> None:
    rossi, crew, part = builders.technician("Rossi"), builders.team("Crew"), builders.product()
    data = type_data(
        performs_people=[rossi.user_id], performs_teams=[crew.pk], plans_teams=[crew.pk],
        mail_customer_on=["created", "cancelled"], mailing_list="office@example.com",
        **{"items-TOTAL_FORMS": "2", "items-0-product": part.pk, "items-0-quantity": "1.5", "items-1-product": "",
           "items-1-quantity": ""},
    )  # fmt: skip
    assert client.post("/planning/types/new/", data).status_code == 302
    made = ActivityType.objects.get()
    assert (made.minutes, made.mail_customer_on, made.mailing_list) == (
        90,
        ["created", "cancelled"],
        "office@example.com",
    )
    assert made.eligibilities.count() == 3
    assert BillingItem.objects.get().quantity == Decimal("1.5")
    page = client.get(f"/planning/types/{made.pk}/")
    assert page.status_code == 200
    assert len(page.context["form"].initial["performs_people"]) == 1
    changed = client.post(
        f"/planning/types/{made.pk}/", type_data(version="1", minutes="30", performs_people=[rossi.user_id])
    )
    assert changed.status_code == 302
    made.refresh_from_db()
    assert (made.minutes, made.mail_customer_on, made.eligibilities.count()) == (30, [], 1)
    assert not BillingItem.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"minutes": "3"}, "greater than or equal to 5"),
        ({"mailing_list": "nonsense"}, "is no e-mail address"),
        ({"name": ""}, "required"),
        ({"sector": "999999"}, "valid choice"),
        ({"items-TOTAL_FORMS": "1", "items-0-product": "PART", "items-0-quantity": ""}, "How much of it?"),
    ],
)
def test_a_wrong_type_is_refused_beside_the_field(client, fields, said: str) -> None:
    part = builders.product()
    fields = {key: part.pk if value == "PART" else value for key, value in fields.items()}
    answer = client.post("/planning/types/new/", type_data(**fields))
    assert answer.status_code == 422
    assert said in text(answer)
    assert not ActivityType.objects.exists()


def test_a_type_in_use_is_not_deleted_and_the_page_says_what_to_do(client) -> None:
    kind = builders.activity_type("Repair")
    book(builders.technician(performs=(kind,)), kind, window(MONDAY, "09:00", "10:00"))
    answer = client.post(f"/planning/types/{kind.pk}/remove/", {"version": "1"}, follow=True)
    assert "Set it inactive instead" in text(answer)
    assert ActivityType.objects.filter(pk=kind.pk).exists()


def test_a_resource_is_made_with_hours_as_people_write_them(client) -> None:
    person, works = builders.user("technician", name="Rossi"), builders.branch()
    data = resource_data(user=person.pk, branch=works.pk, hours_0="8-12, 13-17:30", hours_5="22-6", hours_6="")
    assert client.post("/planning/resources/new/", data).status_code == 302
    made = Resource.objects.get()
    hours = list(made.working_hours.order_by("weekday", "starts").values_list("weekday", "starts", "ends"))
    assert hours == [(0, time(8), time(12)), (0, time(13), time(17, 30)), (5, time(22), time(6))]
    page = client.get(f"/planning/resources/{made.pk}/").content.decode()
    assert 'value="08:00-12:00, 13:00-17:30"' in page


def test_hours_are_copied_to_the_days_below_without_saving(client) -> None:
    rossi = builders.technician("Rossi")
    page = client.post(f"/planning/resources/{rossi.pk}/", resource_data(hours_0="7-11", hours_5="9-10", copy="0"))
    assert page.status_code == 200
    form = page.context["form"]
    assert [form.initial[f"hours_{day}"] for day in range(5)] == ["7-11"] * 5
    assert form.initial["hours_5"] == "9-10"
    assert WorkingHours.objects.filter(resource=rossi).count() == 10


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("8-", "is no working time"),
        ("8-25", "is no time of the day"),
        ("8-12, 11-13", "overlap"),
        ("9-9", "is no working time"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_day(client, hours: str, said: str) -> None:
    rossi = builders.technician("Rossi")
    data = resource_data(branch=rossi.branch_id, version="1", hours_2=hours)
    answer = client.post(f"/planning/resources/{rossi.pk}/", data)
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors["hours_2"])


def test_hours_that_leave_work_outside_are_refused(client) -> None:
    kind = builders.activity_type("Repair")
    rossi = builders.technician("Rossi", performs=(kind,))
    book(rossi, kind, window(date(2036, 11, 24), "09:00", "10:00"), title="Verdi: boiler")
    answer = client.post(f"/planning/resources/{rossi.pk}/", resource_data(branch=rossi.branch_id, version="1"))
    assert answer.status_code == 422
    assert "Verdi: boiler" in text(answer)


def test_an_absence_is_entered_by_the_readers_clock(client) -> None:
    rossi = builders.technician("Rossi")
    data = {"resource": rossi.pk, "starts": "2026-11-23T00:00", "ends": "2026-11-24T00:00", "reason": "leave"}
    assert client.post("/planning/absences/new/", data).status_code == 302
    made = Absence.objects.get()
    assert (made.starts.isoformat(), made.ends.isoformat()) == (
        "2026-11-22T23:00:00+00:00",
        "2026-11-23T23:00:00+00:00",
    )
    assert client.get(f"/planning/absences/{made.pk}/").status_code == 200
    assert client.post(f"/planning/absences/{made.pk}/remove/", {"version": "1"}).status_code == 302
    assert not Absence.objects.exists()


def test_an_absence_over_planned_work_or_backwards_is_refused(client) -> None:
    kind = builders.activity_type("Repair")
    rossi = builders.technician("Rossi", performs=(kind,))
    book(rossi, kind, window(MONDAY, "09:00", "10:00"), title="Verdi: boiler")
    data = {"resource": rossi.pk, "starts": "2026-11-23T00:00", "ends": "2026-11-24T00:00", "reason": "leave"}
    refused = client.post("/planning/absences/new/", data)
    assert refused.status_code == 422
    assert "Verdi: boiler" in " ".join(refused.context["form"].errors["starts"])
    backwards = client.post("/planning/absences/new/", {**data, "ends": "2026-11-22T00:00"})
    assert "ends" in backwards.context["form"].errors
    skipped = client.post("/planning/absences/new/", {**data, "starts": "2027-03-28T02:30", "ends": "2027-03-28T09:00"})
    assert skipped.status_code == 422
    assert "starts" in skipped.context["form"].errors


def test_dispatchers_write_absences_and_set_nothing_up() -> None:
    client = browser(builders.user("dispatcher"))
    assert client.get("/planning/absences/").status_code == 200
    assert client.get("/planning/absences/new/").status_code == 200
    for path in ("", "resources/", "types/", "states/", "sectors/", "types/new/", "resources/new/"):
        assert client.get(f"/planning/{path}").status_code == 403, path


def test_what_lies_in_other_branches_is_not_there() -> None:
    person = builders.user("administrator")
    person.branches.add(builders.branch())
    rossi = builders.technician("Rossi")
    away = commands.add_absence(
        resource_id=rossi.pk, window=window(MONDAY, "08:00", "12:00"), reason="x", actor=dispatcher(), now=NOW
    )
    client = browser(person)
    for path in (f"resources/{rossi.pk}/", f"absences/{away.pk}/", "types/999999/", "sectors/999999/"):
        assert client.get(f"/planning/{path}").status_code == 404, path
    assert client.post(f"/planning/absences/{away.pk}/remove/", {"version": "1"}).status_code == 404
    assert Absence.objects.exists()


def test_pages_cost_the_same_whatever_the_size(client, django_assert_max_num_queries) -> None:
    kind = builders.activity_type("Repair")
    for number in range(12):
        builders.technician(f"T{number}", performs=(kind,))
        builders.activity_type(f"Kind {number}")
    for path in ("resources/", "absences/", "types/", "sectors/"):
        with django_assert_max_num_queries(6):
            client.get(f"/planning/{path}")
