"""The papers, loaded and published once for these tests, and their pages as a scrutiny member reads them."""

import html
import re
from dataclasses import dataclass
from functools import cached_property

import pytest
from django.conf import settings
from django.test import Client

from accounts.operations import command_line_user
from budgetwatch.demonstration import papers
from budgetwatch.demonstration.sign_ins import ensure_people
from budgetwatch.management.commands.load_demo import PAPERS

FIXTURES = settings.BASE_DIR / "fixtures"


@dataclass
class Page:
    """A published page: where it is, and its words as they are read."""

    address: str
    client: Client

    @cached_property
    def markup(self) -> str:
        """The page as it was sent."""
        response = self.client.get(self.address)
        assert response.status_code == 200, f"{self.address} answered {response.status_code}"
        return response.content.decode()

    @cached_property
    def words(self) -> str:
        """What is read on it, in one line: no marks, and no double spaces."""
        body = re.sub(r"<(script|style)\b.*?</\1>", " ", self.markup, flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))

    def says(self, *asked: str) -> bool:
        """Whether every one of these is on the page; fails with those that are not."""
        missing = [one for one in asked if one not in self.words]
        assert not missing, f"{self.address} does not say: {missing}"
        return True


class Site:
    """The pages of the papers' councils that a member sees, who sees nothing else."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._pages: dict[str, Page] = {}

    def page(self, address: str) -> Page:
        """A page by its address below the site."""
        return self._pages.setdefault(address, Page(f"/{address}/", self.client))

    def proposal(self, period: str, title: str) -> Page:
        """The page of the proposal of this title, found as a reader finds it: by its link on the period's savings page."""
        listed = self.page(f"{period}/savings")
        links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', listed.markup, flags=re.S)
        for address, words in links:
            if title in html.unescape(re.sub(r"<[^>]+>", "", words)) and "/savings/" in address:
                return self.page(address.strip("/"))
        raise AssertionError(f"{listed.address} has no link to “{title}”")


@pytest.fixture(scope="package")
def site(django_db_setup, django_db_blocker):
    """The four papers' councils."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        by = command_line_user()
        people = ensure_people(by=by)
        for slug in PAPERS:
            papers.load(FIXTURES / f"{slug}.toml", by=by, people=people)
        client = Client()
        client.force_login(people["member"])
        yield Site(client)
        transaction.set_rollback(True)
