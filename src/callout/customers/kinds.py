"""Customers, sites, contacts and assets from files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from callout.accounts.actor import Actor
from callout.accounts.models import LANGUAGES
from callout.catalog import queries as catalog
from callout.catalog.errors import UnknownReference
from callout.core.errors import DomainError, Many
from callout.core.text import fold
from callout.customers import commands, queries
from callout.customers.commands import contacts as people
from callout.customers.commands import customers as companies
from callout.customers.commands import sites as places
from callout.customers.errors import UnknownCustomer, UnknownSite
from callout.customers.models import Customer, Priority, Site
from callout.imports.registry import Field, Kind, Option, Outcome

CREATE = "create_vocabulary"
CREATE_WORDS = Option(CREATE, _("Add zones and classifications that are not there yet"))
PRIORITIES = {priority.name.lower(): priority for priority in Priority}
OF_CUSTOMER = (
    Field("customer_external_id", _("customer's external id"), aliases=("customer id", "id cliente", "id client")),
    Field("customer_code", _("customer's code"), aliases=("customer", "codice cliente", "cod client")),
)
PLACE = (
    Field("address", _("address"), aliases=("street", "indirizzo", "via", "adresa", "address line 1")),
    Field("postal_code", _("postal code"), aliases=("zip", "zip code", "postcode", "cap", "cod postal")),
    Field("city", _("city"), aliases=("town", "citta", "comune", "oras", "localitate")),
    Field("county", _("county"), aliases=("region", "province", "state", "provincia", "judet")),
    Field("country", _("country"), kind="country", aliases=("nazione", "paese", "tara")),
    Field("latitude", _("latitude"), kind="decimal", aliases=("lat", "latitudine")),
    Field("longitude", _("longitude"), kind="decimal", aliases=("lon", "lng", "long", "longitudine")),
    Field("time_zone", _("time zone"), aliases=("timezone", "fuso orario", "fus orar")),
)
REACHED = (
    Field("phone", _("phone"), kind="phone", aliases=("telephone", "tel", "telefono", "telefon")),
    Field("email", _("e-mail"), kind="email", aliases=("email", "mail", "e-mail address")),
)
CUSTOMER_FIELDS = (
    Field("external_id", _("external id"), aliases=("id", "customer id", "id cliente", "id client")),
    Field("code", _("code"), aliases=("customer code", "codice", "cod", "customer number")),
    Field(
        "name",
        _("name"),
        required=True,
        aliases=("company", "company name", "customer", "ragione sociale", "nome", "denumire", "client"),
    ),
    *REACHED,
    Field("tax_code", _("tax code"), aliases=("codice fiscale", "cod fiscal", "fiscal code")),
    Field("vat_number", _("VAT number"), aliases=("vat", "partita iva", "p iva", "piva", "cui", "cif")),
    Field("language", _("language"), kind="choice", choices=LANGUAGES, aliases=("lingua", "limba")),
    Field("currency", _("currency"), aliases=("valuta", "moneda")),
    Field(
        "priority",
        _("priority"),
        kind="choice",
        choices=[(name, priority.label) for name, priority in PRIORITIES.items()],
        aliases=("priorita", "prioritate"),
    ),
    Field("zone", _("commercial zone"), aliases=("zone", "zona", "zona commerciale")),
    Field("classification_1", _("classification 1"), aliases=("class 1", "classificazione 1", "clasificare 1")),
    Field("classification_2", _("classification 2"), aliases=("class 2", "classificazione 2", "clasificare 2")),
    Field("classification_3", _("classification 3"), aliases=("class 3", "classificazione 3", "clasificare 3")),
    Field("payment_term", _("payment terms"), aliases=("payment", "pagamento", "plata")),
    Field("rate_card", _("rate card"), aliases=("listino", "tariffario", "price list")),
    Field("agent", _("sales agent"), aliases=("agent", "agente"), help=_("The name or user name of a person.")),
    Field("notes", _("notes"), kind="lines", aliases=("note", "observatii", "remarks")),
    Field("active", _("active"), kind="boolean", aliases=("attivo", "activ")),
    Field("site_name", _("main site"), aliases=("site", "sede", "sediu")),
    *PLACE,
    Field("contact_name", _("contact person"), aliases=("contact", "contatto", "referente", "persoana de contact")),
    Field("contact_job_title", _("contact's role"), aliases=("contact title", "job title", "ruolo", "functie")),
    Field("contact_phone", _("contact's phone"), kind="phone"),
    Field("contact_mobile", _("contact's mobile"), kind="phone", aliases=("mobile", "cellulare", "mobil")),
    Field("contact_email", _("contact's e-mail"), kind="email"),
)
SITE_FIELDS = (
    *OF_CUSTOMER,
    Field("external_id", _("external id"), aliases=("id", "site id")),
    Field("name", _("name"), required=True, aliases=("site", "site name", "sede", "sediu", "nome")),
    *PLACE,
    Field("zone", _("zone"), aliases=("zona",)),
    Field("is_main", _("main site"), kind="boolean", aliases=("main",)),
    Field("is_billing", _("bills go here"), kind="boolean", aliases=("billing",)),
    Field("notes", _("notes for who goes there"), kind="lines", aliases=("notes", "note")),
)
CONTACT_FIELDS = (
    *OF_CUSTOMER,
    Field("external_id", _("external id"), aliases=("id", "contact id")),
    Field("name", _("name"), required=True, aliases=("contact", "contact name", "nome", "nume")),
    Field("job_title", _("role"), aliases=("title", "job title", "ruolo", "functie")),
    *REACHED,
    Field("mobile", _("mobile"), kind="phone", aliases=("cellulare", "mobil", "cell")),
    Field("language", _("language"), kind="choice", choices=LANGUAGES),
    Field("site", _("site"), aliases=("sede", "sediu"), help=_("The name or external id of a site of the customer.")),
)
ASSET_FIELDS = (
    *OF_CUSTOMER,
    Field("external_id", _("external id"), aliases=("id", "asset id")),
    Field("site", _("site"), aliases=("sede", "sediu"), help=_("The name or external id of a site of the customer.")),
    Field("product", _("product"), required=True, aliases=("product code", "articolo", "produs", "model")),
    Field("serial", _("serial number"), required=True, aliases=("serial", "matricola", "serie", "sn")),
    Field("lot", _("lot"), aliases=("lotto", "batch")),
    Field("installed_on", _("installed on"), kind="date", aliases=("installed", "installation date")),
    Field("warranty_until", _("warranty until"), kind="date", aliases=("warranty", "garanzia", "garantie")),
    Field("notes", _("notes"), kind="lines", aliases=("note",)),
    Field("active", _("in use"), kind="boolean", aliases=("active", "attivo", "activ")),
)
_SITE_OF_CUSTOMER = tuple(field.name for field in PLACE)
_CONTACT_OF_CUSTOMER = ("name", "job_title", "phone", "mobile", "email")


def save_customer(values: dict[str, Any], *, actor: Actor, now: datetime) -> Outcome:
    """Take in a customer with main site and contact person: found again by external id, else by code."""
    fields = {name: values[name] for name in companies.FIELDS & values.keys()}
    _resolve(fields, bool(values.get(CREATE)), actor, now)
    site = {name: values[name] for name in _SITE_OF_CUSTOMER if values.get(name) not in (None, "")}
    if values.get("site_name"):
        site["name"] = values["site_name"]
    contact = {name: values[key] for name in _CONTACT_OF_CUSTOMER if values.get(key := f"contact_{name}")}
    known = _known_customer(fields, actor)
    if known is None:
        made = commands.create_customer(
            sites=[site] if site else [], contacts=[contact] if contact.get("name") else [], actor=actor, now=now,
            **fields,
        )  # fmt: skip
        return Outcome("created", made.pk, made.name)
    changed = commands.change_customer(customer_id=known.pk, actor=actor, now=now, **fields)
    differs = changed.version != known.version
    differs |= _save_main_site(changed, site, actor, now)
    differs |= _save_contact(changed, contact, actor, now)
    return Outcome("updated" if differs else "unchanged", changed.pk, changed.name)


def _known_customer(fields: Mapping[str, Any], actor: Actor) -> Customer | None:
    """By external id; a code counts for a customer without an external id only, or for a row without one."""
    visible = queries.visible_to(actor)
    if fields.get("external_id"):
        found = visible.filter(external_id=fields["external_id"]).first()
        if found is not None or not fields.get("code"):
            return found
        return visible.filter(code=fields["code"], external_id__isnull=True).first()
    return visible.filter(code=fields["code"]).first() if fields.get("code") else None


def _save_main_site(customer: Customer, site: dict[str, Any], actor: Actor, now: datetime) -> bool:
    """Bring the main site up to date; whether anything changed."""
    if not site:
        return False
    main = customer.sites.filter(is_main=True).first()
    if main is None:
        commands.add_site(customer_id=customer.pk, actor=actor, now=now, **site)
        return True
    return commands.change_site(site_id=main.pk, actor=actor, now=now, **site).version != main.version


def _save_contact(customer: Customer, contact: dict[str, Any], actor: Actor, now: datetime) -> bool:
    """Bring the contact person of that name up to date; whether anything changed."""
    if not contact.get("name"):
        return False
    wanted = fold(contact["name"])
    known = next((one for one in customer.contacts.all() if fold(one.name) == wanted), None)
    if known is None:
        commands.add_contact(customer_id=customer.pk, actor=actor, now=now, **contact)
        return True
    return commands.change_contact(contact_id=known.pk, actor=actor, now=now, **contact).version != known.version


def _resolve(fields: dict[str, Any], create: bool, actor: Actor, now: datetime) -> None:
    """Put records in the place of the words that name them; refuses with Many what nothing is called."""
    finders = {
        "zone": lambda text: commands.ensure_zone(name=text, create=create, actor=actor, now=now),
        "payment_term": lambda text: _named("payment_term", text, catalog.payment_terms()),
        "rate_card": lambda text: _named("rate_card", text, catalog.rate_cards_visible_to(actor)),
        "agent": lambda text: _named("agent", text, queries.agents(), "display_name", "username"),
        "priority": lambda text: PRIORITIES[text],
    }
    for axis in (1, 2, 3):
        finders[f"classification_{axis}"] = lambda text, axis=axis: commands.ensure_classification(
            axis=axis, name=text, create=create, actor=actor, now=now
        )
    errors: list[DomainError] = []
    for name, find in finders.items():
        if fields.get(name):
            try:
                fields[name] = find(fields[name])
            except DomainError as error:
                errors.append(error)
    if errors:
        raise Many(errors)


def _named(field: str, text: str, rows: Any, *attributes: str) -> Any:
    wanted = fold(text)
    for row in rows:
        if wanted in (fold(str(getattr(row, name))) for name in attributes or ("name", "label")):
            return row
    raise UnknownReference(field, value=text[:60])


def _customer_of(values: Mapping[str, Any], actor: Actor) -> Customer:
    external_id, code = values.get("customer_external_id") or "", values.get("customer_code") or ""
    found = queries.customer_for_row(external_id, code, actor=actor)
    if found is None:
        field = "customer_code" if code and not external_id else "customer_external_id"
        raise UnknownCustomer(field, value=(external_id or code)[:60])
    return found


def _site_of(customer: Customer, text: str | None, actor: Actor) -> Site | None:
    if not text:
        return None
    for site in queries.sites_of(customer, actor=actor):
        if site.external_id == text or fold(site.name) == fold(text):
            return site
    raise UnknownSite("site", value=text[:60])


def save_site(values: dict[str, Any], *, actor: Actor, now: datetime) -> Outcome:
    """Take in a site: found again by its external id, else by its name at the customer."""
    customer = _customer_of(values, actor)
    fields = {name: values[name] for name in places.FIELDS & values.keys()}
    if fields.get("zone"):
        fields["zone"] = commands.ensure_zone(
            name=fields["zone"], create=bool(values.get(CREATE)), actor=actor, now=now
        )
    known = _known_of(customer, customer.sites.all(), fields)
    if known is None:
        made = commands.add_site(customer_id=customer.pk, actor=actor, now=now, **fields)
        return Outcome("created", made.pk, str(made))
    changed = commands.change_site(site_id=known.pk, actor=actor, now=now, **fields)
    return Outcome("updated" if changed.version != known.version else "unchanged", changed.pk, str(changed))


def save_contact(values: dict[str, Any], *, actor: Actor, now: datetime) -> Outcome:
    """Take in a person: found again by its external id, else by the name at the customer."""
    customer = _customer_of(values, actor)
    fields = {name: values[name] for name in people.FIELDS & values.keys()}
    if "site" in fields:
        fields["site"] = _site_of(customer, fields["site"], actor)
    known = _known_of(customer, customer.contacts.all(), fields)
    if known is None:
        made = commands.add_contact(customer_id=customer.pk, actor=actor, now=now, **fields)
        return Outcome("created", made.pk, made.name)
    changed = commands.change_contact(contact_id=known.pk, actor=actor, now=now, **fields)
    return Outcome("updated" if changed.version != known.version else "unchanged", changed.pk, changed.name)


def _known_of(customer: Customer, rows: Any, fields: Mapping[str, Any]) -> Any:
    """The customer's row with this external id, else the one of this name without another external id."""
    external_id, wanted = fields.get("external_id"), fold(fields["name"])
    same_name = None
    for row in rows:
        if external_id and row.external_id == external_id:
            return row
        if fold(row.name) == wanted and (not external_id or not row.external_id):
            same_name = same_name or row
    return same_name


def save_asset(values: dict[str, Any], *, actor: Actor, now: datetime) -> Outcome:
    """Take in an installed product: found again by its external id, else by product and serial number."""
    customer = _customer_of(values, actor)
    product = catalog.product_known_as(external_id=None, code=values["product"]) or catalog.product_known_as(
        external_id=values["product"], code=""
    )
    if product is None:
        raise UnknownReference("product", value=values["product"][:60])
    names = ("serial", "lot", "installed_on", "warranty_until", "notes", "active", "external_id")
    fields = {name: values[name] for name in names if name in values} | {"product": product}
    site = _site_of(customer, values.get("site"), actor)
    if site is not None:
        fields["site"] = site
    known = queries.asset_known_as(customer, fields.get("external_id"), product, fields["serial"])
    if known is None:
        made = commands.add_asset(customer_id=customer.pk, actor=actor, now=now, **fields)
        return Outcome("created", made.pk, str(made))
    changed = commands.change_asset(asset_id=known.pk, actor=actor, now=now, **fields)
    return Outcome("updated" if changed.version != known.version else "unchanged", changed.pk, str(changed))


CUSTOMERS = Kind(
    code="customers",
    label=_("Customers"),
    right="customer.write",
    fields=CUSTOMER_FIELDS,
    save=save_customer,
    url_name="customer",
    options=(CREATE_WORDS,),
)
SITES = Kind(
    code="sites",
    label=_("Sites"),
    right="customer.write",
    fields=SITE_FIELDS,
    save=save_site,
    url_name="site_edit",
    options=(CREATE_WORDS,),
)
CONTACTS = Kind(
    code="contacts",
    label=_("Contacts"),
    right="customer.write",
    fields=CONTACT_FIELDS,
    save=save_contact,
    url_name="contact_edit",
)
ASSETS = Kind(
    code="assets",
    label=_("Assets"),
    right="customer.write",
    fields=ASSET_FIELDS,
    save=save_asset,
    url_name="asset_edit",
)
KINDS = (CUSTOMERS, SITES, CONTACTS, ASSETS)
