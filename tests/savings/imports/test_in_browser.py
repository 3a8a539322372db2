"""A schedule in a real browser: from upload to applied, and from problems to a profile; every state accessible, wide and narrow."""

import re

import pytest

from savings.models import SavingsProposal, ScheduleProfile
from tests.savings.imports.support import amounts, schedule
from tests.savings.imports.test_case_walsall import printed
from tests.services.factories import make_council, make_period, the_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/north-borough/working/savings/import/"


@pytest.fixture
def council(transactional_db):
    council = make_council()
    make_period(council)
    return council


@pytest.fixture
def page(council, browser_page, sign_in):
    sign_in(the_officer(council))
    return browser_page


def looked_at(page, assert_accessible):
    """The page wide and narrow: no fault, and nothing runs off a narrow screen."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def send(page, content):
    page.goto(HERE)
    file = {"name": "schedule.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("The schedule", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(re.compile(rf"{HERE}\d+/$"))


def test_a_schedule_is_sent_looked_at_and_imported(page, council, assert_accessible):
    page.goto(HERE)
    looked_at(page, assert_accessible)
    send(page, printed())
    page.get_by_text("Nothing is written yet").wait_for()
    looked_at(page, assert_accessible)
    page.get_by_role("button", name="Import 11 proposals").click()
    page.get_by_text("11 proposals recorded, 0 with new amounts proposed").first.wait_for()
    looked_at(page, assert_accessible)
    assert amounts(council, "OP18") == {
        "2026/27": "-742032.00", "2027/28": "645032.00", "2028/29": "0.00", "2029/30": "0.00",
    }  # fmt: skip


def test_unknown_headings_become_a_profile_and_a_finding_is_ticked(page, council, assert_accessible):
    rows = (("Contracts", "5", "6"), ("Total savings", "5", "6"))
    send(page, schedule(*rows, headings=("Area", "One", "Two")))
    page.get_by_text("Nothing can be written yet: 1 problem").wait_for()
    looked_at(page, assert_accessible)
    page.get_by_label("Area").select_option("Title")
    page.get_by_label("One", exact=True).select_option("2026/27")
    page.get_by_label("Two").select_option("2027/28")
    page.get_by_label("These are printed").select_option("Without a sign")
    page.get_by_label("Keep this as a profile named").fill("Budget paper")
    page.get_by_role("button", name="Read it again").click()
    page.get_by_text("These rows look like totals").wait_for()
    looked_at(page, assert_accessible)
    page.get_by_role("button", name="Import 1 proposal").click()
    page.get_by_text("something is still to be confirmed").wait_for()
    looked_at(page, assert_accessible)
    page.get_by_label("This is right").check()
    page.get_by_role("button", name="Import 1 proposal").click()
    page.get_by_text("1 proposal recorded").first.wait_for()
    assert SavingsProposal.objects.get().phasings.get().phases.first().amount == -5
    assert ScheduleProfile.objects.get().name == "Budget paper"
