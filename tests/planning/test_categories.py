"""An appointment's category follows its state, and decides whether its time is taken, in the database itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from callout.planning.models import ActivityState, Appointment, Category
from tests import builders

pytestmark = pytest.mark.django_db


def make(state: ActivityState, **fields) -> Appointment:
    kind = builders.activity_type()
    return Appointment.objects.create(
        resource=builders.technician(), activity_type=kind, state=state, starts=builders.MONDAY,
        ends=builders.MONDAY + timedelta(hours=1), title="Visit", created_at=builders.MONDAY, **fields,
    )  # fmt: skip


def test_every_category_has_a_state_from_the_start() -> None:
    found = ActivityState.objects.filter(is_default=True).values_list("category", flat=True)
    assert set(found) == set(Category.values)


def test_a_category_other_than_the_states_is_refused() -> None:
    with pytest.raises(IntegrityError, match="appointment_category_of_state"), transaction.atomic():
        make(builders.states()["done"], category="planned")


def test_what_frees_its_time_cannot_block_it() -> None:
    with pytest.raises(IntegrityError, match="appointment_blocks_by_category"), transaction.atomic():
        make(builders.states()["missed"], category="missed", blocks=True)


def test_a_used_state_keeps_its_category() -> None:
    state = builders.states()["planned"]
    make(state)
    with pytest.raises(IntegrityError, match="appointment_category_of_state"), transaction.atomic():
        ActivityState.objects.filter(pk=state.pk).update(category="done", is_default=False)
