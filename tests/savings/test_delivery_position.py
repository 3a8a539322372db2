"""A period's savings read as values: which are there, what each says, what they sum to, in a fixed number of queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounting.periods import FinancialYear
from accounting.phasing import PhaseKind, SpanMeaning, SpanReading
from accounting.rag import Rag
from accounting.savings import Stage
from savings.models import SavingsUpdate
from savings.operations import proposals, sources
from savings.operations.phasing import ShareFields
from savings.position.content import savings_content
from savings.position.updates import savings_position
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
from tests.savings.factories import make_proposal, propose, recurrent
from tests.services.factories import (
    make_council,
    make_directorate,
    make_line,
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
    return make_line(council, budget="1000")


@pytest.fixture
def period(council, line):
    return make_period(council)


def names(position):
    return [row.entry.proposal.heading for row in position.rows]


def test_a_saving_of_which_nothing_is_said_has_its_target_and_nothing_else(council, line, period):
    saving = make_saving(council, service_line=line)
    (row,) = savings_position(council, period).rows
    figures = row.entry.figures
    assert (figures.target, figures.delivered, figures.forecast, figures.shortfall) == (
        pounds("250000"),
        None,
        None,
        None,
    )
    assert (row.proposal_id, row.update_id, row.version, row.last) == (saving.pk, None, 0, None)
    assert (row.entry.rag, row.entry.confidence_label, row.is_target_phased) == (None, "Not judged", True)


def test_why_amber_though_on_track_is_answered_by_four_things_held_apart(council, line, period):
    saving = make_saving(council, "Commissioning", service_line=line)
    held = update(
        saving,
        period,
        "0 250000 0 0",
        forecast="250000",
        rag="amber",
        reason="Reviewed quarterly; reserves would cover it.",
        confidence="high",
        expected_on=date(2024, 4, 1),
        service_effect="None: contracts, not services.",
    )
    cover(held, "reserve", None, words="If it is not delivered.")
    note = sources.SourceFields(subject=f"update:{held.pk}", figure="rag", basis="printed", citation="5.18")
    sources.note_sources(by=the_officer(council), council=council, notes=[note])
    (row,) = savings_position(council, period).rows
    entry = row.entry
    assert (entry.rag, entry.confidence_label, entry.expected_on) == (Rag.AMBER, "High", date(2024, 4, 1))
    assert (entry.figures.shortfall, entry.figures.mitigation) == (0, 0)
    assert entry.reason == "Reviewed quarterly; reserves would cover it."
    (means,) = entry.mitigations
    assert (means.kind_label, means.lasts, means.amount) == ("Reserve", False, None)
    assert [(mark.figure, mark.citation) for mark in entry.sources] == [("rag", "5.18")]


def test_a_saving_is_there_with_a_target_this_year_or_an_update_and_not_otherwise(council, line, period):
    make_saving(council, "This year", service_line=line)
    make_saving(council, "Next year", year=2024)
    make_saving(council, "Not agreed", stage=Stage.CONSULTATION)
    make_saving(council, "No £, in delivery", None)
    make_saving(council, "No £, delivered", None, stage=Stage.DELIVERED)
    make_proposal(council, "More children", recurrent(2023, "500"), kind="growth", stage=Stage.AGREED)
    given_up = make_saving(council, "Written off since")
    update(given_up, period, "0 0 0 250000", forecast="0", rag="red", reason="No buyer.")
    given_up.refresh_from_db()
    proposals.move_stage(
        by=the_head(council),
        proposal=given_up,
        expected_version=given_up.version,
        to=Stage.WRITTEN_OFF,
        decided_by="Cabinet",
        reason="No buyer.",
    )
    assert sorted(names(savings_position(council, period))) == [
        "No £, in delivery",
        "This year",
        "Written off since",
    ]


def test_a_saving_of_unknown_target_is_of_the_years_it_names_or_from_when_it_was_agreed(council, period):
    agreed_later = make_saving(council, "Agreed in March 2023", None)
    spanned = make_proposal(council, "£500k over two years", stage=Stage.IN_DELIVERY)
    span = SpanReading(
        first=FinancialYear(2023),
        last=FinancialYear(2024),
        amount=pounds("-500000"),
        meaning=SpanMeaning.NOT_STATED,
        words="over 2023/24 and 2024/25",
    )
    propose(spanned, spans=[span], as_printed=True)

    def there(slug):
        return set(names(savings_position(council, make_period(council, slug))))

    assert there("2021-22/p7") == set()
    assert there("2022-23/p12") == {agreed_later.title}
    assert there("2024-25/p1") == {agreed_later.title, spanned.title}
    assert there("2025-26/p1") == {agreed_later.title}


def test_last_month_stands_beside_this_one(council, line, period):
    saving = make_saving(council, service_line=line)
    update(saving, period, "0 250000 0 0", forecast="250000", rag="green")
    following = make_period(council, "2023-24/p9", carry_forward=True)
    update(saving, following, forecast="200000", rag="amber", reason="A delay.")
    (row,) = savings_position(council, following).rows
    assert (row.last.figures.forecast, row.entry.figures.forecast) == (pounds("250000"), pounds("200000"))
    assert (row.version, row.is_carried_forward) == (2, False)


def test_totals_are_of_the_council_each_directorate_and_each_colour(council, line, period):
    education = make_directorate(council, "Education")
    first = make_saving(council, "First", "100", service_line=line)
    second = make_saving(council, "Second", "200", directorate=education)
    make_saving(council, "Third", "400", directorate=education)
    update(first, period, "60 40 0 0", forecast="100", rag="green")
    held = update(second, period, "0 50 50 100", forecast="100", rag="red", reason="Half of it.")
    cover(held, "one_off", "70")
    position = savings_position(council, period)
    assert [(one.scope, one.name, one.count) for one in position.totals] == [
        ("council", "North Borough", 3),
        ("directorate", "Children and Families", 1),
        ("directorate", "Education", 2),
        ("rag", "Red", 1),
        ("rag", "Green", 1),
        ("rag", "Not yet rated", 1),
    ]
    whole = position.total()
    assert (whole.figures.target, whole.figures.delivered, whole.figures.undeliverable) == tuple(
        map(pounds, ("700", "60", "100"))
    )
    assert (whole.without_parts, whole.without_target, whole.figures.shortfall) == (1, 0, None)
    red = position.total("rag", "Red").figures
    assert (red.shortfall, red.mitigation, red.unmitigated, red.reopens_next_year) == tuple(
        map(pounds, ("100", "70", "30", "100"))
    )
    assert position.total("rag", "Amber") is None


def test_a_part_of_the_council_has_its_savings_and_no_council_total(council, line, period):
    make_saving(council, "Ours", service_line=line)
    make_saving(council, "Theirs", directorate=make_directorate(council, "Education"))
    position = savings_position(council, period, directorate_ids=frozenset({line.division.directorate_id}))
    assert names(position) == ["Ours"]
    assert position.total() is None


def test_a_share_that_is_not_agreed_leaves_the_target_unknown_and_the_saving_there(council, period):
    shared = make_saving(council, "Combined fostering", None)
    share = ShareFields(year=period.period.year, partner="North Borough", is_ours=True)
    phase(shared, (2023, "240000", PhaseKind.RECURRENT), shares=[share])
    (row,) = savings_position(council, period).rows
    assert (row.entry.figures.target, row.is_target_phased) == (None, False)


def test_without_savings_there_is_nothing_and_no_total(council, period):
    position = savings_position(council, period)
    assert (position.rows, position.totals, position.disagreements) == ((), (), ())


def everything(council, line, period, count):
    """Many savings with updates, last month's too, and recovery actions with progress."""
    made = make_many_savings(council, count, service_line=line, directorate=line.division.directorate)
    for when in (period, make_period(council, "2023-24/p8")):
        SavingsUpdate.objects.bulk_create(
            SavingsUpdate(council=council, period=when, proposal=one, target=pounds("10")) for one in made
        )
    plan = make_plan(council)
    for number in range(3 if count > 1 else 1):
        progress(make_action(plan, f"Action {number}"), period, identified="1")
    return make_period(council, "2023-24/p8")


@pytest.mark.parametrize("read", [savings_position, savings_content])
def test_the_queries_do_not_grow_with_the_savings(read):
    counts = []
    for slug, count in (("one", 1), ("many", 60)):
        council = make_council(f"{slug}-borough", slug.title())
        line = make_line(council, budget="1000")
        now = everything(council, line, make_period(council), count)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(council, now)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= {savings_position: 24, savings_content: 48}[read]


# --- What a publication takes -----------------------------------------------------------------------------------------


def test_a_publication_takes_what_the_public_may_see_and_nothing_else(council, line, period):
    saving = make_saving(council, service_line=line)
    update(saving, period, "0 250000 0 0", forecast="250000", rag="green")
    make_proposal(council, "An idea that nobody has seen")
    content = savings_content(council, period)
    assert [one.heading for one in content.proposals] == ["Fewer agency placements"]
    assert [one.proposal.heading for one in content.savings] == ["Fewer agency placements"]
    assert content.totals[0].figures.target == pounds("250000")
    assert content.strategy is None


def test_a_publication_of_nothing_says_so(council, period):
    assert savings_content(council, period).is_empty
