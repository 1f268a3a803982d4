"""Which price list applies to a piece of work."""

from dataclasses import dataclass
from datetime import date

import pytest

from callout.catalog.models import RateCard
from callout.catalog.queries import rate_card_for
from tests import builders

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@dataclass
class Owner:
    """Stands for a customer or a contract: what names a rate card."""

    rate_card: RateCard | None


def card(name: str, **values) -> RateCard:
    return RateCard.objects.create(**{"name": name, "currency": "EUR", **values})


def test_the_contracts_card_comes_first_then_the_customers_then_the_newest_general_one():
    general = card("general")
    newer = card("newer", valid_from=date(2026, 6, 1))
    own, agreed = card("own", is_general=False), card("agreed", is_general=False)
    assert rate_card_for(Owner(own), Owner(agreed), "EUR", TODAY) == agreed
    assert rate_card_for(Owner(own), Owner(None), "EUR", TODAY) == own
    assert rate_card_for(Owner(own), None, "EUR", TODAY) == own
    assert rate_card_for(Owner(None), None, "EUR", TODAY) == newer
    assert rate_card_for(None, None, "EUR", date(2026, 5, 31)) == general


@pytest.mark.parametrize(
    "values",
    [
        {"active": False},
        {"currency": "RON"},
        {"valid_from": date(2026, 11, 24)},
        {"valid_to": date(2026, 11, 22)},
    ],
)
def test_a_card_that_does_not_hold_is_passed_over(values):
    general = card("general")
    assert rate_card_for(Owner(card("own", **values)), None, "EUR", TODAY) == general


def test_both_ends_of_validity_are_included():
    own = card("own", valid_from=TODAY, valid_to=TODAY, is_general=False)
    assert rate_card_for(Owner(own), None, "EUR", TODAY) == own


def test_a_special_card_is_nobody_elses():
    card("special", is_general=False)
    assert rate_card_for(None, None, "EUR", TODAY) is None
    assert builders.rate_card().is_general
