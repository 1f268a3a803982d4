"""From calendars and waiting work to a proposal: what goes where, what is left out and why."""

import pytest

from callout.audit.models import Entry
from callout.dispatch import queries
from tests.dispatch.support import company, proposed

pytestmark = pytest.mark.django_db


def test_waiting_work_is_proposed_for_the_chosen_day() -> None:
    made = company()
    proposal = proposed(made)
    assert (proposal.status, proposal.run.status, proposal.run.error) == ("open", "done", "")
    sheet = queries.sheet(proposal, actor=made.actor)
    assert len(sheet.places) == 3 and not sheet.left_out
    assert Entry.objects.filter(action="proposal.ready", subject_id=proposal.pk).count() == 1
    print(
        proposal.figures,
        [(s.suggestion.starts, s.suggestion.resource, s.suggestion.metres, s.stale) for s in sheet.places],
    )
