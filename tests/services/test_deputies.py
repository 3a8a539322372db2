"""Deputies (T12, F13): a deputy acts for a holder while it runs, is recorded so, and nobody approves what they or whom they act for prepared."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from services import audit
from services.access import councils_for, grant_for
from services.models import AuditEntry, Council, Delegation, Forecast, RoleAssignment
from services.operations import budgets, deputies, forecasts, periods, reasons, reopening, reserves
from services.operations.imports import File, apply_import, stage_import
from services.operations.refusals import (
    AlreadyDoneError,
    AskerGoneError,
    InvalidEntryError,
    NotAllowedError,
    SelfApprovalError,
)
from services.operations.role_assignments import remove_role
from services.position.context import period_context
from services.roles import Permission, Role
from tests.services.factories import (
    explain,
    make_approved,
    make_council,
    make_directorate,
    make_forecast,
    make_line,
    make_member_of,
    make_period,
    make_user,
    make_virement,
    pounds,
    the_head,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = timedelta(days=1)


@pytest.fixture
def council():
    """A council with an open month, one line and its forecast."""
    made = make_council()
    line = make_line(made, budget="1000")
    make_forecast(line, make_period(made), "1001")
    return made


@pytest.fixture
def line(council):
    return council.service_lines.get()


@pytest.fixture
def period(council):
    return make_period(council)


@pytest.fixture
def holder(council):
    """The budget holder of the only directorate."""
    return make_member_of(council, Role.BUDGET_HOLDER, directorate=make_directorate(council))


@pytest.fixture
def deputy(council):
    """A person who has no role at the council."""
    return make_user("stand-in", post="Service manager")


def role_of(user):
    return RoleAssignment.objects.select_related("council", "user").get(user=user)


def named(user, deputy, *, by=None, starts=None, ends=None, council=None):
    """The deputy of this person's only role, from today to tomorrow unless told otherwise."""
    today = timezone.localdate()
    return deputies.name_deputy(
        by=by or user,
        council=council or Council.objects.get(slug="north-borough"),
        assignment=role_of(user),
        deputy=deputy,
        starts_on=starts or today,
        ends_on=ends or today + DAY,
        reason="On leave",
    )


def save(by, line, period, outturn="1100"):
    held = Forecast.objects.get(service_line=line, period=period)
    edit = forecasts.ForecastEdit(
        line_id=line.pk, expected_version=held.version, forecast_outturn=pounds(outturn)
    )
    return forecasts.save_forecasts(by=by, period=period, edits=[edit])


def last(council):
    return AuditEntry.objects.filter(council_id=council.pk).order_by("sequence").last()


def test_a_deputy_saves_reasons_and_submits_for_the_holder_and_the_trail_says_for_whom(
    council, line, period, holder, deputy
):
    named(holder, deputy)
    save(deputy, line, period)
    assert (last(council).by, last(council).by_id) == ("Service manager for Budget holder", deputy.pk)
    assert last(council).for_ids == [holder.pk]
    reason = forecasts.ReasonEntry(driver="demand", words="More children than planned.")
    reasons.set_reasons(by=deputy, line=line, period=period, reasons=[reason])
    assert last(council).by == "Service manager for Budget holder"
    periods.submit_directorate(by=deputy, period=period, directorate=make_directorate(council))
    assert last(council).by == "Service manager for Budget holder"
    assert list(audit.broken_chains()) == []


def test_before_the_first_day_and_after_the_last_a_deputy_is_refused(
    council, line, period, holder, deputy, monkeypatch
):
    named(holder, deputy, starts=date(2030, 3, 30), ends=date(2030, 3, 31))
    for day, may in (
        (date(2030, 3, 29), False),
        (date(2030, 3, 30), True),
        (date(2030, 3, 31), True),
        (date(2030, 4, 1), False),
    ):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda day=day: day)
        assert (grant_for(deputy, council) is not None) == may, day


def test_a_delegation_that_ran_out_meanwhile_is_refused_in_the_transaction_that_saves(
    council, line, period, holder, deputy, monkeypatch
):
    today = timezone.localdate()
    named(holder, deputy, ends=today)
    grant_read_before = grant_for(deputy, council)
    assert grant_read_before.allows(Permission.ENTER_FORECASTS)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today + DAY)
    before = Forecast.objects.get(service_line=line).forecast_outturn
    with pytest.raises(NotAllowedError, match="You are no longer deputy for Budget holder: that ended with"):
        save(deputy, line, period)
    assert Forecast.objects.get(service_line=line).forecast_outturn == before


def test_a_delegation_that_was_ended_is_refused_with_when(council, line, period, holder, deputy):
    delegation = named(holder, deputy)
    deputies.end_delegation(by=holder, delegation=delegation, reason="Back early")
    with pytest.raises(
        NotAllowedError, match="You are no longer deputy for Budget holder: that was ended on"
    ):
        save(deputy, line, period)
    with pytest.raises(AlreadyDoneError, match="has ended already"):
        deputies.end_delegation(by=holder, delegation=delegation, reason="Again")


def test_the_holder_the_deputy_and_a_head_of_finance_may_end_it_and_nobody_else(council, holder, deputy):
    for by in (holder, deputy, the_head(council)):
        ended = deputies.end_delegation(by=by, delegation=named(holder, deputy), reason="Done")
        assert (ended.ended_by, ended.why_ended) == (by, "Done")
    with pytest.raises(NotAllowedError):
        deputies.end_delegation(by=the_officer(council), delegation=named(holder, deputy), reason="No")


def test_a_head_of_finance_names_a_deputy_for_somebody_else_and_an_officer_does_not(council, holder, deputy):
    named(holder, deputy, by=the_head(council))
    assert last(council).after["deputy"] == "stand-in"
    assert last(council).reason == "On leave"
    with pytest.raises(NotAllowedError, match="or by a head of finance"):
        named(holder, make_user("another"), by=the_officer(council))


def test_a_deputy_passes_nothing_on(council, line, period, holder, deputy):
    """T12: a delegation is of a role that is held; a deputy of a head of finance names no deputies either."""
    head = the_head(council)
    named(head, deputy)
    with pytest.raises(NotAllowedError, match="A deputy names none"):
        named(holder, make_user("third"), by=deputy)
    assert not RoleAssignment.objects.filter(user=deputy).exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends": date(2020, 1, 1)}, "is before the first day"),
        ({"starts": date(2020, 1, 1), "ends": date(2020, 1, 2)}, "has passed"),
        ({"ends": date(2099, 1, 1)}, "more than a year"),
    ],
)
def test_days_that_cannot_be_are_refused(council, holder, deputy, change, says):
    with pytest.raises(InvalidEntryError, match=says):
        named(holder, deputy, **change)


def test_people_who_cannot_be_deputies_are_refused(council, holder, deputy):
    head = the_head(council)
    gone = make_user("gone")
    gone.is_active = False
    gone.save()
    for person, by, says in (
        (holder, head, "the person themselves"),
        (head, head, "is you"),
        (gone, head, "can no longer sign in"),
    ):
        with pytest.raises(InvalidEntryError, match=says):
            named(holder, person, by=by)
    whole = make_member_of(council, Role.BUDGET_HOLDER, username="whole")
    with pytest.raises(AlreadyDoneError, match="acts in their own name"):
        named(holder, whole)
    named(holder, deputy)
    with pytest.raises(AlreadyDoneError, match="already deputy"):
        named(holder, deputy)
    with pytest.raises(InvalidEntryError, match="not one with deputies"):
        named(make_member_of(council, Role.AUDITOR), deputy, by=head)


def test_a_deputy_reaches_what_the_holder_reaches_and_no_further(council, line, period, holder, deputy):
    other = make_line(council, "Schools", division="Inclusion", directorate="Education")
    make_forecast(other, period, "1")
    named(holder, deputy)
    save(deputy, line, period)
    with pytest.raises(NotAllowedError):
        save(deputy, other, period)
    assert [one.slug for one in councils_for(deputy)] == ["north-borough"]
    neighbour = make_council("south-borough", "South Borough")
    assert grant_for(deputy, neighbour) is None


def test_a_person_with_a_role_of_their_own_acts_in_their_own_name(council, line, period, holder):
    officer = the_officer(council)
    named(holder, officer)
    save(officer, line, period)
    assert (last(council).by, last(council).for_ids) == ("Finance officer", None)


def test_the_capacity_of_one_step_is_not_carried_into_the_next(council, line, period, holder):
    """A finance officer who is deputy for the head approves for the head, and then saves in their own name."""
    head, officer = the_head(council), the_officer(council)
    second = make_member_of(council, Role.FINANCE_OFFICER, username="second-officer")
    other = make_line(council, "Fostering", budget="500")
    virement = budgets.request_virement(
        by=officer,
        council=council,
        effective=period,
        legs=[(line, pounds("10")), (other, pounds("-10"))],
        reason="Posts moved",
    )
    named(head, second)
    budgets.approve_virement(by=second, virement=virement)
    assert last(council).by == "Finance officer for Head of finance"
    save(second, line, period)
    assert last(council).by == "Finance officer"


def test_f13_nobody_approves_as_deputy_what_they_prepared(council, line, period):
    head, officer = the_head(council), the_officer(council)
    other = make_line(council, "Fostering", budget="500")
    virement = make_virement(period, (line, "10"), (other, "-10"), posted=False)  # by the officer
    named(head, officer)
    with pytest.raises(SelfApprovalError):
        budgets.approve_virement(by=officer, virement=virement)


def test_f13_nobody_approves_as_deputy_what_the_person_they_act_for_prepared(council, line, period, deputy):
    head = the_head(council)
    other = make_line(council, "Fostering", budget="500")
    legs = [(line, pounds("10")), (other, pounds("-10"))]
    virement = budgets.request_virement(
        by=head, council=council, effective=period, legs=legs, reason="Posts moved"
    )
    named(head, deputy)
    with pytest.raises(SelfApprovalError):
        budgets.approve_virement(by=deputy, virement=virement)


def test_f13_nobody_approves_what_their_deputy_prepared_for_them(council, line, period, deputy):
    head = the_head(council)
    named(head, deputy)
    other = make_line(council, "Fostering", budget="500")
    legs = [(line, pounds("10")), (other, pounds("-10"))]
    virement = budgets.request_virement(
        by=deputy, council=council, effective=period, legs=legs, reason="Posts moved"
    )
    with pytest.raises(SelfApprovalError):
        budgets.approve_virement(by=head, virement=virement)
    another = make_member_of(council, Role.HEAD_OF_FINANCE, username="another-head")
    assert budgets.approve_virement(by=another, virement=virement).decided_by == another


def test_f13_uses_of_reserves_and_funding_see_through_a_deputy(council, line, period, deputy):
    head = the_head(council)
    named(head, deputy)
    use = reserves.plan_use(by=head, period=period, line=line, kind="drawdown", amount=pounds("5"))
    use = reserves.request_use(by=head, use=use)
    funding = reserves.add_one_off_funding(
        by=deputy, period=period, line=line, amount=pounds("5"), source="grant"
    )
    change = budgets.request_funding_change(
        by=head, line=line, effective=period, type="corporate", amount=pounds("5"), reason="Pay"
    )
    for approve in (
        lambda: reserves.approve_use(by=deputy, use=use, decision_reference="Cabinet"),
        lambda: reserves.approve_one_off_funding(by=head, funding=funding),
        lambda: budgets.approve_funding_change(by=deputy, change=change),
    ):
        with pytest.raises(SelfApprovalError):
            approve()


def test_f13_a_period_and_its_reopening_see_through_a_deputy(council, line, period, deputy):
    head = the_head(council)
    named(head, deputy)
    explain(line, period)
    periods.submit_period(by=deputy, period=period)
    with pytest.raises(SelfApprovalError):
        periods.approve_period(by=head, period=period)
    periods.approve_period(
        by=make_member_of(council, Role.HEAD_OF_FINANCE, username="another-head"), period=period
    )
    asked = reopening.ask_to_reopen(by=deputy, period=period, reason="A wrong accrual")
    with pytest.raises(SelfApprovalError):
        reopening.agree_to_reopen(by=head, request=asked)
    reopening.agree_to_reopen(by=the_officer(council), request=asked)
    assert last(council).after["asked_by"] == "Service manager for Head of finance"


def test_what_a_deputy_asked_is_asked_again_once_their_time_has_ended(council, line, period, deputy):
    head = the_head(council)
    delegation = named(head, deputy)
    asked = reopening.ask_to_reopen(by=deputy, period=make_approved(period), reason="A wrong accrual")
    deputies.end_delegation(by=head, delegation=delegation, reason="Back")
    another = make_member_of(council, Role.HEAD_OF_FINANCE, username="another-head")
    with pytest.raises(AskerGoneError, match="Service manager asked for"):
        reopening.agree_to_reopen(by=another, request=asked)


def test_when_the_role_goes_nobody_acts_in_it(council, line, period, holder, deputy):
    delegation = named(holder, deputy)
    administrator = make_member_of(council, Role.ADMINISTRATOR)
    remove_role(by=administrator, assignment=role_of(holder), reason="New post")
    delegation.refresh_from_db()
    assert (delegation.assignment, delegation.why_ended) == (None, "New post")
    with pytest.raises(NotAllowedError, match="no longer deputy"):
        save(deputy, line, period)


def test_nobody_acts_for_a_holder_who_may_not_sign_in(council, line, period, holder, deputy):
    named(holder, deputy)
    holder.is_active = False
    holder.save()
    with pytest.raises(NotAllowedError):
        save(deputy, line, period)


def test_one_query_says_what_a_person_may_do_with_their_deputies(
    council, holder, deputy, django_assert_num_queries
):
    named(holder, deputy)
    with django_assert_num_queries(1):
        grant = grant_for(deputy, council)
    assert grant.role_names == "deputy for Budget holder"


def test_an_entry_that_no_longer_says_for_whom_is_found(council, line, period, holder, deputy):
    from django.db import connection

    from services import triggers

    named(holder, deputy)
    save(deputy, line, period)
    triggers.remove(connection, triggers.working_triggers())
    AuditEntry.objects.filter(pk=last(council).pk).update(for_ids=None)
    triggers.install(connection, triggers.working_triggers())
    assert [one.problem for one in audit.broken_chains()] == ["what it says is not what was written"]


def test_the_last_day_is_needed_by_the_database_too(council, holder, deputy):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=named(holder, deputy).pk).update(ends_on=date(2000, 1, 1))


def test_a_deputy_for_a_role_at_every_council_acts_at_the_one_that_was_said(council, line, period, deputy):
    everywhere = make_member_of(None, Role.FINANCE_OFFICER, username="everywhere")
    south = make_council("south-borough", "South Borough")
    named(everywhere, deputy)
    save(deputy, line, period)
    assert last(council).by == "Service manager for Finance officer"
    assert grant_for(deputy, south) is None
    assert [one.slug for one in councils_for(deputy)] == ["north-borough"]


def test_a_decision_of_a_deputy_is_listed_with_for_whom_on_the_pages_and_in_what_is_published(
    council, line, period, deputy
):
    head, officer = the_head(council), the_officer(council)
    named(head, deputy)
    other = make_line(council, "Fostering", budget="500")
    virement = make_virement(period, (line, "10"), (other, "-10"), posted=False)
    budgets.approve_virement(by=deputy, virement=virement)
    use = reserves.plan_use(by=officer, period=period, line=line, kind="drawdown", amount=pounds("5"))
    use = reserves.request_use(by=officer, use=use)
    reserves.approve_use(by=deputy, use=use, decision_reference="Cabinet")
    for row in (council.virements.get(), line.reserve_uses.get()):
        assert row.decider == "Service manager for Head of finance"
    listed = period_context(council, period).virements
    assert [entry.decided_by for entry in listed] == ["Service manager for Head of finance"]
    budgets.post_virement(by=officer, virement=virement)
    asked = budgets.request_virement(
        by=deputy,
        council=council,
        effective=period,
        legs=[(line, pounds("1")), (other, pounds("-1"))],
        reason="Posts moved",
    )
    assert asked.requester == "Service manager for Head of finance"


def test_an_import_by_a_deputy_is_recorded_for_the_holder_though_the_lines_are_the_deputys_own_to_enter(
    council, line, period, holder
):
    named(the_officer(council), holder, by=the_head(council))
    content = b"Service,Revised budget,Forecast outturn\nCorporate parenting,1000,1002\n"
    batch = stage_import(
        by=holder, council=council, period=period, file=File(name="return.csv", content=content)
    )
    assert last(council).by == "Budget holder for Finance officer"
    apply_import(by=holder, batch=batch)
    assert (last(council).action, last(council).by) == ("apply import", "Budget holder for Finance officer")
    lines = AuditEntry.objects.filter(action="import return").values_list("by", flat=True)
    assert set(lines) == {"Budget holder for Finance officer"}
