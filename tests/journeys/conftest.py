"""One installation and one browser for all journeys; each journey fails on whatever went wrong behind its back."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import conftest as databases
from tests.journeys.browsing import SECONDS, People, launch
from tests.journeys.installation import Installation, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys go to one worker: they share the installation."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="package")
def installation(database_url: str, database_name: str, django_db_blocker) -> Iterator[Installation]:
    """`callout up` on a database of its own, with the demo company."""
    name = f"{database_name}_journeys"
    with django_db_blocker.unblock():
        databases._copy_template(name)
    with running(urlsplit(database_url)._replace(path=f"/{name}").geturl()) as made:
        yield made
    databases._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@pytest.fixture(scope="package")
def browser(installation: Installation) -> Iterator[Browser]:
    """One Chromium; it ends with the journeys, since its event loop would keep other tests from the database."""
    expect.set_options(timeout=SECONDS)
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def crowd(browser: Browser, installation: Installation) -> People:
    """Everybody who has signed in so far."""
    return People(browser, installation)


@pytest.fixture
def people(crowd: People, installation: Installation) -> Iterator[People]:
    """The people of the installation. Fails on errors in the console, on broken pages and on complaints in the logs."""
    before = len(installation.complaints())
    yield crowd
    problems = crowd.close() + installation.complaints()[before:]
    assert not problems, "\n".join(problems)
