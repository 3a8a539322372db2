"""Officers' pages of savings in a browser: accessible wide and narrow in every state, live sums, by keyboard, and without a script."""

import pytest

from savings.models import SavingsUpdate
from savings.operations.carrying_forward import carry_forward_savings
from savings.operations.proposals import change_proposal
from tests.savings.delivery_factories import cover, make_action, make_plan, make_saving, progress, update
from tests.savings.factories import make_proposal, recurrent
from tests.services.factories import make_period
from tests.services.pages import BASE, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORKING = "/north-borough/working/"
MONTH = f"{BASE}savings/"


@pytest.fixture
def office(transactional_db):
    made = make_office()
    before = make_period(made.council, "2023-24/p6")
    made.agency = make_saving(made.council, service_line=made.placements)
    made.routes = make_saving(made.council, "Fewer taxis", "100000", service_line=made.top_ups)
    update(made.agency, before, "0 250000 0 0", forecast="250000", rag="green", reason="All on track.")
    update(made.routes, before, "0 50000 50000 0", forecast="60000", rag="amber", reason="Slow.")
    carry_forward_savings(by=made.people["officer"], period=made.period)
    short = update(made.routes, made.period, forecast="50000", reason="Slower still.")
    cover(short, "reserve", "20000", words="Agreed in May.")
    made.idea = make_proposal(made.council, "Telecare", recurrent(2024, "-50000"))
    made.plan = make_plan(made.council)
    made.freeze = make_action(made.plan, "Freeze posts", "50000")
    progress(made.freeze, made.period, identified="30000")
    return made


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def look(page, assert_accessible, address):
    page.goto(address)
    assert overflow(page) <= 0, address
    assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_accessible_wide_and_narrow(office, browser_page, sign_in, assert_accessible, width):
    browser_page.set_viewport_size({"width": width, "height": 900})
    sign_in(office.people["head"])
    proposal, plan = f"{WORKING}savings/{office.idea.pk}/", f"{WORKING}recovery/{office.plan.pk}/"
    pages = [MONTH, f"{MONTH}{office.routes.pk}/", f"{BASE}recovery/"]
    pages += [
        f"{WORKING}{place}"
        for place in ("savings/", "savings/new/", "savings/right-sizing/", "recovery/", "strategy/")
    ]
    pages += [proposal, plan, f"{WORKING}strategy/figures/", f"{plan}projections/new/", f"{plan}actions/new/"]
    pages += [
        f"{proposal}{place}"
        for place in ("edit/", "stage/", "amounts/", "amounts/1/approve/", "parts/", "notes/")
    ]
    for address in pages:
        look(browser_page, assert_accessible, address)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_mistake_and_a_conflict_are_accessible_and_lose_nothing(
    office, browser_page, sign_in, assert_accessible, width
):
    browser_page.set_viewport_size({"width": width, "height": 900})
    sign_in(office.people["officer"])
    browser_page.goto(MONTH)
    row = browser_page.locator(f"#s{office.agency.pk}")
    row.get_by_label("Delivered").fill("100,000")
    row.get_by_label("Rating").select_option("red")
    row.get_by_label("Reason").fill("")
    browser_page.get_by_role("button", name="Save all that I entered").click()
    assert "Say why it is Red" in browser_page.get_by_role("alert").inner_text()
    assert row.get_by_label("Delivered").input_value() == "100,000"
    assert overflow(browser_page) <= 0
    assert_accessible(browser_page)

    browser_page.evaluate("sessionStorage.clear()")
    browser_page.goto(MONTH)
    row.get_by_label("Forecast").fill("240,000")
    row.get_by_label("Reason").fill("One post is open.")
    update(
        office.agency,
        office.period,
        forecast="230000",
        reason="Two posts are open.",
        by=office.people["head"],
    )
    browser_page.get_by_role("button", name="Save all that I entered").click()
    browser_page.get_by_text("saved this after you opened it").wait_for()
    assert overflow(browser_page) <= 0
    assert_accessible(browser_page)
    browser_page.get_by_role("button", name="Save all that I entered").click()
    browser_page.get_by_text("Saved: Fewer agency placements.").wait_for()
    assert SavingsUpdate.objects.get(proposal=office.agency, period=office.period).forecast == 240_000

    address = f"{WORKING}savings/{office.idea.pk}/edit/"
    browser_page.goto(address)
    browser_page.get_by_label("Lead").fill("Head of Care")
    office.idea.refresh_from_db()
    change_proposal(
        by=office.people["head"],
        proposal=office.idea,
        expected_version=office.idea.version,
        lead_role="Director",
    )
    browser_page.get_by_role("button", name="Save the change").click()
    browser_page.get_by_role("heading", name="Save again").wait_for()
    assert overflow(browser_page) <= 0
    assert_accessible(browser_page)


def test_the_sum_and_the_shortfall_follow_what_is_typed_and_arrows_move_among_savings(
    office, browser_page, sign_in
):
    sign_in(office.people["officer"])
    browser_page.goto(MONTH)
    agency, routes = (browser_page.locator(f"#s{one.pk}") for one in (office.agency, office.routes))
    agency.get_by_label("On track").fill("249,000")
    assert "£1,000.00 less than the target" in agency.inner_text()
    agency.get_by_label("Delivered").fill("1,000")
    assert "The parts sum to the target" in agency.inner_text()
    agency.get_by_label("Forecast").fill("200,000")
    assert agency.locator("[data-shortfall]").inner_text() == "£50,000.00"
    agency.get_by_label("Forecast").press("ArrowDown")
    assert routes.get_by_label("Forecast").evaluate("field => field === document.activeElement")


def test_what_is_typed_is_back_after_the_page_is_loaded_again(office, browser_page, sign_in):
    sign_in(office.people["officer"])
    browser_page.goto(MONTH)
    browser_page.locator(f"#s{office.agency.pk}").get_by_label("Reason").fill("Half a sentence")
    browser_page.reload()
    assert (
        browser_page.locator(f"#s{office.agency.pk}").get_by_label("Reason").input_value()
        == "Half a sentence"
    )


def test_a_month_is_saved_without_a_script(office, browser, live_server, client):
    client.force_login(office.people["officer"])
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(MONTH)
    row = page.locator(f"#s{office.agency.pk}")
    row.get_by_label("Forecast").fill("245,000")
    row.get_by_label("Reason").fill("A little less.")
    row.get_by_role("button", name="Save this one").click()
    page.get_by_text("Saved: Fewer agency placements.").wait_for()
    context.close()
    assert SavingsUpdate.objects.get(proposal=office.agency, period=office.period).forecast == 245_000
