"""Proposals as values: everything said of them, in a fixed number of queries, and nothing public that nobody outside has seen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind, SpanMeaning, SpanReading
from accounting.savings import Stage
from savings.models import BusinessCase, InvestmentYear
from savings.operations import phasing, proposals, sources
from savings.operations.phasing import ShareFields
from savings.operations.proposals import ComponentFields, NoteFields, VacancyFields
from savings.operations.sources import SourceFields
from savings.position.proposals import proposal_entry, proposals_of
from tests.services.factories import make_council, make_line, pounds, the_head, the_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(db):
    return make_council()


def year(first):
    return FinancialYear(first)


def phased(first, amount, kind=PhaseKind.RECURRENT):
    return PhasedAmount(year=year(first), amount=pounds(amount), kind=kind)


def recorded(council, title, **fields):
    return proposals.record_proposal(by=the_officer(council), council=council, title=title, **fields)


def full_proposal(council, reference):
    """A proposal with one of everything."""
    officer = the_officer(council)
    made = recorded(council, f"{reference} Telecare", reference=reference, type="vacancy_factor")
    version = phasing.propose_phasing(
        by=officer,
        proposal=made,
        phases=[phased(2023, "-120000"), phased(2024, "-10000", PhaseKind.ONE_OFF)],
        spans=[
            SpanReading(
                first=year(2025),
                last=year(2026),
                amount=pounds("-5"),
                meaning=SpanMeaning.NOT_STATED,
                words="£5",
            )
        ],
        shares=[
            ShareFields(year=year(2023), partner="North Borough", is_ours=True, amount=pounds("-80000")),
            ShareFields(year=year(2023), partner="South Borough", amount=pounds("-40000")),
        ],
        total_as_printed=pounds("-130001"),
        as_printed=True,
    )
    phasing.approve_phasing(by=the_head(council), version=version, decision_reference="Minute 4")
    made = proposals.set_components(
        by=officer,
        proposal=made,
        expected_version=1,
        components=[ComponentFields(title="Two providers to one", amount=pounds("100000"))],
    )
    notes = [
        NoteFields(aspect="clarification", words="63 contracts", said_by="Assistant Director"),
        NoteFields(aspect="clarification", words="65 contracts", said_by="Member"),
    ]
    made = proposals.set_notes(by=officer, proposal=made, expected_version=2, notes=notes)
    proposals.set_vacancy_factor(
        by=officer, proposal=made, expected_version=3, terms=VacancyFields(percent=pounds("3.5"))
    )
    for first, put_in, out in ((2023, "50", "0"), (2024, "0", "60")):
        InvestmentYear.objects.create(
            council=council,
            proposal=made,
            year=first,
            planned_investment=pounds(put_in),
            planned_benefit=pounds(out),
        )
    case = BusinessCase.objects.create(
        council=council, proposal=made, title="One provider", cost_now=pounds("9"), cost_after=pounds("4")
    )
    sources.note_sources(
        by=officer,
        council=council,
        notes=[
            SourceFields(proposal=made, figure="2023/24", basis="printed", citation="6.4"),
            SourceFields(subject=f"case:{case.pk}", figure="cost_now", basis="illustrative"),
        ],
    )
    return made


def test_a_proposal_is_told_with_everything_that_is_said_of_it(council):
    entry = proposal_entry(full_proposal(council, "OP1"))
    assert (entry.heading, entry.reference) == ("OP1 Telecare", "OP1")
    assert [(note.words, note.said_by) for note in entry.notes] == [
        ("63 contracts", "Assistant Director"),
        ("65 contracts", "Member"),
    ]
    assert [(version.number, version.is_approved, version.approves) for version in entry.phasings] == [
        (1, False, None),
        (2, True, 1),
    ]
    assert entry.phasing == entry.phasings[1]
    assert (entry.phasing.total, entry.phasing.gap) == (pounds("-120000"), pounds("10001"))
    assert [one.amount for one in entry.components] == [pounds("100000")]
    assert entry.paid_back_in == year(2024)
    assert [one.planned_cumulative for one in entry.investment] == [pounds("-50"), pounds("10")]
    assert (entry.business_cases[0].saving, entry.business_cases[0].sources[0].basis) == (
        pounds("5"),
        "illustrative",
    )
    assert (entry.sources[0].figure, entry.sources[0].citation) == ("2023/24", "6.4")


def test_a_years_amount_says_what_comes_back_the_level_and_our_part(council):
    entry = proposal_entry(full_proposal(council, "OP1"))
    said = [(str(one.year), one.amount, one.returned, one.level, one.ours) for one in entry.phasing.amounts]
    assert said == [
        ("2023/24", pounds("-120000"), 0, pounds("-120000"), pounds("-80000")),
        ("2024/25", pounds("-10000"), 0, pounds("-130000"), pounds("-10000")),
        ("2025/26", pounds("10000"), pounds("10000"), pounds("-120000"), pounds("10000")),
    ]
    assert [one.kinds for one in entry.phasing.amounts] == ["Recurrent", "One-off", "One-off taken back out"]
    (span,) = entry.phasing.spans
    assert (span.is_counted, span.if_each_year, span.if_in_total) == (False, pounds("-10"), pounds("-5"))


def test_the_pay_budget_that_a_vacancy_factor_implies_is_told_where_it_is_not_stated(council):
    made = recorded(council, "Vacancy factor", type="vacancy_factor")
    phasing.propose_phasing(by=the_officer(council), proposal=made, phases=[phased(2023, "-1700000")])
    terms = VacancyFields(percent=pounds("3.5"), exempt_posts="Frontline", review_months=3)
    proposals.set_vacancy_factor(by=the_officer(council), proposal=made, expected_version=1, terms=terms)
    factor = proposal_entry(made).vacancy_factor
    assert (factor.percent, factor.implied_pay_budget, factor.review_months) == (
        pounds("3.5"),
        pounds("48571429"),
        3,
    )


def test_a_proposal_without_anything_says_so(council):
    entry = proposal_entry(recorded(council, "Care leavers"))
    assert (entry.phasing, entry.phasings, entry.vacancy_factor, entry.directorate) == (None, (), None, "")
    assert (entry.equality_label, entry.recurrence_label) == ("Not stated", "Not stated")


def test_the_service_is_the_lines_or_as_the_paper_names_it(council):
    assert proposal_entry(recorded(council, "A", service="Day care")).service == "Day care"
    entry = proposal_entry(recorded(council, "B", service="Day care", service_line=make_line(council)))
    assert (entry.service, entry.directorate) == ("Corporate parenting", "Children and Families")


def queries(council):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        proposals_of(council)
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_proposals(council):
    full_proposal(council, "OP1")
    few = queries(council)
    for number in range(2, 6):
        full_proposal(council, f"OP{number}")
    assert (queries(council), few) == (12, 12)


def test_nobody_outside_sees_an_idea_also_when_it_is_withdrawn(council):
    officer = the_officer(council)

    def move(proposal, *stages):
        for to in stages:
            proposal = proposals.move_stage(
                by=officer,
                proposal=proposal,
                expected_version=proposal.version,
                to=to,
                decided_by="Director",
                reason="So decided",
            )

    recorded(council, "1 idea")
    recorded(council, "2 idea of a public paper", is_public=True)
    move(recorded(council, "3 withdrawn idea"), Stage.WITHDRAWN)
    move(recorded(council, "4 consulted on"), Stage.CONSULTATION)
    move(recorded(council, "5 withdrawn after consultation"), Stage.CONSULTATION, Stage.WITHDRAWN)
    move(recorded(council, "6 back from consultation"), Stage.CONSULTATION, Stage.PROPOSAL)
    public = [entry.title[0] for entry in proposals_of(council, public_only=True)]
    assert public == ["2", "4", "5", "6"]
    assert len(proposals_of(council)) == 6
    told = {
        one.title[0]: [step.stage for step in one.history] for one in proposals_of(council, public_only=True)
    }
    assert told["6"] == [Stage.CONSULTATION, Stage.PROPOSAL], "not the steps from before it was in the open"
    assert told["2"] == [Stage.IDEA], "all steps of one that stood in a public paper"
    assert len(proposals_of(council)[-1].history) == 3, "every step, for officers"


def test_a_reference_is_said_once_and_never_mistaken_for_another(council):
    headings = {
        recorded(council, "OP12 Admissions", reference="OP12").pk: "OP12 Admissions",
        recorded(council, "OP12 Admissions", reference="OP1").pk: "OP1 OP12 Admissions",
        recorded(council, "Admissions").pk: "Admissions",
    }
    assert {int(entry.key): entry.heading for entry in proposals_of(council)} == headings
