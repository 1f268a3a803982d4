"""The first administrator, without whom nobody could let anybody in."""

import json
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from callout.access.commands import invite, issue_code
from callout.accounts.actor import SYSTEM
from callout.accounts.models import User
from callout.server import paths


def install(now: datetime, var: Path) -> str:
    """Make the administrator of an installation without people; the first-access code, or "" when there are some.

    The code also stands where `callout up` shows it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("lock table accounts_user in share row exclusive mode")
        if User.objects.exists():
            return ""
        _person, code = invite(display_name="Administrator", roles=["administrator"], actor=SYSTEM, now=now)
    show(var, "administrator (first access)", code)
    return code


def new_code(username: str, now: datetime) -> str:
    """A new first-access code for a person, also the last administrator; "" when there is nobody of that name.

    Raises what `access.commands.issue_code` refuses.
    """
    person = User.objects.filter(username__iexact=username).first()
    return issue_code(person_id=person.pk, actor=SYSTEM, now=now) if person else ""


def show(var: Path, role: str, code: str) -> None:
    """Keep a login for the terminal, readable by this user alone."""
    draft = paths.logins_file(var).with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps([{"role": role, "username": code, "password": code}]))
    draft.replace(paths.logins_file(var))
