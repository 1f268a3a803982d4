"""Coming in: each role to its own work."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import People

FIRST = {
    "giulia": "/calls/new/",
    "marta": "/board/",
    "laura": "/verification/",
    "admin": "/tickets/",
    "paolo": "/customers/",
}


@pytest.mark.parametrize(("username", "path"), FIRST.items())
def test_signing_in_leads_to_the_own_work(people: People, username: str, path: str) -> None:
    with people.signing_in(username) as visit:
        expect(visit.page).to_have_url(re.compile(re.escape(path)))
