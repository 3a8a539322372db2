"""A saving that was not made for good opens next year as a pressure, by itself and in plain view."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounting.periods import FinancialYear
from accounting.phasing import PhaseKind
from accounting.savings import Stage
from savings.models import SavingsUpdate
from savings.operations import proposals
from savings.position.reopened import reopened_by_year
from savings.position.strategy import medium_term_view
from tests.savings.delivery_factories import cover, make_many_savings, make_saving, update
from tests.services.factories import make_council, make_line, make_period, pounds, the_head

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

THIS, NEXT = FinancialYear(2023), FinancialYear(2024)


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def period(council):
    return make_period(council)


def short_by(saving, period, amount="150000"):
    """An update of a £250,000 saving that falls short."""
    forecast = str(pounds("250000") - pounds(amount))
    return update(saving, period, forecast=forecast, rag="red", reason=f"Short by {amount}.")


def amounts(council, **fields):
    return {
        year: [(one.heading, one.amount) for one in rows]
        for year, rows in reopened_by_year(council, **fields).items()
    }


@pytest.mark.parametrize("kind", ["one_off", "grant", "reserve", "vacancy"])
def test_a_saving_met_by_a_one_off_reopens_next_year_in_full(council, period, kind):
    cover(short_by(make_saving(council), period), kind, "150000")
    assert amounts(council) == {NEXT: [("Fewer agency placements", pounds("150000"))]}


def test_a_saving_met_by_another_recurrent_one_does_not_reopen(council, period):
    cover(short_by(make_saving(council), period), "recurrent", "150000")
    assert amounts(council) == {}


def test_a_saving_met_in_part_for_good_reopens_with_the_rest(council, period):
    cover(short_by(make_saving(council), period), "recurrent", "100000")
    assert amounts(council) == {NEXT: [("Fewer agency placements", pounds("50000"))]}


def test_a_shortfall_that_nothing_meets_reopens_too(council, period):
    short_by(make_saving(council), period)
    assert amounts(council) == {NEXT: [("Fewer agency placements", pounds("150000"))]}


def test_a_one_off_saving_that_was_missed_reopens_nothing(council, period):
    short_by(make_saving(council, kind=PhaseKind.ONE_OFF), period)
    assert amounts(council) == {}


def test_what_is_delivered_or_not_known_reopens_nothing(council, period):
    update(make_saving(council, "Delivered"), period, "250000 0 0 0", forecast="250000", rag="green")
    update(make_saving(council, "Not known"), period, reason="Not looked at yet.")
    make_saving(council, "Not updated")
    assert amounts(council) == {}


def test_the_newest_month_of_a_year_counts_and_a_publication_can_leave_out_later_ones(council, period):
    saving = make_saving(council)
    short_by(saving, period)
    following = make_period(council, "2023-24/p8", carry_forward=True)
    short_by(saving, following, "90000")
    assert amounts(council) == {NEXT: [("Fewer agency placements", pounds("90000"))]}
    assert amounts(council, up_to=period) == {NEXT: [("Fewer agency placements", pounds("150000"))]}
    assert amounts(council, up_to=make_period(council, "2022-23/p12")) == {}


def test_a_copy_of_last_month_counts_until_somebody_says_otherwise(council, period):
    short_by(make_saving(council), period)
    make_period(council, "2023-24/p8", carry_forward=True)
    assert SavingsUpdate.objects.count() == 2
    assert amounts(council) == {NEXT: [("Fewer agency placements", pounds("150000"))]}


def test_each_year_reopens_its_own(council, period):
    saving = make_saving(council)
    short_by(saving, period)
    second = make_saving(council, "Second year", year=2024)
    update(second, make_period(council, "2024-25/p2"), forecast="240000", rag="amber", reason="Late.")
    assert amounts(council) == {
        NEXT: [("Fewer agency placements", pounds("150000"))],
        NEXT.next: [("Second year", pounds("10000"))],
    }


def test_a_saving_that_was_given_up_is_out_of_the_budget_and_reopens_nothing(council, period):
    saving = make_saving(council)
    short_by(saving, period)
    saving.refresh_from_db()
    proposals.move_stage(
        by=the_head(council),
        proposal=saving,
        expected_version=saving.version,
        to=Stage.WRITTEN_OFF,
        decided_by="Cabinet",
        reason="No buyer.",
    )
    assert amounts(council) == {}


def test_the_medium_term_shows_it_as_a_pressure_with_the_savings_name(council, period):
    short_by(make_saving(council), period)
    view = medium_term_view(council)
    found = {one.year: one.reopened for one in view.years}
    assert found[NEXT] == pounds("150000")
    (line,) = [one for one in view.lines if one.kind == "reopened"]
    assert (line.year, line.amount) == (NEXT, pounds("150000"))
    assert line.label.startswith("Fewer agency placements")


def test_reading_it_takes_five_queries_however_many_savings():
    for slug, count in (("one", 1), ("many", 50)):
        council = make_council(f"{slug}-borough", slug.title())
        line = make_line(council)
        period = make_period(council)
        made = make_many_savings(council, count, service_line=line, directorate=line.division.directorate)
        SavingsUpdate.objects.bulk_create(
            SavingsUpdate(
                council=council, period=period, proposal=one, target=pounds("10"), forecast=pounds("4")
            )
            for one in made
        )
        with CaptureQueriesContext(connection) as queries:
            assert len(reopened_by_year(council)[NEXT]) == count
        assert len(queries) == 5
