"""Fills an empty installation with the demo company and leaves the logins where `callout up` shows them."""

import json
import secrets
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from callout.accounts.models import User
from callout.jobs.commands import forget_waiting
from callout.server import paths
from callout.site.demo import people
from callout.site.demo.company import found
from callout.site.demo.story import tell

PAPERS = 40
SHOWN = ("admin", "giulia", "marta", "luca", "mihai", "laura", "silvia", "paolo")
WORDS = (
    "acorn",
    "basil",
    "cedar",
    "dahlia",
    "elder",
    "fennel",
    "ginger",
    "hazel",
    "iris",
    "juniper",
    "laurel",
    "maple",
)


def is_empty() -> bool:
    """Whether nobody has an account yet."""
    return not User.objects.exists()


def fill(now: datetime, var: Path) -> bool:
    """Found the company in one transaction; False and nothing written when there are people already.

    Everybody gets the same password, made anew for each installation.
    """
    password = "-".join([*(secrets.choice(WORDS) for _ in range(2)), str(secrets.randbelow(9000) + 1000)])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("lock table accounts_user in share row exclusive mode")
        if not is_empty():
            return False
        tell(found(now, password))
        # Nobody waits for the mails of the past; some of its papers are made when the worker starts.
        forget_waiting(but_last=PAPERS, of=("workorders.send_report", "billing.send_invoice"))
    keep_logins(var, password)
    with connection.cursor() as cursor:
        own = connection.introspection.table_names(cursor)  # the server's tables are not ours to analyse
        cursor.execute("analyze " + ", ".join(map(connection.ops.quote_name, own)))
    return True


def keep_logins(var: Path, password: str) -> None:
    """Write the logins to show, one per role, readable by this user alone."""
    roles = {person.username: person.role for person in people.PEOPLE}
    rows = [{"role": roles[name], "username": name, "password": password} for name in SHOWN]
    draft = paths.logins_file(var).with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(rows))
    draft.replace(paths.logins_file(var))
