"""Pages of the catalogue."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callout.accounts.gate import needs
from callout.accounts.rules import lacking
from callout.catalog import commands, queries
from callout.catalog.errors import LinesRefused
from callout.catalog.forms import (
    PaymentTermForm,
    ProductForm,
    RateCardForm,
    RateLineFormSet,
    VatRateForm,
    lines_of,
    start_of_lines,
)
from callout.catalog.models import PaymentTerm, VatRate
from callout.core.errors import DomainError, Many, NotFound
from callout.core.text import has_forbidden
from callout.ui import clock, shapes
from callout.ui.forms import handle
from callout.ui.refusals import explain

READ = ("catalog.read", "catalog.write")
WRITE = "catalog.write"
FORM = "catalog/form.html"


def _written_only_by(request: HttpRequest, right: str) -> None:
    """Who may only look may not send the form."""
    if request.method == "POST" and not request.actor.may(right):
        raise lacking(right)


@needs(*READ)
def product(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A product: for most to look at, for some to change."""
    _written_only_by(request, WRITE)
    row = queries.product(pk, actor=request.actor) if pk else None
    form = ProductForm(request.POST or None, row=row, initial=ProductForm.start(row) if row else {})

    def save(form: ProductForm) -> Any:
        who = {"actor": request.actor, "now": clock.now()}
        if row is None:
            return commands.create_product(**form.values, **who)
        return commands.change_product(product_id=row.pk, version=form.cleaned_data["version"], **form.values, **who)

    context = {
        "row": row, "heading": str(row) if row else _("New product"), "back": "products", "may_write": _may(request),
        "note": _("Prices are net, in %(currency)s.") % {"currency": queries.default_currency()},
    }  # fmt: skip
    return handle(request, form, save, template=FORM, context=context, success="products", message=_("Saved."))


def _may(request: HttpRequest) -> bool:
    return request.actor.may(WRITE)


@needs(WRITE)
def product_new(request: HttpRequest) -> HttpResponse:
    """A product that is not there yet."""
    return product(request)


@needs(*READ)
@require_safe
def product_search(request: HttpRequest) -> HttpResponse:
    """What a product picker offers for the term so far."""
    term = request.GET.get("q", "")[:80]
    found = [] if has_forbidden(term) else queries.found_products(term, actor=request.actor)
    items = [
        {
            "value": one.pk,
            "label": f"{one.code} {one}",
            "why": f"{one.get_kind_display()} · {shapes.money(one.price, queries.default_currency())}",
        }
        for one in found
    ]
    return render(request, "ui/_picker_results.html", {"items": items})


@needs(WRITE)
def vat_rate(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A VAT rate."""
    row = _row(VatRate.objects.filter(pk=pk).first(), pk)
    form = VatRateForm(request.POST or None, initial=VatRateForm.start(row) if row else {})

    def save(form: VatRateForm) -> Any:
        return commands.save_vat_rate(vat_rate_id=pk, actor=request.actor, now=clock.now(), **form.values)

    context = {"row": row, "heading": row or _("New VAT rate"), "back": "vat_rates", "may_write": True}
    return handle(request, form, save, template=FORM, context=context, success="vat_rates", message=_("Saved."))


@needs(WRITE)
def payment_term(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Terms of payment."""
    row = _row(PaymentTerm.objects.filter(pk=pk).first(), pk)
    form = PaymentTermForm(request.POST or None, initial=PaymentTermForm.start(row) if row else {})

    def save(form: PaymentTermForm) -> Any:
        return commands.save_payment_term(payment_term_id=pk, actor=request.actor, now=clock.now(), **form.values)

    context = {"row": row, "heading": row or _("New payment terms"), "back": "payment_terms", "may_write": True}
    return handle(request, form, save, template=FORM, context=context, success="payment_terms", message=_("Saved."))


def _row(found: Any, pk: int | None) -> Any:
    if found is None and pk is not None:
        raise NotFound()
    return found


@needs(*READ)
def rate_card(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A rate card with its lines as a table to type in."""
    _written_only_by(request, WRITE)
    row = queries.rate_card(pk, actor=request.actor) if pk else None
    begin = RateCardForm.start(row) if row else {"currency": queries.default_currency()}
    form = RateCardForm(request.POST or None, initial=begin)
    lines = RateLineFormSet(request.POST or None, initial=start_of_lines(row), prefix="lines")

    def save(form: RateCardForm) -> Any:
        given = {**form.values, "lines": lines_of(lines), "actor": request.actor, "now": clock.now()}
        try:
            if row is None:
                return commands.create_rate_card(**given)
            return commands.change_rate_card(rate_card_id=row.pk, version=form.cleaned_data["version"], **given)
        except DomainError as error:
            raise _without_lines(error, lines) from error

    if request.method == "POST" and form.is_valid() and not lines.is_valid():
        form.add_error(None, _("Some lines are not complete."))
    context = {"row": row, "heading": row or _("New rate card"), "lines": lines, "may_write": _may(request)}
    return handle(
        request, form, save, template="catalog/rate_card.html", context=context, success="rate_cards",
        message=_("Saved."),
    )  # fmt: skip


def _without_lines(error: DomainError, lines: Any) -> DomainError:
    """Put what is refused in a line beside its field; what is left is the form's."""
    filled = [form for form in lines if form.is_filled]
    left: list[DomainError] = []
    for part in error.errors if isinstance(error, Many) else [error]:
        _first, place, field = ((part.field or "").split(".") + ["", ""])[:3]
        if place.isdigit() and int(place) < len(filled) and field in filled[int(place)].fields:
            filled[int(place)].add_error(field, explain(part).text)
        else:
            left.append(part)
    return Many(left) if left else LinesRefused()


@needs(WRITE)
def rate_card_new(request: HttpRequest) -> HttpResponse:
    """A rate card that is not there yet."""
    return rate_card(request)
