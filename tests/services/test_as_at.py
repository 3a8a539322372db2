"""The position as at a past moment: what stood then, what stands now, and who changed it."""

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import audit
from services.models import ServiceLine
from services.operations.restructuring import restructure_line
from services.position.as_at import position_as_at
from tests.services.factories import make_forecast, make_line, make_period, the_officer
from tests.services.imports.support import csv_bytes, imported
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db
ADDRESS = f"{BASE}as-at/"


@contextmanager
def at(moment):
    """The clock of the audit trail stands at this moment, written with its offset."""
    now = datetime.fromisoformat(moment)
    with mock.patch.object(audit, "timezone", SimpleNamespace(now=lambda: now)):
        yield


@pytest.fixture
def office(db):
    with at("2023-10-25T08:00+00:00"):
        return make_office()


def stood(office, line, moment, figure="forecast_outturn"):
    """One figure of a line at a moment."""
    found = position_as_at(office.council, office.period, moment=datetime.fromisoformat(moment))
    of_line = [one for one in found.lines if one.line_id == line.pk]
    return of_line[0].figures[figure] if of_line else None


def row_of(response, name):
    return next(row for row in response.context["table"].all_rows if row.name == name)


def test_a_figure_is_what_it_was_at_each_of_three_moments(office):
    with at("2023-10-26T09:00+00:00"):
        make_forecast(office.fostering, office.period, "510000", commitments="7")
    with at("2023-10-27T09:00+00:00"):
        make_forecast(office.fostering, office.period, "525000.50")
    before, between, after = (
        stood(office, office.fostering, f"2023-10-{day}T08:59+00:00") for day in (26, 27, 28)
    )
    assert [one.then for one in (before, between, after)] == [None, Decimal("510000"), Decimal("525000.50")]
    assert [one.now for one in (before, between, after)] == [Decimal("525000.50")] * 3
    assert [one.change for one in (before, between, after)] == [None, Decimal("15000.50"), Decimal("0")]
    assert between.given.at == datetime(2023, 10, 26, 9, tzinfo=UTC)
    assert between.changed.at == datetime(2023, 10, 27, 9, tzinfo=UTC)
    assert (before.given, after.changed) == (None, None)
    kept = stood(office, office.fostering, "2023-10-28T08:59+00:00", "commitments")
    assert (kept.then, kept.changed, kept.given.at.day) == (Decimal("7"), None, 26)


def test_nothing_stood_before_the_period_was_opened(office):
    early = datetime(2023, 10, 1, tzinfo=UTC)
    found = position_as_at(office.council, office.period, moment=early)
    assert not found.was_open
    assert all(figure.then is None for line in found.lines for figure in line.figures.values())


def test_a_forecast_carried_forward_stood_from_the_opening_on(office):
    with at("2023-11-20T09:00+00:00"):
        later = make_period(office.council, "2023-24/p8", carry_forward=True)
    with at("2023-11-21T09:00+00:00"):
        make_forecast(office.placements, later, "1400000")
    found = position_as_at(office.council, later, moment=datetime(2023, 11, 20, 12, tzinfo=UTC))
    figure = next(one for one in found.lines if one.line_id == office.placements.pk).figures[
        "forecast_outturn"
    ]
    assert (figure.then, figure.given) == (Decimal("1300000"), None)
    page = office.client("officer").get(
        "/north-borough/working/2023-24/p8/as-at/", {"moment": "2023-11-20T12:00"}
    )
    assert row_of(page, "Placements").given == "carried forward"


def test_an_imported_return_is_taken_back_as_a_typed_figure_is(office):
    with at("2023-10-26T09:00+00:00"):
        imported(
            office.council, csv_bytes(("Placements", "1000000", "1350000")), by=the_officer(office.council)
        )
    figure = stood(office, office.placements, "2023-10-25T12:00+00:00")
    assert (figure.then, figure.now) == (Decimal("1300000"), Decimal("1350000"))
    assert figure.changed.by == str(the_officer(office.council))


def test_a_line_closed_since_is_there_with_what_it_had(office):
    with at("2023-10-26T09:00+00:00"):
        make_forecast(office.placements, office.period, "1310000", worst_case="1500000")
    with at("2023-10-27T09:00+00:00"):
        restructure_line(
            by=the_officer(office.council),
            line=office.placements,
            successor=office.fostering,
            from_period=office.period,
            reason="Teams merged.",
        )
    assert stood(office, office.placements, "2023-10-28T09:00+00:00") is None
    figure = stood(office, office.placements, "2023-10-26T12:00+00:00")
    assert (figure.then, figure.now) == (Decimal("1310000"), None)
    assert stood(office, office.placements, "2023-10-26T12:00+00:00", "worst_case").then == Decimal("1500000")


def test_a_clock_put_back_puts_no_change_out_of_order(office):
    """T03: what stood at a moment follows the trail's numbers, not a clock that was put back."""
    with at("2023-10-26T10:00+00:00"):
        make_forecast(office.fostering, office.period, "1")
    with at("2023-10-26T09:30+00:00"):
        make_forecast(office.fostering, office.period, "2")
    assert stood(office, office.fostering, "2023-10-26T09:45+00:00").then == Decimal("2")
    assert stood(office, office.fostering, "2023-10-26T09:15+00:00").then is None


def test_the_hour_that_comes_twice_is_told_apart(office):
    """T01: 01:45 of the night when the clocks go back is two moments, each with its own answer."""
    with at("2023-10-29T00:40+00:00"):  # 01:40 BST
        make_forecast(office.fostering, office.period, "111")
    with at("2023-10-29T01:10+00:00"):  # 01:10 GMT
        make_forecast(office.fostering, office.period, "222")
    client = office.client("officer")
    first = client.get(ADDRESS, {"moment": "2023-10-29T01:45"})
    assert "As it stood on 29 October 2023, 01:45 BST" in words(first)
    assert row_of(first, "Fostering").then == Decimal("111")
    second = client.get(ADDRESS, {"moment": "2023-10-29T01:45+00:00"})
    assert "As it stood on 29 October 2023, 01:45 GMT" in words(second)
    assert row_of(second, "Fostering").then == Decimal("222")
    typed = {"date": "2023-10-29", "time": "01:45", "which": "second"}
    assert row_of(client.get(ADDRESS, typed), "Fostering").then == Decimal("222")
    question = "That time came twice, because the clocks went back"
    assert question in words(first)
    assert question not in words(client.get(ADDRESS, {"moment": "2023-10-29T02:45"}))
    assert "29 October 2023, 01:10 GMT" in row_of(first, "Fostering").changed


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"moment": "2023-03-26T01:30"}, "there was no 01:30 in London on 26 March 2023"),
        ({"moment": "2999-01-01T09:00"}, "That moment is still to come"),
        ({"moment": "yesterday"}, "Enter a valid date"),
        ({"date": "0001-01-01", "time": "00:00"}, None),
        ({"date": "2023-10-26", "time": "25:00"}, "Enter a valid time"),
        ({"moment": "2023-10-26T09:00", "figure": "budget"}, "budget is not one of the available choices"),
    ],
)
def test_a_moment_that_cannot_be_is_said(office, asked, told):
    """T01: 01:30 of the night when the clocks go forward never was."""
    page = office.client("officer").get(ADDRESS, asked)
    if told is None:
        assert page.status_code in (200, 422)
        return
    assert page.status_code == 422
    assert told in words(page)


def test_the_position_leads_to_the_page_which_shows_now_by_itself(office):
    assert f'href="{ADDRESS}"' in office.client("officer").get(BASE).content.decode()
    page = office.client("officer").get(ADDRESS)
    row = row_of(page, "Placements")
    assert (row.then, row.now, row.change) == (Decimal("1300000"), Decimal("1300000"), Decimal("0"))
    assert "nobody since" in words(page)


def test_each_person_sees_what_they_may(office):
    holder = office.client("holder").get(ADDRESS)
    assert {row.name for row in holder.context["table"].all_rows} == {"Placements", "Fostering"}
    statuses = {
        who: office.client(who).get(ADDRESS).status_code
        for who in ("head", "member", "neighbour", "stranger")
    }
    assert statuses == {"head": 200, "member": 404, "neighbour": 404, "stranger": 404}


@pytest.mark.parametrize("lines", [1, 50])
def test_the_queries_do_not_grow_with_the_lines(office, lines):
    for number in range(lines):
        line = make_line(office.council, f"Team {number}")
        make_forecast(line, office.period, "5")
        make_forecast(line, office.period, "6")
    assert ServiceLine.objects.count() == lines + 3
    with CaptureQueriesContext(connection) as asked:
        position_as_at(office.council, office.period, moment=datetime(2023, 10, 28, tzinfo=UTC))
    assert len(asked) == 3


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_has_no_accessibility_fault_in_any_state(browser_page, sign_in, assert_accessible, width):
    office = make_office()
    sign_in(office.people["officer"])
    browser_page.set_viewport_size({"width": width, "height": 800})
    for asked in ("", "?moment=2023-03-26T01:30", "?moment=2023-10-29T01:30"):
        browser_page.goto(f"{ADDRESS}{asked}")
        assert_accessible(browser_page)
        assert browser_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
