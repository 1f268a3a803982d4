"""The customer's page, the forms of a customer, and what is searched while somebody types."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from callout.accounts.gate import needs
from callout.core.errors import N_, DomainError, Invalid, Many
from callout.core.text import has_forbidden
from callout.customers import commands, queries, search, slots
from callout.customers.forms import (
    ContactForm,
    CustomerForm,
    FirstContactForm,
    MainSiteForm,
    SiteForm,
    site_is_empty,
    start,
)
from callout.customers.lists import priority_pill
from callout.customers.models import Customer, Site
from callout.ui import clock
from callout.ui.forms import handle

READ = "customer.read"
WRITE = "customer.write"
PICK = (READ, "ticket.write", "ticket.read")


@needs(READ)
@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one customer: data, sites, people, assets, agreements, and what other capabilities add."""
    found = queries.customer(pk, actor=request.actor)
    context = {
        "customer": found,
        "priority": priority_pill(found),
        "sites": [(site, map_url(site)) for site in queries.sites_of(found, actor=request.actor)],
        "contacts": queries.contacts_of(found, actor=request.actor),
        "assets": queries.assets_of(found, actor=request.actor),
        "contracts": queries.contracts_of(found, actor=request.actor),
        "tabs": [(slot, reverse(slot.url_name, args=[pk])) for slot in slots.slots(request.actor)],
        "may_write": request.actor.may(WRITE),
    }
    return render(request, "customers/customer.html", context)


def map_url(site: Site) -> str:
    """Where a map shows the site: by its coordinates, else by its address; nothing when it has neither."""
    if site.latitude is not None and site.longitude is not None:
        place = f"{site.latitude}/{site.longitude}"
        return f"https://www.openstreetmap.org/?mlat={site.latitude}&mlon={site.longitude}#map=17/{place}"
    words = " ".join(part for part in (site.address, site.postal_code, site.city, site.country) if part)
    return f"https://www.openstreetmap.org/search?query={quote(words)}" if site.address or site.city else ""


@needs(WRITE)
def customer_new(request: HttpRequest) -> HttpResponse:
    """A new customer with a site and a person in one go; who may be the same is hinted while one types."""
    data = request.POST or None
    branch = queries.home_branch(request.actor)
    begin = {name: request.GET.get(name, "")[:160] for name in ("name", "phone", "email")}
    home = {"language": branch.language, "currency": branch.currency} if branch else {}
    form = CustomerForm(data, initial={**home, **begin})
    site = MainSiteForm(data, actor=request.actor, prefix="site")
    person = FirstContactForm(data, actor=request.actor, prefix="contact")
    with_person = data is not None and not person.is_empty()

    def save(form: CustomerForm) -> Customer:
        given = form.values
        try:
            return commands.create_customer(
                sites=[] if site_is_empty(site) else [site.values],
                contacts=[person.values] if with_person else [],
                actor=request.actor, now=clock.now(), **given,
            )  # fmt: skip
        except DomainError as error:
            raise _of_the_form(error, site, person) from error

    if data is not None and form.is_valid() and not (site.is_valid() and (not with_person or person.is_valid())):
        form.add_error(None, _("Look at the site and the contact person again."))
    return handle(
        request, form, save, template="customers/new.html", context={"site": site, "person": person},
        success=lambda made: reverse("customer", args=[made.pk]), message=_("The customer is added."),
    )  # fmt: skip


def _of_the_form(error: DomainError, site: SiteForm, person: ContactForm) -> DomainError:
    """Put what is refused of the site or the person beside their fields; what is left is the customer's."""
    left: list[DomainError] = []
    for part in error.errors if isinstance(error, Many) else [error]:
        where, _place, field = ((part.field or "").split(".") + ["", ""])[:3]
        target = {"sites": site, "contacts": person}.get(where)
        if target is None:
            left.append(part)
            continue
        part.field = field
        target.refuse(part)
    return Many(left) if left else Elsewhere()


class Elsewhere(Invalid):
    """The refusals stand beside the fields of the other parts of the page."""

    code = "elsewhere"
    what = N_("Look at the site and the contact person again.")


@needs(WRITE)
def customer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer's own fields."""
    row = queries.customer(pk, actor=request.actor)
    form = CustomerForm(request.POST or None, row=row, initial=start(CustomerForm, row))

    def save(form: CustomerForm) -> Customer:
        return commands.change_customer(
            customer_id=pk, version=form.cleaned_data["version"], actor=request.actor, now=clock.now(), **form.values
        )

    context = {"heading": row.name, "customer": row, "back": reverse("customer", args=[pk])}
    return handle(
        request, form, save, template="customers/form.html", context=context, success=context["back"],
        message=_("Saved."),
    )  # fmt: skip


@needs(WRITE)
@require_safe
def customer_duplicates(request: HttpRequest) -> HttpResponse:
    """Customers that may be the one that is being typed."""
    typed = {name: request.GET.get(name, "")[:160] for name in ("name", "phone", "tax_code", "vat_number")}
    typed = {name: "" if has_forbidden(text) else text for name, text in typed.items()}
    return render(request, "customers/_duplicates.html", {"hits": search.duplicates(actor=request.actor, **typed)})


@needs(*PICK)
@require_safe
def customer_search(request: HttpRequest) -> HttpResponse:
    """What a customer picker offers for the term so far."""
    hits = search.find(_term(request), actor=request.actor)
    items = [
        {
            "value": hit.customer_id,
            "label": f"{hit.name}, {hit.place}" if hit.place else hit.name,
            "why": hit.matched if hit.kind == "name" else f"{hit.why}: {hit.matched}",
        }
        for hit in hits
        if hit.active
    ]
    return render(request, "ui/_picker_results.html", {"items": items})


def _term(request: HttpRequest) -> str:
    term = request.GET.get("q", "")[:80]
    return "" if has_forbidden(term) else term


def _chosen(request: HttpRequest) -> Customer | None:
    """The customer in the picker that this one depends on."""
    text = request.GET.get("customer", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return queries.visible_to(request.actor).filter(pk=int(text)).first()


@needs(*PICK)
@require_safe
def site_options(request: HttpRequest) -> HttpResponse:
    """The sites of the chosen customer that fit the term."""
    chosen = _chosen(request)
    sites = queries.fitting_sites(chosen, _term(request), actor=request.actor) if chosen else []
    items = [{"value": site.pk, "label": str(site), "why": site.address} for site in sites]
    return render(request, "ui/_picker_results.html", {"items": items})


@needs(*PICK)
@require_safe
def contact_options(request: HttpRequest) -> HttpResponse:
    """The people at the chosen customer that fit the term."""
    chosen = _chosen(request)
    people = queries.fitting_contacts(chosen, _term(request), actor=request.actor) if chosen else []
    items = [{"value": one.pk, "label": one.name, "why": one.mobile or one.phone or one.email} for one in people]
    return render(request, "ui/_picker_results.html", {"items": items})


@needs(*PICK)
@require_safe
def asset_options(request: HttpRequest) -> HttpResponse:
    """The assets of the chosen customer that fit the term."""
    chosen = _chosen(request)
    assets = queries.fitting_assets(chosen, _term(request), actor=request.actor) if chosen else []
    items = [{"value": asset.pk, "label": str(asset), "why": str(asset.site)} for asset in assets]
    return render(request, "ui/_picker_results.html", {"items": items})
