"""The sign-in pages as a person meets them: by keyboard, in a browser, on a small screen."""

import pytest

from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_door_is_accessible_and_works_by_keyboard_alone(browser_page, officer, assert_accessible):
    browser_page.goto("/sign-in/")
    assert_accessible(browser_page)
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.textContent").strip() == "Skip to the main content"
    browser_page.focus("#id_username")
    browser_page.keyboard.type("officer")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.type(PASSWORD)
    with browser_page.expect_navigation():
        browser_page.keyboard.press("Enter")
    assert not browser_page.url.endswith("/sign-in/")


def test_a_refusal_is_accessible_and_is_read_out_first(browser_page, officer, assert_accessible):
    browser_page.goto("/sign-in/")
    browser_page.fill("#id_username", "officer")
    browser_page.fill("#id_password", "wrong-wrong-wrong")
    browser_page.click("text=Sign in >> nth=-1")
    browser_page.wait_for_selector("[role=alert]")
    assert browser_page.title().startswith("Error: Sign in")
    assert_accessible(browser_page)


def test_the_password_page_is_accessible(browser_page, officer, sign_in, assert_accessible):
    sign_in(officer)
    browser_page.goto("/password/")
    assert_accessible(browser_page)
    browser_page.click("button:text('Change password')")
    browser_page.wait_for_selector("[role=alert]")
    assert_accessible(browser_page)


@pytest.mark.parametrize("address", ["/sign-in/", "/password/"])
def test_a_small_screen_needs_no_sideways_scrolling(browser_page, officer, sign_in, address):
    if address == "/password/":
        sign_in(officer)
    browser_page.set_viewport_size({"width": 320, "height": 640})
    browser_page.goto(address)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_accessibility_check_notices_a_fault(browser_page, assert_accessible):
    browser_page.goto("/sign-in/")
    browser_page.evaluate("document.querySelector('label[for=id_username]').remove()")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(browser_page)
