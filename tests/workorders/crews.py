"""A company with three technicians, two of whom go to one work order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callout.accounts.models import User
from callout.accounts.queries import actor_for
from callout.core.intervals import Interval
from callout.planning.models import Resource
from callout.workorders import commands
from callout.workorders.models import WorkOrder
from tests import builders
from tests.builders import MONDAY
from tests.workorders.support import NINE, Company


@dataclass
class Crew(Company):
    """Ada leads, Berto helps; Carla is free."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ada = self.technician
        self.berto = builders.technician("Berto Sala", works=self.branch, performs=(self.kind,))
        self.carla = builders.technician("Carla Neri", works=self.branch, performs=(self.kind,))

    @property
    def dispatcher_user(self) -> User:
        """The dispatcher, to sign in as."""
        return User.objects.get(pk=self.dispatcher.user_id)

    def together(self, starts: datetime = NINE, **values: Any) -> WorkOrder:
        """A work order that Ada leads and Berto helps on."""
        return self.add(self.planned(starts, **values), self.berto)

    def add(self, order: WorkOrder, who: Resource, window: Interval | None = None) -> WorkOrder:
        return commands.add_helper(
            work_order_id=order.pk, resource_id=who.pk, window=window, version=order.version, actor=self.dispatcher,
            now=MONDAY,
        )  # fmt: skip

    def move(self, order: WorkOrder, window: Interval, who: Resource | None = None, **values: Any) -> WorkOrder:
        return commands.reschedule(
            work_order_id=order.pk, resource_id=(who or self.ada).pk, window=window, version=order.version,
            actor=self.dispatcher, now=MONDAY, **values,
        )  # fmt: skip

    def act(self, step: str, who: Resource, order: WorkOrder, at: datetime, **values: Any) -> WorkOrder:
        """A step of somebody's own clock."""
        command = getattr(commands, step)
        return command(work_order_id=order.pk, actor=actor_for(who.user), now=at, **values)


def calendar(resource: Resource) -> list[tuple[datetime, datetime]]:
    """What blocks somebody's time."""
    return list(resource.appointments.filter(blocks=True).order_by("starts").values_list("starts", "ends"))


def helping(order: WorkOrder) -> list[str]:
    """The names of the helpers."""
    return [str(each) for each in order.helpers.select_related("resource__user").order_by("id")]
