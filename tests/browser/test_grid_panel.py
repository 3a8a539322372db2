"""A line opened beside the grid: by keyboard, saved from, refused, in conflict, signed out of, and on a narrow screen."""

import pytest

from services.models import Forecast, VarianceReason
from tests.browser.test_grid import GRID, cell, held, here, said
from tests.services.factories import make_forecast
from tests.services.pages import make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db):
    return make_office()


@pytest.fixture
def grid(office, browser_page, sign_in):
    sign_in(office.people["officer"])
    browser_page.goto(GRID)
    return browser_page


def opened(page, line, *, column="forecast_outturn"):
    """Open the line from one of its cells with the keyboard."""
    cell(page, line, column).focus()
    page.keyboard.press("Control+Enter")
    panel = page.locator(".line-panel[open]")
    panel.get_by_role("heading", name="Figures").wait_for()
    return panel


def test_enter_on_a_lines_name_opens_it_and_escape_goes_back_to_the_cell(office, grid, assert_accessible):
    cell(grid, office.placements, "forecast_outturn").focus()
    grid.keyboard.press("Home")
    grid.keyboard.press("Enter")
    panel = grid.get_by_role("dialog", name="Placements")
    for part in (
        "Figures",
        "Why it differs from its budget",
        "This year, period by period",
        "Who changed what",
    ):
        panel.get_by_role("heading", name=part).wait_for()
    assert grid.evaluate("document.activeElement.textContent") == "Placements"
    assert grid.url.endswith(GRID)
    assert (
        panel.get_by_role("link", name="Open as a page")
        .get_attribute("href")
        .endswith(office.line_address(office.placements))
    )
    assert_accessible(grid)
    grid.keyboard.press("Escape")
    assert not panel.is_visible()
    assert here(grid) == [f"line-{office.placements.pk}", "0"]


def test_the_reasons_flag_opens_the_line_at_its_reasons(office, grid):
    grid.locator(f"#line-{office.placements.pk} .col-flag a").click()
    reasons = grid.get_by_role("dialog").get_by_role("heading", name="Why it differs from its budget")
    reasons.wait_for()
    assert reasons.evaluate("heading => heading.getBoundingClientRect().top < innerHeight / 2")


def test_what_is_saved_in_the_line_is_in_its_row_and_in_the_totals(office, grid, assert_accessible):
    make_forecast(office.fostering, office.period, "500000")
    panel = opened(grid, office.placements)
    panel.get_by_label("Forecast outturn", exact=True).fill("1,310,000")
    panel.get_by_role("button", name="Save figures").click()
    panel.get_by_text("Saved: Placements").wait_for()
    grid.locator(f"#line-{office.placements.pk}", has_text="1,310,000").wait_for()
    assert "1,810,000" in grid.locator("tfoot tr").first.inner_text()
    assert held(office.placements).forecast_outturn == 1310000
    assert_accessible(grid)
    grid.keyboard.press("Escape")
    grid.keyboard.type("1,311,000")  # against the version that the line made
    grid.keyboard.press("Enter")
    said(grid, "Saved: Placements, forecast outturn, 1,311,000.")


def test_reasons_are_given_beside_the_grid_and_the_flag_says_so(office, grid):
    panel = opened(grid, office.placements)
    panel.locator("[name=reasons-0-driver]").select_option("demand")
    panel.locator("[name=reasons-0-amount]").fill("300,000")
    panel.locator("[name=reasons-0-words]").fill("More placements than were planned for.")
    panel.get_by_role("button", name="Save and confirm reasons").click()
    grid.locator(f"#line-{office.placements.pk} .col-flag", has_text="Reason given").wait_for()
    assert VarianceReason.objects.get(service_line=office.placements).words.startswith("More placements")


def test_a_figure_that_is_refused_stays_in_the_form_with_the_reason(office, grid, assert_accessible):
    panel = opened(grid, office.placements)
    panel.get_by_label("Forecast outturn", exact=True).fill("1.3m")
    panel.get_by_role("button", name="Save figures").click()
    panel.locator(".error-summary").wait_for()
    assert panel.get_by_label("Forecast outturn", exact=True).input_value() == "1.3m"
    assert grid.evaluate("document.activeElement.className").startswith("error-summary")
    assert held(office.placements).version == 1
    assert_accessible(grid)


def test_somebody_elses_figure_is_shown_beside_yours(office, grid, assert_accessible):
    panel = opened(grid, office.placements)
    make_forecast(office.placements, office.period, "1290000")
    panel.get_by_label("Forecast outturn", exact=True).fill("1,310,000")
    panel.get_by_role("button", name="Save figures").click()
    panel.get_by_text("1,290,000").first.wait_for()
    assert "1,310,000" in panel.inner_text()
    assert held(office.placements).forecast_outturn == 1290000
    assert_accessible(grid)


def test_what_was_typed_is_back_when_the_line_is_opened_again(office, grid):
    panel = opened(grid, office.placements)
    panel.get_by_label("Forecast outturn", exact=True).fill("1,310,000")
    grid.keyboard.press("Escape")
    said(grid, "What you typed there is kept")
    panel = opened(grid, office.placements)
    assert panel.get_by_label("Forecast outturn", exact=True).input_value() == "1,310,000"
    assert "not saved yet" in panel.inner_text()
    assert held(office.placements).version == 1


def test_a_session_that_ended_says_so_and_leaves_what_was_typed(office, grid):
    panel = opened(grid, office.placements)
    panel.get_by_label("Forecast outturn", exact=True).fill("1,310,000")
    grid.context.clear_cookies(name="sessionid")
    panel.get_by_role("button", name="Save figures").click()
    panel.get_by_text("You are signed out").wait_for()
    assert panel.get_by_label("Forecast outturn", exact=True).input_value() == "1,310,000"
    assert "grid" in panel.get_by_role("link", name="Sign in and come back").get_attribute("href")


def test_a_line_changed_in_the_grid_is_shown_anew_unless_something_is_typed_there(office, grid):
    panel = opened(grid, office.placements)
    cell(grid, office.placements, "forecast_outturn").click()
    grid.keyboard.type("1,305,000")
    grid.keyboard.press("Enter")
    panel.locator('[name=forecast_outturn][value="1,305,000.00"]').wait_for()
    panel.get_by_label("Best case").fill("1,200,000")
    cell(grid, office.placements, "forecast_outturn").click()
    grid.keyboard.type("1,306,000")
    grid.keyboard.press("Enter")
    panel.get_by_text("were changed in the grid meanwhile").wait_for()
    assert panel.get_by_label("Best case").input_value() == "1,200,000"


def test_keys_and_blocks_meant_for_the_line_do_not_reach_the_grid(office, grid):
    panel = opened(grid, office.placements)
    panel.get_by_label("Forecast outturn", exact=True).focus()
    grid.keyboard.press("Control+z")
    grid.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "C01\\t1310000\\n");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    assert grid.locator("dialog.grid-dialog").count() == 0
    assert Forecast.objects.filter(service_line=office.placements).get().version == 1


@pytest.mark.parametrize("width", [320, 800])
def test_on_a_narrow_screen_the_line_takes_all_of_it(office, grid, assert_accessible, width):
    grid.set_viewport_size({"width": width, "height": 700})
    panel = opened(grid, office.placements)
    box = panel.bounding_box()
    assert (box["x"], box["width"]) == (0, width)
    assert grid.evaluate("document.documentElement.scrollWidth") <= width
    assert panel.evaluate("panel => panel.scrollWidth") <= width
    assert_accessible(grid)
    grid.keyboard.press("Escape")
    assert here(grid) == [f"line-{office.placements.pk}", "forecast_outturn"]


def test_a_locked_month_opens_its_lines_to_be_read(office, grid, assert_accessible):
    from tests.services.factories import make_approved

    make_approved(office.period)
    grid.reload()
    panel = opened(grid, office.placements)
    assert "These figures are locked" in panel.inner_text()
    assert panel.get_by_role("button", name="Save figures").count() == 0
    assert_accessible(grid)
