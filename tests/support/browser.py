"""The system's Chromium for tests of pages as people meet them, and the accessibility check."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium_path() -> str | None:
    """Return where this machine's Chromium is, or `None`."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def require_chromium() -> str:
    """Return Chromium's path; skip the test without one, or fail it where everything is supposed to be installed."""
    path = chromium_path()
    if path is None:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; it must be there when CI=true", pytrace=False)
        pytest.skip(reason)
    return path


def launch() -> Iterator[Any]:
    """Start one browser for a whole run of tests and close it at the end."""
    path = require_chromium()
    from playwright.sync_api import sync_playwright

    # Playwright's loop makes Django think it is in asynchronous code; the tests are not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Chromium's sandbox cannot be had by root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def assert_accessible(page: Any) -> None:
    """Fail unless axe finds nothing against WCAG 2.2 AA on the page as it now stands."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(
        page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    )
    problems = [
        f"{violation['id']}: {violation['help']}\n    "
        + "\n    ".join(node["html"] for node in violation["nodes"])
        for violation in results.response["violations"]
    ]
    assert not problems, f"{page.url} is not accessible:\n" + "\n".join(problems)
