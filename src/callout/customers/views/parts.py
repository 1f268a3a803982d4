"""Forms of what belongs to a customer, and of the words that group customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.accounts.gate import needs
from callout.core.errors import NotFound
from callout.customers import commands, queries
from callout.customers.forms import (
    AssetForm,
    ClassificationForm,
    ContactForm,
    ContractForm,
    SiteForm,
    ZoneForm,
    start,
)
from callout.customers.models import Classification, Customer, Zone
from callout.ui import clock
from callout.ui.forms import Form, handle

WRITE = "customer.write"
SETUP = "settings.admin"


def _page(
    request: HttpRequest,
    form: Form,
    save: Callable[..., Any],
    *,
    customer: Customer,
    heading: str,
    remove: str = "",
) -> HttpResponse:
    """The form of something that belongs to a customer; back on the customer's page afterwards."""
    back = reverse("customer", args=[customer.pk])
    context = {"customer": customer, "heading": heading, "back": back, "remove": remove}

    def action(form: Any) -> Any:
        return save(actor=request.actor, now=clock.now(), **form.values)

    return handle(
        request, form, action, template="customers/form.html", context=context, success=back, message=_("Saved.")
    )


def _changed(command: Callable[..., Any], form: Any, **key: int) -> Callable[..., Any]:
    """The command that changes a record, told which one and which version the page showed."""
    return lambda **given: command(version=form.cleaned_data["version"], **key, **given)


@needs(WRITE)
def site_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new site of a customer."""
    customer = queries.customer(pk, actor=request.actor)
    form = SiteForm(request.POST or None, actor=request.actor)
    return _page(
        request, form, lambda **given: commands.add_site(customer_id=pk, **given), customer=customer,
        heading=_("New site"),
    )  # fmt: skip


@needs(WRITE)
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A site."""
    row = queries.site(pk, actor=request.actor)
    form = SiteForm(request.POST or None, actor=request.actor, initial=start(SiteForm, row))
    return _page(
        request, form, _changed(commands.change_site, form, site_id=pk), customer=row.customer, heading=str(row),
        remove=reverse("site_remove", args=[pk]),
    )  # fmt: skip


@needs(WRITE)
@require_POST
def site_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a site that was entered by mistake."""
    row = queries.site(pk, actor=request.actor)
    commands.remove_site(site_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The site is removed."))
    return HttpResponseRedirect(reverse("customer", args=[row.customer_id]))


@needs(WRITE)
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new person at a customer."""
    customer = queries.customer(pk, actor=request.actor)
    form = ContactForm(request.POST or None, actor=request.actor, customer=customer)
    return _page(
        request, form, lambda **given: commands.add_contact(customer_id=pk, **given), customer=customer,
        heading=_("New contact"),
    )  # fmt: skip


@needs(WRITE)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A person at a customer."""
    row = queries.contact(pk, actor=request.actor)
    begin = start(ContactForm, row)
    form = ContactForm(request.POST or None, actor=request.actor, customer=row.customer, initial=begin)
    return _page(
        request, form, _changed(commands.change_contact, form, contact_id=pk), customer=row.customer,
        heading=row.name, remove=reverse("contact_remove", args=[pk]),
    )  # fmt: skip


@needs(WRITE)
@require_POST
def contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a person; tickets keep what they say."""
    row = queries.contact(pk, actor=request.actor)
    commands.remove_contact(contact_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("The contact is removed."))
    return HttpResponseRedirect(reverse("customer", args=[row.customer_id]))


@needs(WRITE)
def asset_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new asset of a customer."""
    customer = queries.customer(pk, actor=request.actor)
    form = AssetForm(request.POST or None, actor=request.actor, customer=customer)
    return _page(
        request, form, lambda **given: commands.add_asset(customer_id=pk, **given), customer=customer,
        heading=_("New asset"),
    )  # fmt: skip


@needs(WRITE)
def asset_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """An asset."""
    row = queries.asset(pk, actor=request.actor)
    form = AssetForm(request.POST or None, actor=request.actor, customer=row.customer, initial=start(AssetForm, row))
    return _page(
        request, form, _changed(commands.change_asset, form, asset_id=pk), customer=row.customer, heading=str(row)
    )


@needs(WRITE)
def contract_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new agreement with a customer."""
    customer = queries.customer(pk, actor=request.actor)
    form = ContractForm(request.POST or None, actor=request.actor, customer=customer)
    return _page(
        request, form, lambda **given: commands.add_contract(customer_id=pk, **given), customer=customer,
        heading=_("New contract"),
    )  # fmt: skip


@needs(WRITE)
def contract_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """An agreement with a customer."""
    row = queries.contract(pk, actor=request.actor)
    begin = start(ContractForm, row) | {"assets": list(row.assets.values_list("pk", flat=True))}
    form = ContractForm(request.POST or None, actor=request.actor, customer=row.customer, initial=begin)
    return _page(
        request, form, _changed(commands.change_contract, form, contract_id=pk), customer=row.customer,
        heading=row.code,
    )  # fmt: skip


@needs(SETUP)
def zone(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A commercial zone."""
    row = _row(Zone.objects.filter(pk=pk).first(), pk)
    form = ZoneForm(request.POST or None, initial=ZoneForm.start(row) if row else {})

    def save(form: ZoneForm) -> Any:
        return commands.save_zone(zone_id=pk, actor=request.actor, now=clock.now(), **form.values)

    context = {"heading": str(row) if row else _("New zone"), "back": reverse("zones")}
    return handle(
        request, form, save, template="customers/form.html", context=context, success="zones", message=_("Saved.")
    )


@needs(SETUP)
def classification(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A value of a classification."""
    row = _row(Classification.objects.filter(pk=pk).first(), pk)
    form = ClassificationForm(request.POST or None, initial=ClassificationForm.start(row) if row else {})

    def save(form: ClassificationForm) -> Any:
        return commands.save_classification(classification_id=pk, actor=request.actor, now=clock.now(), **form.values)

    context = {"heading": str(row) if row else _("New value"), "back": reverse("classifications")}
    return handle(
        request, form, save, template="customers/form.html", context=context, success="classifications",
        message=_("Saved."),
    )  # fmt: skip


def _row(found: Any, pk: int | None) -> Any:
    if found is None and pk is not None:
        raise NotFound()
    return found
