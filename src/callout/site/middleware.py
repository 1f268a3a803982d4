"""One log line and one measurement per request; what a browser may do with an answer."""

import time
import uuid
from collections.abc import Callable

import structlog
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from callout.site.metrics import observe_request

log = structlog.get_logger("callout.request")
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")


class RequestLog:
    """Gives the request an id (the caller's, when it is a sane one), logs how it ended, counts and times it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the header X-Request-Id."""
        request_id = _sane(request.headers.get("X-Request-Id", "")) or str(uuid.uuid4())
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            match = request.resolver_match
            observe_request(request.method or "", match.route if match else "", response.status_code, seconds)
            if not request.path.startswith(QUIET):
                log.info(
                    "request",
                    method=request.method,
                    path=request.path,
                    status=response.status_code,
                    ms=round(seconds * 1000, 1),
                    user=getattr(getattr(request, "actor", None), "user_id", None),
                )
        response.headers["X-Request-Id"] = request_id
        return response


class ContentPolicy(CSPMiddleware):
    """Pages get the policy of the settings. Data gets one that allows nothing, and that need not be put together."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Answer with the header Content-Security-Policy."""
        if response.headers.get("Content-Type", "").startswith("application/json"):
            response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            return response
        return super().process_response(request, response)


def _sane(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
