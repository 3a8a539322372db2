"""A month in the browser: forecast, reasons, conflict, and publication by two people; every page accessible, wide and narrow."""

import re

import pytest

from accounts.operations import set_password
from services.models import Forecast, MonitoringPeriod, VarianceReason
from tests.services.factories import explain, make_forecast, make_reserve, make_use, make_virement
from tests.services.pages import BASE, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/north-borough/working/",
    BASE,
    f"{BASE}submission/",
    f"{BASE}budgets/",
    f"{BASE}budgets/virements/new/",
    f"{BASE}budgets/funding-changes/new/",
    f"{BASE}budgets/originals/",
    f"{BASE}reserves/",
    f"{BASE}reserves/new/",
    f"{BASE}reserves/uses/new/",
    f"{BASE}dsg/",
    f"{BASE}risks/",
    f"{BASE}publish/",
    "/north-borough/working/structure/",
    "/north-borough/working/audit/?check=1",
)


@pytest.fixture
def office(transactional_db):
    return make_office()


def box(page, label):
    """The field of that label, and not the chart that has it in its title."""
    return page.get_by_role("textbox", name=label, exact=True)


def leave(page):
    page.context.clear_cookies()


def test_a_person_signs_in_at_the_door_and_is_led_back_to_where_they_were_going(office, browser_page):
    set_password(user=office.people["holder"], password="eleven-placements-more")
    browser_page.goto(BASE)
    browser_page.get_by_label("User name").fill(office.people["holder"].username)
    browser_page.get_by_label("Password").fill("eleven-placements-more")
    browser_page.get_by_role("button", name="Sign in").click()
    browser_page.wait_for_url(f"**{BASE}")
    assert (
        browser_page.get_by_role("heading", level=1).inner_text() == "Working position, Month 7, October 2023"
    )


@pytest.mark.parametrize("who", ["officer", "head", "auditor", "holder", "administrator"])
def test_each_role_arrives_at_a_page_of_its_own(office, browser_page, sign_in, assert_accessible, who):
    sign_in(office.people[who])
    navigation = browser_page.get_by_role("navigation", name="Main")
    browser_page.goto("/north-borough/working/structure/")
    shown = navigation.get_by_role("link").all_inner_texts()
    assert ("Roles" in shown) == (who in {"administrator", "auditor", "head"})
    assert_accessible(browser_page)
    if who != "administrator":
        browser_page.goto(f"{BASE}budgets/")
        shown = navigation.get_by_role("link").all_inner_texts()
        assert ("Reserves" in shown) == (who in {"officer", "head", "auditor"})
        assert_accessible(browser_page)


def test_a_forecast_and_its_reasons_are_entered_from_the_keyboard(
    office, browser_page, sign_in, assert_accessible
):
    sign_in(office.people["holder"])
    browser_page.goto(BASE)
    browser_page.get_by_role("link", name="Fostering").focus()
    browser_page.keyboard.press("Enter")
    box(browser_page, "Forecast outturn").focus()
    browser_page.keyboard.type("£750,000")
    browser_page.keyboard.press("Enter")
    browser_page.locator(".error-summary").wait_for()
    assert not Forecast.objects.filter(service_line=office.fostering).exists()
    browser_page.get_by_label("Why the figures that look odd are right").focus()
    browser_page.keyboard.type("Twelve more carers are approved.")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_text("Saved: Fostering, Month 7, October 2023.").wait_for()
    assert Forecast.objects.get(service_line=office.fostering).forecast_outturn == 750000
    browser_page.get_by_label("Driver").first.select_option("Demand")
    browser_page.get_by_label("Amount, £").first.fill("250,000")
    browser_page.get_by_label("Why, in words").first.fill("Twelve more carers than planned.")
    browser_page.get_by_role("button", name="Save and confirm reasons").click()
    browser_page.get_by_text("Reasons saved and confirmed: Fostering.").wait_for()
    assert (
        VarianceReason.objects.get(service_line=office.fostering).words == "Twelve more carers than planned."
    )
    assert "Still unexplained\n£0.00" in browser_page.locator("main").inner_text()
    assert_accessible(browser_page)


def test_a_mistake_takes_the_reader_to_it_and_keeps_everything_typed(
    office, browser_page, sign_in, assert_accessible
):
    sign_in(office.people["officer"])
    browser_page.goto(office.line_address(office.placements))
    box(browser_page, "Forecast outturn").fill("1.3m")
    box(browser_page, "Commitments").fill("42")
    browser_page.get_by_role("button", name="Save figures").click()
    summary = browser_page.locator(".error-summary")
    summary.wait_for()
    assert summary.evaluate("element => element === document.activeElement")
    assert box(browser_page, "Forecast outturn").input_value() == "1.3m"
    assert box(browser_page, "Commitments").input_value() == "42"
    assert_accessible(browser_page)
    summary.get_by_role("link").first.click()
    assert box(browser_page, "Forecast outturn").evaluate("e => e === document.activeElement")


def test_two_people_on_one_line_lose_nothing(office, browser_page, sign_in, assert_accessible):
    sign_in(office.people["holder"])
    browser_page.goto(office.line_address(office.placements))
    make_forecast(office.placements, office.period, "1320000", actual_to_date="710000")
    box(browser_page, "Forecast outturn").fill("1,350,000")
    browser_page.get_by_role("button", name="Save figures").click()
    browser_page.get_by_role(
        "heading", name=re.compile("Placements.* changed while you were editing")
    ).wait_for()
    assert box(browser_page, "Forecast outturn").input_value() == "1,350,000"
    assert box(browser_page, "Actual to date").input_value() == "710,000.00"
    assert_accessible(browser_page)
    browser_page.get_by_role("button", name="Save these figures").click()
    browser_page.get_by_text("Saved: Placements").wait_for()
    held = Forecast.objects.get(service_line=office.placements)
    assert (held.forecast_outturn, held.actual_to_date) == (1350000, 710000)


def test_what_was_typed_comes_back_after_the_session_ended(office, browser_page, sign_in):
    sign_in(office.people["holder"])
    browser_page.goto(office.line_address(office.placements))
    box(browser_page, "Forecast outturn").fill("1,377,000")
    leave(browser_page)
    browser_page.get_by_role("button", name="Save figures").click()
    browser_page.get_by_role("heading", name=re.compile("Sign in|form could not be accepted")).wait_for()
    sign_in(office.people["holder"])
    browser_page.goto(office.line_address(office.placements))
    assert box(browser_page, "Forecast outturn").input_value() == "1,377,000"
    browser_page.get_by_text("What you typed before is back in the form. It is not saved yet.").wait_for()
    browser_page.get_by_role("button", name="Save figures").click()
    browser_page.get_by_text("Saved: Placements").wait_for()
    assert Forecast.objects.get(service_line=office.placements).forecast_outturn == 1377000


def test_a_month_is_published_by_two_people(office, browser_page, sign_in, assert_accessible):
    make_forecast(office.fostering, office.period, "500000")
    explain(office.placements, office.period)
    sign_in(office.people["officer"])
    browser_page.goto(f"{BASE}publish/")
    browser_page.get_by_role("button", name="Propose for publication").click()
    browser_page.get_by_text("You proposed it, so another person approves it.").wait_for()
    leave(browser_page)
    sign_in(office.people["head"])
    browser_page.goto(f"{BASE}publish/")
    browser_page.get_by_role("button", name="Approve and publish").click()
    browser_page.get_by_text("Version 1 is published").first.wait_for()
    assert MonitoringPeriod.objects.get().state == "published"
    assert_accessible(browser_page)
    browser_page.goto(office.line_address(office.placements))
    browser_page.get_by_text("These figures are locked").wait_for()
    assert browser_page.get_by_role("button", name="Save figures").count() == 0


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_accessible_and_none_scrolls_sideways(
    office, browser_page, sign_in, assert_accessible, width
):
    reserve = make_reserve(office.council, opening="900000")
    make_use(office.placements, office.period, "120000", reserve=reserve, state="requested")
    make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    sign_in(office.people["head"])
    browser_page.set_viewport_size({"width": width, "height": 900})
    for address in (*PAGES, office.line_address(office.placements)):
        browser_page.goto(address)
        assert_accessible(browser_page)
        overflow = browser_page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{address} scrolls sideways by {overflow} px at {width} px"


def test_the_line_page_works_without_script(office, browser, live_server, client):
    client.force_login(office.people["holder"])
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    try:
        page = context.new_page()
        page.goto(office.line_address(office.placements))
        box(page, "Forecast outturn").fill("(5)")
        page.get_by_role("button", name="Save figures").click()
        page.get_by_label("Why the figures that look odd are right").fill("All of it is recharged.")
        page.get_by_role("button", name="Save figures").click()
        page.get_by_text("Saved: Placements").wait_for()
        assert Forecast.objects.get(service_line=office.placements).forecast_outturn == -5
    finally:
        context.close()
