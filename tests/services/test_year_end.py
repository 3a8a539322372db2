"""The roll into a new year: what the outturn closed at opens the next year, once."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounting.funds import Fund
from accounting.periods import FinancialYear
from services import audit
from services.models import AuditEntry, DsgAccount, MonitoringPeriod, ReserveOpening, YearRoll
from services.operations import dsg, periods, reserves
from services.operations.refusals import NotAllowedError
from services.operations.year_end import OutturnNotPublishedError, RollDiffersError, roll_year
from tests.services.factories import (
    make_approved,
    make_council,
    make_forecast,
    make_line,
    make_period,
    make_published,
    make_reserve,
    make_use,
    pounds,
    the_head,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
YEAR = FinancialYear(2023)


@pytest.fixture
def council(db):
    return make_council()


@pytest.fixture
def reserve(council):
    return make_reserve(council, opening="900000")


@pytest.fixture
def outturn(council, reserve):
    """The outturn of 2023/24 before it is approved: £120,000 drawn down, £5,000 put in, a DSG deficit of £3,100,000."""
    line = make_line(council, "Placements", budget="1000000")
    period = make_period(council, "2023-24/p13")
    make_forecast(line, period, "1005000")
    make_use(line, period, "120000.45", reserve=reserve, state="applied")
    make_use(line, period, "5000", reserve=reserve, kind="contribution")
    dsg.set_dsg_account(
        by=the_officer(council),
        period=period,
        fund=Fund.DSG_HIGH_NEEDS,
        name="Cumulative SEND deficit",
        opening=pounds("2500000"),
        in_year=pounds("800000"),
        funding_received=pounds("200000"),
        planned_closing=pounds("3000000"),
    )
    return period


@pytest.fixture
def published(outturn):
    make_published(outturn)
    return outturn


def roll(council):
    return roll_year(by=the_head(council), council=council, year=YEAR)


def openings(council):
    return {
        row.reserve.name: row.amount
        for row in ReserveOpening.objects.filter(council=council, year=2024).select_related("reserve")
    }


def test_reserves_open_at_what_they_closed_at(council, published):
    roll(council)
    assert openings(council) == {"Children's transformation": Decimal("784999.55")}


def test_dsg_accounts_open_the_first_period_at_the_cumulative_position_and_nothing_else_is_carried(
    council, published
):
    roll(council)
    account = DsgAccount.objects.get(period__year=2024)
    assert (account.period.number, account.opening) == (1, pounds("3100000"))
    assert (account.in_year, account.planned_closing, account.funding_received) == (
        None,
        None,
        Decimal("0.00"),
    )


def test_it_is_done_once_however_often_it_is_run(council, published):
    """T13: run twice, it is done once."""
    first = roll(council)
    entries = AuditEntry.objects.count()
    assert roll(council) == first
    assert roll(council) == first
    assert AuditEntry.objects.count() == entries
    assert YearRoll.objects.count() == 1
    assert list(audit.broken_chains()) == []


@pytest.mark.parametrize("state", ["none", "open", "submitted", "approved"])
def test_it_is_refused_until_the_outturn_is_published(council, reserve, state, request):
    if state != "none":
        period = request.getfixturevalue("outturn")
        if state == "submitted":
            periods.submit_period(by=the_officer(council), period=period)
        if state == "approved":
            make_approved(period)
    with pytest.raises(OutturnNotPublishedError):
        roll(council)
    assert openings(council) == {}
    assert not YearRoll.objects.exists()


def test_a_finance_officer_does_not_roll_the_year(council, published):
    with pytest.raises(NotAllowedError):
        roll_year(by=the_officer(council), council=council, year=YEAR)


def test_a_crash_half_way_leaves_nothing_and_the_next_run_does_all(council, published, monkeypatch):
    """T13: a crash half way leaves nothing in part."""
    from services.operations import year_end

    def crash(**given):
        raise RuntimeError("the power went")

    monkeypatch.setattr(year_end, "_open_accounts", crash)
    with pytest.raises(RuntimeError):
        roll(council)
    assert openings(council) == {}
    assert not MonitoringPeriod.objects.filter(year=2024).exists()
    monkeypatch.undo()
    roll(council)
    assert len(openings(council)) == 1


def test_next_years_open_periods_get_the_opening_and_keep_what_was_entered(council, published):
    june = make_period(council, "2024-25/p3")
    dsg.set_dsg_account(
        by=the_officer(council),
        period=june,
        fund=Fund.DSG_HIGH_NEEDS,
        name="Cumulative SEND deficit",
        in_year=pounds("10"),
        note="As the plan has it.",
    )
    roll(council)
    account = DsgAccount.objects.get(period=june)
    assert (account.opening, account.in_year, account.note) == (
        pounds("3100000"),
        pounds("10"),
        "As the plan has it.",
    )
    assert not MonitoringPeriod.objects.filter(year=2024, number=1).exists()


def test_where_next_years_periods_are_closed_the_one_after_them_is_opened(council, published):
    april = make_period(council, "2024-25/p1")
    make_published(april)
    roll(council)
    account = DsgAccount.objects.get(period__year=2024)
    assert (account.period.number, account.opening) == (2, pounds("3100000"))


def test_a_year_that_has_closed_as_well_gets_no_new_period(council, published):
    make_published(make_period(council, "2024-25/p13"))
    assert roll(council).outcome["periods"] == []
    assert openings(council) == {"Children's transformation": Decimal("784999.55")}
    assert MonitoringPeriod.objects.filter(year=2024).count() == 1


def test_an_opening_that_was_set_otherwise_is_named_and_nothing_is_changed(council, published, reserve):
    reserves.set_reserve_opening(
        by=the_officer(council), reserve=reserve, year=FinancialYear(2024), amount=pounds("800000")
    )
    with pytest.raises(RollDiffersError) as refusal:
        roll(council)
    assert "Children's transformation opens at £800,000.00 and the outturn closed at £784,999.55" in str(
        refusal.value
    )
    assert not DsgAccount.objects.filter(period__year=2024).exists()


def test_an_outturn_corrected_after_the_roll_is_not_silently_taken_over(council, published):
    roll(council)
    periods.reopen_period(
        by=the_head(council), asked_by=the_officer(council), period=published, reason="An accrual was missed."
    )
    account = DsgAccount.objects.get(period=published)
    dsg.set_dsg_account(
        by=the_officer(council),
        period=published,
        fund=account.money_fund,
        name=account.name,
        expected_version=account.version,
        opening=account.opening,
        in_year=pounds("900000"),
    )
    make_published(published)
    with pytest.raises(
        RollDiffersError, match=r"opens at £3,100,000\.00 and the outturn closed at £3,400,000\.00"
    ):
        roll(council)
    assert YearRoll.objects.count() == 1


def test_a_balance_that_is_not_known_is_named_and_not_invented(council, published):
    roll_of = roll(council)
    assert roll_of.outcome["unknown"] == []
    other = make_council("south-borough", "South Borough")
    make_reserve(other, "Redundancy")
    make_forecast(make_line(other, "Fostering", budget="5"), make_period(other, "2023-24/p13"), "5")
    make_published(make_period(other, "2023-24/p13"))
    assert roll(other).outcome["unknown"] == ["Redundancy"]
    assert openings(other) == {}


def test_the_command_says_what_opens_at_how_much(council, published, capsys):
    for _ in range(2):
        call_command("roll_year", council="north-borough", year="2023-24")
        said = capsys.readouterr().out
        assert "North Borough: 2024/25 opens at" in said
        assert "Children's transformation: £784,999.55" in said
        assert (
            "Cumulative SEND deficit (DSG: High Needs Block): £3,100,000.00" in said
            or "£3,100,000.00" in said
        )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"council": "nowhere", "year": "2023-24"}, "no council “nowhere”"),
        ({"council": "north-borough", "year": "2023-25"}, "the year after 2023"),
        ({"council": "north-borough", "year": "2023-24"}, "has not been opened"),
        ({"council": "north-borough", "year": "2023-24", "by": "nobody"}, "no user “nobody”"),
    ],
)
def test_the_command_says_what_is_wrong(council, options, says):
    with pytest.raises(CommandError, match=says):
        call_command("roll_year", **options)
