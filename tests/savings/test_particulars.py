"""What a proposal is made of and what is said of it: parts, notes, a vacancy factor, an investment's profile, and where figures come from."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounting.phasing import PhaseKind
from savings.models import SavingsProposal, SavingsSource
from savings.operations import investments, proposals, sources
from savings.operations.investments import InvestmentFields
from savings.operations.proposals import ComponentFields, NoteFields, VacancyFields
from savings.operations.refusals import ComponentsExceedError
from savings.operations.sources import SourceFields
from services.models import AuditEntry
from services.operations.refusals import (
    InvalidEntryError,
    InvalidFigureError,
    StaleVersionError,
    WrongCouncilError,
)
from tests.savings.factories import make_proposal, one_off, recurrent, reversal, year
from tests.services.factories import make_council, pounds, the_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(db):
    return make_council()


def components(proposal, *parts, version=1):
    fields = [ComponentFields(title=title, amount=pounds(amount)) for title, amount in parts]
    return proposals.set_components(
        by=the_officer(proposal.council), proposal=proposal, expected_version=version, components=fields
    )


def test_a_total_may_stand_without_any_split_and_a_part_without_an_amount(council):
    proposal = make_proposal(council, "£2m", recurrent(2016, "-2000000"))
    now = components(proposal, ("Less management", None), ("Youth staff in hubs", None))
    assert [(one.title, one.amount) for one in now.components.all()] == [
        ("Less management", None),
        ("Youth staff in hubs", None),
    ]
    assert now.version == 2


def test_parts_that_exceed_the_whole_are_refused_with_the_difference(council):
    proposal = make_proposal(council, "Base budget", recurrent(2022, "-350000"), recurrent(2023, "-650000"))
    components(proposal, ("A contract", "600000"), ("A post", "400000"))
    with pytest.raises(ComponentsExceedError, match=r"£0\.01 more than the £1,000,000\.00") as told:
        components(proposal, ("A contract", "600000"), ("A post", "400000.01"), version=2)
    assert told.value.difference == pounds("0.01")


@pytest.mark.parametrize("back", [one_off(2026, "-742032"), reversal(2027, "645032")])
def test_what_comes_back_out_does_not_make_the_whole_smaller(council, back):
    first = [] if back.kind is PhaseKind.ONE_OFF else [recurrent(2026, "-742032")]
    proposal = make_proposal(council, "Housing", *first, back)
    assert components(proposal, ("Flats", "742032")).version == 2
    with pytest.raises(ComponentsExceedError):
        components(proposal, ("Flats", "742033"), version=2)


def test_without_amounts_any_part_stands(council):
    assert components(make_proposal(council), ("A contract", "5")).version == 2


@pytest.mark.parametrize(
    ("part", "says"),
    [(("", "5"), "Title"), (("A", "-5"), "without a sign"), (("A", "0"), "more than nil")],
)
def test_a_part_has_a_title_and_an_amount_without_a_sign(council, part, says):
    with pytest.raises(InvalidEntryError, match=says):
        components(make_proposal(council), part)


def test_two_people_may_say_two_things_and_both_stand(council):
    proposal = make_proposal(council, "Supporting People")
    said = [
        NoteFields(aspect="clarification", words="63 providers", said_by="Assistant Director"),
        NoteFields(aspect="clarification", words="65 providers", said_by="Member"),
    ]
    given = {"by": the_officer(council), "proposal": proposal, "notes": said}
    now = proposals.set_notes(expected_version=1, **given)
    assert [note.words for note in now.notes.all()] == ["63 providers", "65 providers"]
    assert proposals.set_notes(expected_version=2, **given).version == 2
    entry = AuditEntry.objects.get(action="set notes")
    assert [note["words"] for note in entry.after["notes"]] == ["63 providers", "65 providers"]


def test_a_note_is_about_something_and_says_something(council):
    given = {"by": the_officer(council), "proposal": make_proposal(council), "expected_version": 1}
    for note, says in (
        (NoteFields(aspect="weather", words="Rain"), "not one of users, staff"),
        (NoteFields(aspect="users", words=" "), "must not be blank"),
    ):
        with pytest.raises(InvalidEntryError, match=says):
            proposals.set_notes(notes=[note], **given)
    with pytest.raises(InvalidEntryError, match="at most 200"):
        proposals.set_notes(notes=[NoteFields(aspect="users", words="So")] * 201, **given)


def test_every_list_is_guarded_by_the_proposals_version(council):
    proposal, officer = make_proposal(council), the_officer(council)
    components(proposal, ("A", None))
    stale = {"by": officer, "proposal": proposal, "expected_version": 1}
    with pytest.raises(StaleVersionError):
        components(proposal, ("B", None))
    with pytest.raises(StaleVersionError):
        proposals.set_notes(notes=[], **stale)
    with pytest.raises(StaleVersionError):
        investments.set_investment(years=[], **stale)


def factor(proposal, percent="3.5", version=1, **fields):
    return proposals.set_vacancy_factor(
        by=the_officer(proposal.council),
        proposal=proposal,
        expected_version=version,
        terms=VacancyFields(percent=Decimal(percent), **fields),
    )


def test_a_vacancy_factor_is_a_saving_of_its_own_kind_with_its_terms(council):
    proposal = make_proposal(council, "Vacant posts", recurrent(2023, "-1700000"), type="vacancy_factor")
    kept = factor(proposal, exempt_posts="Frontline", is_substitution_allowed=True, review_months=3)
    assert (kept.percent_hundredths, kept.exempt_posts, kept.is_substitution_allowed, kept.review_months) == (
        350,
        "Frontline",
        True,
        3,
    )
    assert factor(proposal, "4", version=2).pk == kept.pk
    assert SavingsProposal.objects.get(pk=proposal.pk).version == 3
    with pytest.raises(InvalidEntryError, match="type to “Vacancy factor” first"):
        factor(make_proposal(council, "Other"))


@pytest.mark.parametrize(
    ("percent", "fields", "says"),
    [
        ("0", {}, "not between 0 and 100"),
        ("100.01", {}, "not between 0 and 100"),
        ("3.555", {}, "to the hundredth"),
        ("NaN", {}, "to the hundredth"),
        ("3.5", {"review_months": 0}, "3 for a quarterly review"),
        ("3.5", {"pay_budget": pounds("-1")}, "without a sign"),
    ],
)
def test_terms_of_a_vacancy_factor_that_cannot_be_are_refused(council, percent, fields, says):
    with pytest.raises(InvalidEntryError, match=says):
        factor(make_proposal(council, type="vacancy_factor"), percent, **fields)


def invested(proposal, *years, version=1):
    return investments.set_investment(
        by=the_officer(proposal.council), proposal=proposal, expected_version=version, years=years
    )


def test_an_investment_keeps_its_plan_beside_what_happened(council):
    proposal = make_proposal(council, "Edge of care", type="invest_to_save")
    later = InvestmentFields(year=year(2027), planned_benefit=pounds("150"))
    first = InvestmentFields(
        year=year(2026),
        planned_investment=pounds("100"),
        actual_investment=pounds("110"),
        funded_from="Reserve",
    )
    now = invested(proposal, later, first)
    rows = [(one.year, one.planned_investment, one.actual_investment) for one in now.investment_years.all()]
    assert rows == [(2026, pounds("100"), pounds("110")), (2027, 0, None)]
    assert invested(proposal, first, later, version=2).version == 2
    assert not invested(proposal, version=2).investment_years.exists()


def test_an_investment_is_written_without_a_sign_and_once_a_year(council):
    proposal = make_proposal(council)
    with pytest.raises(InvalidFigureError, match="Actual benefit: is written without a sign"):
        invested(proposal, InvestmentFields(year=year(2026), actual_benefit=pounds("-1")))
    with pytest.raises(InvalidEntryError, match="there twice"):
        invested(proposal, InvestmentFields(year=year(2026)), InvestmentFields(year=year(2026)))


def note(council, *notes):
    return sources.note_sources(by=the_officer(council), council=council, notes=notes)


def test_a_figure_says_where_it_comes_from_and_saying_it_again_changes_nothing(council):
    proposal = make_proposal(council)
    said = [
        SourceFields(proposal=proposal, figure="2016/17", basis="printed", citation="6.4"),
        SourceFields(subject="plan:1", figure="total", basis="printed"),
    ]
    assert len(note(council, *said)) == 2
    entries = AuditEntry.objects.count()
    assert note(council, *said) == []
    assert AuditEntry.objects.count() == entries
    changed = SourceFields(proposal=proposal, figure="2016/17", basis="derived", words="300 + 400")
    assert [one.basis for one in note(council, changed)] == ["derived"]
    assert SavingsSource.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"figure": "total", "basis": "guessed", "subject": "plan:1"}, "not one of printed, derived"),
        ({"figure": "total", "basis": "printed"}, "either a proposal or a subject"),
        ({"figure": "", "basis": "printed", "subject": "plan:1"}, "must not be blank"),
    ],
)
def test_a_source_is_about_one_thing(council, given, says):
    with pytest.raises(InvalidEntryError, match=says):
        note(council, SourceFields(**given))


def test_the_same_figure_twice_or_of_another_council_is_refused(council):
    twice = SourceFields(subject="plan:1", figure="total", basis="printed")
    with pytest.raises(InvalidEntryError, match="there twice"):
        note(council, twice, twice)
    foreign = make_proposal(make_council("south-borough", "South Borough"))
    with pytest.raises(WrongCouncilError):
        note(council, SourceFields(proposal=foreign, figure="total", basis="printed"))


def test_the_database_itself_keeps_one_source_for_a_figure(council):
    row = {"council": council, "subject": "plan:1", "figure": "total", "basis": "printed"}
    SavingsSource.objects.create(**row)
    for wrong in (row, row | {"subject": ""}, row | {"proposal": make_proposal(council)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavingsSource.objects.create(**wrong)


def test_the_queries_do_not_grow_with_the_sources(council):
    counts = []
    the_officer(council)
    for size in (1, 40):
        with CaptureQueriesContext(connection) as captured:
            note(
                council,
                *(SourceFields(subject=f"{size}:{one}", figure="f", basis="printed") for one in range(size)),
            )
        counts.append(len(captured))
    assert counts[0] == counts[1]
