"""The forecast grid in the browser: by keyboard alone, pasted into, undone, in conflict, signed out of, and without script."""

import pytest

from accounts.operations import set_password
from services.models import AuditEntry, Forecast
from tests.services.factories import make_approved, make_forecast
from tests.services.pages import BASE, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GRID = f"{BASE}grid/"


@pytest.fixture
def office(transactional_db):
    return make_office()


def cell(page, line, column):
    return page.locator(f'#line-{line.pk} td[data-column="{column}"]')


def said(page, words):
    """Wait until the live region has said this."""
    page.locator("#grid-said", has_text=words).wait_for(state="attached")


def held(line):
    return Forecast.objects.filter(service_line=line).first()


def paste(page, text):
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }""",
        text,
    )


def here(page):
    """The cell that has the focus, as its row's name and its column."""
    return page.evaluate(
        "() => [document.activeElement.parentElement.id, document.activeElement.dataset.column || String(document.activeElement.cellIndex)]"
    )


def test_from_the_door_to_a_saved_forecast_by_keyboard_alone(office, browser_page, assert_accessible):
    set_password(user=office.people["holder"], password="eleven-placements-more")
    page = browser_page
    page.goto(GRID)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.get_by_label("User name").evaluate("field => field === document.activeElement"):
            break
    page.keyboard.type(office.people["holder"].username)
    page.keyboard.press("Tab")
    page.keyboard.type("eleven-placements-more")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{GRID}")
    first = page.locator('[tabindex="0"].cell-open').first
    for _ in range(60):  # skip link, header, navigation, switchers, buttons: then the grid's one stop
        page.keyboard.press("Tab")
        if first.evaluate("cell => cell === document.activeElement"):
            break
    assert here(page) == [f"line-{office.fostering.pk}", "actual_to_date"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert here(page) == [f"line-{office.fostering.pk}", "forecast_outturn"]
    page.keyboard.type("510,000")
    page.keyboard.press("Enter")
    said(page, "Saved: Fostering, forecast outturn, 510,000.")
    assert held(office.fostering).forecast_outturn == 510000
    assert here(page)[0] == f"line-{office.placements.pk}"
    assert_accessible(page)


def test_the_keys_of_a_grid(office, browser_page, sign_in):
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    cell(page, office.placements, "forecast_outturn").click()
    place = f"line-{office.placements.pk}"
    for key, arrived in (
        ("ArrowRight", [place, "best_case"]),
        ("ArrowLeft", [place, "forecast_outturn"]),
        ("ArrowUp", [f"line-{office.fostering.pk}", "forecast_outturn"]),
        ("ArrowDown", [place, "forecast_outturn"]),
        ("Home", [place, "0"]),
        ("End", [place, "14"]),
    ):
        page.keyboard.press(key)
        assert here(page) == arrived, key
    page.keyboard.press("Control+Home")
    assert here(page)[1] == "0"
    page.keyboard.press("Control+End")
    assert here(page)[0].startswith("council-0")
    assert page.locator('table.grid [tabindex="0"]').count() == 2  # one for each fund's grid
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.press("F2")
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    assert here(page) == [place, "forecast_outturn"]
    assert cell(page, office.placements, "forecast_outturn").inner_text().strip() == "1,300,000"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "1,300,000"
    page.keyboard.press("Escape")
    assert held(office.placements).version == 1


def test_totals_and_the_row_are_those_of_the_server_at_once(office, browser_page, sign_in, assert_accessible):
    make_forecast(office.fostering, office.period, "500000")
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1,310,000.50")
    page.keyboard.press("Tab")
    said(page, "Saved: Placements")
    total = page.locator("tfoot tr").first
    assert "1,810,001" in total.inner_text()
    assert "310,001" in total.inner_text()
    assert cell(page, office.placements, "forecast_outturn").inner_text().startswith("1,310,001")
    assert cell(page, office.placements, "forecast_outturn").get_attribute("class").find("cell-saved") > 0
    assert page.locator("#grid-summary").inner_text() == "Everything is saved."
    assert_accessible(page)


def test_an_odd_figure_is_asked_about_and_its_reason_is_kept(
    office, browser_page, sign_in, assert_accessible
):
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("13,000,000")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Please look again")
    dialog.wait_for()
    assert "about ten times" in dialog.inner_text()
    assert_accessible(page)
    page.keyboard.press("Enter")
    dialog.get_by_text("Say why it is right before saving it.").wait_for()
    page.keyboard.type("A second home opened")
    page.keyboard.press("Enter")
    said(page, "Saved: Placements")
    assert held(office.placements).forecast_outturn == 13000000
    assert AuditEntry.objects.filter(reason="A second home opened").exists()


def test_what_is_not_money_stays_in_its_cell_and_says_why(office, browser_page, sign_in, assert_accessible):
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1.3m")
    page.keyboard.press("Enter")
    page.get_by_text("1 figure is not saved.").wait_for()
    assert "1.3m" in cell(page, office.placements, "forecast_outturn").inner_text()
    assert "it is not a number" in page.locator("#grid-notice").inner_text()
    assert_accessible(page)
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "1.3m"
    page.keyboard.type("1,310,000")
    page.keyboard.press("Enter")
    said(page, "Saved: Placements")
    assert page.locator("#grid-summary").inner_text() == "Everything is saved."


def test_a_block_is_previewed_and_then_applied_and_copied_back(
    office, browser_page, sign_in, assert_accessible
):
    sign_in(office.people["officer"])
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(GRID)
    cell(page, office.fostering, "forecast_outturn").click()
    paste(page, "C01\t1,310,000\t\t1,400,000\r\nC02\t510,000\r\nZ9\t1\r\n")
    dialog = page.get_by_role("dialog", name="2 matched, 1 unknown; 3 figures would change.")
    dialog.wait_for()
    assert "Not found here: Z9." in dialog.inner_text()
    assert held(office.fostering) is None
    assert_accessible(page)
    dialog.get_by_role("button", name="Apply all 3").click()
    said(page, "Saved: 2 lines from the block.")
    assert (held(office.fostering).forecast_outturn, held(office.placements).worst_case) == (510000, 1400000)
    cell(page, office.fostering, "forecast_outturn").click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "510000\n1310000"
    page.get_by_role("button", name="Undo").click()
    said(page, "Saved:")
    page.locator("[data-do=redo]:not([disabled])").wait_for()
    assert (held(office.fostering).forecast_outturn, held(office.placements).worst_case) == (None, None)


def test_ones_own_entries_are_undone_and_redone_as_new_saves(office, browser_page, sign_in):
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    for typed in ("1,310,000", "1,320,000"):
        cell(page, office.placements, "forecast_outturn").click()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        said(page, f"Saved: Placements, forecast outturn, {typed}.")
    page.keyboard.press("Control+z")
    said(page, "forecast outturn, 1,310,000.")
    assert held(office.placements).forecast_outturn == 1310000
    page.keyboard.press("Control+z")
    said(page, "forecast outturn, 1,300,000.")
    page.keyboard.press("Control+y")
    said(page, "forecast outturn, 1,310,000.")
    assert held(office.placements).version == 6
    reasons = set(AuditEntry.objects.filter(action="enter forecast").values_list("reason", flat=True))
    assert "Undone by the person who entered it." in reasons


@pytest.mark.parametrize(("choice", "stands"), [("Save mine", 1310000), ("Keep theirs", 1290000)])
def test_two_people_in_one_cell_choose_which_figure_stands(
    office, browser, browser_page, live_server, sign_in, assert_accessible, choice, stands
):
    """F01."""
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    other = browser.new_context(base_url=live_server.url)
    cookie = office.client("holder").cookies["sessionid"].value
    other.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    try:
        theirs = other.new_page()
        theirs.goto(GRID)
        cell(theirs, office.placements, "forecast_outturn").click()
        theirs.keyboard.type("1,290,000")
        theirs.keyboard.press("Enter")
        said(theirs, "Saved: Placements")
    finally:
        other.close()
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1,310,000")
    page.keyboard.press("Enter")
    dialog = page.get_by_role(
        "dialog", name="Forecast outturn, Placements was changed while you were editing it"
    )
    dialog.wait_for()
    for figure in ("1,310,000", "1,290,000", "1,300,000"):
        assert figure in dialog.inner_text()
    assert_accessible(page)
    assert held(office.placements).forecast_outturn == 1290000
    dialog.get_by_role("button", name=choice).click()
    said(page, "Saved: Placements" if choice == "Save mine" else "Theirs is kept.")
    assert held(office.placements).forecast_outturn == stands


def test_what_was_typed_after_the_session_ended_is_saved_after_signing_in_again(
    office, browser_page, sign_in, assert_accessible
):
    """F03."""
    set_password(user=office.people["holder"], password="eleven-placements-more")
    sign_in(office.people["holder"])
    page = browser_page
    page.goto(GRID)
    page.context.clear_cookies(name="sessionid")
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1,310,000")
    page.keyboard.press("Enter")
    page.get_by_text("You are signed out", exact=True).wait_for()
    assert "1,310,000" in cell(page, office.placements, "forecast_outturn").inner_text()
    assert_accessible(page)
    page.get_by_role("link", name="Sign in and come back here").click()
    page.get_by_label("User name").fill(office.people["holder"].username)
    page.get_by_label("Password").fill("eleven-placements-more")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{GRID}")
    page.get_by_text("1 figure is not saved.").wait_for()
    assert "1,310,000" in cell(page, office.placements, "forecast_outturn").inner_text()
    page.get_by_role("button", name="Save again what is not saved").click()
    said(page, "Saved: Placements")
    assert held(office.placements).forecast_outturn == 1310000


def test_a_period_closed_meanwhile_leaves_the_text_in_its_cell(
    office, browser_page, sign_in, assert_accessible
):
    """F05."""
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1,310,000")
    page.keyboard.press("Enter")
    page.get_by_text("These figures can no longer be changed").wait_for()
    assert "1,310,000" in cell(page, office.placements, "forecast_outturn").inner_text()
    assert_accessible(page)
    page.goto(GRID)
    page.get_by_text("These figures are locked").wait_for()
    page.get_by_text("Placements, Forecast outturn: 1,310,000").wait_for()
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.press("F2")
    said(page, "Locked: approved. This figure cannot be changed here.")
    assert page.locator(".cell-open").count() == 0
    assert page.locator('.cell-locked[aria-readonly="true"]').count() == 15
    assert_accessible(page)


def test_a_save_that_never_reached_the_server_is_said_and_can_be_sent_again(office, browser_page, sign_in):
    """F16: “not saved” is said, and nothing typed is lost."""
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    page.route(
        "**/grid/cell/", lambda route: route.fulfill(status=429, body="busy", content_type="text/plain")
    )
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1,310,000")
    page.keyboard.press("Enter")
    page.get_by_text("1 figure is not saved.").wait_for()
    assert held(office.placements).version == 1
    page.unroute("**/grid/cell/")
    page.get_by_role("button", name="Save again what is not saved").click()
    said(page, "Saved: Placements")
    assert held(office.placements).forecast_outturn == 1310000


def test_a_save_whose_answer_was_not_heard_is_not_made_twice(office, browser_page, sign_in):
    """F02, M5."""
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)

    def lose_the_answer(route):
        route.fetch()
        route.fulfill(status=429, body="busy", content_type="text/plain")

    page.route("**/grid/cell/", lose_the_answer)
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1,310,000")
    page.keyboard.press("Enter")
    page.get_by_text("1 figure is not saved.").wait_for()
    assert held(office.placements).version == 2
    page.unroute("**/grid/cell/")
    page.get_by_role("button", name="Save again what is not saved").click()
    said(page, "Saved: Placements")
    assert held(office.placements).version == 2
    assert (
        AuditEntry.objects.filter(action="enter forecast", subject_id=held(office.placements).pk).count() == 2
    )


def test_a_page_too_old_to_save_from_says_so_and_keeps_what_was_typed(office, browser_page, sign_in):
    sign_in(office.people["officer"])
    page = browser_page
    page.goto(GRID)
    page.context.clear_cookies(name="csrftoken")
    cell(page, office.placements, "forecast_outturn").click()
    page.keyboard.type("1,310,000")
    page.keyboard.press("Enter")
    page.get_by_text("This page is too old to save from").first.wait_for()
    page.reload()
    page.get_by_text("1 figure is not saved.").wait_for()
    page.get_by_role("button", name="Save again what is not saved").click()
    said(page, "Saved: Placements")
    assert held(office.placements).forecast_outturn == 1310000


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_itself_never_scrolls_sideways(office, browser_page, sign_in, assert_accessible, width):
    sign_in(office.people["officer"])
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto(GRID)
    wider = browser_page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wider <= 0
    assert_accessible(browser_page)


def test_without_script_each_row_is_a_form_that_keeps_what_was_typed(office, browser, live_server, client):
    """F16."""
    client.force_login(office.people["holder"])
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    try:
        page = context.new_page()
        page.goto(GRID)
        page.get_by_role("textbox", name="Forecast outturn, Placements").fill("1.31m")
        page.get_by_role("button", name="Save Placements").click()
        page.get_by_text("The row is not saved").wait_for()
        box = page.get_by_role("textbox", name="Forecast outturn, Placements")
        assert box.input_value() == "1.31m"
        assert box.get_attribute("aria-invalid") == "true"
        box.fill("13,000,000")
        page.get_by_role("button", name="Save Placements").click()
        page.get_by_label("If it is right, say why, and save again").fill("A second home")
        page.get_by_role("button", name="Save Placements").click()
        page.get_by_text("Saved: Placements, Month 7, October 2023.").wait_for()
        assert held(office.placements).forecast_outturn == 13000000
    finally:
        context.close()
