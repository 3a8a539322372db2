"""A month from opening to a corrected version, wholly in the browser, by four people: budget holder, finance officer, head of finance, member."""

import re

import pytest

from scrutiny import access
from scrutiny.operations import publish
from services import audit
from services.models import AuditEntry, Forecast, MonitoringPeriod, VarianceReason
from services.operations.forecasts import ReasonEntry, set_reasons
from tests.services.factories import explain, make_forecast, make_period, make_reserve, make_use, pounds
from tests.services.pages import make_office

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOME = "/north-borough/working/"
P8 = "/north-borough/working/2023-24/p8/"
PUBLISHED = "/north-borough/2023-24/p8/"


@pytest.fixture
def office(transactional_db):
    """The office with month 7 published: Placements £300,000 over, explained but for £50,000; Top-ups (DSG) £50,000 over."""
    access._read.cache_clear()
    office = make_office()
    make_forecast(office.fostering, office.period, "500000")
    reasons = [ReasonEntry(driver="demand", amount=pounds("250000"), words="More children than planned.")]
    set_reasons(by=office.people["officer"], line=office.placements, period=office.period, reasons=reasons)
    publish(
        by=office.people["officer"],
        approved_by=office.people["head"],
        council=office.council,
        period=office.period,
    )
    return office


class Desk:
    """The one browser, at which one person after another sits down; every page they meet must be accessible."""

    def __init__(self, page, sign_in, people, assert_accessible):
        self.page, self._sign_in, self._people, self._accessible = page, sign_in, people, assert_accessible

    def sits(self, who):
        self.page.context.clear_cookies()
        self._sign_in(self._people[who])

    def opens(self, address):
        self.page.goto(address)
        self._accessible(self.page)

    def presses(self, name, *, then):
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.get_by_text(then).first.wait_for()
        self._accessible(self.page)

    def types(self, label, text):
        self.page.get_by_role("textbox", name=label, exact=True).first.fill(text)

    @property
    def reads(self):
        return self.page.locator("main").inner_text()


@pytest.fixture
def desk(browser_page, sign_in, office, assert_accessible):
    return Desk(browser_page, sign_in, office.people, assert_accessible)


def row(desk, name):
    """The cells of the board's row of that name."""
    found = desk.page.locator("#board tbody tr").filter(
        has=desk.page.get_by_role("rowheader", name=name, exact=True)
    )
    return found.get_by_role("cell").all_inner_texts()


def line(office, line):
    return f"{P8}lines/{line.pk}/"


def open_month(desk):
    desk.sits("officer")
    desk.opens(HOME)
    desk.presses("Open the period", then="Month 8, November 2023 is open.")
    desk.opens(f"{P8}board/")
    assert row(desk, "Children and Families")[0] == "Not started"
    assert row(desk, "Children and Families")[2:] == ["2", "0", "2", "1"]


def holder_forecasts(desk, office):
    desk.sits("holder")
    desk.opens(f"{P8}board/")
    assert "Education" not in desk.reads
    desk.opens(line(office, office.placements))
    assert "Copied from the period before" in desk.reads
    assert "Words given for Month 7, October 2023" in desk.reads
    desk.types("Actual to date", "£800,000")
    desk.types("Forecast outturn", "1,320,000")
    desk.presses("Save figures", then="Saved: Placements, Month 8, November 2023.")
    desk.presses("Confirm last month’s words", then="Reasons saved and confirmed: Placements.")
    assert re.search(r"Still unexplained\s+£70,000\.00", desk.reads)
    add_reason(desk, "price", "70,000", "3 young people moved to dearer homes.")


def add_reason(desk, driver, amount, words):
    """Explain the remainder; the words are questioned, and then written so that they tell nobody who a child is."""
    desk.page.get_by_text("Add another reason").first.click()
    second = desk.page.get_by_role("group", name="Reason 2")
    second.get_by_label("Driver").select_option(driver)
    second.get_by_label("Amount, £").fill(amount)
    second.get_by_label("Why, in words").fill(words)
    desk.presses("Save and confirm reasons", then="looks like a small number of children")
    second = desk.page.get_by_role("group", name="Reason 2")
    assert second.get_by_label("Why, in words").input_value() == words
    second.get_by_label("Why, in words").fill("Homes cost more than budgeted.")
    desk.presses("Save and confirm reasons", then="Reasons saved and confirmed: Placements.")
    assert re.search(r"Still unexplained\s+£0\.00", desk.reads)


def holder_submits(desk, office):
    desk.opens(line(office, office.fostering))
    desk.types("Forecast outturn", "505,000")
    desk.presses("Save figures", then="Saved: Fostering, Month 8, November 2023.")
    desk.opens(f"{P8}board/")
    assert row(desk, "Children and Families")[2:] == ["2", "2", "0", "0"]
    desk.opens(f"{P8}submission/")
    desk.presses("Submit Children and Families", then="Children and Families has submitted")


def officer_returns_and_holder_puts_right(desk, office):
    desk.sits("officer")
    desk.opens(f"{P8}submission/")
    desk.page.get_by_text("Return it with a note").click()
    desk.page.get_by_label("What is to be put right").fill("Fostering has no actuals yet.")
    desk.presses("Return Children and Families", then="Children and Families is returned, with your note.")
    desk.sits("holder")
    desk.opens(f"{P8}board/")
    assert row(desk, "Children and Families")[0] == "Returned"
    assert "Fostering has no actuals yet." in desk.reads
    desk.opens(line(office, office.fostering))
    desk.types("Actual to date", "333,000")
    desk.presses("Save figures", then="Saved: Fostering")
    desk.opens(f"{P8}submission/")
    desk.presses("Submit Children and Families", then="Children and Families has submitted")


def officer_proposes(desk, office, *, first):
    desk.sits("officer")
    if first:
        desk.opens(line(office, office.top_ups))
        desk.presses("Save figures", then="Saved: Top-ups")
        desk.opens(f"{P8}submission/")
        desk.presses("Submit Education", then="Education has submitted")
    desk.opens(f"{P8}publish/")
    assert "Stops it" not in desk.reads
    desk.presses("Propose for publication", then="You proposed it, so another person approves it.")
    assert desk.page.get_by_role("button", name="Approve and publish").count() == 0


def head_publishes(desk, version):
    desk.sits("head")
    desk.opens(f"{P8}board/")
    desk.opens(f"{P8}publish/")
    desk.presses("Approve and publish", then=f"Version {version} is published")
    desk.opens(f"{P8}board/")
    assert row(desk, "Education")[0] == "Published"
    assert "Late" not in desk.reads


def two_people_reopen(desk, office):
    desk.opens(f"{P8}publish/")
    desk.page.get_by_text("Ask for the period to be reopened").click()
    desk.page.get_by_label("Why it is to be reopened").fill("A refund of £30,000 was missed.")
    desk.presses(
        "Ask for Month 8, November 2023 to be reopened", then="stays locked until another person agrees"
    )
    assert desk.page.get_by_role("button", name=re.compile("Agree and reopen")).count() == 0
    desk.sits("officer")
    desk.opens(f"{P8}publish/")
    assert "A refund of £30,000 was missed." in desk.reads
    desk.presses("Agree and reopen Month 8, November 2023", then="The period is open again.")
    desk.opens(f"{P8}board/")
    assert "This period is being corrected" in desk.reads


def holder_corrects(desk, office):
    desk.sits("holder")
    desk.opens(line(office, office.placements))
    desk.types("Forecast outturn", "1,290,000")
    desk.presses("Save figures", then="Saved: Placements")
    assert re.search(r"Still unexplained\s+−£30,000\.00", desk.reads)
    second = desk.page.get_by_role("group", name="Reason 2")
    second.get_by_label("Amount, £").fill("40,000")
    desk.presses("Save and confirm reasons", then="Reasons saved and confirmed: Placements.")
    assert re.search(r"Still unexplained\s+£0\.00", desk.reads)
    desk.opens(f"{P8}submission/")
    desk.presses("Submit Children and Families", then="Children and Families has submitted")


def member_reads(desk, version, over):
    desk.sits("member")
    desk.opens(PUBLISHED)
    assert over in desk.reads
    assert f"version {version}" in desk.reads.lower()
    desk.page.goto(f"{P8}board/")
    assert desk.page.get_by_role("heading", level=1).inner_text() != "Chasing board, Month 8, November 2023"


def test_a_month_goes_from_opening_to_a_corrected_version_by_four_people(desk, office):
    """T05, T14: reopened by two people, corrected, published again; both versions are read by a member."""
    open_month(desk)
    holder_forecasts(desk, office)
    holder_submits(desk, office)
    officer_returns_and_holder_puts_right(desk, office)
    officer_proposes(desk, office, first=True)
    head_publishes(desk, 1)
    member_reads(desk, 1, "£325k over")

    desk.sits("head")
    two_people_reopen(desk, office)
    holder_corrects(desk, office)
    officer_proposes(desk, office, first=False)
    head_publishes(desk, 2)

    member_reads(desk, 2, "£295k over")
    desk.opens(PUBLISHED)
    assert "What this version corrects" in desk.reads
    assert "Placements" in desk.reads
    desk.opens(f"{PUBLISHED}v1/")
    assert "£325k over" in desk.reads
    assert "not the latest version" in desk.reads
    prove_the_record(office)


def prove_the_record(office):
    """What is held is what was typed, each by whom; the trail is whole."""
    period = MonitoringPeriod.objects.get(number=8)
    assert (period.state, period.publications) == ("published", 2)
    held = Forecast.objects.get(service_line=office.placements, period=period)
    assert (held.forecast_outturn, held.actual_to_date, held.is_carried_forward) == (1290000, 800000, False)
    reasons = VarianceReason.objects.filter(service_line=office.placements, period=period).order_by("order")
    assert [reason.amount for reason in reasons] == [250000, 40000]
    assert {reason.confirmed_by for reason in reasons} == {office.people["holder"]}
    trail = AuditEntry.objects.filter(period="2023-24/p8")
    reopened = trail.get(action="reopen period")
    assert reopened.reason == "A refund of £30,000 was missed."
    assert (reopened.by, reopened.after["asked_by"]) == ("Finance officer", "Head of finance")
    assert trail.filter(action="confirm reasons", by="Budget holder").count() == 1
    assert trail.filter(action="return directorate", by="Finance officer").count() == 1
    assert trail.filter(action="publish", by="Head of finance").count() == 2
    assert list(audit.broken_chains()) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_board_and_the_roll_of_the_year_fit_every_screen(office, desk, width):
    reserve = make_reserve(office.council, opening="900000")
    outturn = open_outturn(office, reserve)
    desk.page.set_viewport_size({"width": width, "height": 900})
    desk.sits("head")
    for address in (
        "/north-borough/working/2023-24/p7/board/",
        f"/north-borough/working/{outturn.slug}/board/",
    ):
        desk.opens(address)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desk.page.evaluate(overflow) <= 0
    desk.presses("Open 2024/25 from this outturn", then="2024/25 opens at what 2023/24 closed at.")
    assert desk.page.get_by_role("button", name="Open 2024/25 from this outturn").count() == 0
    assert reserve.openings.get(year=2024).amount == 880000


def open_outturn(office, reserve):
    period = make_period(office.council, "2023-24/p13", carry_forward=True)
    make_use(office.placements, period, "20000", reserve=reserve, state="applied")
    explain(office.placements, period)
    publish(
        by=office.people["officer"], approved_by=office.people["head"], council=office.council, period=period
    )
    return period.period
