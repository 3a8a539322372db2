"""The workbook in the browser: downloaded, filled in, uploaded, looked at, saved; accessible, wide and narrow, and without script."""

import pytest

from services.models import Forecast
from tests.services.factories import make_forecast
from tests.services.workbooks import HERE, edited, make_workbook_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def office(transactional_db):
    return make_workbook_office()


def take(page) -> bytes:
    """The workbook, as the browser saves it."""
    page.goto(HERE)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "north-borough-2023-24-p7-figures-to-enter.xlsx"
    return download.value.path().read_bytes()


def upload(page, content: bytes) -> None:
    page.goto(HERE)
    page.get_by_label("Your workbook").set_input_files(
        {"name": "mine.xlsx", "mimeType": TYPE, "buffer": content}
    )
    page.get_by_role("button", name="Show the differences").click()
    page.get_by_role("heading", name="mine.xlsx").wait_for()


def held(line) -> Forecast:
    return Forecast.objects.get(service_line=line)


def check(page, assert_accessible) -> None:
    """Accessible at both widths, and nothing scrolls sideways."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        )


def test_a_workbook_goes_out_and_comes_back(office, browser_page, sign_in, assert_accessible):
    page = browser_page
    sign_in(office.people["holder"])
    page.goto(HERE.removesuffix("workbook/"))
    page.get_by_role("link", name="Enter figures in Excel").click()
    check(page, assert_accessible)
    content = take(page)
    upload(page, edited(content, {"I2": 1310000.01, "H3": 0}))
    page.get_by_text("Nothing is saved yet").wait_for()
    check(page, assert_accessible)
    page.get_by_role("button", name="Save these figures in Month 7, October 2023").press("Enter")
    page.get_by_text("Saved from mine.xlsx: 2 lines changed.").wait_for()
    assert str(held(office.placements).forecast_outturn) == "1310000.01"
    assert held(office.fostering).commitments == 0
    upload(page, edited(content, {"I2": 1310000.01, "H3": 0}))
    page.get_by_text("There is nothing to save").wait_for()
    check(page, assert_accessible)


def test_a_conflict_is_chosen_and_an_odd_figure_explained(office, browser_page, sign_in, assert_accessible):
    page = browser_page
    sign_in(office.people["officer"])
    content = take(page)
    make_forecast(office.placements, office.period, "1350000")
    upload(page, edited(content, {"I2": 13000000, "I4": 2060000}))
    button = page.get_by_role("button", name="Save these figures")
    button.click()
    page.get_by_text("Nothing is saved: something is still to be said").wait_for()
    check(page, assert_accessible)
    page.get_by_role("group", name="Placements: Forecast outturn").get_by_label(
        "Mine: £13,000,000.00"
    ).check()
    page.get_by_label("Why the odd figures are right").fill("A contract for the whole region.")
    button.click()
    page.get_by_text("Saved from mine.xlsx: 2 lines changed.").wait_for()
    assert held(office.placements).forecast_outturn == 13_000_000


def test_problems_are_listed_with_their_cells(office, browser_page, sign_in, assert_accessible):
    page = browser_page
    sign_in(office.people["officer"])
    upload(page, edited(take(page), {"I2": "tbc", "I4": "=A1"}))
    page.get_by_text("Nothing can be saved yet: 2 problems").wait_for()
    assert page.get_by_role("button", name="Save these figures").count() == 0
    check(page, assert_accessible)


def test_it_works_without_script(office, browser, live_server, client):
    client.force_login(office.people["officer"])
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    try:
        page = context.new_page()
        upload(page, edited(take(page), {"I2": None}))
        page.get_by_role("button", name="Save these figures").click()
        page.get_by_text("Saved from mine.xlsx: 1 line changed.").wait_for()
        assert held(office.placements).forecast_outturn is None
    finally:
        context.close()
