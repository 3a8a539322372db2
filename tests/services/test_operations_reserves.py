"""Reserves are drawn on by two people, for what they may meet, and never below nil."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounting.funds import Fund
from accounting.periods import FinancialYear
from accounting.reserves import ReserveKind
from services.models import OneOffFunding, ReserveTransfer, ReserveUse
from services.operations import dsg, reserves, risks
from services.operations.balances import WrongReserveError
from services.operations.refusals import (
    AlreadyDoneError,
    BrokenRuleError,
    InvalidEntryError,
    InvalidFigureError,
    LineNotReportingError,
    PeriodClosedError,
    SelfApprovalError,
    StaleVersionError,
    WrongCouncilError,
)
from services.roles import Role
from tests.services.factories import (
    make_approved,
    make_council,
    make_line,
    make_member_of,
    make_one_off_funding,
    make_period,
    make_reserve,
    make_use,
    pounds,
    the_head,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def line(council):
    return make_line(council, budget="1000")


@pytest.fixture
def period(council):
    return make_period(council)


# --- Steps ------------------------------------------------------------------------------------------------------------


def test_a_use_is_planned_requested_approved_and_applied_in_that_order(council, line, period):
    officer, head = the_officer(council), the_head(council)
    use = make_use(line, period, "60", state="planned")
    with pytest.raises(AlreadyDoneError, match="is planned"):
        reserves.approve_use(by=head, use=use, decision_reference="Cabinet")
    reserves.request_use(by=officer, use=use)
    with pytest.raises(AlreadyDoneError, match="is requested"):
        reserves.apply_use(by=officer, use=use)
    approved = reserves.approve_use(by=head, use=use, decision_reference="Cabinet, 23 October 2023")
    assert (approved.decided_by, approved.decision_reference) == (head, "Cabinet, 23 October 2023")
    reserves.apply_use(by=officer, use=use)
    with pytest.raises(AlreadyDoneError, match="is applied"):
        reserves.refuse_use(by=head, use=use, reason="Too late")


def test_an_approval_names_the_decision(council, line, period):
    use = make_use(line, period, "60", state="requested")
    with pytest.raises(InvalidEntryError, match="Decision reference: must not be blank"):
        reserves.approve_use(by=the_head(council), use=use, decision_reference=" ")


@pytest.mark.parametrize("step", ["plan", "request", "change"])
def test_nobody_approves_a_use_that_they_stand_behind(council, line, period, step):
    head, officer = the_head(council), the_officer(council)
    who = {name: head if name == step else officer for name in ("plan", "request", "change")}
    use = reserves.plan_use(by=who["plan"], period=period, line=line, kind="drawdown", amount=pounds("60"))
    use = reserves.request_use(by=who["request"], use=use)
    use = reserves.change_use(by=who["change"], use=use, expected_version=use.version, amount=pounds("61"))
    with pytest.raises(SelfApprovalError):
        reserves.approve_use(by=head, use=use, decision_reference="Cabinet")
    deputy = make_member_of(council, Role.HEAD_OF_FINANCE, username="deputy")
    reserves.approve_use(by=deputy, use=use, decision_reference="Cabinet")


def test_a_request_carried_forward_is_still_its_authors(council, line, period):
    head = the_head(council)
    use = reserves.plan_use(by=head, period=period, line=line, kind="drawdown", amount=pounds("60"))
    reserves.request_use(by=the_officer(council), use=use)
    for month in ("2023-24/p8", "2023-24/p9"):
        later = make_period(council, month, carry_forward=True)
    with pytest.raises(SelfApprovalError):
        reserves.approve_use(by=head, use=later.reserve_uses.get(), decision_reference="Cabinet")


def test_nobody_approves_one_off_funding_that_they_stand_behind(council, line, period):
    head = the_head(council)
    funding = make_one_off_funding(line, period, "7", approved=False)
    reserves.change_one_off_funding(by=head, funding=funding, expected_version=1, amount=pounds("8"))
    with pytest.raises(SelfApprovalError):
        reserves.approve_one_off_funding(by=head, funding=funding)


def test_an_approved_use_that_is_changed_must_be_approved_again(council, line, period):
    use = make_use(line, period, "60")
    changed = reserves.change_use(
        by=the_officer(council), use=use, expected_version=use.version, amount=pounds("50")
    )
    assert (changed.state, changed.amount, changed.decided_by, changed.decided_at) == (
        "requested",
        pounds("50"),
        None,
        None,
    )
    assert changed.decision_reference == ""
    reserves.approve_use(by=the_head(council), use=changed, decision_reference="Cabinet, November")


def test_an_approved_grant_that_is_changed_must_be_approved_again(council, line, period):
    funding = make_one_off_funding(line, period, "60")
    changed = reserves.change_one_off_funding(
        by=the_officer(council), funding=funding, expected_version=funding.version, purpose="Winter"
    )
    assert (changed.state, changed.decided_by, changed.purpose) == ("requested", None, "Winter")


def test_a_change_against_an_older_version_is_refused(council, line, period):
    use = make_use(line, period, "60", state="requested")
    with pytest.raises(StaleVersionError) as refusal:
        reserves.change_use(by=the_officer(council), use=use, expected_version=1, amount=pounds("50"))
    assert refusal.value.theirs[0].values["amount"] == pounds("60")


def test_a_closed_period_takes_no_use_and_decides_none(council, line, period):
    use = make_use(line, period, "60", state="requested")
    make_approved(period)
    with pytest.raises(PeriodClosedError):
        make_use(line, period, "5")
    with pytest.raises(PeriodClosedError):
        reserves.approve_use(by=the_head(council), use=use, decision_reference="Cabinet")


# --- What may be entered ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"amount": pounds("0")}, InvalidFigureError, "more than nil. Write it without a sign"),
        ({"amount": pounds("-5")}, InvalidFigureError, "without a sign"),
        ({"kind": "loan"}, InvalidEntryError, "not one of drawdown, contribution"),
    ],
)
def test_a_use_is_an_amount_without_a_sign_of_a_known_kind(council, line, period, given, error, words):
    details = {"kind": "drawdown", "amount": pounds("5")} | given
    with pytest.raises(error, match=words):
        reserves.plan_use(by=the_officer(council), period=period, line=line, **details)
    assert not ReserveUse.objects.exists()


def test_a_reserve_or_line_of_another_council_is_refused(council, line, period):
    south = make_council("south-borough", "South Borough")
    with pytest.raises(WrongCouncilError):
        make_use(line, period, "5", reserve=make_reserve(south))
    with pytest.raises(WrongCouncilError):
        reserves.plan_use(
            by=the_officer(council), period=period, line=make_line(south), kind="drawdown", amount=pounds("5")
        )


def test_a_line_that_does_not_report_has_no_use_and_no_funding(council, period):
    later = make_line(council, "New team", budget="0", opened_in=make_period(council, "2023-24/p8"))
    with pytest.raises(LineNotReportingError):
        make_use(later, period, "5")
    with pytest.raises(LineNotReportingError):
        make_one_off_funding(later, period, "5")
    assert not OneOffFunding.objects.exists()


def test_an_opening_balance_is_set_once_and_is_not_below_nil(council):
    reserve = make_reserve(council, opening="900")

    def set_opening(reserve, amount):
        return reserves.set_reserve_opening(
            by=the_officer(council), reserve=reserve, year=FinancialYear(2023), amount=pounds(amount)
        )

    assert set_opening(reserve, "900").amount == pounds("900")
    with pytest.raises(AlreadyDoneError, match="never changes"):
        set_opening(reserve, "901")
    with pytest.raises(InvalidEntryError, match="below nil"):
        set_opening(make_reserve(council, "Winter"), "-1")
    unusable = make_reserve(council, "DSG adjustment account", kind=ReserveKind.UNUSABLE)
    assert set_opening(unusable, "-1").amount == pounds("-1")


# --- What a reserve may meet ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fund", "allowed"),
    [
        (ReserveKind.GENERAL, Fund.GENERAL_FUND, True),
        (ReserveKind.EARMARKED, Fund.GENERAL_FUND, True),
        (ReserveKind.RING_FENCED, Fund.GENERAL_FUND, False),
        (ReserveKind.UNUSABLE, Fund.GENERAL_FUND, False),
        (ReserveKind.GENERAL, Fund.DSG_HIGH_NEEDS, False),
        (ReserveKind.EARMARKED, Fund.DSG, False),
        (ReserveKind.RING_FENCED, Fund.DSG_SCHOOLS, True),
        (ReserveKind.UNUSABLE, Fund.DSG_HIGH_NEEDS, True),
        (ReserveKind.RING_FENCED, Fund.RING_FENCED_GRANT, True),
        (ReserveKind.UNUSABLE, Fund.RING_FENCED_GRANT, False),
    ],
)
def test_a_reserve_meets_what_its_kind_allows(council, period, kind, fund, allowed):
    reserve = make_reserve(council, kind=kind, opening="900")
    line = make_line(council, "Top-ups", budget="5", fund=fund)
    if allowed:
        assert make_use(line, period, "5", reserve=reserve).state == "approved"
        return
    with pytest.raises(WrongReserveError, match="may not meet an overspend of Top-ups"):
        make_use(line, period, "5", reserve=reserve, state="planned")
    use = make_use(line, period, "5", state="requested")
    with pytest.raises(WrongReserveError):
        reserves.change_use(by=the_officer(council), use=use, expected_version=use.version, reserve=reserve)


def test_a_contribution_to_a_ring_fenced_reserve_is_allowed(council, line, period):
    reserve = make_reserve(council, kind=ReserveKind.RING_FENCED)
    assert make_use(line, period, "5", kind="contribution", reserve=reserve).state == "approved"


# --- Never below nil --------------------------------------------------------------------------------------------------


def test_an_approval_that_would_overdraw_the_reserve_is_refused_and_not_made(council, line, period):
    reserve = make_reserve(council, opening="100")
    make_use(line, period, "60", reserve=reserve)
    use = make_use(line, period, "40.01", reserve=reserve, state="requested")
    with pytest.raises(BrokenRuleError, match=r"would close at −£0\.01") as refusal:
        reserves.approve_use(by=the_head(council), use=use, decision_reference="Cabinet")
    assert refusal.value.rule.closing == pounds("-0.01")
    use.refresh_from_db()
    assert use.state == "requested"
    make_use(line, period, "40", reserve=reserve)  # to the penny it may be emptied


def test_contributions_and_transfers_count_towards_what_may_be_drawn(council, line, period):
    reserve, other = make_reserve(council, opening="100"), make_reserve(council, "Winter", opening="30")
    contribution = make_use(line, period, "20", reserve=reserve, kind="contribution")
    transfer(council, period, other, reserve, "30")
    make_use(line, period, "150", reserve=reserve)
    with pytest.raises(BrokenRuleError, match="would close at"):
        transfer(council, period, reserve, other, "0.01")
    with pytest.raises(BrokenRuleError):  # the money it brought has been drawn
        reserves.refuse_use(by=the_head(council), use=contribution, reason="Not afforded")
    with pytest.raises(BrokenRuleError):
        reserves.change_use(
            by=the_officer(council),
            use=contribution,
            expected_version=contribution.version,
            amount=pounds("1"),
        )


def test_a_reserve_of_unknown_opening_is_not_called_overdrawn(council, line, period):
    assert make_use(line, period, "5000000", reserve=make_reserve(council)).state == "approved"


def test_an_unusable_reserve_may_be_below_nil(council, period):
    reserve = make_reserve(council, "DSG adjustment account", kind=ReserveKind.UNUSABLE, opening="-20")
    needs = make_line(council, "Top-ups", budget="5", fund=Fund.DSG_HIGH_NEEDS)
    assert make_use(needs, period, "5", reserve=reserve).state == "approved"


def transfer(council, period, from_reserve, to_reserve, amount):
    return reserves.transfer_between_reserves(
        by=the_head(council),
        period=period,
        from_reserve=from_reserve,
        to_reserve=to_reserve,
        amount=pounds(amount),
        decision_reference="Cabinet",
    )


def test_a_transfer_is_between_two_reserves_whose_money_may_mix(council, period):
    reserve = make_reserve(council, opening="100")
    general = make_reserve(council, "General reserve", kind=ReserveKind.GENERAL, opening="5")
    ring_fenced = make_reserve(council, "Grant held", kind=ReserveKind.RING_FENCED, opening="5")
    transfer(council, period, reserve, general, "10")
    with pytest.raises(InvalidEntryError, match="another reserve"):
        transfer(council, period, reserve, reserve, "10")
    for one, other in ((ring_fenced, reserve), (reserve, ring_fenced)):
        with pytest.raises(InvalidEntryError, match="cannot be mixed"):
            transfer(council, period, one, other, "5")
    assert ReserveTransfer.objects.count() == 1


def test_a_transfer_counts_in_later_months_as_well(council, line, period):
    reserve, other = make_reserve(council, opening="100"), make_reserve(council, "Winter", opening="0")
    november = make_period(council, "2023-24/p8")
    make_use(line, november, "95", reserve=reserve)
    with pytest.raises(BrokenRuleError, match="would close at"):
        transfer(council, period, reserve, other, "10")
    transfer(council, period, reserve, other, "5")
    make_approved(november)
    with pytest.raises(PeriodClosedError, match="Month 8"):
        transfer(council, period, other, reserve, "1")


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_that_would_overdraw_together_one_is_refused():
    council = make_council()
    line, period = make_line(council, budget="1000"), make_period(council)
    reserve = make_reserve(council, opening="100")
    uses = [make_use(line, period, "60", reserve=reserve, state="requested") for _ in range(4)]
    head, start, told = the_head(council), Barrier(4), []

    def approve(use):
        start.wait()
        try:
            reserves.approve_use(by=head, use=use, decision_reference="Cabinet")
            told.append("approved")
        except BrokenRuleError:
            told.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=approve, args=(use,)) for use in uses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["approved", "refused", "refused", "refused"]


# --- The DSG's accounts, and risks ------------------------------------------------------------------------------------


def set_account(council, period, **figures):
    return dsg.set_dsg_account(
        by=the_officer(council), period=period, **{"fund": Fund.DSG, "name": "Whole DSG", **figures}
    )


def test_a_dsg_account_is_set_against_the_version_seen(council, period):
    set_account(council, period, opening=pounds("10"))
    assert set_account(council, period, opening=pounds("10")).version == 1  # the same again has no effect
    with pytest.raises(StaleVersionError):
        set_account(council, period, opening=pounds("11"))
    account = set_account(council, period, opening=pounds("11"), in_year=pounds("4"), expected_version=1)
    assert (account.version, account.balance.closing) == (2, pounds("15"))


def test_a_dsg_account_is_of_the_dsg(council, period):
    with pytest.raises(InvalidEntryError, match="General Fund is not part"):
        set_account(council, period, fund=Fund.GENERAL_FUND)


def test_a_risk_is_changed_and_withdrawn_against_the_version_seen(council, line, period):
    officer = the_officer(council)
    risk = risks.record_risk(by=officer, period=period, kind="risk", title="A tribunal", line=line)
    assert (risk.amount, risk.likelihood) == (None, None)
    changed = risks.change_risk(by=officer, risk=risk, expected_version=1, amount=pounds("9"), likelihood=50)
    assert (changed.version, changed.title) == (2, "A tribunal")
    assert risks.change_risk(by=officer, risk=risk, expected_version=2, likelihood=50).version == 2
    for stale in (
        lambda: risks.change_risk(by=officer, risk=risk, expected_version=1, likelihood=60),
        lambda: risks.withdraw_risk(by=officer, risk=risk, expected_version=1, reason="It passed"),
    ):
        with pytest.raises(StaleVersionError):
            stale()
    risks.withdraw_risk(by=officer, risk=risk, expected_version=2, reason="It passed")
    with pytest.raises(StaleVersionError):
        risks.change_risk(by=officer, risk=risk, expected_version=2, likelihood=60)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"amount": pounds("-1")}, "without a sign"),
        ({"likelihood": 101}, "from 0 to 100"),
        ({"kind": "worry"}, "not one of"),
        ({"title": "a\u202eb"}, r"invisible character \(U\+202E\)"),
        ({"title": ""}, "must not be blank"),
    ],
)
def test_a_risk_that_makes_no_sense_is_refused_by_name(council, period, given, words):
    details = {"kind": "risk", "title": "A tribunal"} | given
    with pytest.raises(InvalidEntryError, match=words):
        risks.record_risk(by=the_officer(council), period=period, **details)
