"""Writing branches."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from callout.accounts.actor import Actor
from callout.accounts.errors import NameMissing, NameTaken
from callout.accounts.models import LANGUAGES, Branch
from callout.accounts.rules import check_codes, check_iban, check_phone, check_time_zone, check_vat_number
from callout.audit.commands import record
from callout.core.errors import Invalid, NotFound, check_version
from callout.core.text import clean_name

RIGHT = "settings.admin"
FIELDS = (
    "code", "name", "legal_name", "address", "country", "region", "currency", "time_zone", "language", "vat_number",
    "phone", "email", "bank_account",
)  # fmt: skip


@transaction.atomic
def create_branch(*, actor: Actor, now: datetime, **values: Any) -> Branch:
    """A branch; `values` are those of FIELDS. Raises Forbidden, NameTaken, or what is wrong beside its field."""
    actor.require(RIGHT)
    branch = Branch()
    _fill(branch, values)
    branch.save()
    record("branch.created", subject=branch, actor=actor, at=now, code=branch.code, name=branch.name)
    return branch


@transaction.atomic
def change_branch(*, branch_id: int, version: int | None, actor: Actor, now: datetime, **values: Any) -> Branch:
    """Change what stands on the letterhead, and the branch's country, currency and time zone from now on.

    Raises Forbidden, NotFound, StaleVersion, NameTaken, or what is wrong beside its field.
    """
    actor.require(RIGHT)
    branch = Branch.objects.select_for_update().filter(pk=branch_id).first()
    if branch is None:
        raise NotFound
    check_version(branch.version, version)
    before = {name: getattr(branch, name) for name in FIELDS}
    _fill(branch, values)
    branch.version += 1
    branch.save()
    changed = {name: [old, new] for name, old in before.items() if (new := getattr(branch, name)) != old}
    record("branch.changed", subject=branch, actor=actor, at=now, changed=changed)
    return branch


def _fill(branch: Branch, values: dict[str, Any]) -> None:
    """Take the values over, checked; those that are not named stay."""
    values = {name: getattr(branch, name) for name in FIELDS} | values
    branch.code, branch.name = clean_name(values["code"])[:12].upper(), clean_name(values["name"])[:120]
    if not branch.code or not branch.name:
        raise NameMissing("name" if branch.code else "code")
    if Branch.objects.filter(code=branch.code).exclude(pk=branch.pk).exists():
        raise NameTaken("code", name=branch.code)
    branch.country, branch.currency = check_codes(values["country"], values["currency"])
    branch.legal_name = clean_name(values["legal_name"])[:160]
    branch.address, branch.region = values["address"].strip(), values["region"].strip()
    branch.time_zone = check_time_zone(values["time_zone"])
    branch.language, branch.email = values["language"], values["email"].strip()
    if branch.language not in dict(LANGUAGES):
        raise Invalid("language")
    if branch.email:
        try:
            validate_email(branch.email)
        except ValidationError as error:
            raise Invalid("email") from error
    branch.vat_number = check_vat_number(values["vat_number"], branch.country)
    branch.phone = check_phone(values["phone"], branch.country)
    branch.bank_account = check_iban(values["bank_account"])
