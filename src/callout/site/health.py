"""Whether the process lives, and whether it can serve."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
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
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if pending:
        return JsonResponse({"status": "migrations pending", "pending": pending}, status=503)
    return JsonResponse({"status": "ok"})


@anybody
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters; they name routes, never people or customers."""
    return HttpResponse(counters.exposition(), content_type="text/plain; version=0.0.4")
