"""A period starts with a copy of what the last one said of savings, marked until confirmed; a new year starts from the phasing."""

import pytest
from django.db import connection

from accounting.periods import FinancialYear, Period
from accounting.phasing import PhaseKind
from accounting.savings import Stage
from savings.models import Mitigation, RecoveryProgress, SavingsUpdate
from savings.operations import proposals
from savings.operations.carrying_forward import carry_forward_savings
from savings.position.updates import savings_position
from services.models import AuditEntry
from services.operations import periods
from services.operations.refusals import PeriodClosedError
from services.operations.year_end import roll_year
from tests.savings.delivery_factories import (
    cover,
    make_action,
    make_many_savings,
    make_plan,
    make_saving,
    phase,
    progress,
    update,
)
from tests.services.factories import (
    make_approved,
    make_council,
    make_line,
    make_period,
    make_published,
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
def period(council, line):
    return make_period(council)


@pytest.fixture
def saving(council, line, period):
    """An amber saving with a reserve behind it, and an action of a recovery plan, at month 7."""
    made = make_saving(council, service_line=line)
    held = update(
        made,
        period,
        "100000 100000 0 50000",
        forecast="200000",
        rag="amber",
        reason="One contract slips.",
        confidence="high",
    )
    cover(held, "reserve", "50000", service_line=line, is_in_forecast=True, words="Transformation")
    progress(make_action(make_plan(council)), period, identified="20000", status="in_progress", words="Found")
    return made


def opened(council, slug="2023-24/p8", **fields):
    return make_period(council, slug, **{"carry_forward": True, **fields})


def test_a_period_opens_with_last_months_savings_marked_as_copies(council, line, saving):
    following = opened(council)
    copy = SavingsUpdate.objects.get(period=following)
    assert (copy.is_carried_forward, copy.version, copy.proposal) == (True, 1, saving)
    assert (copy.target, copy.delivered, copy.forecast) == tuple(map(pounds, ("250000", "100000", "200000")))
    assert (copy.rag, copy.reason, copy.confidence) == ("amber", "One contract slips.", "high")
    (cover,) = copy.mitigations.all()
    assert (cover.period, cover.amount, cover.service_line, cover.is_in_forecast) == (
        following,
        pounds("50000"),
        line,
        True,
    )
    action = RecoveryProgress.objects.get(period=following)
    assert (action.identified, action.status, action.is_carried_forward) == (
        pounds("20000"),
        "in_progress",
        True,
    )


def test_the_trail_says_how_many_of_each_were_copied(council, saving):
    opened(council)
    carried = AuditEntry.objects.filter(action="open period").last().after["carried_forward"]
    assert (carried["savings_updates"], carried["mitigations"], carried["recovery_progress"]) == (1, 1, 1)


def test_a_period_opened_without_a_copy_starts_with_nothing(council, saving):
    assert not SavingsUpdate.objects.filter(period=opened(council, carry_forward=False)).exists()


def test_a_saved_copy_is_confirmed_even_as_it_is(council, saving):
    following = opened(council)
    confirmed = update(saving, following)
    assert (confirmed.is_carried_forward, confirmed.version) == (False, 2)
    entry = AuditEntry.objects.filter(action="update saving").last()
    assert entry.after == {"is_carried_forward": False, "version": 2}


def test_mitigations_set_on_a_copy_confirm_it(council, saving):
    held = SavingsUpdate.objects.get(period=opened(council))
    assert cover(held, "reserve", "60000").is_carried_forward is False


def test_carrying_forward_again_copies_only_what_is_missing(council, saving):
    following = opened(council, carry_forward=False)
    officer = the_officer(council)
    assert carry_forward_savings(by=officer, period=following) == {
        "savings_updates": 1,
        "mitigations": 1,
        "recovery_progress": 1,
    }
    entries = AuditEntry.objects.count()
    assert not any(carry_forward_savings(by=officer, period=following).values())
    assert AuditEntry.objects.count() == entries
    assert (SavingsUpdate.objects.filter(period=following).count(), Mitigation.objects.count()) == (1, 2)


def test_what_somebody_has_said_already_is_not_copied_over(council, saving):
    following = opened(council, carry_forward=False)
    update(saving, following, "250000 0 0 0", forecast="250000", rag="green", reason="All signed.")
    carry_forward_savings(by=the_officer(council), period=following)
    assert SavingsUpdate.objects.get(period=following).delivered == pounds("250000")


def test_a_closed_period_is_not_copied_into(council, saving):
    following = make_approved(opened(council, carry_forward=False))
    with pytest.raises(PeriodClosedError):
        carry_forward_savings(by=the_officer(council), period=following)


def test_what_a_directorate_has_handed_in_stays_as_it_is(council, saving):
    following = opened(council, carry_forward=False)
    periods.submit_directorate(by=the_officer(council), period=following, directorate=saving.directorate)
    assert carry_forward_savings(by=the_officer(council), period=following)["savings_updates"] == 0


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.WRITTEN_OFF])
def test_a_saving_that_was_given_up_is_left_behind(council, saving, stage):
    proposals.move_stage(
        by=the_head(council),
        proposal=saving,
        expected_version=saving.version,
        to=stage,
        decided_by="Cabinet",
        reason="The income never came",
    )
    assert not SavingsUpdate.objects.filter(period=opened(council)).exists()


def test_new_amounts_approved_meanwhile_give_the_copy_its_new_target_and_leave_the_parts_to_be_said(
    council, saving
):
    phase(saving, (2023, "100000", PhaseKind.RECURRENT), (2024, "150000", PhaseKind.RECURRENT))
    copy = SavingsUpdate.objects.get(period=opened(council))
    assert (copy.target, copy.delivered, copy.undeliverable) == (pounds("100000"), None, None)


def test_a_new_year_starts_from_the_phasing_and_copies_nothing(council, line, saving):
    phase(saving, (2023, "250000", PhaseKind.RECURRENT), (2024, "400000", PhaseKind.RECURRENT))
    april = opened(council, "2024-25/p1")
    assert not SavingsUpdate.objects.filter(period=april).exists()
    (row,) = savings_position(council, april).rows
    assert (row.entry.figures.target, row.version, row.last) == (pounds("400000"), 0, None)
    assert carry_forward_savings(by=the_officer(council), period=april) == {}


def test_the_roll_into_a_new_year_leads_from_the_phasing_too(council, saving):
    phase(saving, (2023, "250000", PhaseKind.RECURRENT), (2024, "400000", PhaseKind.RECURRENT))
    make_published(opened(council, "2023-24/p13"))
    roll_year(by=the_head(council), council=council, year=FinancialYear(2023))
    assert not SavingsUpdate.objects.filter(period__year=2024).exists()


@pytest.mark.parametrize("count", [1, 100])
def test_copying_takes_the_same_queries_however_many_savings(
    council, line, period, django_assert_num_queries, count
):
    made = make_many_savings(council, count, service_line=line, directorate=line.division.directorate)
    shared = {"council": council, "period": period}
    held = SavingsUpdate.objects.bulk_create(
        SavingsUpdate(proposal=one, target=pounds("10"), **shared) for one in made
    )
    Mitigation.objects.bulk_create(
        Mitigation(update=one, kind="grant", amount=pounds("1"), **shared) for one in held
    )
    plan = make_plan(council)
    action = make_action(plan)
    RecoveryProgress.objects.create(action=action, identified=pounds("1"), **shared)
    postgres = 1 if connection.vendor == "postgresql" else 0
    officer = the_officer(council)
    with django_assert_num_queries(27 + postgres):
        periods.open_period(
            by=officer, council=council, period=Period.parse("2023-24/p8"), carry_forward=True
        )
    assert SavingsUpdate.objects.filter(is_carried_forward=True).count() == count
