"""The table of steps, and the sentences that say what is possible instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.workorders import rules
from callout.workorders.errors import StepRefused
from callout.workorders.models import WorkStatus

MAIN_WAY = [
    ("foreseen", "plan", "planned"),
    ("planned", "start", "under_way"),
    ("under_way", "pause", "under_way"),
    ("under_way", "resume", "under_way"),
    ("under_way", "end", "done"),
    ("done", "report", "reported"),
    ("reported", "verify", "verified"),
    ("verified", "bill", "billed"),
]
WAYS_BACK = [
    ("planned", "unplan", "foreseen"),
    ("done", "resume", "under_way"),
    ("verified", "unverify", "reported"),
    ("billed", "unbill", "verified"),
    ("not_needed", "reopen", "foreseen"),
    ("cancelled", "reopen", "foreseen"),
]
ALL_STEPS = sorted({name for leads in rules.WAY.values() for name in leads})


@pytest.mark.parametrize(("status", "name", "leads"), MAIN_WAY + WAYS_BACK)
def test_steps_lead_where_they_should(status: str, name: str, leads: str) -> None:
    assert rules.step(status, name, code="WO1") == leads


@given(st.sampled_from(sorted(rules.WAY)), st.sampled_from(ALL_STEPS))
def test_every_other_step_is_refused_with_a_way_out(status: str, name: str) -> None:
    if name in rules.WAY[status]:
        assert rules.step(status, name, code="WO1") in rules.WAY
        return
    with pytest.raises(StepRefused) as refused:
        rules.step(status, name, code="WO1")
    assert refused.value.facts == {"code": "WO1", "status": rules.STATUSES[status]}
    assert refused.value.remedy == rules.WAYS_OUT[status]


def test_the_table_knows_the_models_statuses() -> None:
    assert set(rules.WAY) == set(WorkStatus.values) == set(rules.STATUSES) == set(rules.WAYS_OUT)


def test_every_status_is_reached_from_the_first() -> None:
    reached, ahead = set(), {"foreseen"}
    while ahead:
        reached |= ahead
        ahead = {target for status in ahead for target in rules.WAY[status].values()} - reached
    assert reached == set(rules.WAY)


@given(st.lists(st.sampled_from(ALL_STEPS), max_size=30))
def test_nothing_is_billed_that_was_not_reported_and_verified(names: list[str]) -> None:
    status, passed = "foreseen", ["foreseen"]
    for name in names:
        if name in rules.WAY[status]:
            status = rules.step(status, name, code="WO1")
            passed.append(status)
    if "billed" in passed:
        before = passed[: passed.index("billed")]
        assert before.index("done") < before.index("reported") < before.index("verified")
