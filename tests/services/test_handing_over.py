"""A person leaves (T11): what they had in hand becomes a colleague's in one step, the trail keeps who made it, and they can do no more."""

import pytest
from django.test import Client
from django.utils import timezone

from services import audit
from services.models import (
    AuditEntry,
    Delegation,
    Forecast,
    ImportBatch,
    LedgerBatch,
    ReopenRequest,
    RoleAssignment,
)
from services.operations import budgets, deputies, forecasts, ledger, periods, reopening, reserves
from services.operations.handing_over import hand_over
from services.operations.imports import File, stage_import
from services.operations.ledger_work import LedgerFile
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    NotAllowedError,
    SelfApprovalError,
)
from services.position.leaving import work_of
from services.roles import Role
from tests.services.factories import (
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


@pytest.fixture
def council():
    """A council whose finance officer has a bit of everything in hand."""
    made = make_council()
    line, other = make_line(made, budget="1000"), make_line(made, "Fostering", budget="500")
    period = make_period(made)
    make_forecast(line, period, "1001")
    make_virement(period, (line, "10"), (other, "-10"), posted=False, reference="V1")
    return made


@pytest.fixture
def period(council):
    return make_period(council)


@pytest.fixture
def line(council):
    return council.service_lines.get(name="Corporate parenting")


@pytest.fixture
def leaver(council):
    return the_officer(council)


@pytest.fixture
def colleague():
    return make_user("successor", post="Interim accountant")


def give(council, leaver, colleague, *, by=None, reason="Leaves on Friday"):
    return hand_over(
        by=by or the_head(council), council=council, leaver=leaver, colleague=colleague, reason=reason
    )


def test_everything_in_hand_is_listed(council, period, line, leaver):
    csv = b"Cost centre,Subjective code,Actual to date\n1,1,12.50\n"
    ledger.stage_ledger(
        by=leaver, council=council, period=period, file=LedgerFile(name="ledger.csv", content=csv)
    )
    content = b"Service,Revised budget,Forecast outturn\nCorporate parenting,1000,1002\n"
    stage_import(by=leaver, council=council, period=period, file=File(name="return.csv", content=content))
    budgets.request_funding_change(
        by=leaver, line=line, effective=period, type="corporate", amount=pounds("5"), reason="Pay"
    )
    use = reserves.plan_use(by=leaver, period=period, line=line, kind="drawdown", amount=pounds("5"))
    reserves.request_use(by=leaver, use=use)
    reserves.add_one_off_funding(by=leaver, period=period, line=line, amount=pounds("5"), source="grant")
    work = work_of(council, leaver)
    assert [held.in_words for held in work.roles] == ["Finance officer, North Borough"]
    assert [str(one.service_line) for one in work.forecasts] == ["Corporate parenting"]
    assert sorted(file.file_name for file in work.files) == ["ledger.csv", "return.csv"]
    kinds = [type(one).__name__ for one in work.requests]
    assert kinds == ["Virement", "FundingChange", "ReserveUse", "OneOffFunding"]
    assert work_of(council, make_user("nobody")).is_nothing


def test_what_is_submitted_or_decided_is_nobodys_to_hand_over(council, period, line, leaver):
    budgets.reject_virement(by=the_head(council), virement=council.virements.get(), note="No")
    periods.submit_directorate(by=leaver, period=period, directorate=make_directorate(council))
    work = work_of(council, leaver)
    assert (work.forecasts, work.requests) == ((), ())


def test_a_forecast_that_somebody_else_saved_since_is_theirs(council, period, line, leaver):
    save(the_head(council), line, period)
    assert work_of(council, leaver).forecasts == ()
    assert len(work_of(council, the_head(council)).forecasts) == 1


def save(by, line, period, outturn="1100"):
    held = Forecast.objects.get(service_line=line, period=period)
    edit = forecasts.ForecastEdit(
        line_id=line.pk, expected_version=held.version, forecast_outturn=pounds(outturn)
    )
    return forecasts.save_forecasts(by=by, period=period, edits=[edit])


def test_it_becomes_the_colleagues_and_the_trail_keeps_the_author(council, period, line, leaver, colleague):
    content = b"Service,Revised budget,Forecast outturn\nCorporate parenting,1000,1002\n"
    stage_import(by=leaver, council=council, period=period, file=File(name="return.csv", content=content))
    give(council, leaver, colleague)
    virement = council.virements.get()
    assert (virement.requested_by, ImportBatch.objects.get().staged_by) == (colleague, colleague)
    assert [held.in_words for held in RoleAssignment.objects.filter(user=colleague)] == [
        "Finance officer, North Borough"
    ]
    assert not RoleAssignment.objects.filter(user=leaver).exists()
    about = AuditEntry.objects.filter(subject_type="virement", subject_id=virement.pk).order_by("sequence")
    assert [(entry.by, entry.action) for entry in about] == [
        ("Finance officer", "request virement"),
        ("Head of finance", "hand over virement"),
    ]
    forecast = AuditEntry.objects.get(action="hand over forecasts")
    assert (forecast.after["lines"], forecast.period) == (["Corporate parenting"], "2023-24/p7")
    first = AuditEntry.objects.filter(subject_type="forecast").order_by("sequence").first()
    assert (first.by, first.action) == ("Finance officer", "enter forecast")
    assert AuditEntry.objects.get(action="hand over").reason == "Leaves on Friday"
    assert list(audit.broken_chains()) == []


def test_the_leaver_can_sign_in_no_more_and_a_running_request_of_theirs_is_refused_at_save(
    council, period, line, leaver, colleague
):
    client = Client()
    client.force_login(leaver)
    assert client.get("/north-borough/working/2023-24/p7/").status_code == 200
    assert leaver.is_active  # as the running request read them
    running = type(leaver).objects.get(pk=leaver.pk)
    assert give(council, leaver, colleague).may_still_sign_in is False
    with pytest.raises(NotAllowedError):
        save(running, line, period)
    assert Forecast.objects.get(service_line=line).forecast_outturn == pounds("1001")
    answer = client.get("/north-borough/working/2023-24/p7/")
    assert answer["Location"].startswith("/sign-in/")
    save(colleague, line, period)


def test_a_role_at_every_council_of_a_person_shut_out_meanwhile_saves_nothing(council, period, line):
    everywhere = make_member_of(None, Role.FINANCE_OFFICER, username="everywhere")
    running = type(everywhere).objects.get(pk=everywhere.pk)
    everywhere.is_active = False
    everywhere.save()
    with pytest.raises(NotAllowedError):
        save(running, line, period)


def test_f13_neither_the_colleague_nor_the_leaver_approves_what_was_handed_over(
    council, period, line, leaver, colleague
):
    use = reserves.plan_use(by=leaver, period=period, line=line, kind="drawdown", amount=pounds("5"))
    use = reserves.request_use(by=leaver, use=use)
    successor = make_member_of(council, Role.HEAD_OF_FINANCE, username="second-head")
    give(council, leaver, successor)
    for approve in (
        lambda by: budgets.approve_virement(by=by, virement=council.virements.get()),
        lambda by: reserves.approve_use(by=by, use=use, decision_reference="Cabinet"),
    ):
        with pytest.raises(SelfApprovalError):
            approve(successor)
        leaver.is_active = True  # even if they came back as a head of finance
        leaver.save()
        make_member_of(council, Role.HEAD_OF_FINANCE, username=leaver.username)
        with pytest.raises(SelfApprovalError):
            approve(leaver)
    assert work_of(council, successor).requests[-1] == use


def test_a_request_to_reopen_goes_on_in_the_colleagues_name(council, period, line, leaver, colleague):
    asked = reopening.ask_to_reopen(by=leaver, period=make_approved(period), reason="A wrong accrual")
    another = make_member_of(council, Role.HEAD_OF_FINANCE, username="another-head")
    give(council, leaver, colleague, by=another)
    assert ReopenRequest.objects.get().asked_by == colleague
    assert reopening.agree_to_reopen(by=the_head(council), request=asked).state == "open"


def test_a_ledger_that_waits_becomes_the_colleagues(council, period, leaver, colleague):
    csv = b"Cost centre,Subjective code,Actual to date\n1,1,12.50\n"
    ledger.stage_ledger(
        by=leaver, council=council, period=period, file=LedgerFile(name="ledger.csv", content=csv)
    )
    give(council, leaver, colleague)
    assert LedgerBatch.objects.get().staged_by == colleague


def test_a_budget_holders_directorate_goes_to_the_colleague(council, period, line, colleague):
    holder = make_member_of(council, Role.BUDGET_HOLDER, directorate=make_directorate(council))
    give(council, holder, colleague)
    assert RoleAssignment.objects.get(user=colleague).directorate == make_directorate(council)
    save(colleague, line, period)


def test_deputies_end_with_the_person(council, leaver, colleague):
    today = timezone.localdate()
    head = the_head(council)
    one = deputies.name_deputy(
        by=leaver,
        council=council,
        assignment=leaver.roles.get(),
        deputy=make_user("stand-in"),
        starts_on=today,
        ends_on=today,
        reason="Leave",
    )
    two = deputies.name_deputy(
        by=head,
        council=council,
        assignment=head.roles.get(),
        deputy=leaver,
        starts_on=today,
        ends_on=today,
        reason="Leave",
    )
    give(council, leaver, colleague)
    ended = Delegation.objects.filter(ended_at__isnull=False).values_list("pk", flat=True)
    assert set(ended) == {one.pk, two.pk}
    assert AuditEntry.objects.filter(action="end delegation").count() == 2


def test_a_person_with_a_role_elsewhere_keeps_their_sign_in_and_has_nothing_here(council, leaver, colleague):
    make_member_of(make_council("south-borough", "South Borough"), Role.AUDITOR, username=leaver.username)
    assert give(council, leaver, colleague).may_still_sign_in is True
    leaver.refresh_from_db()
    assert leaver.is_active
    assert work_of(council, leaver).roles == ()


def test_who_may_not_hand_over_what_to_whom(council, leaver, colleague):
    head = the_head(council)
    with pytest.raises(NotAllowedError, match="their own work"):
        give(council, head, colleague)
    with pytest.raises(InvalidEntryError, match="is you"):
        give(council, leaver, head)
    with pytest.raises(InvalidEntryError, match="who leaves"):
        give(council, leaver, leaver)
    with pytest.raises(InvalidEntryError, match="must not be blank"):
        give(council, leaver, colleague, reason=" ")
    with pytest.raises(NotAllowedError):
        give(council, head, colleague, by=leaver)
    gone = make_user("gone")
    gone.is_active = False
    gone.save()
    with pytest.raises(InvalidEntryError, match="can no longer sign in"):
        give(council, leaver, gone)
    with pytest.raises(AlreadyDoneError, match="nothing in hand"):
        give(council, make_user("nobody"), colleague)


def test_an_administrators_role_is_handed_over_by_one_who_assigns_roles(council, colleague):
    administrator = make_member_of(council, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError, match="assign roles"):
        give(council, administrator, colleague)
    another = make_member_of(council, Role.ADMINISTRATOR, username="another")
    give(council, administrator, colleague, by=another)
    assert RoleAssignment.objects.get(user=colleague).role == Role.ADMINISTRATOR


def test_a_role_at_every_council_is_handed_over_with_its_work_everywhere_by_one_who_may_everywhere(
    council, period, line, colleague
):
    south = make_council("south-borough", "South Borough")
    there = make_period(south)
    far = make_line(south, "Fostering", budget="500")
    near = make_line(south, "Adoption", budget="500")
    everywhere = make_member_of(None, Role.FINANCE_OFFICER, username="everywhere")
    budgets.request_virement(
        by=everywhere,
        council=south,
        effective=there,
        legs=[(far, pounds("10")), (near, pounds("-10"))],
        reason="Posts moved",
    )
    with pytest.raises(NotAllowedError, match="for every council of this site"):
        give(council, everywhere, colleague)
    site = make_member_of(None, Role.HEAD_OF_FINANCE, username="head-everywhere")
    handed = give(council, everywhere, colleague, by=site)
    assert {work.council for work in handed.work} == {council, south}
    assert handed.may_still_sign_in is False
    held = RoleAssignment.objects.get(user=colleague)
    assert (held.council, held.role) == (None, Role.FINANCE_OFFICER)
    assert south.virements.get().requested_by == colleague
    assert list(audit.broken_chains()) == []
