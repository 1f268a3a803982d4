"""Sectors, activity states and activity types: the users' own words, kept in order."""

from decimal import Decimal

import pytest
from django.utils import translation

from callout.audit.queries import history
from callout.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from callout.planning import commands, queries
from callout.planning.errors import (
    BadAddress,
    BadColour,
    CategoryInUse,
    InUse,
    NamesNobody,
    NeedsDefault,
    NoName,
    ObsoleteDefault,
    SectorInUse,
)
from callout.planning.models import ActivityState, ActivityType, BillingItem, Category, Eligibility, Sector
from callout.planning.queries import Eligible
from tests import builders
from tests.planning.support import MONDAY, NOW, administrator, book, dispatcher, window

pytestmark = pytest.mark.django_db


def save_state(state: ActivityState | None = None, **fields) -> ActivityState:
    known = {"name": "Promised", "names": {}, "colour": "#112233", "category": "planned"}
    if state:
        known = {name: getattr(state, name) for name in known}
        known |= {"is_default": state.is_default, "obsolete": state.obsolete, "version": state.version}
    fields = {"is_default": False, "obsolete": False, "actor": administrator(), **known, **fields}
    return commands.save_state(state_id=state and state.pk, now=NOW, **fields)


def save_type(row: ActivityType | None = None, **fields) -> ActivityType:
    fields = {"name": row.name if row else "Repair", "actor": administrator(), **fields}
    if row is None:
        fields.setdefault("sector_id", Sector.objects.get_or_create(name="Technical")[0].pk)
    return commands.save_type(type_id=row and row.pk, version=row and row.version, now=NOW, **fields)


def test_a_word_has_a_name_in_each_language() -> None:
    made = commands.save_sector(
        sector_id=None,
        name=" Technical ",
        names={"it": "Tecnico", "ro": " ", "xx": "?"},
        actor=administrator(),
        now=NOW,
    )
    assert made.names == {"it": "Tecnico"}
    with translation.override("it"):
        assert str(made) == "Tecnico"
    with translation.override("ro"):
        assert str(made) == "Technical"
    with pytest.raises(NoName):
        commands.save_sector(sector_id=made.pk, name="", names={}, version=1, actor=administrator(), now=NOW)


def test_a_sector_with_types_is_not_deleted() -> None:
    kind = save_type()
    with pytest.raises(SectorInUse):
        commands.remove_sector(sector_id=kind.sector_id, version=1, actor=administrator(), now=NOW)
    commands.remove_type(type_id=kind.pk, version=1, actor=administrator(), now=NOW)
    commands.remove_sector(sector_id=kind.sector_id, version=1, actor=administrator(), now=NOW)
    assert not Sector.objects.exists()


def test_the_new_default_takes_the_place_of_the_old_one() -> None:
    old = ActivityState.objects.get(category="planned", is_default=True)
    made = save_state(is_default=True)
    assert queries.default_state(Category.PLANNED) == made
    old.refresh_from_db()
    assert (old.is_default, old.version) == (False, 2)


def test_a_category_keeps_a_default() -> None:
    state = ActivityState.objects.get(category="planned")
    for fields in ({"is_default": False}, {"category": "confirmed"}):
        with pytest.raises(NeedsDefault):
            save_state(state, **fields)
    with pytest.raises(NeedsDefault):
        commands.remove_state(state_id=state.pk, version=1, actor=administrator(), now=NOW)
    with pytest.raises(ObsoleteDefault):
        save_state(state, obsolete=True)


def test_a_state_in_use_keeps_its_category_and_is_not_deleted() -> None:
    kind = builders.activity_type()
    made = book(builders.technician(performs=(kind,)), kind, window(MONDAY, "09:00", "10:00"))
    state = save_state()
    type(made).objects.filter(pk=made.pk).update(state=state)
    with pytest.raises(CategoryInUse):
        save_state(state, category="done")
    with pytest.raises(InUse) as refused:
        commands.remove_state(state_id=state.pk, version=1, actor=administrator(), now=NOW)
    assert "inactive" in refused.value.remedy
    assert save_state(state, name="Agreed", obsolete=True).obsolete
    unused = save_state(name="Unused")
    assert save_state(unused, category="done").category == "done"


@pytest.mark.parametrize(
    ("fields", "error"),
    [({"colour": "blue"}, BadColour), ({"category": "later"}, Invalid), ({"name": " \u200b"}, NoName)],
)
def test_a_state_that_makes_no_sense_is_refused(fields, error) -> None:
    with pytest.raises(error):
        save_state(**fields)


def test_a_type_with_everything() -> None:
    person, crew, part = builders.user("technician"), builders.team(), builders.product()
    made = save_type(
        minutes=90, mail_customer_on=["created", "moved"], mailing_list="a@example.com, b@example.com\na@example.com",
        plans=Eligible(team_ids=frozenset({crew.pk})), performs=Eligible(frozenset({person.pk}), frozenset({crew.pk})),
        items=[commands.Item(part.pk, Decimal("1.5"))],
    )  # fmt: skip
    made.refresh_from_db()
    assert made.mailing_list == "a@example.com\nb@example.com"
    assert Eligibility.objects.filter(activity_type=made).count() == 3
    assert BillingItem.objects.get(activity_type=made).quantity == Decimal("1.5")
    assert history(made)[0].facts["performs"] == {"people": [person.pk], "teams": [crew.pk]}
    changed = save_type(made, performs=Eligible(frozenset({person.pk})), items=[])
    assert (changed.minutes, changed.version) == (90, 2)
    assert list(Eligibility.objects.filter(role="performs").values_list("user_id", flat=True)) == [person.pk]
    assert Eligibility.objects.filter(role="plans").count() == 1
    assert not BillingItem.objects.exists()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"minutes": 4}, Invalid),
        ({"minutes": 1441}, Invalid),
        ({"kind": "party"}, Invalid),
        ({"colour": "#12345"}, BadColour),
        ({"mail_customer_on": ["deleted"]}, Invalid),
        ({"mailing_list": "a@x)b@y"}, BadAddress),
        ({"mailing_list": "\n".join(f"p{n}@example.com" for n in range(51))}, BadAddress),
        ({"sector_id": 10**9}, NotFound),
        ({"performs": Eligible(frozenset({10**9}))}, NamesNobody),
        ({"items": [commands.Item(10**9, Decimal(1))]}, NotFound),
        ({"items": [commands.Item(1, Decimal(0))]}, Invalid),
    ],
)
def test_a_type_that_makes_no_sense_is_refused_whole(fields, error) -> None:
    with pytest.raises(error):
        save_type(**fields)
    assert not ActivityType.objects.exists()


def test_a_type_in_use_is_set_inactive_instead_of_deleted() -> None:
    kind = builders.activity_type()
    book(builders.technician(performs=(kind,)), kind, window(MONDAY, "09:00", "10:00"))
    with pytest.raises(InUse):
        commands.remove_type(type_id=kind.pk, version=1, actor=administrator(), now=NOW)
    kind.refresh_from_db()
    assert not save_type(kind, active=False).active


def test_stale_pages_and_missing_rights_are_refused() -> None:
    kind = save_type()
    save_type(kind, minutes=30)
    with pytest.raises(StaleVersion):
        save_type(kind, minutes=45)
    with pytest.raises(Forbidden):
        save_type(actor=dispatcher())
    with pytest.raises(Forbidden):
        save_state(actor=dispatcher())
    with pytest.raises(NotFound):
        commands.remove_type(type_id=10**9, version=1, actor=administrator(), now=NOW)
