"""Everybody's own arrangement of the planner: what is kept, what is refused, and that it follows its person."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callout.board import queries, rules
from callout.board.models import Look
from callout.core.errors import Invalid
from tests import builders
from tests.board.support import Company, browser, company, post
from tests.board.test_pages import config_of
from tests.planning.support import NOW

ARRANGED = {
    "view": "week", "colours": "priority", "groups": "team", "weekdays": [0, 1, 2, 3, 4], "hours": [7, 19], "zoom": 2,
    "pane": 300, "favourites": [7, 3], "collapsed": ["team:4"], "waiting_order": "age", "map": True, "travel": False,
    "ask_before_mail": True,
}  # fmt: skip


@pytest.fixture
def made() -> Company:
    return company()


@pytest.mark.django_db
def test_it_is_kept_for_its_person_alone_on_every_machine(made) -> None:
    answer = post(browser(made.dispatcher), "/board/look", ARRANGED)
    assert (answer.status_code, answer.json()) == (200, ARRANGED)
    config = config_of(browser(made.dispatcher).get("/board/"))
    assert config["look"] == ARRANGED
    other = config_of(browser(builders.user("dispatcher")).get("/board/"))
    assert other["look"] == rules.plain(rules.Look())


@pytest.mark.django_db
def test_the_last_one_counts_and_there_is_one_row(made) -> None:
    client = browser(made.dispatcher)
    assert post(client, "/board/look", ARRANGED).status_code == 200
    assert post(client, "/board/look", {"zoom": 5}).json() == rules.plain(rules.Look(zoom=5))
    assert Look.objects.count() == 1
    assert queries.look(made.actor) == rules.Look(zoom=5)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("view", "year"), ("colours", ""), ("groups", 3), ("weekdays", []), ("weekdays", [0, 0]), ("weekdays", [7]),
        ("hours", [9, 9]), ("hours", [-1, 5]), ("hours", [1, 25]), ("hours", [1]), ("zoom", 6), ("zoom", -1),
        ("pane", 10**9), ("favourites", [0]), ("favourites", [1, 1]), ("favourites", [2**63]),
        ("favourites", list(range(1, 502))), ("collapsed", ["x" * 41]), ("collapsed", [str(n) for n in range(201)]),
        ("map", "perhaps"), ("waiting_order", "name"),
    ],
)  # fmt: skip
def test_what_is_no_look_is_refused_and_nothing_is_kept(made, name, value) -> None:
    answer = post(browser(made.dispatcher), "/board/look", {name: value})
    assert answer.status_code == 422
    assert any(field.startswith(name) for field in answer.json()["fields"])
    assert not Look.objects.exists()


@pytest.mark.django_db
def test_who_sees_no_planner_keeps_no_look() -> None:
    assert post(browser(builders.user("technician")), "/board/look", ARRANGED).status_code == 403


@pytest.mark.django_db
def test_what_another_version_stored_does_not_break_the_page(made) -> None:
    Look.objects.create(
        user=made.dispatcher, changed_at=NOW, settings={"zoom": "big", "view": "list", "gone": 1, "hours": "all"}
    )
    assert config_of(browser(made.dispatcher).get("/board/"))["look"] == rules.plain(rules.Look(view="list"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(rules.NAMES), VALUES))
def test_whatever_is_stored_a_look_comes_of_it(stored) -> None:
    look = rules.kept(stored)
    assert rules.checked(json.loads(json.dumps(rules.plain(look)))) == look
    for name, value in stored.items():
        if rules.plain(look)[name] != value:
            with pytest.raises(Invalid):
                rules.checked({name: value})
