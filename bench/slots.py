"""How fast are the first ten free slots among 500 technicians over 60 days with 160,000 appointments?

Over HTTP with type, length, zone and wished hours, beside three ways to ask the database itself in the same run: over
the kept free time, by the difference of multiranges, and by trying every quarter of an hour, which is asked some of the
questions, the first of them about a type that all technicians perform. Then 50 people book what they are offered, all
at once.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure
from bench.support.base import bearer
from bench.support.bulk import load, next_ids

ROME = ZoneInfo("Europe/Rome")
PLACES = 8
"""So many appointments of at most 75 minutes fit into a day of ten hours."""
LENGTHS = (30, 60, 90)
BOOKERS = 50

KEPT = """
select resource_id, greatest(starts, %(after)s) as at from planning_freetime
where resource_id = any(%(who)s) and ends > %(after)s and starts < %(until)s
    and ends - greatest(starts, %(after)s) >= make_interval(mins => %(minutes)s)
    and (zone_id is null or zone_id = %(zone)s)
order by at limit 10
"""
MULTIRANGE = """
select r.resource_id, lower(piece) as at from (
    select resource_id, range_agg(tstzrange(starts, ends)) as present from bench_presence
    where resource_id = any(%(who)s) and (zone_id is null or zone_id = %(zone)s)
        and ends > %(after)s and starts < %(until)s group by resource_id
) r left join (
    select resource_id, range_agg(tstzrange(starts, ends)) as taken from planning_appointment
    where resource_id = any(%(who)s) and blocks and ends > %(after)s and starts < %(until)s group by resource_id
) a on a.resource_id = r.resource_id, unnest(
    (r.present - coalesce(a.taken, '{}')) * tstzmultirange(tstzrange(%(after)s, %(until)s))
) as piece
where upper(piece) - lower(piece) >= make_interval(mins => %(minutes)s) order by at limit 10
"""
TRYING = """
select p.resource_id, at from bench_presence p,
    generate_series(greatest(p.starts, %(after)s), p.ends - make_interval(mins => %(minutes)s), '15 minutes') as at
where p.resource_id = any(%(who)s) and (p.zone_id is null or p.zone_id = %(zone)s)
    and p.ends > %(after)s and p.starts < %(until)s and not exists (
        select from planning_appointment a where a.resource_id = p.resource_id and a.blocks
            and a.starts < at + make_interval(mins => %(minutes)s) and a.ends > at
    ) order by at limit 10
"""


def main() -> None:
    """Fill the calendars, ask, then book."""
    options = measure.arguments(__doc__ or "")
    smoke = options.size == "smoke"
    people, days = (40, 20) if smoke else (500, 60)
    with installation.database(durable=True) as url:
        made = data.fill(url, data.Size(100, 500, people, 100))
        office = Office(url, made, days)
        with installation.web() as base:
            figures, problems = asking(base, url, office, 10 if smoke else 100, 2 if smoke else 5)
            more, wrong = booking(base, url, office)
    figures |= more | {"appointments": office.appointments, "technicians": people}
    report(figures)
    measure.finish(options, figures, problems + wrong)


class Office:
    """Calendars around now: who performs what, who is where, and what is taken."""

    def __init__(self, url: str, made: data.Made, days: int) -> None:
        from callout.core.holidays_of import holidays_between

        self.made, self.days, self.random = made, days, random.Random(11)
        self.now = datetime.now(UTC)
        monday = (self.now.astimezone(ROME) - timedelta(days=self.now.astimezone(ROME).weekday())).date()
        until = monday + timedelta(days=days + 7)
        closed = {day for day, _name in holidays_between("IT", "", monday, until, "en")}
        span = (monday + timedelta(days=n) for n in range(days + 7))
        self.dates = [day for day in span if day.weekday() < 5 and day not in closed]
        self.zones = self._zones()
        self.state = self._planned()
        self.performs = self._teams()
        with psycopg.connect(url) as session:
            session.execute("truncate planning_appointment cascade")
            session.execute(
                "create table bench_presence (resource_id bigint, zone_id bigint, starts timestamptz, ends timestamptz)"
            )
            session.commit()
            load(session, "planning_presence", self._presences())
            load(session, "bench_presence", self._present())
            self.appointments = load(session, "planning_appointment", self._appointments()).rows
            next_ids(session, ["planning_presence", "planning_appointment"])
            session.execute("create index on bench_presence (resource_id, starts)")
        self._keep_free_time()
        with psycopg.connect(url, autocommit=True) as session:
            session.execute("vacuum analyze")

    def _zones(self) -> list[int]:
        from callout.customers.models import Site, Zone

        zones = [Zone.objects.create(code=code, name=code).pk for code in ("N", "S")]
        for number, zone in enumerate(zones):
            sites = [pk for pk in self.made.customer_ids if pk % 2 == number]
            Site.objects.filter(pk__in=sites).update(zone=zone, latitude=45.4 + number / 10, longitude=9.2)
        return zones

    def _planned(self) -> int:
        from callout.planning.models import Category
        from callout.planning.queries import default_state

        return default_state(Category.PLANNED).pk

    def _teams(self) -> dict[int, list[int]]:
        """Each type is performed by another number of people: from everybody to every tenth."""
        from callout.accounts.models import Membership, Team
        from callout.planning.models import Eligibility, Resource

        people = list(Resource.objects.order_by("pk"))
        self.patterns = {resource.pk for resource in people[::2]}
        Resource.objects.filter(pk__in=self.patterns).update(presence="patterns")
        Eligibility.objects.all().delete()
        found = {}
        for number, kind in enumerate(self.made.type_ids, start=1):
            team = Team.objects.create(name=f"Team {number}")
            chosen = people[::number]
            Membership.objects.bulk_create(Membership(user_id=each.user_id, team=team) for each in chosen)
            Eligibility.objects.create(activity_type_id=kind, role="performs", team=team)
            found[kind] = [each.pk for each in chosen]
        return found

    def _presences(self) -> Iterator[dict]:
        """Who works by patterns is in one zone until one o'clock, then in the other."""
        number = 0
        for resource in sorted(self.patterns):
            for day in self.dates:
                for place, hours in enumerate(((8, 13), (13, 18))):
                    number += 1
                    zone = self.zones[(place + resource // 2) % 2]
                    starts, ends = (datetime.combine(day, clock_time(hour), ROME) for hour in hours)
                    yield {"id": number, "resource_id": resource, "zone_id": zone, "starts": starts, "ends": ends}

    def _present(self) -> Iterator[dict]:
        for row in self._presences():
            yield {name: value for name, value in row.items() if name != "id"}
        for resource in set(self.made.resource_ids) - self.patterns:
            for day in self.dates:
                starts, ends = (datetime.combine(day, clock_time(hour), ROME) for hour in (8, 18))
                yield {"resource_id": resource, "zone_id": None, "starts": starts, "ends": ends}

    def _appointments(self) -> Iterator[dict]:
        """Nearly every place of every day is taken."""
        number = 0
        for resource in self.made.resource_ids:
            for day in self.dates:
                opens = datetime.combine(day, clock_time(8), ROME)
                for place in range(PLACES):
                    if self.random.random() < 0.06:
                        continue
                    number += 1
                    starts = opens + timedelta(minutes=75 * place)
                    ends = starts + timedelta(minutes=self.random.choice((45, 60, 75)))
                    yield {
                        "id": number, "resource_id": resource, "activity_type_id": self.made.type_ids[0],
                        "state_id": self.state, "category": "planned", "blocks": True, "starts": starts, "ends": ends,
                        "title": "Work", "site_id": self.made.customer_ids[number % len(self.made.customer_ids)],
                        "notes": "", "created_at": self.now, "created_by_name": "", "version": 1,
                    }  # fmt: skip

    def _keep_free_time(self) -> None:
        from callout.planning.commands import free

        for pk in self.made.resource_ids:
            free.rebuild(resource_id=pk, now=self.now)

    def question(self) -> dict[str, Any]:
        """What somebody asks for: a type, a length, a site in a zone."""
        site = self.random.choice(self.made.customer_ids)
        return {
            "type": self.random.choice(self.made.type_ids), "minutes": self.random.choice(LENGTHS), "site": site,
            "zone": self.zones[site % 2],
        }  # fmt: skip


def asking(base: str, url: str, office: Office, times: int, slow: int) -> tuple[dict[str, Any], list[str]]:
    """The same questions in turn by every way; the slow ways answer some of them."""
    took: dict[str, list[float]] = {"http": [], "kept": [], "multirange": [], "trying": []}
    problems, ratios = [], list[float]()
    with psycopg.connect(url, autocommit=True) as session:
        for turn in range(times):
            # A connection of its own: the server ends one that waits while slots are tried.
            client = measure.Client(base, bearer(office.made.tokens["operator"]))
            asked = office.question() | ({"type": office.made.type_ids[0]} if turn == 0 else {})
            path = f"/api/slots?activity_type_id={asked['type']}&site_id={asked['site']}&minutes={asked['minutes']}"
            wished = f"{path}&since=08:00&to=13:00&weekdays=1&weekdays=2"
            took["http"] += measure.timed(partial(client.get, path), 1, 1)
            took["http"] += measure.timed(partial(client.get, wished), 1, 0)
            values = {
                "who": office.performs[asked["type"]], "minutes": asked["minutes"], "zone": asked["zone"],
                "after": datetime.now(UTC), "until": datetime.now(UTC) + timedelta(days=office.days),
            }  # fmt: skip
            ways = {"kept": KEPT, "multirange": MULTIRANGE, **({"trying": TRYING} if turn < slow else {})}
            answers = {}
            for name, statement in ways.items():
                for _ in range(1 if name == "trying" else 2):
                    started = time.perf_counter()
                    answers[name] = session.execute(statement, values).fetchall()
                    taken = (time.perf_counter() - started) * 1000
                took[name].append(taken)
            if turn < slow:
                ratios.append(took["trying"][-1] / took["http"][-2])
            if [row[1] for row in answers["kept"]] != [row[1] for row in answers["multirange"]]:
                problems.append(f"kept free time and multiranges differ for {asked}")
    figures = {f"{name}_p95_ms": measure.p(values, 95) for name, values in took.items()}
    figures |= {f"{name}_ms": measure.median(values) for name, values in took.items()}
    figures["to_kept"] = figures["http_p95_ms"] / figures["kept_p95_ms"]
    figures |= {"faster_than_trying": measure.median(ratios), "faster_among_all": ratios[0]}
    return figures, problems


def booking(base: str, url: str, office: Office) -> tuple[dict[str, Any], list[str]]:
    """Fifty people who take one of the slots that they are offered, twice each, all at once."""
    bookers = [Booker(base, office, number) for number in range(BOOKERS)]
    before = measure.value("select count(*) from planning_appointment")
    measure.run(lambda number: bookers[number].work(), BOOKERS)
    booked = measure.value("select count(*) from planning_appointment") - before
    wrong = [problem for each in bookers for problem in each.problems]
    if booked != 2 * BOOKERS:
        wrong.append(f"{booked} appointments for {2 * BOOKERS} bookings")
    for what, statement in NEVER.items():
        if count := measure.value(statement):
            wrong.append(f"{count} {what}")
    return {"booked": booked, "outrun": sum(each.outrun for each in bookers)}, wrong


NEVER = {
    "double bookings": (
        "select count(*) from planning_appointment a join planning_appointment b on a.resource_id = b.resource_id "
        "and a.id < b.id and a.blocks and b.blocks and tstzrange(a.starts, a.ends) && tstzrange(b.starts, b.ends)"
    ),
    "stretches kept as free where an appointment stands": (
        "select count(*) from planning_freetime f join planning_appointment a on a.resource_id = f.resource_id "
        "and a.blocks and tstzrange(a.starts, a.ends) && tstzrange(f.starts, f.ends)"
    ),
}


class Booker:
    """Somebody on the phone with one customer after the other."""

    def __init__(self, base: str, office: Office, number: int) -> None:
        self.client = measure.Client(base, bearer(office.made.tokens["operator"]))
        self.random, self.sites, self.kind = random.Random(number), office.made.customer_ids, office.made.type_ids[0]
        self.outrun, self.problems = 0, list[str]()

    def work(self) -> None:
        """Two calls."""
        for _ in range(2):
            site = self.random.choice(self.sites)
            while not self.problems and not self.book(site):
                self.outrun += 1

    def book(self, site: int) -> bool:
        """Ask, and take one of the offers; False when somebody else was faster."""
        offers = json.loads(self.client.get(f"/api/slots?activity_type_id={self.kind}&site_id={site}"))
        chosen = self.random.choice(offers)
        slot = {"resource_id": chosen["resource_id"], "starts": chosen["starts"]}
        body = {"site_id": site, "activity_type_id": self.kind, "subject": "Booked", "slot": slot}
        status, answer = self.client.request("POST", "/api/tickets", body)
        if status not in (201, 409):
            self.problems.append(f"{status}: {answer[:200]!r}")
        return status == 201


def report(figures: dict[str, Any]) -> None:
    """Print the figures."""
    names = {
        "http": "Callout over HTTP", "kept": "SQL over kept free time", "multirange": "SQL, multiranges",
        "trying": "SQL, trying slots",
    }  # fmt: skip
    measure.table(
        ["first ten slots, milliseconds", "median", "p95"],
        [[text, figures[f"{name}_ms"], figures[f"{name}_p95_ms"]] for name, text in names.items()],
    )
    print(
        f"p95 over HTTP {figures['to_kept']:.2f} times the SQL over kept free time, "
        f"{figures['faster_than_trying']:,.0f} times faster than trying in the middle, "
        f"{figures['faster_among_all']:,.0f} times where everybody performs the type; "
        f"{figures['technicians']} technicians, {figures['appointments']:,} appointments; "
        f"{figures['booked']} booked by {BOOKERS} people at once, "
        f"{figures['outrun']} times somebody else was faster"
    )


if __name__ == "__main__":
    main()
