"""Reading long work."""

from django.db.models import Q

from callout.accounts.actor import Actor
from callout.core.errors import NotFound
from callout.jobs.models import Run


def readable_run(pk: int, *, actor: Actor) -> Run:
    """The run, for who started it and for administrators. Raises NotFound."""
    found = Run.objects.filter(pk=pk)
    if not actor.may("settings.admin"):
        found = found.filter(Q(started_by_id=actor.user_id, started_by_id__isnull=False))
    run = found.first()
    if run is None:
        raise NotFound
    return run
