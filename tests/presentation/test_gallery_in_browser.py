"""The gallery as people meet it: accessible, narrow, printed, without script, and with a live chart."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GALLERY = "/components/"


@pytest.fixture
def gallery(browser_page):
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    browser_page.goto(GALLERY)
    return browser_page


@pytest.mark.parametrize("width", [1280, 320])
def test_every_component_is_accessible_and_never_scrolls_the_page_sideways(gallery, assert_accessible, width):
    gallery.set_viewport_size({"width": width, "height": 900})
    assert gallery.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(gallery)


def test_opened_lists_and_tables_are_accessible_too(gallery, assert_accessible):
    gallery.locator("summary").filter(has_text="2023/24").click()
    gallery.locator("#chart-bars summary").click()
    assert gallery.locator("#bars-table").is_visible()
    assert_accessible(gallery)


def test_escape_closes_an_opened_list_and_keeps_the_place(gallery):
    summary = gallery.locator(".switcher summary").first
    summary.press("Enter")
    gallery.keyboard.press("Tab")
    gallery.keyboard.press("Escape")
    assert not gallery.locator(".switcher details[open]").count()
    assert summary.evaluate("element => element === document.activeElement")


def test_a_wide_table_scrolls_by_keyboard_in_its_own_region_with_its_names_in_view(gallery):
    gallery.set_viewport_size({"width": 320, "height": 900})
    region = gallery.locator(".table-scroll").first
    expect(region).to_have_js_property("tabIndex", 0)
    region.focus()
    for _ in range(5):
        gallery.keyboard.press("ArrowRight")
    # Scrolling is smooth, so give it up to 300 frames.
    moved = "async region => { for (let i = 0; i < 300 && region.scrollLeft < 40; i++) await new Promise(requestAnimationFrame); }"
    region.evaluate(moved)
    assert region.evaluate("region => region.scrollLeft") >= 40
    left = region.evaluate("element => element.getBoundingClientRect().left")
    assert region.locator("tbody th").first.bounding_box()["x"] == pytest.approx(left, abs=1)


def test_plotly_loads_only_when_asked_for_and_takes_over_without_breaking_the_policy(gallery):
    wanted = []
    gallery.on("request", lambda request: wanted.append(request.url))
    chart = gallery.locator("#chart-steps")
    assert gallery.evaluate("typeof window.Plotly") == "undefined"
    chart.get_by_role("button", name="Interactive chart").click()
    chart.locator(".chart-live .main-svg").first.wait_for()
    assert [url for url in wanted if "plotly.min.js" in url]
    assert not chart.locator(".chart-drawing").is_visible()
    assert "£7.4m over" in chart.locator(".chart-live").inner_text()
    chart.get_by_role("button", name="Plain drawing").click()
    assert chart.locator(".chart-drawing").is_visible()


def test_a_chart_that_cannot_load_keeps_its_drawing_and_says_so(gallery):
    gallery.route("**/plotly.min.js", lambda route: route.fulfill(status=404, body=""))
    chart = gallery.locator("#chart-bars")
    chart.get_by_role("button", name="Interactive chart").click()
    chart.get_by_text("did not load").wait_for()
    assert chart.locator(".chart-drawing").is_visible()


def test_without_script_there_are_drawings_tables_and_no_dead_buttons(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + GALLERY)
    assert page.locator(".chart svg").count() == 4
    assert page.locator("#chart-bars summary").is_visible()
    assert not page.get_by_role("button", name="Interactive chart").count()
    context.close()


def test_the_keyboard_reaches_the_content_first_and_focus_is_always_seen(gallery):
    gallery.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    skip = gallery.locator(".skip-link")
    skip.focus()
    assert skip.bounding_box()["y"] >= 0
    skip.press("Enter")
    assert gallery.evaluate("document.activeElement.id") == "main"
    ring = gallery.locator(".breadcrumbs a").first
    ring.focus()
    gallery.keyboard.press("Tab")
    gallery.keyboard.press("Shift+Tab")
    assert ring.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


def test_colours_that_the_reader_forces_leave_every_word_readable(gallery, assert_accessible):
    gallery.emulate_media(forced_colors="active")
    assert_accessible(gallery)


def test_print_leaves_out_what_is_for_the_hand(gallery):
    gallery.emulate_media(media="print")
    assert not gallery.locator(".site-nav").is_visible()
    assert not gallery.locator(".table-files").first.is_visible()
    assert gallery.locator(".figures").first.is_visible()
