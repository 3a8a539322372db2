"""Budgets move by balanced virements and funding changes, asked for by one person and approved by another."""

from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection, transaction

from accounting.funds import Fund
from accounting.periods import FinancialYear
from services import audit
from services.models import AuditEntry, OriginalBudget, ReportedBudget, ServiceLine, Virement, VirementRule
from services.operations import budgets, councils
from services.operations.councils import VirementApproval
from services.operations.refusals import (
    AlreadyDoneError,
    AlreadyReportedError,
    BrokenRuleError,
    InvalidEntryError,
    InvalidFigureError,
    LineNotReportingError,
    NotAllowedError,
    PeriodClosedError,
    SelfApprovalError,
    WrongCouncilError,
)
from services.roles import Role
from tests.services.factories import (
    make_approved,
    make_council,
    make_division,
    make_funding_change,
    make_line,
    make_member_of,
    make_period,
    make_virement,
    pounds,
    the_head,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
Boundary = VirementRule.Boundary


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def line(council):
    return make_line(council, budget="1000")


@pytest.fixture
def other(council):
    return make_line(council, "Early help", budget="500")


@pytest.fixture
def period(council):
    return make_period(council)


# --- Original and reported budgets ------------------------------------------------------------------------------------


def set_original(council, amounts, year=2023):
    return budgets.set_original_budgets(
        by=the_officer(council), council=council, year=FinancialYear(year), amounts=amounts
    )


def test_an_original_budget_is_set_once(council, line):
    assert set_original(council, {line: pounds("1000")}) == []
    with pytest.raises(AlreadyDoneError, match="never changes"):
        set_original(council, {line: pounds("1000.01")})
    assert len(set_original(council, {line: pounds("1000")}, year=2024)) == 1


def test_one_budget_refused_sets_none(council, line, other):
    new = make_line(council, "Transport")
    with pytest.raises(AlreadyDoneError):
        set_original(council, {new: pounds("5"), line: pounds("7")})
    assert not OriginalBudget.objects.filter(service_line=new).exists()


def test_a_line_gets_no_budget_that_a_closed_period_would_show(council, line, period):
    make_approved(period)
    new = make_line(council, "Transport")
    with pytest.raises(PeriodClosedError):
        set_original(council, {new: pounds("5")})
    later = make_line(council, "New team", opened_in=make_period(council, "2023-24/p8"))
    assert len(set_original(council, {later: pounds("0")})) == 1


def test_a_reported_budget_may_be_printed_anew_until_the_period_closes(council, line, period):
    def report(revised):
        returned = budgets.ReturnedBudget(line=line, revised=pounds(revised))
        return budgets.set_reported_budgets(by=the_officer(council), period=period, budgets=[returned])

    assert len(report("900")) == 1
    assert report("900") == []
    assert len(report("950")) == 1
    row = ReportedBudget.objects.get()
    assert (row.original, row.virements, row.revised) == (None, None, pounds("950"))
    entry = AuditEntry.objects.filter(action="report budget").latest("sequence")
    assert (entry.before["revised"], entry.after["revised"]) == ("900.00", "950.00")


@pytest.mark.parametrize("lines", [1, 300])
def test_budgets_take_the_same_queries_however_many_lines(council, period, django_assert_num_queries, lines):
    division, officer = make_division(council), the_officer(council)
    made = ServiceLine.objects.bulk_create(
        ServiceLine(council=council, division=division, name=f"Line {number}") for number in range(lines)
    )
    postgres = 1 if connection.vendor == "postgresql" else 0
    amounts = {one: pounds("1") for one in made}
    with django_assert_num_queries(9 + 2 * postgres):
        budgets.set_original_budgets(by=officer, council=council, year=FinancialYear(2023), amounts=amounts)
    for revised, queries in (("1", 9), ("2", 9)):
        returned = [budgets.ReturnedBudget(line=one, revised=pounds(revised)) for one in made]
        with django_assert_num_queries(queries + 2 * postgres):
            budgets.set_reported_budgets(by=officer, period=period, budgets=returned)


# --- Virements --------------------------------------------------------------------------------------------------------


def request(effective, *legs, by=None, **details):
    return budgets.request_virement(
        by=by or the_officer(effective.council),
        council=effective.council,
        effective=effective,
        legs=[(line, pounds(amount)) for line, amount in legs],
        **{"reason": "Posts moved", **details},
    )


def test_legs_that_do_not_add_to_nil_are_refused_with_the_difference(line, other, period):
    with pytest.raises(BrokenRuleError, match=r"£0\.01") as refusal:
        request(period, (line, "10.01"), (other, "-10"))
    assert refusal.value.rule.difference == Decimal("0.01")
    assert not Virement.objects.exists()


def test_the_general_fund_and_the_dsg_do_not_mix(council, line, period):
    needs = make_line(council, "Top-ups", budget="5", fund=Fund.DSG_HIGH_NEEDS)
    with pytest.raises(BrokenRuleError, match="cannot be added"):
        request(period, (line, "10"), (needs, "-10"))


def test_many_legs_and_negative_budgets_are_normal(council, line, other, period):
    target = make_line(council, "Savings target", budget="-300")
    virement = make_virement(period, (line, "-200"), (other, "-100"), (target, "300"))
    assert virement.state == "posted"


@pytest.mark.parametrize("legs", [[("line", "0"), ("other", "0")], [("line", "10")], []])
def test_one_leg_or_a_leg_of_nil_is_no_virement(line, other, period, legs):
    lines = {"line": line, "other": other}
    with pytest.raises(BrokenRuleError, match="at least two legs"):
        request(period, *((lines[name], amount) for name, amount in legs))


def test_a_line_has_one_leg(line, other, period):
    with pytest.raises(InvalidEntryError, match="there twice"):
        request(period, (line, "10"), (line, "5"), (other, "-15"))


def test_a_line_of_another_council_has_no_leg(line, period):
    elsewhere = make_line(make_council("south-borough", "South Borough"), budget="5")
    with pytest.raises(WrongCouncilError):
        request(period, (line, "10"), (elsewhere, "-10"))


def test_a_virement_is_numbered_unless_it_has_a_reference(line, other, period):
    legs = (line, "10"), (other, "-10")
    assert [request(period, *legs).reference for _ in range(2)] == ["V2023-001", "V2023-002"]
    assert request(period, *legs, reference="CE/17").reference == "CE/17"
    with pytest.raises(AlreadyDoneError, match="CE/17"):
        request(period, *legs, reference="CE/17")


def test_nobody_approves_their_own_virement(council, line, other, period):
    head = the_head(council)
    virement = request(period, (line, "10"), (other, "-10"), by=head)
    with pytest.raises(SelfApprovalError, match="virement V2023-001"):
        budgets.approve_virement(by=head, virement=virement)


def test_a_virement_is_requested_approved_and_posted_in_that_order_and_once(council, line, other, period):
    officer, head = the_officer(council), the_head(council)
    virement = request(period, (line, "10"), (other, "-10"))
    with pytest.raises(AlreadyDoneError, match="has not been approved yet"):
        budgets.post_virement(by=officer, virement=virement)
    budgets.approve_virement(by=head, virement=virement, note="Agreed")
    with pytest.raises(AlreadyDoneError, match="is approved"):
        budgets.approve_virement(by=head, virement=virement)
    budgets.post_virement(by=officer, virement=virement)
    for again in (
        lambda: budgets.post_virement(by=officer, virement=virement),
        lambda: budgets.reject_virement(by=head, virement=virement, note="Too late"),
    ):
        with pytest.raises(AlreadyDoneError, match="is posted"):
            again()
    virement.refresh_from_db()
    assert (virement.decided_by, virement.decision_note) == (head, "Agreed")


def test_a_rejected_virement_stays_rejected_and_says_why(council, line, other, period):
    virement = request(period, (line, "10"), (other, "-10"))
    rejected = budgets.reject_virement(by=the_head(council), virement=virement, note="No case made")
    assert (rejected.state, rejected.decision_note) == ("rejected", "No case made")
    with pytest.raises(AlreadyDoneError, match="is rejected"):
        budgets.approve_virement(by=the_head(council), virement=virement)


# --- The scheme of virement -------------------------------------------------------------------------------------------


@pytest.fixture
def scheme(council):
    """As B&NES: above £50k, or across directorates, a head of finance; below that a finance officer."""
    officer_decides = {"above_amount": pounds("0"), "approver": Role.FINANCE_OFFICER}
    rules = [
        VirementApproval(boundary=Boundary.BETWEEN_DIRECTORATES, above_amount=pounds("0")),
        VirementApproval(boundary=Boundary.WITHIN_DIVISION, above_amount=pounds("50000")),
        VirementApproval(boundary=Boundary.WITHIN_DIVISION, **officer_decides),
    ]
    councils.set_virement_rules(by=the_head(council), council=council, rules=rules)
    return make_member_of(council, Role.FINANCE_OFFICER, username="second-officer")


@pytest.mark.parametrize(
    ("amount", "directorate", "officer_may"),
    [
        ("50000", "Children and Families", True),
        ("50000.01", "Children and Families", False),
        ("1", "Education", False),
    ],
)
def test_amount_and_boundary_say_who_approves(
    council, line, period, scheme, amount, directorate, officer_may
):
    to = make_line(council, "Beside", budget="5", division="Another division", directorate=directorate)
    virement = request(period, (line, f"-{amount}"), (to, amount))
    if officer_may:
        assert budgets.approve_virement(by=scheme, virement=virement).state == "approved"
        return
    with pytest.raises(NotAllowedError, match="decided by a head of finance"):
        budgets.approve_virement(by=scheme, virement=virement)
    assert budgets.approve_virement(by=the_head(council), virement=virement).state == "approved"


def test_a_head_of_one_directorate_does_not_decide_for_two(council, line, period):
    elsewhere = make_line(council, "Transport", budget="5", division="Inclusion", directorate="Education")
    virement = request(period, (line, "-10"), (elsewhere, "10"))
    head = make_member_of(council, Role.HEAD_OF_FINANCE, directorate=line.division.directorate)
    with pytest.raises(NotAllowedError, match="every directorate"):
        budgets.approve_virement(by=head, virement=virement)


def test_without_a_scheme_a_head_of_finance_decides(council, line, other, period):
    councils.set_virement_rules(by=the_head(council), council=council, rules=[])
    virement = request(period, (line, "10"), (other, "-10"))
    second = make_member_of(council, Role.FINANCE_OFFICER, username="second-officer")
    with pytest.raises(NotAllowedError):
        budgets.approve_virement(by=second, virement=virement)
    budgets.approve_virement(by=the_head(council), virement=virement)


# --- When a movement takes effect -------------------------------------------------------------------------------------


@pytest.mark.parametrize("effective", ["2023-24/p6", "2023-24/p7"])
def test_a_movement_that_a_return_already_includes_is_refused(council, line, other, period, effective):
    returned = budgets.ReturnedBudget(line=line, revised=pounds("900"))
    budgets.set_reported_budgets(by=the_officer(council), period=period, budgets=[returned])
    then = make_period(council, effective)
    with pytest.raises(AlreadyReportedError, match="Corporate parenting"):
        request(then, (line, "10"), (other, "-10"))
    with pytest.raises(AlreadyReportedError):
        make_funding_change(line, then, "5")
    make_virement(make_period(council, "2023-24/p8"), (line, "10"), (other, "-10"))


def test_a_return_read_between_request_and_posting_stops_the_posting(council, line, other, period):
    virement = make_virement(period, (line, "10"), (other, "-10"), posted=False)
    budgets.approve_virement(by=the_head(council), virement=virement)
    returned = budgets.ReturnedBudget(line=line, revised=pounds("900"))
    budgets.set_reported_budgets(by=the_officer(council), period=period, budgets=[returned])
    with pytest.raises(AlreadyReportedError):
        budgets.post_virement(by=the_officer(council), virement=virement)


def test_a_movement_does_not_reach_behind_a_closed_period(council, line, other):
    june, july = make_period(council, "2023-24/p3"), make_period(council, "2023-24/p4")
    waiting = make_virement(june, (line, "10"), (other, "-10"), posted=False)
    make_approved(july)
    with pytest.raises(PeriodClosedError, match="Month 4, July 2023 is approved"):
        request(june, (line, "10"), (other, "-10"))
    with pytest.raises(PeriodClosedError):
        request(july, (line, "10"), (other, "-10"))
    with pytest.raises(PeriodClosedError):
        budgets.approve_virement(by=the_head(council), virement=waiting)
    with pytest.raises(PeriodClosedError):
        make_funding_change(line, june, "5")


def test_a_line_that_opens_later_holds_no_budget_to_move(council, line, period):
    later = make_line(council, "New team", budget="0", opened_in=make_period(council, "2023-24/p8"))
    with pytest.raises(LineNotReportingError, match="New team"):
        request(period, (line, "-10"), (later, "10"))


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_period_that_closes_meanwhile_takes_no_virement():
    council = make_council()
    line, other = make_line(council, budget="1000"), make_line(council, "Early help", budget="500")
    period, told = make_period(council), []
    virement = make_virement(period, (line, "10"), (other, "-10"), posted=False)
    virement = budgets.approve_virement(by=the_head(council), virement=virement)

    def post():
        try:
            budgets.post_virement(by=the_officer(council), virement=virement)
        except PeriodClosedError:
            told.append("closed")
        finally:
            connection.close()

    poster = Thread(target=post)
    with transaction.atomic():
        audit.hold(council.pk)  # as a publication does before it reads the figures
        poster.start()
        poster.join(timeout=0.5)
        assert poster.is_alive()
        make_approved(period)
    poster.join()
    assert told == ["closed"]


# --- Funding changes --------------------------------------------------------------------------------------------------


def test_nobody_approves_their_own_funding_change_and_it_is_decided_once(council, line, period):
    head = the_head(council)
    change = budgets.request_funding_change(
        by=head, line=line, effective=period, type="grant", amount=pounds("25"), reason="New grant"
    )
    with pytest.raises(SelfApprovalError):
        budgets.approve_funding_change(by=head, change=change)
    deputy = make_member_of(council, Role.HEAD_OF_FINANCE, username="deputy")
    budgets.approve_funding_change(by=deputy, change=change)
    with pytest.raises(AlreadyDoneError, match="already been approved"):
        budgets.reject_funding_change(by=deputy, change=change, note="x")


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"amount": Decimal("0")}, InvalidFigureError, "must not be nil"),
        ({"type": "gift"}, InvalidEntryError, "not one of"),
        ({"reason": " "}, InvalidEntryError, "must not be blank"),
    ],
)
def test_a_funding_change_says_how_much_of_what_and_why(council, line, period, given, error, words):
    details = {"type": "grant", "amount": pounds("5"), "reason": "New grant"} | given
    with pytest.raises(error, match=words):
        budgets.request_funding_change(by=the_officer(council), line=line, effective=period, **details)
