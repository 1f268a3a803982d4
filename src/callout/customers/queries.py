"""Reading customers, sites, contacts, assets and contracts: always from what the actor may see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from callout.accounts.actor import Actor
from callout.accounts.models import Branch, User
from callout.accounts.queries import branches_for, colleagues
from callout.catalog.models import Product
from callout.core.errors import NotFound
from callout.core.text import fold
from callout.customers.models import Asset, Classification, Contact, Contract, Customer, Site, Zone

Scope = Callable[[Actor], Q | None]
_scopes: list[Scope] = []


def register_scope(scope: Scope) -> None:
    """Let people without the right to read customers see some of them, a technician those of the own work, say.

    `scope(actor)` gives a condition on Customer, or None when it has nothing to add for this actor.
    """
    if scope not in _scopes:
        _scopes.append(scope)


def _further(actor: Actor) -> Q | None:
    """What the registered scopes add, as one condition on Customer."""
    conditions = [condition for scope in _scopes if (condition := scope(actor)) is not None]
    if not conditions:
        return None
    joined = conditions[0]
    for condition in conditions[1:]:
        joined |= condition
    return joined


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees every customer of the installation."""
    return actor.may("customer.read") and not actor.branch_ids


def visible_to(actor: Actor) -> QuerySet[Customer]:
    """The customers that the actor may see.

    With the right to read customers all of them; for people of named branches those with a site that one of the
    branches serves, or with no site yet. Whatever registered scopes add comes on top.
    """
    if sees_all(actor):
        return Customer.objects.all()
    condition = _further(actor)
    if actor.may("customer.read"):
        sites = Site.objects.filter(customer=OuterRef("pk"))
        served = Q(Exists(sites.filter(branch__in=actor.branch_ids))) | ~Q(Exists(sites))
        condition = served if condition is None else condition | served
    return Customer.objects.filter(condition) if condition is not None else Customer.objects.none()


def sites_visible_to(actor: Actor) -> QuerySet[Site]:
    """The sites that the actor may see: those of the actor's branches, and all of a customer seen by another scope."""
    if sees_all(actor):
        return Site.objects.all()
    condition = _of_further(actor)
    if actor.may("customer.read"):
        served = Q(branch__in=actor.branch_ids)
        condition = served if condition is None else condition | served
    return Site.objects.filter(condition) if condition is not None else Site.objects.none()


def _of_further(actor: Actor) -> Q | None:
    further = _further(actor)
    return None if further is None else Q(customer__in=Customer.objects.filter(further).values("pk"))


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    """The contacts of customers that the actor may see."""
    return Contact.objects.all() if sees_all(actor) else Contact.objects.filter(customer__in=visible_to(actor))


def assets_visible_to(actor: Actor) -> QuerySet[Asset]:
    """The assets at sites that the actor may see."""
    assets = Asset.objects.select_related("product", "site")
    return assets if sees_all(actor) else assets.filter(site__in=sites_visible_to(actor))


def contracts_visible_to(actor: Actor) -> QuerySet[Contract]:
    """The contracts of customers that the actor may see."""
    return Contract.objects.all() if sees_all(actor) else Contract.objects.filter(customer__in=visible_to(actor))


def customer(pk: int, *, actor: Actor) -> Customer:
    """One customer with everything that its page shows beside its tables; NotFound outside the actor's scope."""
    related = ("zone", "classification_1", "classification_2", "classification_3", "payment_term", "rate_card", "agent")
    found = visible_to(actor).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def site(pk: int, *, actor: Actor) -> Site:
    """One site with its customer, zone and branch."""
    found = sites_visible_to(actor).select_related("customer", "zone", "branch").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def contact(pk: int, *, actor: Actor) -> Contact:
    """One contact with its customer and site."""
    found = contacts_visible_to(actor).select_related("customer", "site").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def asset(pk: int, *, actor: Actor) -> Asset:
    """One asset with its customer, site and product."""
    found = assets_visible_to(actor).select_related("customer").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def contract(pk: int, *, actor: Actor) -> Contract:
    """One contract with its customer."""
    found = contracts_visible_to(actor).select_related("customer", "rate_card").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def sites_of(customer: Customer, *, actor: Actor) -> QuerySet[Site]:
    """The sites of a customer that the actor may see, the main one first."""
    visible = sites_visible_to(actor).filter(customer=customer).select_related("zone", "branch")
    return visible.order_by("-is_main", "name", "id")


def contacts_of(customer: Customer, *, actor: Actor) -> QuerySet[Contact]:
    """The contacts of a customer, by name."""
    return contacts_visible_to(actor).filter(customer=customer).select_related("site").order_by("name", "id")


def assets_of(customer: Customer, *, actor: Actor) -> QuerySet[Asset]:
    """The assets of a customer that the actor may see, those in use first."""
    return assets_visible_to(actor).filter(customer=customer).order_by("-active", "serial", "id")


def contracts_of(customer: Customer, *, actor: Actor) -> QuerySet[Contract]:
    """The contracts of a customer, the latest first."""
    mine = contracts_visible_to(actor).filter(customer=customer).select_related("rate_card")
    return mine.prefetch_related(Prefetch("assets", Asset.objects.select_related("product"))).order_by("-starts", "id")


def contract_on(customer_id: int, on: date) -> Contract | None:
    """The contract under which a customer is served on a day: of several the one that began last."""
    valid = Contract.objects.filter(customer=customer_id, starts__lte=on).filter(Q(ends__isnull=True) | Q(ends__gte=on))
    return valid.select_related("rate_card").order_by("-starts", "-id").first()


def with_place(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Customers with `place`: the city of the main site, or of the oldest one."""
    sites = Site.objects.filter(customer=OuterRef("pk")).order_by("-is_main", "id")
    return customers.annotate(place=Subquery(sites.values("city")[:1]))


def zones() -> QuerySet[Zone]:
    """The commercial zones by code."""
    return Zone.objects.order_by("code")


def classifications(axis: int | None = None) -> QuerySet[Classification]:
    """The values of one classification (1, 2 or 3), or of all."""
    values = Classification.objects.order_by("axis", "name", "id")
    return values if axis is None else values.filter(axis=axis)


def home_branch(actor: Actor, country: str = "") -> Branch | None:
    """The branch that serves a new site when nobody says so: the actor's in that country, else the actor's first."""
    branches = list(branches_for(actor).order_by("pk"))
    return next((branch for branch in branches if branch.country == country), branches[0] if branches else None)


def customer_known_as(*, external_id: str | None, name: str, actor: Actor) -> Customer | None:
    """The customer with this external id; without one, the only visible customer that is called so."""
    if external_id:
        return visible_to(actor).filter(external_id=external_id).first()
    named = list(visible_to(actor).filter(folded=fold(name)[:200], active=True)[:2]) if name else []
    return named[0] if len(named) == 1 else None


def site_known_as(external_id: str, *, actor: Actor) -> Site | None:
    """The visible site with this external id."""
    found = sites_visible_to(actor).select_related("customer", "branch", "zone").filter(external_id=external_id)
    return found.first()


def customer_for_row(external_id: str, code: str, *, actor: Actor) -> Customer | None:
    """The visible customer that a file means by external id, else by code."""
    if external_id:
        found = visible_to(actor).filter(external_id=external_id).first()
        return found or visible_to(actor).filter(code=external_id).first()
    return visible_to(actor).filter(code=code).first() if code else None


def asset_known_as(customer: Customer, external_id: str | None, product: Product, serial: str) -> Asset | None:
    """The customer's asset with this external id, else the one with this product and serial number."""
    mine = Asset.objects.filter(customer=customer).select_related("product", "site")
    if external_id:
        found = mine.filter(external_id=external_id).first()
        if found is not None:
            return found
    return mine.filter(product=product, serial=serial).first()


def agents() -> QuerySet[User]:
    """People who may be a customer's sales agent, by name."""
    return colleagues().filter(roles__contains=["agent"])


MOST_OPTIONS = 50


def fitting_sites(customer: Customer, text: str, *, actor: Actor) -> list[Site]:
    """The customer's sites whose name or address holds the text, 50 at most."""
    sites = sites_of(customer, actor=actor)
    if text.strip():
        sites = sites.filter(Q(name__icontains=text) | Q(address__icontains=text) | Q(city__icontains=text))
    return list(sites[:MOST_OPTIONS])


def fitting_contacts(customer: Customer, text: str, *, actor: Actor) -> list[Contact]:
    """The people at a customer whose name holds the text, 50 at most."""
    people = contacts_of(customer, actor=actor)
    return list((people.filter(name__icontains=text) if text.strip() else people)[:MOST_OPTIONS])


def fitting_assets(customer: Customer, text: str, *, actor: Actor) -> list[Asset]:
    """The customer's assets in use whose serial number or product holds the text, 50 at most."""
    assets = assets_of(customer, actor=actor).filter(active=True)
    if text.strip():
        assets = assets.filter(Q(serial__icontains=text) | Q(product__folded__contains=fold(text)))
    return list(assets[:MOST_OPTIONS])
