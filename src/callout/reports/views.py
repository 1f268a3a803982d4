"""Fragments that other pages show."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from callout.accounts.gate import needs
from callout.core.errors import NotFound
from callout.customers.queries import visible_to
from callout.reports.timeline import timeline


@needs("customer.read")
@require_safe
def customer_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of a customer's story."""
    customer = visible_to(request.actor).filter(pk=pk).first()
    if customer is None:
        raise NotFound()
    events, following = timeline(customer, actor=request.actor, cursor=request.GET.get("after", ""))
    context = {"events": events, "following": following, "customer": customer, "first": "after" not in request.GET}
    return render(request, "reports/_timeline.html", context)
