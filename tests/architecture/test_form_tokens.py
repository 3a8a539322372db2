"""Every form that changes something carries its token (F12): a part of a page included with `only` sees none unless it is handed to it."""

import re

import pytest

from tests.architecture.rules import ROOT
from tests.services.factories import make_reserve, make_use, make_virement
from tests.services.pages import BASE, make_office

FOLDER = ROOT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
INCLUDED = re.compile(r'\{% include "(?P<name>[^"]+)"(?P<given>[^%]*(?:%(?!\})[^%]*)*) only %\}')


def needs_token(name):
    """Whether the template has a form of its own, or includes one that has."""
    text = (FOLDER / name).read_text()
    return "{% csrf_token %}" in text or any(needs_token(match["name"]) for match in INCLUDED.finditer(text))


def test_a_part_with_a_form_is_handed_the_token():
    missing = [
        f"{path.relative_to(FOLDER)}: {match['name']}"
        for path in TEMPLATES
        for match in INCLUDED.finditer(path.read_text())
        if needs_token(match["name"]) and "csrf_token=csrf_token" not in match["given"]
    ]
    assert missing == []


def forms_without_token(page):
    """The addresses of the page's POST forms that carry no token."""
    forms = re.findall(r"<form\b([^>]*)>(.*?)</form>", page, flags=re.DOTALL)
    return [
        attributes
        for attributes, inside in forms
        if 'method="post"' in attributes and 'name="csrfmiddlewaretoken"' not in inside
    ]


@pytest.mark.django_db
def test_every_form_on_the_officers_pages_has_its_token_as_served():
    office = make_office()
    reserve = make_reserve(office.council, opening="100")
    make_use(office.placements, office.period, "10", reserve=reserve, state="requested")
    make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    client = office.client("head")
    found = {}
    for section in client.get(BASE).context["nav_items"]:
        pages = client.get(section.url).context.get("nav_pages", ()) or (section,)
        for page in (*pages, section):
            found[page.url] = client.get(page.url).content.decode()
    found["line"] = client.get(office.line_address(office.placements)).content.decode()
    assert any("Approve" in page for page in found.values())
    assert sum(page.count('method="post"') for page in found.values()) > 20
    wrong = {address: forms for address, page in found.items() if (forms := forms_without_token(page))}
    assert wrong == {}
