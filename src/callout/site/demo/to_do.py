"""The demo company's tasks and reminders: of the office and of people on the road."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from callout.accounts.actor import SYSTEM
from callout.planning import commands as planning
from callout.planning.commands import ChainRow
from callout.planning.models import Sector
from callout.site.demo import words

if TYPE_CHECKING:
    from callout.site.demo.company import Company

# type, title, days from today, whose, time of a reminder
TASKS = (
    ("office", "Ordinare i filtri per le caldaie TermoPlus", -2, "u:marta", None),
    ("office", "Richiedere il preventivo per il nuovo furgone", 3, "u:marta", None),
    ("ring", "Richiamare lo studio dentistico per la conferma", 0, "u:marta", time(16, 30)),
    ("office", "Verificare le garanzie in scadenza a fine mese", 6, "t:back-milan", None),
    ("van", "Restituire le bombole vuote in magazzino", -1, "u:luca", None),
    ("van", "Revisione del furgone", 12, "u:luca", None),
    ("ring", "Portare la chiave del cantiere di via Tortona", 1, "u:luca", time(7, 30)),
    ("van", "Verificarea trusei de scule", 4, "u:mihai", None),
)


def types(company: "Company", sectors: dict[str, Sector]) -> None:
    """Kinds of tasks and reminders, and what the company's visits make by themselves."""
    for key, (names, sector, kind, colour) in words.TASK_TYPES.items():
        company.types[key] = planning.save_type(
            type_id=None, name=names[0], names=words.others(names), sector_id=sectors[sector].pk, kind=kind,
            colour=colour, chargeable=False, actor=SYSTEM, now=company.now,
        )  # fmt: skip
    office = company.teams["back-milan"].pk
    after = {
        "installation": ChainRow("closed", company.types["ring"].pk, unit="week", every=1, team_id=office),
        "maintenance": ChainRow("closed", company.types["next"].pk, unit="month", every=12, team_id=office),
    }
    for key, chain in after.items():
        kind = company.types[key]
        planning.save_type(type_id=kind.pk, name=kind.name, chains=[chain], actor=SYSTEM, now=company.now)


def remember(company: "Company") -> None:
    """What is on people's lists today."""
    for kind, title, days, whose, at in TASKS:
        where, _colon, name = whose.partition(":")
        owner = company.users[name] if where == "u" else None
        day = company.now.date() + timedelta(days=days)
        zone = ZoneInfo(owner.time_zone if owner else "Europe/Rome")
        planning.create_task(
            activity_type_id=company.types[kind].pk, title=title, due_on=day,
            remind_at=datetime.combine(day, at, zone) if at else None,
            owner_id=owner.pk if owner else None, team_id=None if owner else company.teams[name].pk,
            actor=company.actor(name if owner else "marta"), now=company.now,
        )  # fmt: skip
