"""Officers' forms in the browser: two people at once, rules seen before they are saved, and nothing typed lost without a script."""

import pytest
from django.contrib.sessions.models import Session

from accounts.operations import set_password
from scrutiny.operations import publish
from services.models import Forecast, RiskOrOpportunity
from services.operations.periods import reopen_period
from services.operations.risks import record_risk
from tests.services.factories import explain, make_forecast, make_reserve, make_use, make_virement
from tests.services.pages import BASE, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "eleven-placements-more"
WIDTHS = (1280, 320)


@pytest.fixture
def office(transactional_db):
    return make_office()


@pytest.fixture
def looks_right(browser_page, assert_accessible):
    """The page as it stands: nothing for axe to find, and nothing wider than the window, wide and narrow."""

    def check():
        for width in WIDTHS:
            browser_page.set_viewport_size({"width": width, "height": 900})
            assert_accessible(browser_page)
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
        browser_page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    return check


def test_two_people_change_one_risk_and_the_second_reads_before_saving_over(
    office, browser_page, sign_in, looks_right
):
    """F01, in the browser."""
    risk = record_risk(by=office.people["officer"], period=office.period, kind="risk", title="Prices")
    sign_in(office.people["officer"])
    browser_page.goto(f"{BASE}risks/{risk.pk}/")
    looks_right()
    head = office.client("head")
    sent = {
        "kind": "risk",
        "title": "Fees",
        "words": "",
        "amount": "200",
        "likelihood": "",
        "expected_version": "1",
    }
    assert head.post(f"{BASE}risks/{risk.pk}/", sent).status_code == 302
    browser_page.get_by_label("Amount, £").fill("300")
    browser_page.get_by_role("button", name="Save the change").click()
    row = browser_page.get_by_role("row", name="Amount, £ £300.00 £200.00")
    assert row.count() == 1
    looks_right()
    browser_page.get_by_role("button", name="Save mine over theirs").click()
    browser_page.wait_for_url(f"**{BASE}risks/")
    risk = RiskOrOpportunity.objects.get()
    assert (risk.title, risk.amount) == ("Fees", 300)


def test_words_and_a_drawdown_are_asked_about_and_the_use_has_its_page(
    office, browser_page, sign_in, looks_right
):
    make_reserve(office.council, opening="100")
    sign_in(office.people["officer"])
    browser_page.goto(f"{BASE}reserves/uses/new/")
    browser_page.get_by_label("Service line").select_option(label="C01 Placements (Social Care)")
    browser_page.get_by_label("Reserve", exact=True).select_option(index=1)
    browser_page.get_by_label("Amount, £").fill("500")
    browser_page.get_by_label("What it is for").fill("Two siblings")
    browser_page.get_by_role("button", name="Plan the use").click()
    looks_right()
    browser_page.get_by_label("Why it is planned all the same").fill("Next year’s contribution.")
    browser_page.get_by_label("I have checked these words").check()
    browser_page.get_by_role("button", name="Plan the use").click()
    browser_page.wait_for_url(f"**{BASE}reserves/")
    looks_right()
    browser_page.get_by_role("link", name="Change it or see its history").click()
    assert browser_page.get_by_text("Next year’s contribution.").count() == 1
    looks_right()


def test_a_head_sees_what_new_rules_would_do_before_saving_them(office, browser_page, sign_in, looks_right):
    make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    sign_in(office.people["head"])
    browser_page.goto("/north-borough/working/rules/")
    looks_right()
    browser_page.get_by_role("link", name="Change the RAG rules").click()
    browser_page.get_by_label("An overspend is Red: percentage of the revised budget").fill("40")
    browser_page.get_by_role("button", name="See what it would do").click()
    assert browser_page.get_by_role("row", name="Placements: £300k over ■ Red ▲ Amber Yes").count() == 1
    looks_right()
    browser_page.get_by_role("button", name="Save these rules").click()
    browser_page.wait_for_url("**/working/rules/#rag")
    for name in ("explanations", "virements", "deadlines"):
        browser_page.goto(f"/north-borough/working/rules/{name}/")
        looks_right()
        browser_page.get_by_role("button", name="See what it would do").click()
        assert browser_page.get_by_role("heading", name="What it would do").count() == 1
        looks_right()


def test_a_reopened_period_is_closed_as_it_was(office, browser_page, sign_in, looks_right):
    make_forecast(office.fostering, office.period, "500000")
    explain(office.placements, office.period)
    officer, head = office.people["officer"], office.people["head"]
    publish(by=officer, approved_by=head, council=office.council, period=office.period)
    reopen_period(by=head, asked_by=officer, period=office.period, reason="A doubt.")
    sign_in(officer)
    browser_page.goto(f"{BASE}publish/")
    looks_right()
    browser_page.get_by_label("Why nothing needed correcting").fill("The invoice is next month’s.")
    browser_page.get_by_role("button", name="to be closed as it was").click()
    looks_right()
    browser_page.context.clear_cookies()
    sign_in(head)
    browser_page.goto(f"{BASE}publish/")
    looks_right()
    browser_page.get_by_role("button", name="Agree: close").click()
    office.period.refresh_from_db()
    assert (office.period.state, office.period.publications) == ("published", 1)


def at_the_door(page, person):
    page.get_by_label("User name").fill(person.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_row_typed_into_the_plain_grid_comes_back_after_signing_in_without_a_script(
    office, browser, live_server
):
    """F03 and F16: no JavaScript at all."""
    person = office.people["officer"]
    set_password(user=person, password=PASSWORD)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{BASE}grid/")
    at_the_door(page, person)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    field = page.locator(f'[name="line-{office.placements.pk}-forecast_outturn"]')
    field.fill("1,310,000")
    Session.objects.all().delete()
    row = page.locator("tr", has=field)
    row.get_by_role("button", name="Save").click()
    assert page.get_by_text("Your sign-in ran out while you were typing").count() == 1
    at_the_door(page, person)
    assert page.get_by_text("What you typed is back in its form, and is not saved yet").count() == 1
    assert field.input_value() == "1,310,000"
    assert Forecast.objects.get(service_line=office.placements).forecast_outturn == 1_300_000
    row.get_by_role("button", name="Save").click()
    assert Forecast.objects.get(service_line=office.placements).forecast_outturn == 1_310_000
    context.close()


def test_the_page_that_gives_back_what_was_typed_is_accessible(office, browser_page, looks_right):
    """F03, with a script."""
    person = office.people["officer"]
    set_password(user=person, password=PASSWORD)
    make_use(office.placements, office.period, "5", reserve=make_reserve(office.council, opening="900"))
    browser_page.goto(f"{BASE}risks/")
    at_the_door(browser_page, person)
    browser_page.get_by_label("In a few words").fill("Prices")
    browser_page.get_by_label("What could happen").fill("They rise.")
    Session.objects.all().delete()
    browser_page.get_by_role("button", name="Add it").click()
    looks_right()
    at_the_door(browser_page, person)
    browser_page.get_by_role("link", name="Look at the form").click()
    looks_right()
    assert browser_page.get_by_label("What could happen").input_value() == "They rise."
    assert not RiskOrOpportunity.objects.exists()
    browser_page.get_by_role("button", name="Add it").click()
    browser_page.get_by_text("It is added to the list.").wait_for()
    assert RiskOrOpportunity.objects.get().words == "They rise."
