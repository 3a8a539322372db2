"""Deputies, leavers and the way between pages, in a browser: accessible wide and narrow, by keyboard, and without a script (T11, T12)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.models import Delegation
from services.operations.deputies import end_delegation, name_deputy
from tests.services.factories import make_user
from tests.services.pages import BASE, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = "/north-borough/working/"


@pytest.fixture
def office(transactional_db):
    made = make_office()
    made.people["deputy"] = make_user("stand-in", post="Service manager")
    return made


def deputise(office):
    today = timezone.localdate()
    holder = office.people["holder"]
    return name_deputy(
        by=holder,
        council=office.council,
        assignment=holder.roles.get(),
        deputy=office.people["deputy"],
        starts_on=today,
        ends_on=today + timedelta(days=5),
        reason="On leave",
    )


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_have_no_fault_in_any_state_wide_and_narrow(
    office, browser_page, sign_in, assert_accessible, width
):
    browser_page.set_viewport_size({"width": width, "height": 900})
    delegation = deputise(office)
    sign_in(office.people["head"])
    officer = office.people["officer"].pk
    for address in ("deputies/", "leavers/", f"leavers/{officer}/", "roles/", "structure/"):
        browser_page.goto(f"{PEOPLE}{address}")
        assert overflow(browser_page) <= 0, address
        assert_accessible(browser_page)
    browser_page.goto(f"{PEOPLE}leavers/{officer}/")
    browser_page.get_by_label("User name of the colleague").fill("nobody-here")
    browser_page.get_by_role("button", name="Hand everything over").click()
    assert browser_page.get_by_role("alert").is_visible()
    assert_accessible(browser_page)
    end_delegation(by=office.people["head"], delegation=delegation, reason="Back early")
    browser_page.goto(f"{PEOPLE}deputies/")
    assert "Ended by Head of finance" in browser_page.locator("main").inner_text()
    assert_accessible(browser_page)


@pytest.mark.parametrize("width", [1280, 320])
def test_what_was_typed_is_there_to_be_copied_when_a_deputys_time_ends_meanwhile(
    office, browser_page, sign_in, assert_accessible, width
):
    browser_page.set_viewport_size({"width": width, "height": 900})
    delegation = deputise(office)
    sign_in(office.people["deputy"])
    browser_page.goto(office.line_address(office.placements))
    browser_page.get_by_role("textbox", name="Forecast outturn", exact=True).fill("1,310,000")
    end_delegation(by=office.people["head"], delegation=delegation, reason="Back early")
    browser_page.locator("form:has([name=forecast_outturn]) button[type=submit]").first.click()
    browser_page.get_by_role("heading", name="What you typed").wait_for()
    said = browser_page.locator("main").inner_text()
    assert "You are no longer deputy for Budget holder" in said
    assert (
        browser_page.get_by_role("textbox", name="Forecast outturn", exact=True).input_value() == "1,310,000"
    )
    assert overflow(browser_page) <= 0
    assert_accessible(browser_page)


def test_a_deputy_is_named_and_sent_with_the_enter_key(office, browser_page, sign_in):
    sign_in(office.people["holder"])
    browser_page.goto(f"{PEOPLE}deputies/")
    today = timezone.localdate()
    browser_page.get_by_label("First day").fill(today.isoformat())
    browser_page.get_by_label("Last day").fill((today + timedelta(days=1)).isoformat())
    browser_page.get_by_label("Why").fill("On leave")
    browser_page.get_by_label("User name of the deputy").fill("stand-in")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_text("The deputy is named.").wait_for()
    named = Delegation.objects.get()
    assert (named.deputy, named.starts_on) == (office.people["deputy"], today)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_way_between_pages_is_two_rows_of_links_that_need_no_script(
    office, browser, live_server, client, width
):
    client.force_login(office.people["head"])
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(BASE)
    main = page.get_by_role("navigation", name="Main")
    if width == 1280:
        for row in main.locator("ul").all():
            tops = {link.bounding_box()["y"] for link in row.locator("a").all()}
            assert len(tops) == 1, "a row of links wraps"
    main.get_by_role("link", name="Budgets and reserves").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Risks").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Risks")
    current = page.get_by_role("navigation", name="Main").locator("[aria-current]").all_inner_texts()
    assert current == ["Budgets and reserves", "Risks"]
    context.close()
