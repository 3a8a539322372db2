"""Time and periods, where they go wrong: clocks, calendars, budgets that come late, and lines that move in the middle of a year."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounting.periods import FinancialYear, Period, PeriodFormatError
from services import audit
from services.models import AuditEntry, Forecast
from services.operations.budgets import set_original_budgets
from services.operations.periods import open_period
from services.operations.refusals import PeriodClosedError
from tests.services.factories import (
    make_council,
    make_forecast,
    make_line,
    make_period,
    make_published,
    pounds,
    the_officer,
)
from tests.services.pages import make_office, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


def clock(monkeypatch, *moments):
    """Let `timezone.now` say these, and the last of them from then on."""
    waiting = list(moments)
    monkeypatch.setattr(timezone, "now", lambda: waiting.pop(0) if len(waiting) > 1 else waiting[0])


def test_t01_two_saves_at_half_past_one_of_the_long_night_are_two_instants_in_order(council, monkeypatch):
    line, period = make_line(council, budget="1000"), make_period(council)
    for moment, outturn in (
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "1001"),  # 01:30 BST
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "1002"),  # 01:30 GMT
    ):
        clock(monkeypatch, moment)
        make_forecast(line, period, outturn)
    first, second = AuditEntry.objects.filter(action="enter forecast").order_by("sequence")
    assert [entry.at.hour for entry in (first, second)] == [0, 1]
    assert [f"{timezone.localtime(entry.at):%H:%M %Z}" for entry in (first, second)] == [
        "01:30 BST",
        "01:30 GMT",
    ]
    assert list(audit.broken_chains()) == []


def test_t03_a_clock_that_is_put_back_is_told_and_puts_nothing_out_of_order(
    council, monkeypatch, caplog, capsys
):
    line, period = make_line(council, budget="1000"), make_period(council)
    now = timezone.now()
    clock(monkeypatch, now)
    make_forecast(line, period, "1001")
    clock(monkeypatch, now - timedelta(hours=1))
    with caplog.at_level(logging.WARNING, logger="budgetwatch.audit"):
        make_forecast(line, period, "1002")
    assert "The clock went back" in caplog.text
    held = Forecast.objects.get()
    assert (held.version, held.forecast_outturn) == (2, pounds("1002"))
    entries = AuditEntry.objects.filter(action="enter forecast").order_by("sequence")
    assert [entry.after["version"] for entry in entries] == [1, 2]
    assert list(audit.broken_chains()) == []
    call_command("verify_audit")
    said = capsys.readouterr().out
    assert (
        "north-borough: 1 entries are dated before the one they follow, because the clock went back" in said
    )
    assert "Every chain holds" in said


def test_t04_the_29th_of_february_is_the_last_day_of_month_11_in_a_leap_year():
    assert Period(FinancialYear(2023), 11).end_date == date(2024, 2, 29)
    assert Period(FinancialYear(2024), 11).end_date == date(2025, 2, 28)
    assert Period.containing(date(2024, 2, 29)) == Period(FinancialYear(2023), 11)


def test_t04_the_thirteenth_period_is_there_and_the_fourteenth_is_refused_with_where_it_belongs(council):
    outturn = open_period(by=the_officer(council), council=council, period=Period.parse("2023-24/p13"))
    assert outturn.period.label == "Provisional outturn 2023/24"
    with pytest.raises(
        CommandError, match=r"There is no period 14.*closing adjustments belong in a new version of period 13"
    ):
        call_command("import_return", "nothing.csv", council="north-borough", period="2023-24/p14")


@pytest.mark.parametrize("text", ["2023-24/w31", "2023-24 week 31", "2023-24/4-4-5", "2023-24/q3"])
def test_t04_a_calendar_of_weeks_is_refused_and_said_so(text):
    with pytest.raises(PeriodFormatError, match="calendar months; weeks and 4-4-5 quarters are not kept"):
        Period.parse(text)


def test_t04_a_fourteenth_period_is_not_opened_in_the_browser_either():
    office = make_office()
    sent = {"year": "2023/24", "number": "14", "carry_forward": "no", "title_as_printed": ""}
    answer = office.client("officer").post("/north-borough/working/", sent)
    assert answer.status_code == 422
    assert "14 is not one of the available choices" in words(answer)


def test_t10_before_the_budget_is_approved_pages_say_so_and_divide_by_nothing():
    office = make_office()
    line = make_line(office.council, "Transport")
    nil = make_line(office.council, "Recharges", budget="0")
    for one in (line, nil):
        make_forecast(one, office.period, "1100")
    client = office.client("officer")
    for address in ("", "grid/", f"lines/{line.pk}/", f"lines/{nil.pk}/", "budgets/", "board/"):
        answer = client.get(f"/north-borough/working/2023-24/p7/{address}")
        assert answer.status_code == 200, address
    said = words(client.get("/north-borough/working/2023-24/p7/"))
    assert "n/a" in said
    assert "NaN" not in said


def test_t10_a_budget_approved_after_the_first_period_was_published_does_not_alter_it_unsaid(council):
    line, april = make_line(council), make_period(council, "2023-24/p1")
    make_forecast(line, april, "1100")
    make_published(april)
    with pytest.raises(PeriodClosedError, match="Two people can reopen it"):
        set_original_budgets(
            by=the_officer(council), council=council, year=FinancialYear(2023), amounts={line: pounds("1000")}
        )
