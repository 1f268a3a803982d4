"""Whether the process lives, and whether it can serve."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from callout.access.gate import anybody
from callout.site import metrics as counters


@anybody
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@anybody
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated; 503 otherwise."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    pending = sum(last not in applied for last in _last_migrations())
    if pending:
        return JsonResponse({"status": "migrations pending", "pending": pending}, status=503)
    return JsonResponse({"status": "ok"})


@cache
def _last_migrations() -> list[tuple[str, str]]:
    """The last migration of each app, as this program knows them."""
    return MigrationLoader(None).graph.leaf_nodes()


@anybody
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters; they name routes, never people or customers."""
    return HttpResponse(counters.exposition(), content_type="text/plain; version=0.0.4")
