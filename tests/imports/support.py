"""Imports as tests begin them."""

from callout.imports import commands, work
from callout.imports.models import ImportRun, Stage
from callout.jobs.commands import start_run
from tests.builders import MONDAY

HEADER = "id,name,city,country,phone,contact\n"


def customers_csv(count: int, *, name: str = "Ditta") -> bytes:
    """A file of customers that fits without a mapping."""
    lines = (f"c{n},{name} {n},Milano,IT,02 {1000000 + n},Persona {n}\n" for n in range(1, count + 1))
    return (HEADER + "".join(lines)).encode()


def begin(
    data: bytes, actor, *, kind: str = "customers", stage: Stage = Stage.IMPORTING, name: str = "f.csv"
) -> ImportRun:
    """An import that is uploaded and started, to be carried out by the test."""
    uploaded = commands.upload(kind_code=kind, data=data, name=name, actor=actor, now=MONDAY)
    started = commands.start(import_id=uploaded.pk, stage=stage, actor=actor, now=MONDAY, queue=False)
    start_run(run_id=started.run_id, now=MONDAY)
    return ImportRun.objects.select_related("run").get(pk=started.pk)


def carry_out(data: bytes, actor, **options) -> ImportRun:
    """An import from the first row to the last."""
    done = work.carry_on(begin(data, actor, **options))
    done.refresh_from_db()
    return done


def counts(run: ImportRun) -> tuple[int, ...]:
    """Created, updated, unchanged, refused, left out."""
    return tuple(getattr(run, name) for name in commands.COUNTS)
