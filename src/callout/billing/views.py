"""Pages of the verifier and of whoever bills."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callout.accounts.gate import needs
from callout.billing import commands, files, queries
from callout.billing.forms import CancelForm, DraftForm, SendBackForm, VerifyForm
from callout.core.errors import NotFound
from callout.customers.queries import visible_to as customers_visible_to
from callout.tickets.queries import visible_to as tickets_visible_to
from callout.ui import clock
from callout.workorders.models import WorkOrder, WorkStatus
from callout.workorders.queries import HELPERS


@needs("verify.write")
@require_safe
def verification(request: HttpRequest) -> HttpResponse:
    """What waits: reported work orders by ticket, oldest first, and customers with verified work to bill."""
    context = {
        "orders": queries.to_verify(request.actor)[:200],
        "waiting": queries.to_verify(request.actor).count(),
        "to_bill": queries.to_bill(request.actor),
    }
    return render(request, "billing/verification.html", context)


@needs("verify.write")
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """The reported work orders of one ticket, line by line: estimated, actual, to bill."""
    orders = WorkOrder.objects.order_by("id").select_related("resource__user", "activity_type", "site", "rate_card")
    orders = orders.prefetch_related(HELPERS)
    ticket = (
        tickets_visible_to(request.actor)
        .filter(pk=pk)
        .select_related("customer", "site")
        .prefetch_related(Prefetch("work_orders", queryset=orders))
        .first()
    )
    if ticket is None:
        raise NotFound()
    reported = [
        (order, _verify_form(request, order), _back_form(request, order))
        for order in ticket.work_orders.all()
        if order.status == WorkStatus.REPORTED
    ]
    for order, form, back in reported:
        if form.is_bound and form.is_valid() and _decided(request, order, form):
            return redirect("verify", pk=pk)
        if back.is_bound and back.is_valid() and _sent_back(request, order, back):
            return redirect("verify", pk=pk)
    return render(
        request,
        "billing/verify.html",
        {
            "ticket": ticket,
            "reported": reported,
            "others": [order for order in ticket.work_orders.all() if order.status != WorkStatus.REPORTED],
        },
        status=422 if any(form.errors or back.errors for _order, form, back in reported) else 200,
    )


def _verify_form(request: HttpRequest, order: WorkOrder) -> VerifyForm:
    sent = request.POST if request.POST.get("order") == str(order.pk) else None
    return VerifyForm(sent, lines=queries.lines_to_verify(order), initial={"version": order.version})


def _back_form(request: HttpRequest, order: WorkOrder) -> SendBackForm:
    sent = request.POST if request.POST.get("send_back") == str(order.pk) else None
    return SendBackForm(sent, initial={"version": order.version}, auto_id=f"id-{order.pk}-%s")


def _sent_back(request: HttpRequest, order: WorkOrder, form: SendBackForm) -> bool:
    with form.refusals():
        commands.send_back(work_order_id=order.pk, **form.cleaned_data, actor=request.actor, now=clock.now())
    if form.errors:
        return False
    messages.success(request, _("Work order %(code)s is with the technician again.") % {"code": order.code})
    return True


def _decided(request: HttpRequest, order: WorkOrder, form: VerifyForm) -> bool:
    command = commands.decide if "keep" in request.POST else commands.verify
    with form.refusals():
        command(
            work_order_id=order.pk,
            decisions=form.decisions(),
            version=form.cleaned_data["version"],
            actor=request.actor,
            now=clock.now(),
        )
    if form.errors:
        return False
    done = _("Saved.") if "keep" in request.POST else _("Work order %(code)s is verified.") % {"code": order.code}
    messages.success(request, done)
    return True


@needs("verify.write")
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Open the verification of a work order again."""
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise BadRequest("version")
    order = commands.take_back(work_order_id=pk, version=int(version), actor=request.actor, now=clock.now())
    messages.success(request, _("Work order %(code)s waits for verification again.") % {"code": order.code})
    return redirect("verify", pk=order.ticket_id)


@needs("billing.write")
@require_safe
def to_bill(request: HttpRequest) -> HttpResponse:
    """Customers with verified work that is not billed."""
    return render(request, "billing/to_bill.html", {"rows": queries.to_bill(request.actor)})


@needs("billing.write")
def bill_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what of a customer's verified work goes on one invoice."""
    customer = customers_visible_to(request.actor).filter(pk=pk).first()
    if customer is None:
        raise NotFound()
    orders = list(queries.billable_orders(customer, actor=request.actor))
    initial = {"date": timezone.localdate(clock.now()), "work_orders": [order.pk for order in orders]}
    form = DraftForm(request.POST or None, orders=orders, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            invoice = commands.draft_invoice(
                customer_id=customer.pk,
                work_order_ids=[int(key) for key in form.cleaned_data["work_orders"]],
                date=form.cleaned_data["date"],
                actor=request.actor,
                now=clock.now(),
            )
        if not form.errors:
            return HttpResponseRedirect(reverse("invoice", args=[invoice.pk]))
    context = {"customer": customer, "form": form, "orders": orders}
    return render(request, "billing/bill_customer.html", context, status=422 if form.errors else 200)


@needs("billing.read")
@require_safe
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """One invoice with its lines, and what can be done with it."""
    return _invoice_page(request, pk, CancelForm())


def _invoice_page(request: HttpRequest, pk: int, form: CancelForm) -> HttpResponse:
    found = queries.invoice(pk, actor=request.actor)
    if not form.is_bound:
        form.initial["version"] = found.version
    context = {"invoice": found, **files.content(found), "cancel_form": form}
    return render(request, "billing/invoice.html", context, status=422 if form.errors else 200)


@needs("billing.write")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the invoice its number."""
    made = commands.confirm_invoice(invoice_id=pk, version=_version(request), actor=request.actor, now=clock.now())
    messages.success(request, _("Invoice %(code)s is confirmed.") % {"code": made.code})
    return redirect("invoice", pk=pk)


@needs("billing.write")
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    commands.discard_draft(invoice_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The draft is discarded; its lines can be billed again."))
    return redirect("to_bill")


@needs("billing.write")
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a confirmed invoice, with a reason."""
    form = CancelForm(request.POST)
    if form.is_valid():
        with form.refusals():
            commands.cancel_invoice(
                invoice_id=pk,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
                actor=request.actor,
                now=clock.now(),
            )
        if not form.errors:
            messages.success(request, _("The invoice is cancelled; its lines can be billed again."))
            return redirect("invoice", pk=pk)
    return _invoice_page(request, pk, form)


@needs("billing.read")
@require_safe
def invoice_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The invoice as a file: pdf, xlsx or csv, in the customer's language."""
    found = queries.invoice(pk, actor=request.actor)
    if form not in files.FORMS:
        raise NotFound()
    return files.response(found, form)


def _version(request: HttpRequest) -> int | None:
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        raise BadRequest("version") from None
