"""How a task does a run: whatever happens to the work, the run ends in a state that its page can show."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from callout.accounts.queries import language_of
from callout.core.errors import DomainError
from callout.jobs import commands
from callout.jobs.errors import RunCancelled, RunOver
from callout.jobs.models import Run
from callout.ui import clock
from callout.ui.refusals import explain


def carry_out(run_id: int, body: Callable[[Run], dict[str, Any] | None], *, total: int | None = None) -> None:
    """Start the run, let `body(run)` do the work, and end the run with what it returns; the task's one line.

    Nothing happens when the run was cancelled before or is over. `body` calls `commands.progress`, which raises
    RunCancelled when it is to stop: the run then ends as cancelled, and `body`'s own transactions decide what stays.
    A refusal ends it as failed, told in the language of who started it; a fault too, and goes on to the log.
    """
    try:
        run = commands.start_run(run_id=run_id, now=clock.now(), total=total)
    except RunOver:
        return
    with translation.override(language_of(run.started_by_id) or settings.LANGUAGE_CODE):
        error = gettext("Something broke; the log of the worker knows what.")
        try:
            result = body(run) or {}
            error = ""
            commands.finish_run(run_id=run_id, now=clock.now(), **result)
        except RunCancelled:
            error = ""
            commands.end_cancelled(run_id=run_id, now=clock.now())
        except DomainError as refusal:
            error = explain(refusal).text
        finally:
            if error:
                commands.fail_run(run_id=run_id, error=error, now=clock.now())
