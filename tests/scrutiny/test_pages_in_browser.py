"""Members' pages as people meet them: accessible, within 320 px, without script, in print."""

import pytest

from scrutiny import rendering
from tests.scrutiny.council import open_month
from tests.scrutiny.pages import publish_period

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/thorney/",
    "/thorney/2023-24/p8/",
    "/thorney/2023-24/p8/compare/",
    "/thorney/2023-24/p8/report.pdf",
)


@pytest.fixture
def opened(browser_page, sign_in, transactional_db):
    """A browser of a member of a council with two published months."""
    from tests.scrutiny.council import make_thorney

    rendering.kept_pages.clear()
    thorney = make_thorney()
    publish_period(thorney)
    publish_period(thorney, open_month(thorney, 8))
    sign_in(thorney.member)
    return browser_page


def test_every_page_is_accessible_with_everything_opened(opened, assert_accessible):
    for address in PAGES:
        opened.goto(address)
        opened.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert_accessible(opened)


def test_no_page_scrolls_sideways_at_320_pixels(opened):
    opened.set_viewport_size({"width": 320, "height": 640})
    for address in PAGES:
        opened.goto(address)
        opened.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        width = opened.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{address} is {width} px wide"


def test_a_lines_reasons_open_in_place_by_keyboard(opened):
    opened.goto("/thorney/2023-24/p8/")
    summary = opened.locator("#position .row-why summary").first
    summary.focus()
    opened.keyboard.press("Enter")
    assert opened.locator("#position .row-why details[open]").count() == 1
    assert (
        "More children need corporate parenting." in opened.locator("#position .row-why").first.inner_text()
    )


def test_a_reader_moves_to_another_period_with_the_switcher(opened):
    opened.goto("/thorney/2023-24/p8/")
    opened.locator(".switcher summary", has_text="Choose the period").click()
    opened.get_by_role("link", name="Month 7, October 2023").click()
    opened.wait_for_url("**/thorney/2023-24/p7/")
    assert "Month 7, October 2023" in opened.locator("h1").inner_text()


def test_in_print_reasons_are_open_and_what_is_for_the_hand_is_gone(opened):
    opened.goto("/thorney/2023-24/p8/")
    opened.emulate_media(media="print")
    assert not opened.locator(".on-this-page").is_visible()
    assert not opened.locator(".table-files").first.is_visible()
    assert opened.locator("#position .row-why ul").first.is_visible()
