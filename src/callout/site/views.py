"""Pages that belong to no capability: the start page, the API's page, what is shown when something is not there."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from callout.access.gate import signed_in
from callout.core.errors import NotFound
from callout.site.api import api
from callout.site.navigation import first_page
from callout.ui.refusals import refusal_page


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Sends everybody to their own work."""
    return HttpResponseRedirect(reverse(first_page(request.actor)))


@signed_in
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API in readable form, from the same description that programs read."""
    return render(request, "site/api_docs.html", {"schema": api.get_openapi_schema()})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing at this address."""
    return refusal_page(request, NotFound())


def fault(request: HttpRequest) -> HttpResponse:
    """Something broke; the log knows, the page says what to do and gives the request's id."""
    return render(request, "site/fault.html", status=500)
