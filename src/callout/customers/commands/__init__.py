"""Writing customers and what belongs to them; search keys are written in the same transaction."""

from callout.customers.commands.assets import add_asset, add_contract, change_asset, change_contract
from callout.customers.commands.contacts import add_contact, change_contact, remove_contact
from callout.customers.commands.customers import change_customer, create_customer
from callout.customers.commands.places import ensure_place
from callout.customers.commands.sites import add_site, change_site, remove_site
from callout.customers.commands.vocabulary import ensure_classification, ensure_zone, save_classification, save_zone

__all__ = [
    "add_asset",
    "add_contact",
    "add_contract",
    "add_site",
    "change_asset",
    "change_contact",
    "change_contract",
    "change_customer",
    "change_site",
    "create_customer",
    "ensure_classification",
    "ensure_place",
    "ensure_zone",
    "remove_contact",
    "remove_site",
    "save_classification",
    "save_zone",
]
