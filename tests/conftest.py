"""Fixtures for every test, and the rules that hold for the whole run."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support import browser as browsers
from tests.support.flush import allow_flush_of_protected_tables
from tests.support.network import refuse_other_machines

NO_POSTGRES = "no PostgreSQL server: set DATABASE_URL, or install one and run `make test` (Debian: apt-get install postgresql)"


def pytest_configure(config: pytest.Config) -> None:
    """Shut the network and let tests with real transactions clean up after themselves."""
    refuse_other_machines()
    allow_flush_of_protected_tables()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what only PostgreSQL can prove; where everything should be there, let it fail instead."""
    from django.db import connection

    if connection.vendor == "postgresql" or os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("postgres_only"):
            item.add_marker(pytest.mark.skip(reason=NO_POSTGRES))


@pytest.fixture(autouse=True)
def _postgres_when_asked_for(request: pytest.FixtureRequest) -> None:
    """Fail a PostgreSQL test that would otherwise run, and pass, on SQLite."""
    from django.db import connection

    if request.node.get_closest_marker("postgres_only") and connection.vendor != "postgresql":
        pytest.fail(NO_POSTGRES, pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the run."""
    yield from browsers.launch()


@pytest.fixture
def browser_page(browser: Any, live_server: Any) -> Iterator[Any]:
    """A fresh page on the running site; an error in its console fails the test."""
    errors: list[str] = []
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    # A page that is meant to answer 4xx is logged by Chromium as a failed resource; that alone is not a fault.
    faults = [
        error for error in errors if not re.match(r"Failed to load resource: .* status of 4\d\d", error)
    ]
    assert not faults, "The browser's console has errors:\n" + "\n".join(faults)


@pytest.fixture
def assert_accessible() -> Callable[[Any], None]:
    """The accessibility check: `assert_accessible(page)`."""
    return browsers.assert_accessible


@pytest.fixture
def sign_in(browser_page: Any, live_server: Any, client: Any) -> Callable[[Any], None]:
    """Sign a user in to `browser_page` without the form: `sign_in(user)`."""

    def signed_in(user: Any) -> None:
        client.force_login(user)
        cookie = client.cookies["sessionid"].value
        browser_page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    return signed_in
