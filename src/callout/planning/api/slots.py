"""API of the next free times."""

from datetime import time, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime

from callout.accounts.gate import reads
from callout.core.slots import Wish
from callout.planning import queries, schemas
from callout.planning.queries import SEES_CALENDARS
from callout.planning.schemas import Id
from callout.ui import clock

router = Router()


@router.get("/slots", response=list[schemas.SlotOut], operation_id="free_slots")
@reads(*SEES_CALENDARS)
def free_slots(
    request: HttpRequest,
    activity_type_id: Id,
    site_id: Id | None = None,
    after: AwareDatetime | None = None,
    days: Annotated[int, Query(ge=1, le=180)] = queries.SLOT_DAYS,
    minutes: Annotated[int, Query(ge=5, le=1440)] | None = None,
    weekdays: Annotated[list[Annotated[int, Query(ge=0, le=6)]], Query(max_length=7)] = [],  # noqa: B006 - ninja copies
    since: time | None = None,
    to: time | None = None,
    resource_ids: Annotated[list[Id], Query(max_length=500)] = [],  # noqa: B006 - ninja copies it
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> list[schemas.SlotOut]:
    """The next free times for a type of work, from now or `after` when that is later, earliest first.

    With a site, its zone counts, and each time is offered with whom it costs the least driving. `weekdays` (0 is
    Monday) and the hours `since` and `to`, by the clock at the site, hold what the customer wishes.
    """
    actor, now = request.actor, clock.now()
    kind, site = queries.work_at(activity_type_id, site_id, actor=actor)
    offers = queries.free_slots(
        kind, max(now, min(after or now, now + timedelta(days=366))), actor=actor, site=site, minutes=minutes,
        wish=Wish(frozenset(weekdays), since, to), resources=resource_ids or None, limit=limit, days=days,
    )  # fmt: skip
    return [schemas.SlotOut.of(offer) for offer in offers]
