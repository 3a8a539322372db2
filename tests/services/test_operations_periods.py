"""A period's way from open to published, by two people, and back with a reason."""

import pytest
from django.db import connection

from accounting.funds import Fund
from accounting.periods import Period
from services.models import (
    AuditEntry,
    DirectorateSubmission,
    DsgAccount,
    Forecast,
    MonitoringPeriod,
    OneOffFunding,
    PublishedVariance,
    ReserveUse,
    RiskOrOpportunity,
    ServiceLine,
    VarianceReason,
)
from services.operations import councils, dsg, periods, reserves, risks
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    NotAllowedError,
    Refused,
    SelfApprovalError,
    UnexplainedVarianceError,
)
from services.roles import Role
from tests.services.factories import (
    explain,
    make_approved,
    make_council,
    make_directorate,
    make_division,
    make_forecast,
    make_line,
    make_member_of,
    make_one_off_funding,
    make_period,
    make_published,
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


def variance(line, amount="1"):
    directorate_id = line.division.directorate_id
    return periods.LineVariance(line.pk, line.division_id, directorate_id, Fund(line.fund), pounds(amount))


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_opening_a_period_again_changes_nothing(council, line, period):
    entries = AuditEntry.objects.count()
    again = periods.open_period(
        by=the_officer(council),
        council=council,
        period=period.period,
        title_as_printed="Another title",
        carry_forward=True,
    )
    assert (again, again.title_as_printed) == (period, "")
    assert (MonitoringPeriod.objects.count(), AuditEntry.objects.count()) == (1, entries)


def test_a_paper_that_names_the_wrong_year_keeps_its_title(council):
    period = make_period(council, title_as_printed="2022/23 (month 7, October 2023)")
    assert period.title_as_printed == "2022/23 (month 7, October 2023)"
    assert str(period) == "Month 7, October 2023"


def test_every_directorate_starts_as_not_started(council, line, period):
    make_directorate(council, "Education")
    later = make_period(council, "2023-24/p8")
    states = DirectorateSubmission.objects.values_list("period", "directorate__name", "state")
    assert set(states) == {
        (period.pk, "Children and Families", "not_started"),
        (later.pk, "Children and Families", "not_started"),
        (later.pk, "Education", "not_started"),
    }


def carried(council):
    return make_period(council, "2023-24/p9", carry_forward=True)


def test_a_period_starts_with_a_copy_of_the_last_one_opened(council, line, period):
    make_forecast(line, period, "1100", actual_to_date="500", commitments="3", best_case="1000")
    reserve = make_reserve(council, opening="900")
    use = make_use(line, period, "60", reserve=reserve)
    make_one_off_funding(line, period, "7")
    explain(line, period)
    dsg.set_dsg_account(
        by=the_officer(council), period=period, fund=Fund.DSG, name="DSG", opening=pounds("1")
    )
    risks.record_risk(by=the_officer(council), period=period, kind="risk", title="A tribunal")
    december = carried(council)
    forecast = Forecast.objects.get(period=december)
    assert (forecast.forecast_outturn, forecast.best_case) == (pounds("1100"), pounds("1000"))
    assert (forecast.actual_to_date, forecast.commitments, forecast.is_carried_forward) == (None, None, True)
    copy = ReserveUse.objects.get(period=december)
    assert (copy.amount, copy.state, copy.decided_by, copy.carried_from) == (
        pounds("60"),
        "approved",
        the_head(council),
        use,
    )
    assert OneOffFunding.objects.get(period=december).state == "approved"
    assert DsgAccount.objects.get(period=december).opening == pounds("1")
    assert RiskOrOpportunity.objects.get(period=december).title == "A tribunal"
    assert not VarianceReason.objects.filter(period=december).exists()  # given afresh each period


def test_what_was_refused_or_belongs_to_a_closed_line_is_left_behind(council, line, period):
    other = make_line(council, "Early help", budget="5")
    make_forecast(line, period, "1000")
    make_forecast(other, period, "5")
    use = make_use(other, period, "60", state="requested")
    reserves.refuse_use(by=the_head(council), use=use, reason="No need")
    november = make_period(council, "2023-24/p8", carry_forward=True)
    councils.restructure_line(
        by=the_officer(council), line=line, successor=other, from_period=november, reason="Merged"
    )
    december = carried(council)
    assert [one.service_line for one in Forecast.objects.filter(period=december)] == [other]
    assert not ReserveUse.objects.filter(period__in=[november, december]).exists()


def test_a_year_starts_without_last_years_figures(council, line):
    march = make_period(council, "2022-23/p12")
    make_forecast(line, march, "1100")
    april = make_period(council, "2023-24/p1", carry_forward=True)
    assert not Forecast.objects.filter(period=april).exists()


def test_a_forecast_that_nobody_made_is_not_carried_forward(council, line, period):
    make_forecast(line, period, None, actual_to_date="5")
    assert not Forecast.objects.filter(period=carried(council)).exists()


@pytest.mark.parametrize("lines", [1, 300])
def test_carrying_forward_takes_the_same_queries_however_many_lines(
    council, period, django_assert_num_queries, lines
):
    division, officer = make_division(council), the_officer(council)
    shared = {"council": council, "period": period}
    made = ServiceLine.objects.bulk_create(
        ServiceLine(council=council, division=division, name=f"Line {number}") for number in range(lines)
    )
    Forecast.objects.bulk_create(
        Forecast(service_line=one, forecast_outturn=pounds("1"), **shared) for one in made
    )
    ReserveUse.objects.bulk_create(
        ReserveUse(service_line=one, kind="drawdown", amount=pounds("1"), **shared) for one in made
    )
    postgres = 1 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(22 + postgres):  # three of them ask whether savings have anything to copy
        periods.open_period(
            by=officer, council=council, period=Period.parse("2023-24/p8"), carry_forward=True
        )
    assert Forecast.objects.filter(is_carried_forward=True).count() == lines


# --- Submitting, returning, approving ---------------------------------------------------------------------------------


def test_a_material_variance_without_a_reason_may_be_saved_and_not_submitted(council, line, period):
    """F09: it can be kept as a draft and not handed in."""
    make_forecast(line, period, "1100")
    directorate = line.division.directorate
    submissions = (
        lambda: periods.submit_directorate(by=the_officer(council), period=period, directorate=directorate),
        lambda: periods.submit_period(by=the_officer(council), period=period),
    )
    for submit in submissions:
        with pytest.raises(UnexplainedVarianceError, match="Corporate parenting") as refusal:
            submit()
        assert refusal.value.lines == ("Corporate parenting",)
    explain(line, period)
    for submit in submissions:
        submit()


def test_a_period_is_not_submitted_twice_and_not_approved_before(council, line, period):
    with pytest.raises(Refused, match="has not been submitted yet"):
        periods.approve_period(by=the_head(council), period=period)
    periods.submit_period(by=the_officer(council), period=period)
    with pytest.raises(AlreadyDoneError, match="already been submitted"):
        periods.submit_period(by=the_officer(council), period=period)
    periods.approve_period(by=the_head(council), period=period)
    with pytest.raises(AlreadyDoneError, match="already been approved"):
        periods.approve_period(by=the_head(council), period=period)


def test_nobody_approves_the_period_that_they_submitted(council, line, period):
    """F13: who submitted does not approve."""
    head = the_head(council)
    periods.submit_period(by=head, period=period)
    with pytest.raises(SelfApprovalError, match="another person"):
        periods.approve_period(by=head, period=period)
    deputy = make_member_of(council, Role.HEAD_OF_FINANCE, username="deputy")
    assert periods.approve_period(by=deputy, period=period).state == "approved"


def test_submitting_a_period_submits_every_directorate(council, line, period):
    make_directorate(council, "Education")
    periods.submit_period(by=the_officer(council), period=period)
    assert set(DirectorateSubmission.objects.values_list("directorate__name", "state")) == {
        ("Children and Families", "submitted"),
        ("Education", "submitted"),
    }
    periods.approve_period(by=the_head(council), period=period)
    assert set(DirectorateSubmission.objects.values_list("state", flat=True)) == {"approved"}


def test_a_returned_directorate_must_submit_again_before_the_period_is_submitted(council, line, period):
    officer, directorate = the_officer(council), line.division.directorate
    periods.submit_directorate(by=officer, period=period, directorate=directorate)
    with pytest.raises(AlreadyDoneError):
        periods.submit_directorate(by=officer, period=period, directorate=directorate)
    periods.submit_period(by=officer, period=period)
    returned = periods.return_directorate(
        by=officer, period=period, directorate=directorate, note="Check agency"
    )
    assert (returned.state, returned.note) == ("returned", "Check agency")
    assert MonitoringPeriod.objects.get().state == "open"
    with pytest.raises(periods.ReturnedError, match="Children and Families"):
        periods.submit_period(by=officer, period=period)
    periods.submit_directorate(by=officer, period=period, directorate=directorate)
    periods.submit_period(by=officer, period=period)


def test_what_was_not_submitted_cannot_be_returned(council, line, period):
    officer, directorate = the_officer(council), line.division.directorate
    with pytest.raises(AlreadyDoneError, match="nothing to return"):
        periods.return_directorate(by=officer, period=period, directorate=directorate, note="x")
    make_approved(period)
    with pytest.raises(Refused, match="is approved"):
        periods.return_directorate(by=officer, period=period, directorate=directorate, note="x")


@pytest.mark.parametrize("words", ["", "  \n "])
def test_a_return_and_a_reopening_need_words(council, line, period, words):
    officer, directorate = the_officer(council), line.division.directorate
    periods.submit_directorate(by=officer, period=period, directorate=directorate)
    with pytest.raises(InvalidEntryError, match="Note: must not be blank"):
        periods.return_directorate(by=officer, period=period, directorate=directorate, note=words)
    with pytest.raises(InvalidEntryError, match="Reason: must not be blank"):
        periods.reopen_period(by=the_head(council), period=period, reason=words)


def test_a_budget_holder_submits_their_own_directorate_only(council, line, period):
    education = make_directorate(council, "Education")
    holder = make_member_of(council, Role.BUDGET_HOLDER, directorate=line.division.directorate)
    periods.submit_directorate(by=holder, period=period, directorate=line.division.directorate)
    with pytest.raises(NotAllowedError):
        periods.submit_directorate(by=holder, period=period, directorate=education)


# --- Publishing and reopening -----------------------------------------------------------------------------------------


def publish(period, line, by=None, approved_by=None):
    return periods.record_publication(
        by=by or the_officer(period.council),
        approved_by=approved_by or the_head(period.council),
        period=period,
        variances=[variance(line)],
    )


def test_what_is_published_is_noted_line_by_line(council, line, period):
    make_approved(period)
    assert publish(period, line) == 1
    row = PublishedVariance.objects.get()
    assert (row.service_line, row.variance_after_reserves, row.publication_version) == (line, pounds("1"), 1)
    entry = AuditEntry.objects.get(action="publish period")
    assert (entry.by, entry.after["proposed_by"]) == ("Head of finance", "Finance officer")


def test_the_second_to_press_publish_is_told_so(council, line, period):
    make_approved(period)
    publish(period, line)
    with pytest.raises(AlreadyDoneError, match="already been published, as version 1"):
        publish(period, line)
    assert PublishedVariance.objects.count() == 1


def test_one_person_does_not_publish_alone(council, line, period):
    """F13: two people publish."""
    make_approved(period)
    with pytest.raises(SelfApprovalError):
        publish(period, line, by=the_head(council), approved_by=the_head(council))
    with pytest.raises(NotAllowedError):
        publish(period, line, by=the_officer(council), approved_by=the_officer(council))


def test_a_period_that_was_not_approved_is_not_published(council, line, period):
    with pytest.raises(periods.NotReadyError):
        publish(period, line)


def test_a_correction_is_a_new_version_and_the_old_stays(council, line, period):
    make_forecast(line, period, "1010")
    make_published(period)
    with pytest.raises(AlreadyDoneError, match="is open"):
        periods.reopen_period(by=the_head(council), period=make_period(council, "2023-24/p8"), reason="x")
    reopened = periods.reopen_period(
        by=the_head(council), asked_by=the_officer(council), period=period, reason="A wrong accrual"
    )
    assert (reopened.state, reopened.publications) == ("open", 1)
    make_forecast(line, period, "1025")
    assert make_published(period) == 2
    rows = PublishedVariance.objects.order_by("publication_version")
    assert [(row.publication_version, row.variance_after_reserves) for row in rows] == [
        (1, pounds("10")),
        (2, pounds("25")),
    ]
    assert AuditEntry.objects.get(action="reopen period").reason == "A wrong accrual"
