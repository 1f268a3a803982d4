"""Files of records, for download."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from callout.accounts.gate import signed_in
from callout.core.errors import NotFound
from callout.documents import content, queries


@signed_in
@require_safe
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """The file; pictures may be shown in a page, everything else is only saved. Never run, whatever it holds."""
    found = queries.readable_attachment(pk, actor=request.actor)  # type: ignore[attr-defined]
    try:
        handle = default_storage.open(found.path)
    except FileNotFoundError as error:
        raise NotFound from error
    response = FileResponse(
        handle,
        as_attachment=found.media_type not in content.INLINE,
        filename=found.name,
        content_type=found.media_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
