"""Who goes together: the blocks of one work order, for each of them."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q

from callout.core.intervals import Interval
from callout.planning.rules import LONGEST
from callout.workorders.models import Helper, WorkOrder

_COLUMNS = (
    "appointment_id", "resource_id", "resource__user__display_name", "work_order_id", "work_order__appointment_id",
    "work_order__resource_id", "work_order__resource__user__display_name", "work_order__code", "work_order__version",
    "work_order__status", "work_order__ticket_id", "work_order__ticket__priority",
)  # fmt: skip
_AROUND = 2 * LONGEST
"""How far from the days shown somebody may be who goes along on a block of theirs."""


@dataclass(frozen=True, slots=True)
class Together:
    """A work order with several people: its own columns as a card shows them, and everybody's block."""

    order: tuple[int, str, int, str, int, int]
    blocks: list[dict[str, Any]] = field(default_factory=list)


def crews_within(whole: Interval) -> dict[int, Together]:
    """The work orders with several people around that time, by each of their appointments; one statement."""
    around = Q(appointment__starts__gt=whole.starts - _AROUND, appointment__starts__lt=whole.ends + timedelta(days=1))
    return _by_block(Helper.objects.filter(around).order_by("pk").values_list(*_COLUMNS))


def crews_of(appointments: Collection[int]) -> dict[int, Together]:
    """Those of these appointments, by each of theirs; one statement."""
    orders = WorkOrder.objects.filter(Q(appointment__in=appointments) | Q(helpers__appointment__in=appointments))
    rows = Helper.objects.filter(work_order__in=orders.order_by().values("pk"))
    return _by_block(rows.order_by("pk").values_list(*_COLUMNS))


def _by_block(rows: Iterable[tuple[Any, ...]]) -> dict[int, Together]:
    orders: dict[int, Together] = {}
    found: dict[int, Together] = {}
    for appointment_id, resource_id, name, order_id, lead_slot, lead_id, lead, *rest in rows:
        code, version, status, ticket_id, priority = rest
        together = orders.get(order_id)
        if together is None:
            together = orders[order_id] = Together((order_id, code, version, status, ticket_id, priority))
            together.blocks.append(_block(lead_slot, lead_id, lead, leads=True))
            found[lead_slot] = together
        together.blocks.append(_block(appointment_id, resource_id, name, leads=False))
        found[appointment_id] = together
    return found


def _block(appointment_id: int, resource_id: int, name: str, *, leads: bool) -> dict[str, Any]:
    return {"appointment_id": appointment_id, "resource_id": resource_id, "name": name, "leads": leads}


def others_json(together: Together, appointment_id: int) -> str:
    """The blocks of the others, as a card has them."""
    return json.dumps([each for each in together.blocks if each["appointment_id"] != appointment_id])
