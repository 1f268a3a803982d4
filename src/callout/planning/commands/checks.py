"""What several commands share."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import PROTECT, Model, ProtectedError

from callout.accounts.models import LANGUAGES
from callout.core.errors import DomainError, NotFound, check_version
from callout.core.intervals import Interval
from callout.core.text import clean_name
from callout.planning import queries
from callout.planning.errors import NoName, WorkPlanned
from callout.planning.models import ActivityState, ActivityType, Appointment, Resource, Sector

NAMED = 3
COUNTED = 1_000
Named = TypeVar("Named", Sector, ActivityState, ActivityType)


def require_no_work(resource: Resource, window: Interval, *, field: str = "starts") -> None:
    """Refuse with WorkPlanned when the resource has work to do in that time."""
    refuse_work(list(queries.unfinished(resource, window.starts, window.ends)[: NAMED + 1]), resource, field=field)


def refuse_work(work: Sequence[Appointment], resource: Resource, *, field: str) -> None:
    """Refuse with WorkPlanned, naming the first of it, when there is any work."""
    if not work:
        return
    titles = [appointment.title for appointment in work[:NAMED]] + ["…"] * (len(work) > NAMED)
    raise WorkPlanned(
        field, person=str(resource), resource_id=resource.pk, work=", ".join(titles), first=work[0].starts
    )


def locked(model: type[Named], pk: int | None, version: int | None) -> Named:
    """A new row, or the locked row with its version counted up. Raises NotFound or StaleVersion."""
    if pk is None:
        return model()
    row = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    check_version(row.version, version)
    row.version += 1
    return row


def put_name(row: Sector | ActivityState | ActivityType, name: str, names: Mapping[str, str]) -> None:
    """Set the name, and what it is called in other languages. Raises NoName."""
    row.name = clean_name(name)[:120]
    if not row.name:
        raise NoName("name")
    cleaned = {code: clean_name(names.get(code, ""))[:120] for code, _ in LANGUAGES}
    row.names = {code: text for code, text in cleaned.items() if text}


def remove(row: Sector | ActivityState | ActivityType, refusal: type[DomainError]) -> None:
    """Delete the row, or refuse and say what uses it."""
    try:
        with transaction.atomic():
            uses = uses_of(row)
            if uses:
                raise _in_use(row, refusal, uses)
            row.delete()
    except (ProtectedError, IntegrityError) as error:  # somebody began to use it just now
        raise _in_use(row, refusal, uses_of(row)) from error


def _in_use(row: Model, refusal: type[DomainError], uses: Sequence[tuple[str, int]]) -> DomainError:
    return refusal(name=str(row), uses=", ".join(f"{label}: {count}" for label, count in uses))


def uses_of(row: Model, *, but: type[Model] | None = None) -> list[tuple[str, int]]:
    """What keeps a row from being deleted: the name of each kind of record, and how many (COUNTED at most)."""
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if getattr(relation, "on_delete", None) is not PROTECT or model is but or not relation.auto_created:
            continue
        named = model._base_manager.filter(**{relation.field.name: row.pk})  # type: ignore[union-attr]  # a model
        count = named[:COUNTED].count()
        if count:
            found.append((str(model._meta.verbose_name_plural), count))  # type: ignore[union-attr]  # a model
    return found
