"""The month's updates: a grid is saved whole or not at all, parts sum to the target, and what changed or is not green is explained."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounting.phasing import PhaseKind
from accounting.savings import Stage
from savings.models import SavingsUpdate
from savings.models.delivery import PARTS
from savings.operations import mitigations, proposals, updates
from savings.operations.phasing import ShareFields
from savings.operations.update_refusals import PartsRefusedError
from services.models import AuditEntry, DirectorateSubmission, RequestKey
from services.operations import periods
from services.operations.refusals import (
    InvalidEntryError,
    InvalidFigureError,
    NotAllowedError,
    PeriodClosedError,
    RequestKeyReusedError,
    StaleVersionError,
    SubmittedError,
    WrongCouncilError,
)
from services.roles import Role
from tests.savings.delivery_factories import cover, edit_of, make_many_savings, make_saving, phase, update
from tests.services.factories import (
    make_approved,
    make_council,
    make_directorate,
    make_line,
    make_member_of,
    make_period,
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
    return make_line(council, budget="90000000")


@pytest.fixture
def saving(council, line):
    return make_saving(council, service_line=line)


@pytest.fixture
def period(council, line):
    return make_period(council)


def save(period, *edits, by=None, **fields):
    return updates.save_updates(by=by or the_officer(period.council), period=period, edits=edits, **fields)


# --- Parts and target -------------------------------------------------------------------------------------------------


def test_a_saving_is_updated_with_its_target_taken_from_the_phasing(saving, period):
    saved = save(period, edit_of(saving, parts="100000 100000 50000 0", forecast="250000", rag="green"))
    held = SavingsUpdate.objects.get()
    assert (saved.versions, saved.changed) == ({saving.pk: 1}, (saving.pk,))
    assert (held.target, held.delivered, held.forecast) == tuple(map(pounds, ("250000", "100000", "250000")))


def test_parts_that_do_not_sum_are_refused_with_the_saving_and_the_difference(saving, period):
    with pytest.raises(
        PartsRefusedError, match=r"£5,000\.00 more than the target of £250,000\.00"
    ) as refusal:
        save(period, edit_of(saving, parts="100000 100000 50000 5000"))
    assert refusal.value.line_id == saving.pk
    assert refusal.value.difference == pounds("5000")
    assert str(refusal.value).startswith("Fewer agency placements: ")
    assert not SavingsUpdate.objects.exists()


@given(
    st.lists(st.integers(0, 25_000_000), min_size=3, max_size=3).filter(lambda cut: sum(cut) <= 25_000_000)
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_division_is_saved_sums_to_the_target(saving, period, cut):
    pence = [*cut, 25_000_000 - sum(cut)]
    held = SavingsUpdate.objects.filter(proposal=saving).first()
    parts = " ".join(f"{part / 100:.2f}" for part in pence)
    save(period, edit_of(saving, held.version if held else 0, parts))
    kept = SavingsUpdate.objects.get(proposal=saving)
    assert kept.delivered + kept.on_track + kept.at_risk + kept.undeliverable == kept.target


def test_the_database_itself_refuses_parts_that_do_not_sum(saving, period):
    held = update(saving, period, "100000 100000 50000 0")
    with pytest.raises(DatabaseError):
        SavingsUpdate.objects.filter(pk=held.pk).update(delivered=pounds("1"))


@pytest.mark.parametrize("part", PARTS)
def test_the_database_itself_refuses_three_parts_without_the_fourth(saving, period, part):
    held = update(saving, period, "100000 100000 50000 0")
    with pytest.raises(DatabaseError):
        SavingsUpdate.objects.filter(pk=held.pk).update(**{part: None})


@pytest.mark.parametrize("part", PARTS)
def test_the_database_itself_refuses_a_part_on_its_own_or_below_nil(saving, period, part):
    blank = update(saving, period, reason="Nobody has said how it divides.")
    with pytest.raises(DatabaseError), transaction.atomic():
        SavingsUpdate.objects.filter(pk=blank.pk).update(**{part: pounds("250000")})
    other = "on_track" if part == "delivered" else "delivered"
    parts = dict.fromkeys(PARTS, pounds("0")) | {part: pounds("-1"), other: pounds("250001")}
    with pytest.raises(DatabaseError), transaction.atomic():
        SavingsUpdate.objects.filter(pk=blank.pk).update(**parts)


def test_three_parts_without_the_fourth_are_refused(saving, period):
    with pytest.raises(InvalidFigureError, match="Give all four parts"):
        save(period, edit_of(saving, delivered="250000"))


def test_a_target_that_is_phased_is_not_typed_over(saving, period):
    with pytest.raises(InvalidFigureError, match=r"is £250,000\.00, as the saving is phased"):
        save(period, edit_of(saving, target="200000"))


def test_a_saving_without_any_pound_may_be_given_a_target_for_the_year(council, period):
    unphased = make_saving(council, "Family group conferencing", amount=None)
    update(unphased, period, "0 40000 0 0", target="40000", forecast="40000", rag="green")
    assert SavingsUpdate.objects.get().target == pounds("40000")


def test_a_shared_savings_target_is_our_share_of_it(council, period):
    shared = make_saving(council, "Combined fostering", amount=None)
    shares = [
        ShareFields(year=period.period.year, partner="North Borough", is_ours=True, amount=pounds("-80000")),
        ShareFields(year=period.period.year, partner="Westbury", is_ours=False, amount=pounds("-160000")),
    ]
    phase(shared, (2023, "240000", PhaseKind.RECURRENT), shares=shares)
    assert update(shared, period, "0 80000 0 0").target == pounds("80000")


def test_unknown_is_not_nil(saving, period):
    held = update(saving, period, reason="Not looked at yet.")
    assert (held.delivered, held.forecast, held.rag) == (None, None, "")
    held = update(saving, period, "0 0 0 250000", forecast="0", rag="red", reason="It fell through.")
    assert (held.delivered, held.forecast) == (0, 0)


@pytest.mark.parametrize("field", ["delivered", "on_track", "at_risk", "undeliverable", "forecast"])
def test_an_amount_below_nil_is_refused(saving, period, field):
    with pytest.raises(InvalidFigureError, match="without a sign"):
        save(period, edit_of(saving, **{field: "-1"}))


def test_until_the_year_ends_the_forecast_is_not_below_what_is_banked(council, saving, period):
    with pytest.raises(InvalidFigureError, match=r"less than the £100,000\.00 already delivered"):
        save(period, edit_of(saving, parts="100000 150000 0 0", forecast="90000"))
    outturn = make_period(council, "2023-24/p13")
    save(outturn, edit_of(saving, parts="100000 150000 0 0", forecast="90000"))


# --- Reasons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", ["amber", "red"])
def test_a_colour_other_than_green_needs_a_reason(saving, period, colour):
    with pytest.raises(InvalidEntryError, match=r"say why\. Only green needs no reason") as refusal:
        save(period, edit_of(saving, rag=colour))
    assert refusal.value.field == "reason"
    update(saving, period, rag=colour, reason="Reviewed quarterly; reserves if it fails.")


def test_amber_and_on_track_by_april_is_held_with_confidence_and_date_apart(saving, period):
    held = update(
        saving,
        period,
        "0 250000 0 0",
        forecast="250000",
        rag="amber",
        reason="Reviewed quarterly.",
        confidence="high",
        expected_on=date(2024, 4, 1),
    )
    assert (held.rag, held.confidence, held.expected_on) == ("amber", "high", date(2024, 4, 1))


def test_the_database_itself_refuses_amber_without_a_reason(saving, period):
    held = update(saving, period, "0 250000 0 0", rag="green")
    with pytest.raises(DatabaseError):
        SavingsUpdate.objects.filter(pk=held.pk).update(rag="amber")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"parts": "50000 200000 0 0"}, "delivered, on track"),
        ({"forecast": "200000"}, "forecast"),
        ({"rag": "green"}, "colour"),
    ],
)
def test_what_changed_since_last_month_needs_words_of_its_own(council, saving, period, changed, named):
    update(saving, period, "0 250000 0 0", forecast="250000", rag="amber", reason="Reviewed quarterly.")
    following = make_period(council, "2023-24/p8", carry_forward=True)
    with pytest.raises(InvalidEntryError, match=f"since the last period the {named} changed.*still last"):
        update(saving, following, **changed)
    update(saving, following, **changed, reason="A contract was signed.")


def test_a_change_to_words_alone_needs_no_reason_and_a_first_figure_neither(council, saving, period):
    update(saving, period, reason="Not looked at yet.")
    following = make_period(council, "2023-24/p8", carry_forward=True)
    update(saving, following, "0 250000 0 0", forecast="250000", rag="green")
    assert update(saving, following, service_effect="None seen.").version == 3


def test_last_month_is_the_last_one_that_said_something(council, saving, period):
    update(saving, period, "0 250000 0 0", forecast="250000", rag="green")
    make_period(council, "2023-24/p8")
    with pytest.raises(InvalidEntryError, match="forecast changed"):
        update(saving, make_period(council, "2023-24/p9"), "0 250000 0 0", forecast="1", rag="green")


# --- Whole or not at all, versions, repeats ---------------------------------------------------------------------------


def test_one_wrong_row_saves_none_of_the_grid(council, saving, period):
    other = make_saving(council, "Contract", "10")
    with pytest.raises(PartsRefusedError):
        save(period, edit_of(saving, parts="250000 0 0 0"), edit_of(other, parts="1 2 3 5"))
    assert not SavingsUpdate.objects.exists()
    assert not AuditEntry.objects.filter(action="update saving").exists()


def test_two_people_editing_one_update_lose_nothing(council, saving, period):
    mine = update(saving, period, "0 250000 0 0", forecast="250000", rag="green")
    head = the_head(council)
    update(saving, period, by=head, forecast="240000", reason="A contract slipped.")
    with pytest.raises(StaleVersionError, match="Changed by somebody else") as refusal:
        save(period, edit_of(saving, mine.version, forecast="100000", reason="Mine"))
    (theirs,) = refusal.value.theirs
    assert (theirs.record_id, theirs.version, theirs.expected_version) == (saving.pk, 2, 1)
    assert theirs.values["forecast"] == pounds("240000")
    assert theirs.values["reason"] == "A contract slipped."
    assert theirs.saved_by == str(head)
    assert SavingsUpdate.objects.get().forecast == pounds("240000")


def test_an_edit_that_changes_nothing_has_no_effect(saving, period):
    held = update(saving, period, "0 250000 0 0", rag="green")
    entries = AuditEntry.objects.count()
    assert save(period, edit_of(saving, held.version, "0 250000 0 0")).changed == ()
    other = make_saving(saving.council, "Untouched", "10")
    assert save(period, edit_of(other, rag="", reason="")).versions == {other.pk: 0}
    assert (AuditEntry.objects.count() - entries, SavingsUpdate.objects.count()) == (3, 1)


def test_the_same_grid_sent_again_with_its_key_has_one_effect(saving, period):
    edit = edit_of(saving, parts="0 250000 0 0", forecast="250000", expected_on=date(2024, 3, 1))
    first = save(period, edit, retry_key="k1")
    assert save(period, edit, retry_key="k1") == first
    assert (SavingsUpdate.objects.get().version, RequestKey.objects.count()) == (1, 1)
    with pytest.raises(RequestKeyReusedError):
        save(period, edit_of(saving, forecast="1"), retry_key="k1")


def test_the_audit_trail_says_what_was_before_and_after(council, saving, period):
    update(saving, period, "0 250000 0 0", forecast="250000", rag="green")
    update(saving, period, forecast="200000", reason="A delay")
    entry = AuditEntry.objects.filter(action="update saving").last()
    assert entry.before == {"forecast": "250000.00", "reason": ""}
    assert entry.after == {"forecast": "200000.00", "reason": "A delay", "version": 2}
    assert (entry.by, entry.period) == (str(the_officer(council)), "2023-24/p7")


# --- Who, and when ----------------------------------------------------------------------------------------------------


def test_a_budget_holder_updates_the_savings_of_their_directorate_and_no_others(council, saving, period):
    elsewhere = make_directorate(council, "Education")
    other = make_saving(council, "Transport", "10", directorate=elsewhere)
    whole = make_saving(council, "Vacancy factor", "10")
    holder = make_member_of(council, Role.BUDGET_HOLDER, directorate=saving.directorate)
    save(period, edit_of(saving, parts="0 250000 0 0"), by=holder)
    for not_theirs in (other, whole):
        with pytest.raises(NotAllowedError):
            save(period, edit_of(not_theirs, parts="0 10 0 0"), by=holder)


def test_a_closed_period_takes_no_update(council, saving, period):
    make_approved(period)
    with pytest.raises(PeriodClosedError):
        update(saving, period, "0 250000 0 0")


def test_a_directorate_that_has_handed_in_takes_no_update_and_one_that_begins_is_in_progress(
    council, saving, period
):
    held = update(saving, period, "0 250000 0 0")
    assert DirectorateSubmission.objects.get(directorate=saving.directorate).state == "in_progress"
    periods.submit_directorate(by=the_officer(council), period=period, directorate=saving.directorate)
    with pytest.raises(SubmittedError, match="Children and Families has submitted"):
        save(period, edit_of(saving, held.version, forecast="1"))


def test_another_councils_saving_and_one_that_is_not_there_are_refused(council, period):
    elsewhere = make_council("south-borough", "South Borough")
    stranger = make_saving(elsewhere)
    with pytest.raises(WrongCouncilError, match="There is no saving"):
        save(period, edit_of(stranger, parts="0 250000 0 0"))


def test_a_saving_twice_in_one_grid_is_refused(saving, period):
    with pytest.raises(InvalidEntryError, match="is there twice"):
        save(period, edit_of(saving, forecast="1"), edit_of(saving, forecast="2"))


@pytest.mark.parametrize("stage", [Stage.IDEA, Stage.PROPOSAL, Stage.CONSULTATION, Stage.RECOMMENDED])
def test_what_is_not_agreed_is_not_delivered_yet(council, period, stage):
    early = make_saving(council, "An idea", "10", stage=stage)
    with pytest.raises(InvalidEntryError, match="has not been agreed yet"):
        save(period, edit_of(early, parts="0 10 0 0"))


def test_growth_takes_no_update(council, period):
    growth = proposals.record_proposal(
        by=the_officer(council), council=council, kind="growth", title="More children"
    )
    with pytest.raises(InvalidEntryError, match="updates are of savings"):
        save(period, edit_of(growth, forecast="1"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rag", "blue"),
        ("confidence", "certain"),
        ("expected_on", "soon"),
        ("reason", "x\x00"),
        ("service_effect", "y" * 5001),
    ],
)
def test_an_entry_that_cannot_be_kept_is_refused_by_name(saving, period, field, value):
    with pytest.raises(InvalidEntryError) as refusal:
        save(period, edit_of(saving, **{field: value}))
    assert refusal.value.field == field


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 100])
def test_a_grid_is_saved_in_the_same_queries_however_many_rows(
    council, line, period, django_assert_num_queries, count
):
    officer = the_officer(council)
    made = make_many_savings(council, count, service_line=line, directorate=line.division.directorate)
    postgres = 2 if connection.vendor == "postgresql" else 0  # the chain is held, at the start and to record
    with django_assert_num_queries(14 + postgres):
        save(period, *(edit_of(one, parts="0 10 0 0", rag="green") for one in made), by=officer)
    with django_assert_num_queries(13 + postgres):
        save(period, *(edit_of(one, 1, forecast="10") for one in made), by=officer)
    assert SavingsUpdate.objects.filter(version=2).count() == count


# --- What stands in ---------------------------------------------------------------------------------------------------


def test_mitigations_are_said_anew_and_move_the_updates_version_on(council, line, saving, period):
    held = update(saving, period, "0 0 0 250000", forecast="0", rag="red", reason="It fell through.")
    cover(held, "reserve", "200000", service_line=line, is_in_forecast=True)
    held.refresh_from_db()
    cover(held, "recurrent", None, words="A second contract, not yet priced.")
    held.refresh_from_db()
    (left,) = held.mitigations.all()
    assert (left.kind, left.amount, held.version) == ("recurrent", None, 3)
    entry = AuditEntry.objects.filter(action="set mitigations").last()
    assert entry.before["mitigations"][0]["amount"] == "200000.00"


def test_a_mitigation_against_a_version_that_moved_on_is_refused_with_theirs(saving, period):
    held = update(saving, period, "0 0 0 250000", forecast="0", rag="red", reason="It fell through.")
    cover(held, "reserve", "200000")
    with pytest.raises(StaleVersionError) as refusal:
        cover(held, "grant", "1")
    assert refusal.value.theirs[0].values["mitigations"] == "reserve 200000.00"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "luck"}, "not one of"),
        ({"kind": "grant", "amount": pounds("0")}, "more than nil"),
        ({"kind": "grant", "amount": pounds("-5")}, "without a sign"),
    ],
)
def test_a_mitigation_that_cannot_be_is_refused(council, saving, period, fields, words):
    held = update(saving, period, "0 250000 0 0")
    with pytest.raises(InvalidEntryError, match=words):
        mitigations.set_mitigations(
            by=the_officer(council),
            update=held,
            expected_version=held.version,
            mitigations=[mitigations.MitigationFields(**fields)],
        )


def test_mitigations_are_locked_with_their_period_and_belong_to_their_council(council, saving, period):
    held = update(saving, period, "0 250000 0 0")
    strange = make_line(make_council("south-borough", "South Borough"))
    with pytest.raises(WrongCouncilError):
        cover(held, "grant", "5", service_line=strange)
    periods.submit_directorate(by=the_officer(council), period=period, directorate=saving.directorate)
    with pytest.raises(SubmittedError):
        cover(held, "grant", "5")
    make_approved(period)
    with pytest.raises(PeriodClosedError):
        cover(held, "grant", "5")
