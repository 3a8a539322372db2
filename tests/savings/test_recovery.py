"""Recovery plans: what actions bring in, how projections moved, who may spend, and what others found."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounting.savings import Stage
from accounting.wording import format_percent
from savings.models import Projection, RecoveryProgress, SpendingControl
from savings.operations import recovery, reviews, sources
from savings.position.recovery import recovery_of
from savings.position.reviews import cases_of, controls_in_force, reviews_of
from services.models import AuditEntry
from services.operations import periods
from services.operations.refusals import (
    AlreadyDoneError,
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
from tests.savings.delivery_factories import make_action, make_plan, make_saving, progress
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

SOCIAL_CARE = "Children's Social Care and Complex Needs"
PAPER = (
    ("Freeze Family Support Worker post", "freeze", "50000"),
    ("Freeze SEN strategic post", "freeze", "20000"),
    ("Catering income", "income", "50000"),
    ("Freeze Educational Psychologist vacancy", "freeze", "60000"),
    ("Freeze early years and school improvement vacancies", "freeze", "340000"),
    ("Reductions in Agency forecast", "forecast", "200000"),
    ("Reductions in Legal forecast", "forecast", "150000"),
    ("Claim health contribution to complex placements", "partner", "250000"),
)


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def period(council):
    return make_period(council)


@pytest.fixture
def plan(council):
    return make_plan(council, total_as_printed=pounds("1120000"))


@pytest.fixture
def papers_actions(plan):
    return [
        make_action(plan, title, target, type=kind, order=place)
        for place, (title, kind, target) in enumerate(PAPER)
    ]


def project(plan, amount, when, *, stage="gross", scope=SOCIAL_CARE, **fields):
    return recovery.record_projection(
        by=the_officer(plan.council),
        plan=plan,
        scope=scope,
        stage=stage,
        as_at=date.fromisoformat(when),
        amount=pounds(amount),
        **fields,
    )


def entry_of(council, period):
    (entry,) = recovery_of(council, period)
    return entry


# --- Actions ----------------------------------------------------------------------------------------------------------


def test_which_actions_delivered_how_much_and_how_much_is_left(council, period, papers_actions):
    health = papers_actions[-1]
    progress(health, period, identified="224537", status="in_progress", words="Will be recouped this year.")
    progress(papers_actions[0], period, identified="50000", recouped="50000", status="implemented")
    entry = entry_of(council, period)
    assert (entry.target, entry.total_as_printed, entry.gap) == (pounds("1120000"), pounds("1120000"), 0)
    assert (entry.identified, entry.recouped, entry.remaining) == (pounds("274537"), pounds("50000"), None)
    claimed = entry.actions[-1]
    assert format_percent(claimed.identified_percent) == "89.8%"
    assert (claimed.to_identify, claimed.remaining, claimed.status_label) == (
        pounds("25463"),
        None,
        "In progress",
    )
    frozen = entry.actions[0]
    assert (frozen.remaining, frozen.status_label, frozen.type_label) == (
        0,
        "Implemented",
        "Freeze of a post or of spending",
    )


def test_what_is_left_is_known_once_it_is_known_of_every_action(council, period, plan):
    for title, target, recouped in (("One", "100", "40"), ("Two", "50", "50")):
        progress(make_action(plan, title, target), period, identified="50", recouped=recouped)
    assert entry_of(council, period).remaining == pounds("60")


def test_a_full_years_target_and_the_longer_term_are_listed_and_not_summed(council, period, plan):
    make_action(plan, "This year", "100")
    make_action(plan, "Placement review, 1%", "170000", is_full_year_target=True)
    make_action(plan, "Own provision", "900", horizon="long_term", type="transformation")
    make_action(plan, "No £ given", None)
    entry = entry_of(council, period)
    assert (len(entry.actions), entry.target, entry.gap) == (4, pounds("100"), pounds("-1119900"))
    assert [one.horizon_label for one in entry.actions][2] == "Long term"


def test_posts_made_permanent_save_so_much_a_head(council, period, plan):
    make_action(
        plan, "Agency to permanent", None, type="workforce",
        per_head_low=pounds("10000"), per_head_high=pounds("20000"), heads=4,
    )  # fmt: skip
    (action,) = entry_of(council, period).actions
    assert (action.conversion_low, action.conversion_high) == (pounds("40000"), pounds("80000"))


def test_a_plan_of_another_year_is_not_this_years(council, period):
    make_plan(council, year=2022)
    assert recovery_of(council, period) == ()


# --- Projections and bridges ------------------------------------------------------------------------------------------


def test_what_changed_since_the_last_projection_and_why(council, period, plan):
    project(plan, "5466000", "2014-09-30", as_at_words="September 2014")
    health = make_action(plan)
    steps = [recovery.StepFields(label="Health contributions", amount=pounds("-224537"), action=health)]
    project(plan, "4681000", "2015-01-01", as_at_words="January 2015", steps=steps)
    (bridge,) = entry_of(council, period).bridges
    assert (bridge.start, bridge.end, bridge.change) == tuple(map(pounds, ("5466000", "4681000", "-785000")))
    assert [(step.label, step.amount) for step in bridge.steps] == [
        ("Health contributions", pounds("-224537"))
    ]
    assert bridge.unexplained == pounds("-560463")
    assert sum(step.amount for step in bridge.steps) + bridge.unexplained == bridge.change
    assert bridge.title == f"{SOCIAL_CARE}: before reserves and other savings, September 2014 to January 2015"


def test_no_more_than_is_said_at_the_end_of_its_bridge(council, period, plan):
    project(plan, "4652000", "2014-09-30", stage="after_reserves", scope="Children's Services")
    project(
        plan, "3751000", "2015-01-01", stage="after_reserves", scope="Children's Services", is_at_most=True
    )
    (bridge,) = entry_of(council, period).bridges
    assert (bridge.change, bridge.steps, bridge.unexplained) == (pounds("-901000"), (), pounds("-901000"))
    assert bridge.end_label == "1 January 2015 (no more than)"


def test_gross_to_after_reserves_on_one_date_is_a_bridge_without_anything_unexplained(council, period, plan):
    project(plan, "4681000", "2015-01-01")
    project(plan, "4400000", "2015-01-01", stage="after_mitigation")
    project(plan, "3751000", "2015-01-01", stage="after_reserves")
    (bridge,) = entry_of(council, period).bridges
    assert [(step.label, step.amount) for step in bridge.steps] == [
        ("Mitigating actions", pounds("-281000")),
        ("Reserves and other savings", pounds("-649000")),
    ]
    assert (bridge.change, bridge.unexplained) == (pounds("-930000"), 0)


def test_a_wider_scope_for_which_a_paper_repeats_the_same_figures_has_no_bridge_of_its_own(
    council, period, plan
):
    for scope in (SOCIAL_CARE, "Children's Services"):
        project(plan, "5466000", "2014-09-30", scope=scope)
        project(plan, "4681000", "2015-01-01", scope=scope)
    project(plan, "3751000", "2015-01-01", scope="Children's Services", stage="after_reserves")
    moved, taken_off = entry_of(council, period).bridges
    assert moved.title.startswith(SOCIAL_CARE)
    assert (taken_off.start, taken_off.end) == (pounds("4681000"), pounds("3751000"))
    assert len(entry_of(council, period).projections) == 5, "every projection stays in the table"


def test_nothing_taken_off_is_no_bridge(council, period, plan):
    project(plan, "4681000", "2015-01-01")
    project(plan, "4681000", "2015-01-01", stage="after_reserves")
    assert entry_of(council, period).bridges == ()


def test_a_projection_dated_after_the_month_is_a_later_months_unless_there_is_none(council, period, plan):
    project(plan, "5", "2023-09-30")
    project(plan, "4", "2023-11-30")
    assert [one.amount for one in entry_of(council, period).projections] == [5, 4]
    following = make_period(council, "2023-24/p8")
    assert [one.amount for one in entry_of(council, period).projections] == [5]
    assert [one.amount for one in entry_of(council, following).projections] == [5, 4]


def test_a_range_is_shown_and_is_neither_end_of_a_bridge(council, period, plan):
    project(plan, "3000000", "2015-01-01", stage="not_stated", amount_high=pounds("4000000"))
    project(plan, "3500000", "2015-02-01", stage="not_stated")
    entry = entry_of(council, period)
    assert [one.amount_high for one in entry.projections] == [pounds("4000000"), None]
    assert entry.bridges == ()


def test_a_projection_is_withdrawn_with_a_reason_and_recorded_again_but_never_changed(council, period, plan):
    wrong = project(plan, "546600", "2014-09-30")
    with pytest.raises(AlreadyDoneError, match="Withdraw it first"):
        project(plan, "5466000", "2014-09-30")
    recovery.withdraw_projection(by=the_officer(council), projection=wrong, reason="A nought was missing")
    project(plan, "5466000", "2014-09-30")
    assert Projection.objects.get().amount == pounds("5466000")
    entry = AuditEntry.objects.get(action="withdraw projection")
    assert (entry.before["amount"], entry.reason) == ("546600.00", "A nought was missing")


def test_the_trail_keeps_why_a_projection_moved(plan):
    project(plan, "5", "2014-09-30", steps=[recovery.StepFields(label="Legal", amount=pounds("-2"))])
    entry = AuditEntry.objects.get(action="explain projection")
    assert entry.after == {"steps": [{"label": "Legal", "amount": "-2.00", "action": ""}]}


def test_a_range_whose_ends_are_the_wrong_way_round_is_refused(plan):
    with pytest.raises(InvalidEntryError, match="Put the two in order"):
        project(plan, "4", "2015-01-01", amount_high=pounds("3"))


# --- Progress ---------------------------------------------------------------------------------------------------------


def test_identified_is_not_received_and_no_more_comes_in_than_was_found(plan, period):
    action = make_action(plan)
    with pytest.raises(InvalidFigureError, match=r"more than was identified \(£20,000\.00\)"):
        progress(action, period, identified="20000", recouped="20001")
    with pytest.raises(InvalidFigureError, match=r"more than was identified \(nothing\)"):
        progress(action, period, recouped="1")
    with pytest.raises(InvalidFigureError, match="without a sign"):
        progress(action, period, identified="-1")


def test_two_people_telling_of_one_action_lose_nothing(council, plan, period):
    action = make_action(plan)
    progress(action, period, identified="10")
    edit = recovery.ProgressEdit(action_id=action.pk, expected_version=1, identified=pounds("20"))
    recovery.save_progress(by=the_head(council), period=period, edits=[edit])
    with pytest.raises(StaleVersionError) as refusal:
        progress(action, period, version=1, identified="30")
    (theirs,) = refusal.value.theirs
    assert (theirs.values["identified"], theirs.version) == (pounds("20"), 2)


def test_progress_sent_again_with_its_key_has_one_effect(council, plan, period):
    edit = recovery.ProgressEdit(action_id=make_action(plan).pk, expected_version=0, identified=pounds("20"))
    send = {"by": the_officer(council), "period": period, "retry_key": "k1"}
    first = recovery.save_progress(edits=[edit], **send)
    assert recovery.save_progress(edits=[edit], **send) == first
    assert RecoveryProgress.objects.get().version == 1
    with pytest.raises(RequestKeyReusedError):
        recovery.save_progress(edits=[replace(edit, identified=pounds("21"))], **send)


def test_progress_is_told_by_the_directorate_while_the_period_and_its_figures_are_open(council, period):
    line = make_line(council)
    education = make_directorate(council, "Education")
    plan = make_plan(council, directorate=line.division.directorate)
    ours, theirs = make_action(plan), make_action(make_plan(council, "Schools", directorate=education))
    holder = make_member_of(council, Role.BUDGET_HOLDER, directorate=line.division.directorate)

    def tell(action, **fields):
        edit = recovery.ProgressEdit(action_id=action.pk, expected_version=0, **fields)
        return recovery.save_progress(by=holder, period=period, edits=[edit])

    tell(ours, words="Begun")
    with pytest.raises(NotAllowedError):
        tell(theirs, words="Begun")
    periods.submit_directorate(by=the_officer(council), period=period, directorate=line.division.directorate)
    with pytest.raises(SubmittedError):
        progress(ours, period, version=1, identified="5")
    make_approved(period)
    with pytest.raises(PeriodClosedError):
        progress(theirs, period, identified="5")


def test_an_action_of_another_year_or_council_and_one_told_twice_are_refused(council, plan, period):
    with pytest.raises(InvalidEntryError, match="another year"):
        progress(make_action(make_plan(council, year=2022)), period, identified="5")
    elsewhere = make_plan(make_council("south-borough", "South Borough"))
    edits = [recovery.ProgressEdit(action_id=make_action(elsewhere).pk, expected_version=0)]
    with pytest.raises(WrongCouncilError):
        recovery.save_progress(by=the_officer(council), period=period, edits=edits)
    twice = recovery.ProgressEdit(action_id=make_action(plan).pk, expected_version=0)
    with pytest.raises(InvalidEntryError, match="is there twice"):
        recovery.save_progress(by=the_officer(council), period=period, edits=[twice, twice])


@pytest.mark.parametrize("count", [1, 60])
def test_progress_is_saved_in_the_same_queries_however_many_actions(
    council, plan, period, django_assert_num_queries, count
):
    officer = the_officer(council)
    ids = [make_action(plan, f"Action {number}").pk for number in range(count)]
    edits = [recovery.ProgressEdit(action_id=pk, expected_version=0, identified=pounds("1")) for pk in ids]
    postgres = 2 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(9 + postgres):
        recovery.save_progress(by=officer, period=period, edits=edits)


# --- Plans and actions changed ----------------------------------------------------------------------------------------


def test_a_plan_and_an_action_are_changed_by_version(council, plan):
    officer = the_officer(council)
    changed = recovery.change_plan(by=officer, plan=plan, expected_version=1, words="Agreed in January")
    assert (changed.version, changed.words) == (2, "Agreed in January")
    with pytest.raises(StaleVersionError) as refusal:
        recovery.change_plan(by=officer, plan=plan, expected_version=1, words="Mine")
    assert refusal.value.theirs[0].values["words"] == "Agreed in January"
    action = make_action(plan)
    recovery.change_action(by=officer, action=action, expected_version=1, target=pounds("60000"), heads=2)
    entry = AuditEntry.objects.filter(action="change recovery action").get()
    assert (entry.before, entry.after) == (
        {"target": "50000.00", "heads": None},
        {"target": "60000.00", "heads": 2, "version": 2},
    )
    assert recovery.change_action(by=officer, action=action, expected_version=2).version == 2


def test_a_years_plans_have_names_of_their_own(council, plan):
    with pytest.raises(InvalidEntryError, match="already a plan"):
        make_plan(council)
    other = make_plan(council, "Second plan")
    with pytest.raises(InvalidEntryError, match="already a plan"):
        recovery.change_plan(by=the_officer(council), plan=other, expected_version=1, name=plan.name)
    assert make_plan(council, year=2024).name == plan.name


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "magic"}, "not one of"),
        ({"target": pounds("-1")}, "without a sign"),
        ({"heads": -1}, "whole number"),
        ({"due": "soon"}, "must be a date"),
        ({"per_head_low": pounds("2")}, "both ends"),
        ({"per_head_low": pounds("2"), "per_head_high": pounds("1")}, "in order"),
        ({"reference": "x" * 41}, "limit is 40"),
    ],
)
def test_an_action_that_cannot_be_kept_is_refused(council, plan, fields, words):
    with pytest.raises(InvalidEntryError, match=words):
        recovery.record_action(by=the_officer(council), plan=plan, title="T", **fields)


def test_a_field_that_is_not_an_actions_is_a_fault_of_the_program(council, plan):
    with pytest.raises(TypeError, match="no field “version”"):
        recovery.change_action(
            by=the_officer(council), action=make_action(plan), expected_version=1, version=9
        )


# --- Controls, reviews, cases -----------------------------------------------------------------------------------------


def control(council, covers="All placements", **fields):
    return reviews.record_control(
        by=the_officer(council),
        council=council,
        covers=covers,
        rule="Agreed before it is made",
        authorised_by="Corporate Director",
        **fields,
    )


def test_who_must_approve_this_spending(council, period, plan):
    control(council, plan=plan)
    control(council, "Counsel's advice")
    (of_plan,) = entry_of(council, period).controls
    assert (of_plan.covers, of_plan.authorised_by) == ("All placements", "Corporate Director")
    assert [one.covers for one in controls_in_force(council, period)] == ["Counsel's advice"]


def test_a_control_is_shown_for_the_year_in_which_it_was_in_force(council, period):
    control(council, "Ended last year", to_date=date(2023, 3, 31))
    control(council, "Ended in April", to_date=date(2023, 4, 1))
    control(council, "Begins after the month", from_date=date(2023, 11, 1))
    control(council, "Begins in the month", from_date=date(2023, 10, 31))
    assert [one.covers for one in controls_in_force(council, period)] == [
        "Ended in April",
        "Begins in the month",
    ]


def test_a_control_that_ends_gets_its_last_day_and_not_one_before_its_first(council):
    made = control(council, from_date=date(2023, 9, 1))
    officer = the_officer(council)
    with pytest.raises(InvalidEntryError, match="comes before from date"):
        reviews.change_control(by=officer, control=made, expected_version=1, to_date=date(2023, 8, 31))
    reviews.change_control(by=officer, control=made, expected_version=1, to_date=date(2023, 12, 1))
    assert SpendingControl.objects.get().to_date == date(2023, 12, 1)


def test_the_status_of_each_recommendation_from_outside(council, period, plan):
    officer = the_officer(council)
    of_plan = reviews.record_review(
        by=officer, council=council, plan=plan, reviewer="External consultants", scope="Cost of social care"
    )
    finding = reviews.record_finding(
        by=officer, review=of_plan, reference="A", finding="Target early help", due=date(2015, 4, 1)
    )
    reviews.change_finding(
        by=officer, finding=finding, expected_version=1, response="Agreed", status="in_progress"
    )
    unfinished = reviews.record_review(
        by=officer, council=council, reviewer="Peers", scope="Demand", is_complete=False
    )
    reviews.change_review(by=officer, review=unfinished, expected_version=1, status_words="Not yet completed")
    (review,) = entry_of(council, period).reviews
    (found,) = review.findings
    assert (found.reference, found.response, found.status_label) == ("A", "Agreed", "In progress")
    (other,) = reviews_of(council)
    assert (other.reviewer, other.is_complete, other.status_words) == ("Peers", False, "Not yet completed")


def test_a_business_case_is_what_it_costs_now_against_after(council, period, plan):
    officer = the_officer(council)
    case = reviews.record_case(
        by=officer, council=council, plan=plan, title="Pay of social workers", cost_now=pounds("500"),
        cost_after=pounds("350"), one_off_cost=pounds("60"), decided_by_role="Corporate Director",
        consultees="Chief Finance Officer; Cabinet Members; Chief Executive",
    )  # fmt: skip
    reviews.record_case(by=officer, council=council, title="Own provision")
    reviews.change_case(by=officer, case=case, expected_version=1, state="submitted")
    note = sources.SourceFields(subject=f"case:{case.pk}", figure="cost now", basis="illustrative")
    sources.note_sources(by=officer, council=council, notes=[note])
    (of_plan,) = entry_of(council, period).business_cases
    assert (of_plan.saving, of_plan.state_label, of_plan.sources[0].basis) == (
        pounds("150"),
        "Submitted",
        "illustrative",
    )
    (other,) = cases_of(council)
    assert (other.title, other.saving) == ("Own provision", None)


def test_a_case_of_a_proposal_that_nobody_has_seen_is_not_published_with_the_plan(council, period, plan):
    for title, stage in (("Seen", Stage.AGREED), ("Unseen", Stage.IDEA)):
        proposal = make_saving(council, title, None, stage=stage)
        reviews.record_case(
            by=the_officer(council), council=council, plan=plan, proposal=proposal, title=title
        )
    (working,) = recovery_of(council, period)
    (public,) = recovery_of(council, period, public_only=True)
    assert [len(one.business_cases) for one in (working, public)] == [2, 1]
    assert public.business_cases[0].title == "Seen"


def test_a_record_of_another_council_is_refused(council, plan):
    strange = make_plan(make_council("south-borough", "South Borough"))
    with pytest.raises(WrongCouncilError):
        control(council, plan=strange)


# --- Queries ----------------------------------------------------------------------------------------------------------


def test_reading_plans_takes_the_same_queries_however_many_there_are():
    counts = []
    for slug, size in (("one", 1), ("many", 8)):
        council = make_council(f"{slug}-borough", slug.title())
        period, officer = make_period(council), the_officer(council)
        for number in range(size):
            plan = make_plan(council, f"Plan {number}")
            progress(make_action(plan), period, identified="1")
            project(plan, "5", "2023-09-30", steps=[recovery.StepFields(label="S", amount=pounds("1"))])
            control(council, plan=plan)
            review = reviews.record_review(
                by=officer, council=council, plan=plan, reviewer="Peers", scope="Demand"
            )
            reviews.record_finding(by=officer, review=review, finding="F")
            reviews.record_case(by=officer, council=council, plan=plan, title="Case")
        with CaptureQueriesContext(connection) as queries:
            recovery_of(council, period)
        counts.append(len(queries))
    assert counts == [11, 11]
