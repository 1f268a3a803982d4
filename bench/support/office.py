"""The main job through the API alone: planning by several dispatchers at once, work on site, verification, bills."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from queue import Empty, Queue
from typing import Any
from zoneinfo import ZoneInfo

from bench.support.base import bearer
from bench.support.measure import Client, run
from bench.support.town import ZONE, Town

Slot = tuple[int, datetime, datetime]
WEEKS_BACK = 26
CLIENTS = 4


class Office:
    """Everything that the people of a company do, each with the token of who does it."""

    def __init__(self, base: str, town: Town) -> None:
        self.base = base
        self.town = town

    def client(self, role: str) -> Client:
        """A connection of somebody in the office."""
        return Client(self.base, bearer(self.town.office[role]))

    # Reading

    def pages(self, role: str, path: str) -> Iterator[dict[str, Any]]:
        """Every item of a paged list."""
        client, cursor = self.client(role), ""
        while cursor is not None:
            page = json.loads(client.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}"))
            yield from page["items"]
            cursor = page["next"]

    def orders(self, status: str) -> list[dict[str, Any]]:
        """Work orders in a status."""
        return list(self.pages("verifier", f"/api/work-orders?limit=200&status={status}"))

    # Planning

    def free_slots(self, needed: int, today: date) -> Iterator[list[Slot]]:
        """Free hours on calendars, as the board shows them, week by week into the past, until enough were given."""
        client = self.client("dispatcher")
        monday = today - timedelta(days=today.weekday())
        for week in range(1, WEEKS_BACK):
            start = monday - timedelta(weeks=week)
            board = json.loads(client.get(f"/api/board?start={start}&days=7"))
            yield (slots := list(_hours(board)))
            needed -= len(slots)
            if needed <= 0:
                return

    def estimate(self, waiting: Sequence[dict[str, Any]]) -> None:
        """Estimate every work order by the rate card; the versions in `waiting` follow."""

        def one(client: Client, item: dict[str, Any], _number: int) -> None:
            body = {"rate_card_id": self.town.rate_card_id, "version": item["version"]}
            item["version"] = client.post(f"/api/work-orders/{item['work_order_id']}/estimate", body)["version"]

        self._together("operator", waiting, one, CLIENTS)

    def plan(self, waiting: Sequence[dict[str, Any]], slots: Sequence[Slot], dispatchers: int) -> int:
        """Dispatchers who know nothing of each other plan everything; how often a slot had just been taken.

        Every second one begins with the same slots, so that each has to give way to another again and again.
        """
        refused = [0] * dispatchers
        free = [chain(slots[number % 2 :: 2], slots[1 - number % 2 :: 2]) for number in range(dispatchers)]

        def one(client: Client, item: dict[str, Any], number: int) -> None:
            for resource_id, starts, ends in free[number]:
                body = {
                    "resource_id": resource_id, "starts": starts.isoformat(), "ends": ends.isoformat(),
                    "version": item["version"],
                }  # fmt: skip
                status, answer = client.request("POST", f"/api/work-orders/{item['work_order_id']}/plan", body)
                if status == 200:
                    return
                if status != 409 or json.loads(answer)["code"] != "slot_taken":
                    raise RuntimeError(f"planning {item['code']} answered {status}: {answer[:300]!r}")
                refused[number] += 1
            raise RuntimeError("there are not enough free hours")

        self._together("dispatcher", waiting, one, dispatchers)
        return sum(refused)

    # On site

    def carry_out(self) -> int:
        """Every technician starts, ends and reports the own work in the order of its times; how many visits."""
        visits = [0] * len(self.town.technicians)
        technicians = list(enumerate(self.town.technicians.values()))

        def one(_client: Client, who: tuple[int, str], _number: int) -> None:
            number, token = who
            mine = Client(self.base, bearer(token))
            for order in sorted(_all_of(mine, "planned"), key=lambda order: order["planned_start"]):
                self._visit(mine, order)
                visits[number] += 1

        self._together("operator", technicians, one, CLIENTS)
        return sum(visits)

    def _visit(self, mine: Client, order: dict[str, Any]) -> None:
        path = f"/api/work-orders/{order['id']}"
        started = mine.post(path + "/start", {"version": order["version"], "at": order["planned_start"]})
        ended = mine.post(path + "/end", {"version": started["version"], "at": order["planned_end"]})
        begun, over = (datetime.fromisoformat(ended[name]) for name in ("started_at", "ended_at"))
        worked = Decimal((over - begun).total_seconds() / 3600).quantize(Decimal("0.01"))
        day = begun.astimezone(ZoneInfo(ZONE)).date()
        line = mine.post(path + "/hours", {"day": day.isoformat(), "worked": str(worked)})
        if order["id"] % 3 == 0:
            line = mine.post(path + "/parts", {"product_id": self.town.product_id, "quantity": "2"})
        if order["id"] % 4 == 0:
            line = mine.post(path + "/expenses", {"description": "Parking", "price": "12.50"})
        mine.post(path + "/report", {"version": line["work_order_version"], "notes": "Done."})

    # Afterwards

    def verify(self) -> None:
        """The verifier approves every reported work order as it is."""

        def one(client: Client, order: dict[str, Any], _number: int) -> None:
            client.post(f"/api/work-orders/{order['id']}/verify", {"version": order["version"]})

        self._together("verifier", self.orders("reported"), one, CLIENTS)

    def bill(self, today: date) -> tuple[int, int]:
        """One invoice per customer for everything that waits; how many, and how many hold several tickets.

        Each draft is asked for twice with the same key, as after a lost answer: one invoice has to come of it.
        """
        waiting = json.loads(self.client("verifier").get("/api/billing/waiting"))

        def one(client: Client, customer: dict[str, Any], _number: int) -> None:
            body = {name: customer[name] for name in ("customer_id", "work_order_ids")} | {"date": today.isoformat()}
            key = {"Idempotency-Key": f"bill-{customer['customer_id']}"}
            draft, again = (client.post("/api/invoices", body, **key) for _ in range(2))
            if draft["id"] != again["id"]:
                raise RuntimeError(f"asked twice with one key, two invoices: {draft['id']} and {again['id']}")
            client.post(f"/api/invoices/{draft['id']}/confirm", {"version": draft["version"]})

        self._together("verifier", waiting, one, CLIENTS)
        return len(waiting), sum(customer["tickets"] > 1 for customer in waiting)

    # Several at once

    def _together(self, role: str, items: Iterable[Any], one: Callable[[Client, Any, int], None], clients: int) -> None:
        """Let some clients of a role do `one` for each item; the first error ends it and is raised here."""
        todo: Queue[Any] = Queue()
        for item in items:
            todo.put(item)
        errors: list[BaseException] = []

        def work(number: int) -> None:
            client = self.client(role)
            try:
                while not errors:
                    one(client, todo.get_nowait(), number)
            except Empty:
                return
            except Exception as error:  # noqa: BLE001 - carried over to the main thread and raised there
                errors.append(error)

        run(work, clients)
        if errors:
            raise errors[0]


def _all_of(client: Client, status: str) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while cursor is not None:
        page = json.loads(client.get(f"/api/work-orders?limit=200&status={status}&cursor={cursor}"))
        found += page["items"]
        cursor = page["next"]
    return found


def _hours(board: dict[str, Any]) -> Iterator[Slot]:
    """Whole hours in presence, outside closures and appointments, earliest first."""
    busy: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for each in board["appointments"]:
        busy[each["resource_id"]].append(_span(each))
    found = []
    for resource in board["resources"]:
        taken = busy[resource["id"]] + [_span(closure) for closure in resource["closed"]]
        for starts, ends in resource["presence"]:
            at, end = _moment(starts), _moment(ends)
            while at + timedelta(hours=1) <= end:
                if not any(one < at + timedelta(hours=1) and at < other for one, other in taken):
                    found.append((resource["id"], at, at + timedelta(hours=1)))
                at += timedelta(hours=1)
    return iter(sorted(found, key=lambda slot: (slot[1], slot[0])))


def _span(each: dict[str, Any]) -> tuple[datetime, datetime]:
    return _moment(each["starts"]), _moment(each["ends"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
