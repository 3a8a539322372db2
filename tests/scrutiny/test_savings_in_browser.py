"""Members' pages of savings as people meet them: accessible, within 320 px, without script, filtered by keyboard."""

import pytest

from scrutiny import rendering
from tests.scrutiny.pages import publish_period

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
P7 = "/thorney/2023-24/p7/"


@pytest.fixture
def opened(browser_page, sign_in, transactional_db):
    """A browser of a member of a council with published savings, and the addresses of every kind of page."""
    from tests.scrutiny.council import make_thorney
    from tests.scrutiny.council_savings import add_savings

    rendering.kept_pages.clear()
    thorney = make_thorney()
    saved = add_savings(thorney)
    publish_period(thorney)
    sign_in(thorney.member)
    browser_page.places = [
        P7,
        f"{P7}savings/",
        f"{P7}recovery/",
        f"{P7}strategy/",
        *(f"{P7}savings/{one.pk}/" for one in (saved.commissioning, saved.unclear, saved.invest)),
    ]
    return browser_page


def open_everything(page):
    page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")


def test_every_page_of_savings_is_accessible_with_everything_opened(opened, assert_accessible):
    for address in opened.places:
        opened.goto(address)
        open_everything(opened)
        assert_accessible(opened)


def test_no_page_of_savings_scrolls_sideways_at_320_pixels(opened):
    opened.set_viewport_size({"width": 320, "height": 640})
    for address in opened.places:
        opened.goto(address)
        open_everything(opened)
        width = opened.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{address} is {width} px wide"


def test_a_member_goes_from_the_position_to_a_savings_reason_and_on_to_its_page(opened):
    opened.goto(P7)
    opened.get_by_role("navigation", name="Pages of this publication").get_by_role(
        "link", name="Savings"
    ).click()
    assert opened.get_by_text("It is reviewed every quarter.").first.is_visible()
    opened.get_by_role("link", name="CF/01 Commissioning").first.click()
    assert "CF/01 Commissioning" in opened.locator("h1").inner_text()


def test_the_medium_term_is_filtered_by_keyboard(opened):
    opened.goto(f"{P7}strategy/")
    opened.get_by_label("Priority").focus()
    opened.keyboard.type("Best")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/strategy/?priority=Best+start")
    assert opened.locator("#strategy-saving tbody tr").count() == 2


def test_in_print_the_reasons_stay_and_what_is_for_the_hand_is_gone(opened):
    opened.goto(f"{P7}savings/")
    opened.emulate_media(media="print")
    assert not opened.locator(".sections").is_visible()
    assert not opened.locator(".table-files").first.is_visible()
    assert opened.get_by_text("It is reviewed every quarter.").first.is_visible()
