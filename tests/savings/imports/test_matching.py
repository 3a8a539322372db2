"""What a schedule becomes beside what is held: new, changed, unchanged, and what is left as it is."""

import pytest

from accounting.phasing import PhaseKind
from accounting.savings import Stage
from accounts.operations import command_line_user
from savings.models import PhasingVersion, SavingsProposal
from savings.operations.phasing import PhasedAmount, ShareFields, approve_phasing, propose_phasing
from savings.operations.proposals import move_stage, record_proposal
from services.models import Directorate
from tests.savings.imports.support import (
    FIRST,
    SECOND,
    amounts,
    imported,
    newest,
    previewed,
    problems_of,
    proposal,
    refused,
    remarks_of,
    schedule,
)
from tests.services.factories import make_council, make_line, pounds, the_head, the_officer

NEGATIVE = 'savings = "negative"'
ROW = ("A1", "Contracts", "(1,000)", "(500)", "(1,500)")


@pytest.fixture
def council(db):
    return make_council()


def saving(council, reference="A1", title="Contracts", **fields):
    return record_proposal(
        by=the_officer(council), council=council, reference=reference, title=title, **fields
    )


def phase(held, *amounts, **options):
    years = (FIRST, SECOND)
    phases = [PhasedAmount(year=year, amount=pounds(one)) for year, one in zip(years, amounts, strict=False)]
    return propose_phasing(by=the_officer(held.council), proposal=held, phases=phases, **options)


def test_a_proposal_that_is_held_without_amounts_gets_its_first(council):
    saving(council)
    found = imported(council, schedule(ROW), NEGATIVE)
    assert (found.rows_new, found.rows_changed) == (0, 1)
    assert found.matches.changed[0].differences[0].before is None
    assert amounts(council, "A1") == {"2026/27": "-1000.00", "2027/28": "-500.00"}


def test_an_approved_version_stays_and_the_file_proposes_another(council):
    version = phase(saving(council), "-900", "-500")
    approve_phasing(by=the_head(council), version=version, decision_reference="Council, 25 February 2026")
    imported(council, schedule(ROW), NEGATIVE)
    assert [(one.status, one.phases.first().amount) for one in proposal(council, "A1").phasings.all()] == [
        ("proposed", -900), ("approved", -900), ("proposed", -1000),
    ]  # fmt: skip
    assert imported(council, schedule(ROW), NEGATIVE).changes_nothing


def test_years_that_the_schedule_does_not_have_keep_their_amounts(council):
    imported(council, schedule(ROW), NEGATIVE)
    later = schedule(
        ("A1", "Contracts", "(700)", "(50)", "(750)"),
        headings=("Ref", "Title", "2027/28", "2028/29", "Total"),
    )
    imported(council, later, NEGATIVE)
    assert amounts(council, "A1") == {"2026/27": "-1000.00", "2027/28": "-700.00", "2028/29": "-50.00"}
    assert newest(council, "A1").total_as_printed is None
    assert imported(council, later, NEGATIVE).changes_nothing


def test_a_one_off_before_the_schedule_is_not_taken_back_twice(council):
    held = saving(council)
    phases = [PhasedAmount(year=FIRST, amount=pounds("-300"), kind=PhaseKind.ONE_OFF)]
    propose_phasing(by=the_officer(council), proposal=held, phases=phases)
    later = schedule(("A1", "Contracts", "250"), headings=("Ref", "Title", "2027/28"))
    found = imported(council, later, NEGATIVE, confirmed=["sign"])
    assert found.rows_changed == 1
    assert amounts(council, "A1") == {"2026/27": "-300.00", "2027/28": "250.00"}
    assert imported(council, later, NEGATIVE, confirmed=["sign"]).changes_nothing


def test_a_blank_where_an_amount_is_held_takes_it_out(council):
    imported(council, schedule(ROW), NEGATIVE)
    found = imported(council, schedule(("A1", "Contracts", "(1,000)", "", "(1,000)")), NEGATIVE)
    assert [(str(one.year), one.after) for one in found.matches.changed[0].differences[:1]] == [
        ("2027/28", 0)
    ]
    assert amounts(council, "A1") == {"2026/27": "-1000.00"}


def test_a_row_without_figures_leaves_what_is_held(council):
    imported(council, schedule(ROW), NEGATIVE)
    assert (
        imported(
            council, schedule(("A1", "Contracts", "", "", ""), ("A2", "Fees", "(1)", "", "")), NEGATIVE
        ).rows_unchanged
        == 1
    )
    assert proposal(council, "A1").phasings.count() == 1


def test_what_the_schedule_does_not_have_is_told_and_left(council):
    imported(council, schedule(ROW, ("A2", "Fees", "(1)", "", "")), NEGATIVE)
    found = imported(council, schedule(ROW), NEGATIVE)
    assert "Not in this file, and left as they are: “A2 Fees”." in remarks_of(found)
    assert SavingsProposal.objects.filter(council=council).count() == 2


def test_a_reference_that_is_held_with_another_title_needs_confirming(council):
    saving(council, title="Home to school transport")
    found = previewed(council, schedule(ROW), NEGATIVE)
    assert [one.code for one in found.confirmations] == ["other-title"]
    imported(council, schedule(ROW), NEGATIVE, confirmed=["other-title"])
    assert proposal(council, "A1").title == "Home to school transport"


def test_the_reference_at_the_front_of_a_title_is_no_other_title(council):
    saving(council, title="Contracts")
    content = schedule(("A1 Contracts", "(10)"), headings=("Title", "2026/27"))
    assert not previewed(council, content, NEGATIVE).confirmations


def test_a_reference_written_a_little_differently_is_a_problem_that_says_which(council):
    saving(council, reference="CHS/SAV/34")
    told = problems_of(refused(council, schedule(("chs/sav/34", *ROW[1:])), NEGATIVE))
    assert "expected CHS/SAV/34" in told


def test_a_title_that_two_proposals_have_needs_a_reference(council):
    saving(council, "A1", "Fees")
    saving(council, "A2", "Fees")
    content = schedule(("Fees", "(10)"), headings=("Title", "2026/27"))
    assert "“Fees” is the title of 2 proposals (A1 and A2)" in problems_of(
        refused(council, content, NEGATIVE)
    )


def test_a_saving_is_not_taken_for_growth(council):
    saving(council)
    content = schedule(("A1", "Contracts", "10", "", ""))
    assert "is held as saving, and this is a schedule of growth" in problems_of(
        refused(council, content, 'kind = "growth"')
    )


def test_shared_amounts_are_not_changed_by_a_schedule(council):
    shares = [
        ShareFields(year=FIRST, partner="North Borough", is_ours=True, amount=pounds("-400")),
        ShareFields(year=FIRST, partner="South Borough", amount=pounds("-600")),
    ]
    phase(saving(council), "-1000", shares=shares)
    assert "Change them on its page" in problems_of(refused(council, schedule(ROW), NEGATIVE))
    same = schedule(("A1", "Contracts", "(1,000)", "", ""))
    assert previewed(council, same, NEGATIVE).changes_nothing


def test_a_withdrawn_proposal_takes_no_amounts(council):
    held = phase(saving(council), "-900").proposal
    move_stage(
        by=the_officer(council),
        proposal=held,
        expected_version=held.version,
        to=Stage.WITHDRAWN,
        decided_by="Cabinet",
        reason="Not safe.",
    )
    assert "its amounts can no longer be changed" in problems_of(refused(council, schedule(ROW), NEGATIVE))


def test_details_of_new_proposals_are_kept(council):
    line = make_line(council, "Fostering")
    headings = ("Ref", "Title", "Directorate", "Service", "Type", "Portfolio", "Description", "2026/27")
    rows = (
        ("A1", "Agency staff", "children and families", "fostering", "Staffing", "Families", "Fewer agency social workers.", "(10)"),
        ("A2", "Centres", "", "Family hubs", "Reshaping", "", "", "(5)"),
    )  # fmt: skip
    found = imported(council, schedule(*rows, headings=headings), NEGATIVE)
    one, two = proposal(council, "A1"), proposal(council, "A2")
    assert (one.directorate.name, one.service_line, one.type, one.priority) == (
        "Children and Families",
        line,
        "staffing",
        "Families",
    )
    assert one.description == "Fewer agency social workers."
    assert (two.service, two.service_line, two.type) == ("Family hubs", None, "other")
    assert "“Reshaping” is not a type of saving here" in remarks_of(found)


def test_a_directorate_that_a_council_with_directorates_does_not_have_is_refused(council):
    make_line(council)
    content = schedule(("Fees", "Children & Families", "(1)"), headings=("Title", "Directorate", "2026/27"))
    assert "expected Children and Families" in problems_of(refused(council, content, NEGATIVE))
    imported(council, content, f"{NEGATIVE}\ncreate_missing_directorates = true")
    assert Directorate.objects.filter(council=council).count() == 2


def test_a_council_without_directorates_gets_those_of_its_schedule(council):
    content = schedule(
        ("Fees", "Families", "(1)"), ("Bus", "Families", "(1)"), headings=("Title", "Directorate", "2026/27")
    )
    assert imported(council, content, NEGATIVE).matches.new_directorates == ["Families"]
    assert [one.name for one in Directorate.objects.filter(council=council)] == ["Families"]


def test_the_profile_says_how_far_the_proposals_have_got(council):
    toml = f'{NEGATIVE}\nstage = "agreed"\ndecided_by = "Council"\ndecided_on = 2026-02-25\ndecision_reference = "Minute 7"'
    found = refused(council, schedule(ROW), toml, by=the_officer(council))
    assert "Your role does not let you approve" in problems_of(found)
    imported(council, schedule(ROW), toml, by=the_head(council))
    step = proposal(council, "A1").stage_changes.get()
    assert (step.to_stage, step.decided_by, step.decision_reference, f"{step.decided_on}") == (
        "agreed", "Council", "Minute 7", "2026-02-25",
    )  # fmt: skip


def test_a_profile_for_another_council_is_refused(council):
    assert "for another council" in problems_of(refused(council, schedule(ROW), 'council = "walsall"'))


def test_what_is_imported_is_proposed_and_waits_for_somebody_else(council):
    imported(council, schedule(ROW), NEGATIVE, by=the_officer(council))
    version = PhasingVersion.objects.get()
    assert (version.status, version.recorded_by) == ("proposed", the_officer(council))
    approve_phasing(by=the_head(council), version=version, decision_reference="Council, 25 February 2026")


def test_looking_takes_a_fixed_number_of_queries(council, django_assert_max_num_queries):
    by = command_line_user()
    for count in (2, 60):
        rows = [(f"A{number}", f"Saving {number}", "(10)", "0", "(10)") for number in range(count)]
        imported(council, schedule(*rows), NEGATIVE, by=by)
        with django_assert_max_num_queries(9):
            assert previewed(council, schedule(*rows), NEGATIVE, by=by).rows_unchanged == count


def test_a_row_that_could_not_be_read_is_compared_with_nothing(council):
    imported(council, schedule(ROW, ("A2", "Fees", "(1)", "", "")), NEGATIVE)
    found = refused(
        council, schedule(("A1", "Contracts", "lots", "(500)", ""), ("A2", "Fees", "(1)", "", "")), NEGATIVE
    )
    assert len(found.problems) == 1
    assert not found.matches.changed
    assert not found.matches.absent


def test_rows_with_one_reference_are_one_problem_and_rows_that_come_to_one_proposal_another(council):
    saving(council)
    assert len(refused(council, schedule(ROW, ("A1", "Fees", "(1)", "", "")), NEGATIVE).problems) == 1
    told = problems_of(refused(council, schedule(ROW, ("", "Contracts", "(1)", "", "")), NEGATIVE))
    assert "Rows 2 and 3 are both “A1 Contracts”" in told
