"""What the page where a period is published says of savings before two people publish it."""

import pytest

from savings.models import SavingsUpdate
from scrutiny.checks import Answer, readiness
from services.operations import forecasts
from tests.savings.delivery_factories import make_action, make_plan, make_saving, progress, update
from tests.services.factories import make_council, make_forecast, make_line, make_period, pounds, the_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def line(council):
    return make_line(council, budget="1000000")


@pytest.fixture
def period(council, line):
    made = make_period(council)
    make_forecast(line, made, "1000000")
    return made


def check(period):
    (found,) = [one for one in readiness(period.council, period).checks if one.name == "Savings"]
    return found


def test_a_year_without_savings_has_nothing_to_check(period):
    assert (check(period).answer, check(period).words) == (Answer.MET, "No saving is for this year.")


def test_savings_that_are_rated_divided_and_agree_meet_the_check(council, line, period):
    update(make_saving(council, service_line=line), period, "0 250000 0 0", forecast="250000", rag="green")
    assert check(period).answer is Answer.MET
    assert "its parts sum to its target" in check(period).words


def test_a_saving_of_which_nobody_said_anything_is_told_and_stops_nothing(council, line, period):
    make_saving(council, service_line=line)
    found = check(period)
    assert found.answer is Answer.TO_KNOW
    assert "Not yet rated: Fewer agency placements." in found.words
    assert "Nobody has said how the target divides: Fewer agency placements." in found.words


def test_copies_of_last_month_are_told_until_they_are_confirmed(council, line, period):
    saving = make_saving(council, service_line=line)
    update(saving, period, "0 250000 0 0", forecast="250000", rag="green")
    progress(make_action(make_plan(council)), period, identified="5")
    following = make_period(council, "2023-24/p8", carry_forward=True)
    assert "not confirmed: Fewer agency placements, Freeze a post." in check(following).words
    update(saving, following)
    assert "not confirmed: Freeze a post." in check(following).words


def test_a_green_saving_that_its_line_already_counts_as_failing_is_told_with_a_caution(council, line, period):
    update(make_saving(council, service_line=line), period, "0 250000 0 0", forecast="250000", rag="green")
    reason = forecasts.ReasonEntry(driver="savings", amount=pounds("100000"), words="The contract slips.")
    forecasts.set_reasons(by=the_officer(council), line=line, period=period, reasons=[reason])
    assert "do not say the same as their lines’ forecasts: Fewer agency placements" in check(period).words
    assert [one for one in readiness(council, period).cautions if "Fewer agency placements" in one] == [
        "Saving Fewer agency placements: It is green, while the forecast of Corporate parenting already counts on £100,000 of savings not being "
        "delivered."
    ]


def test_what_the_database_would_not_keep_would_stop_a_publication_too(council, line, period, monkeypatch):
    update(make_saving(council, service_line=line), period, "0 250000 0 0", forecast="250000", rag="green")
    read = SavingsUpdate.from_db

    def badly(db, names, values):
        row = read(db, names, values)
        row.rag, row.delivered = "amber", pounds("1")
        return row

    monkeypatch.setattr(SavingsUpdate, "from_db", badly)
    found = check(period)
    assert found.answer is Answer.STOPS
    assert "Not green, and no reason is given: Fewer agency placements." in found.words
    assert "The parts do not sum to the target: Fewer agency placements." in found.words
