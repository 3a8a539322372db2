"""The ledger in a real browser: progress that moves, the way from upload to applied, and every state accessible, wide and narrow."""

import re

import pytest

from services.models import LedgerBatch
from tests.services.ledger.support import ROWS, ledger_csv, make_books, work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/north-borough/working/2023-24/p7/ledger/"


@pytest.fixture
def books(transactional_db):
    return make_books()


@pytest.fixture
def officer(books, browser_page, sign_in):
    sign_in(books.officer)
    return browser_page


def looked_at(page, assert_accessible):
    """The page wide and narrow: no fault, and nothing runs off a narrow screen."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def send(page, content):
    page.goto(HERE)
    page.get_by_label("The ledger", exact=True).set_input_files(
        {"name": "ledger.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url(re.compile(rf"{HERE}\d+/$"))


def test_a_ledger_is_sent_watched_mapped_and_applied(officer, books, assert_accessible):
    page = officer
    page.goto(HERE)
    looked_at(page, assert_accessible)
    send(
        page,
        ledger_csv(*ROWS, ("777", "1010", "Agency", "5", "0"), ("Total", "", "", "780005.30", "25000.50")),
    )
    page.get_by_text("Waiting to be checked").wait_for()
    looked_at(page, assert_accessible)
    batch = LedgerBatch.objects.get()
    LedgerBatch.objects.filter(pk=batch.pk).update(state="checking", rows_done=2500, rows_all=6000)
    page.get_by_text("2500 of 6000 rows are read").wait_for()
    looked_at(page, assert_accessible)
    LedgerBatch.objects.filter(pk=batch.pk).update(state="staged")
    work()
    page.get_by_text("Nothing can be written yet: 1 problem").wait_for()
    looked_at(page, assert_accessible)
    page.get_by_label("Service line for 777 1010").fill("C02 · Fostering")
    page.get_by_role("button", name="Map these codes").click()
    page.get_by_text("Waiting to be checked").wait_for()
    work()
    page.get_by_text("Nothing is written yet").first.wait_for()
    looked_at(page, assert_accessible)
    page.get_by_role("button", name="Apply this ledger").click()
    page.get_by_text("Nothing is written: something is still to be confirmed").wait_for()
    looked_at(page, assert_accessible)
    page.get_by_label("This is right").check()
    page.get_by_role("button", name="Apply this ledger").click()
    page.get_by_label("Rows read").wait_for()
    work()
    page.get_by_text("5 codes, 2 lines changed").wait_for()
    looked_at(page, assert_accessible)


def test_other_states_and_the_mapping_table_are_accessible(officer, books, assert_accessible):
    page = officer
    page.goto(f"{HERE}codes/")
    page.get_by_label("Codes to add or change").fill("1,1,Nowhere")
    page.get_by_role("button", name="Save these codes").click()
    page.get_by_text("Nothing was changed").wait_for()
    looked_at(page, assert_accessible)
    send(page, b"a,b\n1,2\n")
    work()
    page.get_by_text("The file could not be read").wait_for()
    looked_at(page, assert_accessible)
    LedgerBatch.objects.update(state="checking", error="", worked_at="2023-11-01T00:00:00Z")
    page.reload()
    page.get_by_text("The worker has stopped").wait_for()
    looked_at(page, assert_accessible)
    page.get_by_role("button", name="Put this file aside").click()
    page.goto(f"{HERE}{LedgerBatch.objects.get().pk}/")
    page.get_by_text("This file was put aside").wait_for()
    looked_at(page, assert_accessible)


def test_without_script_the_waiting_page_refreshes_itself(books, browser, live_server, client):
    client.force_login(books.officer)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    try:
        page = context.new_page()
        send(page, ledger_csv())
        page.get_by_text("Waiting to be checked").wait_for()
        work()
        page.get_by_text("Nothing is written yet").wait_for(timeout=10_000)
        page.get_by_role("button", name="Apply this ledger").click()
        page.get_by_label("Rows read").wait_for()
        work()
        page.get_by_text("4 codes, 2 lines changed").wait_for(timeout=10_000)
    finally:
        context.close()
