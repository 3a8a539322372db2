"""Forecasts and reasons: all or nothing, against the version seen, once for each request."""

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from services import audit
from services.models import (
    AuditEntry,
    DirectorateSubmission,
    Forecast,
    RequestKey,
    ServiceLine,
    VarianceReason,
)
from services.operations import periods
from services.operations.forecasts import ForecastEdit, ReasonEntry, save_forecasts, set_reasons
from services.operations.refusals import (
    InvalidEntryError,
    InvalidFigureError,
    LineNotReportingError,
    NotAllowedError,
    PeriodClosedError,
    RequestKeyReusedError,
    StaleVersionError,
    SubmittedError,
    WrongCouncilError,
)
from services.roles import Role
from tests.services.factories import (
    make_approved,
    make_council,
    make_division,
    make_forecast,
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
    return make_line(council, budget="1000")


@pytest.fixture
def period(council):
    return make_period(council)


def edit(line, version=0, **figures):
    exact = {name: pounds(value) for name, value in figures.items()}
    return ForecastEdit(line_id=line.pk, expected_version=version, **exact)


def save(line, period, *edits, **options):
    return save_forecasts(by=the_officer(line.council), period=period, edits=edits, **options)


def test_a_blank_forecast_is_not_a_forecast_of_nil(line, period):
    save(line, period, edit(line, forecast_outturn="0"))
    assert Forecast.objects.get().forecast_outturn == Decimal("0.00")
    save(line, period, edit(line, 1, forecast_outturn=None))
    assert Forecast.objects.get().forecast_outturn is None


def test_figures_that_an_edit_leaves_out_stay(line, period):
    save(line, period, edit(line, forecast_outturn="1100", actual_to_date="400"))
    outcome = save(line, period, edit(line, 1, actual_to_date="450"))
    held = Forecast.objects.get()
    assert (held.forecast_outturn, held.actual_to_date) == (pounds("1100"), pounds("450"))
    assert (outcome.versions, outcome.changed) == ({line.pk: 2}, (line.pk,))


def test_an_edit_that_changes_nothing_has_no_effect(line, period):
    save(line, period, edit(line, forecast_outturn="1100"))
    entries = AuditEntry.objects.count()
    outcome = save(line, period, edit(line, 1, forecast_outturn="1100.00"))
    assert (outcome.versions, outcome.changed) == ({line.pk: 1}, ())
    assert AuditEntry.objects.count() == entries


def test_a_stale_edit_is_refused_with_theirs_and_saves_nothing(council, line, period):
    other = make_line(council, "Early help", budget="5")
    make_forecast(line, period, "1100")
    save(line, period, edit(line, 1, forecast_outturn="1150"))
    with pytest.raises(StaleVersionError) as refusal:
        save(line, period, edit(other, forecast_outturn="6"), edit(line, 1, forecast_outturn="1200"))
    (theirs,) = refusal.value.theirs
    assert (theirs.subject, theirs.expected_version, theirs.version) == ("Corporate parenting", 1, 2)
    assert (theirs.values["forecast_outturn"], theirs.saved_by) == (pounds("1150"), "Finance officer")
    assert "Corporate parenting (saved by Finance officer)" in str(refusal.value)
    assert list(Forecast.objects.values_list("forecast_outturn", flat=True)) == [pounds("1150")]


def test_a_first_edit_is_refused_if_somebody_was_first(line, period):
    make_forecast(line, period, "1100")
    with pytest.raises(StaleVersionError):
        save(line, period, edit(line, 0, forecast_outturn="1200"))


def test_an_edit_of_a_forecast_that_was_never_made_is_refused(line, period):
    with pytest.raises(StaleVersionError):
        save(line, period, edit(line, 3, forecast_outturn="1200"))


def test_a_repeated_request_gets_the_first_answer_and_has_no_second_effect(line, period):
    first = save(line, period, edit(line, forecast_outturn="1100"), retry_key="k1")
    save(line, period, edit(line, 1, forecast_outturn="1200"))
    entries = AuditEntry.objects.count()
    assert save(line, period, edit(line, forecast_outturn="1100"), retry_key="k1") == first
    assert Forecast.objects.get().forecast_outturn == pounds("1200")
    assert (AuditEntry.objects.count(), RequestKey.objects.count()) == (entries, 1)


def test_a_key_of_another_request_is_refused(line, period):
    save(line, period, edit(line, forecast_outturn="1100"), retry_key="k1")
    for other in (
        edit(line, forecast_outturn="1101"),
        edit(line, forecast_outturn=None),
        edit(line, actual_to_date="1100"),
    ):
        with pytest.raises(RequestKeyReusedError):
            save(line, period, other, retry_key="k1")


def test_a_key_is_its_own_persons(line, period):
    save(line, period, edit(line, forecast_outturn="1100"), retry_key="k1")
    edits = [edit(line, 1, forecast_outturn="1101")]
    save_forecasts(by=the_head(line.council), period=period, edits=edits, retry_key="k1")
    assert Forecast.objects.get().forecast_outturn == pounds("1101")


def test_a_refused_request_leaves_its_key_free(line, period):
    with pytest.raises(StaleVersionError):
        save(line, period, edit(line, 5, forecast_outturn="1100"), retry_key="k1")
    save(line, period, edit(line, forecast_outturn="1100"), retry_key="k1")
    assert Forecast.objects.count() == 1


@pytest.mark.parametrize(
    ("figures", "field", "words"),
    [
        ({"best_case": "1101", "forecast_outturn": "1100"}, "best_case", "more than the forecast outturn"),
        ({"worst_case": "1099", "forecast_outturn": "1100"}, "worst_case", "less than the forecast outturn"),
        ({"best_case": "2", "worst_case": "1"}, "best_case", "more than the worst case"),
    ],
)
def test_the_forecast_lies_between_best_and_worst(line, period, figures, field, words):
    with pytest.raises(InvalidFigureError, match=words) as refusal:
        save(line, period, edit(line, **figures))
    assert (refusal.value.field, refusal.value.line_id) == (field, line.pk)
    assert str(refusal.value).startswith("Corporate parenting: ")


def test_the_range_is_checked_against_what_is_held(line, period):
    save(line, period, edit(line, best_case="900", forecast_outturn="1000", worst_case="1100"))
    with pytest.raises(InvalidFigureError, match="less than the forecast outturn"):
        save(line, period, edit(line, 1, forecast_outturn="1101"))
    save(line, period, edit(line, 1, forecast_outturn="900"))  # at the edge it is inside


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1100, "exact pounds, not a int"),
        (1100.5, "exact pounds, not a float"),
        (Decimal("1.005"), "finer than a penny"),
        (Decimal("NaN"), "less than £100,000,000,000"),
        (Decimal("-Infinity"), "less than £100,000,000,000"),
        (Decimal("100000000000"), "less than £100,000,000,000"),
    ],
)
def test_a_figure_that_is_not_exact_money_is_refused_by_name(line, period, amount, words):
    wrong = ForecastEdit(line_id=line.pk, expected_version=0, forecast_outturn=amount)
    with pytest.raises(InvalidFigureError, match=words):
        save(line, period, wrong)
    assert not Forecast.objects.exists()


def test_minus_nil_is_nil(line, period):
    save(line, period, ForecastEdit(line_id=line.pk, expected_version=0, forecast_outturn=Decimal("-0.00")))
    entry = AuditEntry.objects.get(action="enter forecast")
    assert entry.after["forecast_outturn"] == "0.00"


def test_one_wrong_edit_of_many_saves_none(council, line, period):
    other = make_line(council, "Early help", budget="5")
    with pytest.raises(InvalidFigureError):
        save(line, period, edit(line, forecast_outturn="1"), edit(other, best_case="2", forecast_outturn="1"))
    assert not Forecast.objects.exists()


def test_a_line_is_entered_once_in_a_request(line, period):
    with pytest.raises(InvalidEntryError, match="there twice"):
        save(line, period, edit(line, forecast_outturn="1"), edit(line, forecast_outturn="2"))


def test_a_line_of_another_council_is_not_there(line, period):
    elsewhere = make_line(make_council("south-borough", "South Borough"))
    with pytest.raises(WrongCouncilError):
        save(line, period, edit(line, forecast_outturn="1"), edit(elsewhere, forecast_outturn="2"))


def test_a_line_that_has_not_opened_or_has_closed_takes_no_forecast(council, line, period):
    later = make_line(council, "New team", budget="0", opened_in=make_period(council, "2023-24/p8"))
    line.closed_from = period
    line.save()
    for one in (later, line):
        with pytest.raises(LineNotReportingError, match=one.name):
            save(one, period, edit(one, forecast_outturn="1"))


def test_a_closed_period_takes_no_forecast(line, period):
    make_forecast(line, period, "1000")
    make_approved(period)
    with pytest.raises(PeriodClosedError, match="Month 7, October 2023 is approved"):
        save(line, period, edit(line, 1, forecast_outturn="1"))


def test_the_period_is_asked_anew_whatever_the_caller_holds(line, period):
    make_forecast(line, period, "1000")
    make_approved(period)
    period.state = "open"  # as a page loaded before the approval has it
    with pytest.raises(PeriodClosedError):
        save(line, period, edit(line, 1, forecast_outturn="1"))


def test_a_submitted_directorate_takes_no_forecast_until_it_is_returned(line, period):
    officer, directorate = the_officer(line.council), line.division.directorate
    make_forecast(line, period, "1000")
    periods.submit_directorate(by=officer, period=period, directorate=directorate)
    with pytest.raises(SubmittedError, match="Return it"):
        save(line, period, edit(line, 1, forecast_outturn="1001"))
    with pytest.raises(SubmittedError):
        set_reasons(by=officer, line=line, period=period, reasons=[])
    periods.return_directorate(by=officer, period=period, directorate=directorate, note="Check agency")
    save(line, period, edit(line, 1, forecast_outturn="1001"))
    assert DirectorateSubmission.objects.get().state == "in_progress"


def test_a_budget_holder_enters_their_own_directorate_only(council, line, period):
    elsewhere = make_line(council, "Transport", division=make_division(council, "Inclusion", "Education"))
    holder = make_member_of(council, Role.BUDGET_HOLDER, directorate=line.division.directorate)
    save_forecasts(by=holder, period=period, edits=[edit(line, forecast_outturn="1")])
    for edits in (
        [edit(elsewhere, forecast_outturn="2")],
        [edit(line, 1, forecast_outturn="2"), edit(elsewhere)],
    ):
        with pytest.raises(NotAllowedError, match="this part of North Borough"):
            save_forecasts(by=holder, period=period, edits=edits)
    with pytest.raises(NotAllowedError):
        set_reasons(by=holder, line=elsewhere, period=period, reasons=[])


def test_saving_a_carried_forward_forecast_confirms_it(council, line, period):
    make_forecast(line, period, "1100", actual_to_date="400")
    august = make_period(council, "2023-24/p8", carry_forward=True)
    carried = Forecast.objects.get(period=august)
    assert (carried.is_carried_forward, carried.forecast_outturn) == (True, pounds("1100"))
    assert carried.actual_to_date is None  # October's actual is not November's
    save(line, august, edit(line, 1, forecast_outturn="1100"))
    carried.refresh_from_db()
    assert (carried.is_carried_forward, carried.version) == (False, 2)


@pytest.mark.parametrize("lines", [1, 300])
def test_a_save_takes_the_same_queries_however_many_lines(council, period, django_assert_num_queries, lines):
    division, officer = make_division(council), the_officer(council)
    made = ServiceLine.objects.bulk_create(
        ServiceLine(council=council, division=division, name=f"Line {number}") for number in range(lines)
    )
    postgres = 2 if connection.vendor == "postgresql" else 0  # the chain is held, at the start and to record
    # Savepoint and its release; period, roles, lines, insert, submission; trail's head and entries; key kept.
    with django_assert_num_queries(10 + postgres):
        save_forecasts(
            by=officer, period=period, edits=[edit(one, forecast_outturn="1") for one in made], retry_key="k"
        )
    with django_assert_num_queries(8 + postgres):
        save_forecasts(by=officer, period=period, edits=[edit(one, 1, forecast_outturn="2") for one in made])
    assert set(Forecast.objects.values_list("forecast_outturn", "version")) == {(pounds("2"), 2)}
    assert list(audit.broken_chains()) == []


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_told_so_and_nothing_is_lost():
    council = make_council()
    line, period = make_line(council, budget="1000"), make_period(council)
    make_forecast(line, period, "1")
    officer, start, told = the_officer(council), Barrier(8), []

    def one_more(number):
        start.wait()
        try:
            save_forecasts(by=officer, period=period, edits=[edit(line, 1, forecast_outturn=str(number))])
            told.append("saved")
        except StaleVersionError:
            told.append("stale")
        finally:
            connection.close()

    threads = [Thread(target=one_more, args=(number,)) for number in range(10, 18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["saved"] + ["stale"] * 7
    assert Forecast.objects.get().version == 2
    assert list(audit.broken_chains()) == []


# --- Reasons ----------------------------------------------------------------------------------------------------------


def give(line, period, *reasons, **options):
    return set_reasons(by=the_officer(line.council), line=line, period=period, reasons=reasons, **options)


def test_reasons_take_the_place_of_those_before_in_their_order(line, period):
    give(line, period, ReasonEntry(driver="agency", words="Agency cover"))
    give(
        line,
        period,
        ReasonEntry(driver="demand", amount=pounds("60"), is_recurrent=True, words="More children"),
        ReasonEntry(driver="vacancies", amount=pounds("-10")),
    )
    held = VarianceReason.objects.order_by("order")
    assert [(one.driver, one.amount) for one in held] == [
        ("demand", pounds("60")),
        ("vacancies", pounds("-10")),
    ]
    assert all(one.confirmed_by == the_officer(line.council) and one.confirmed_at for one in held)
    entry = AuditEntry.objects.filter(action="explain variance").latest("sequence")
    assert entry.before["reasons"][0]["words"] == "Agency cover"


def test_a_reason_is_not_given_for_a_forecast_that_has_changed(line, period):
    make_forecast(line, period, "1100")
    give(line, period, ReasonEntry(driver="demand"), expected_forecast_version=1)
    make_forecast(line, period, "1200")
    with pytest.raises(StaleVersionError):
        give(line, period, ReasonEntry(driver="demand"), expected_forecast_version=1)


@pytest.mark.parametrize(
    ("reason", "field", "words"),
    [
        (ReasonEntry(driver="weather"), "driver", "not one of"),
        (ReasonEntry(driver="demand", words="x" * 5001), "words", "5,001 characters; the limit is 5,000"),
        (ReasonEntry(driver="demand", words="x" * 1_000_000), "words", "the limit is 5,000"),
        (ReasonEntry(driver="demand", action="bell \x07"), "action", r"control character \(U\+0007\)"),
        (ReasonEntry(driver="demand", words="nul \x00"), "words", r"U\+0000"),
        (ReasonEntry(driver="demand", words="half \ud800"), "words", r"U\+D800"),
        (ReasonEntry(driver="demand", amount=Decimal("0.001")), "amount", "finer than a penny"),
    ],
)
def test_words_and_amounts_that_cannot_be_kept_are_refused_by_name(line, period, reason, field, words):
    with pytest.raises(InvalidEntryError, match=words) as refusal:
        give(line, period, reason)
    assert refusal.value.field == field


def test_words_of_any_language_are_kept_as_they_were_written(line, period):
    words = "Ŵythnos 🙂 עברית e\u0301\n\nsecond paragraph <img src=http://example.org/x> =1+1"
    give(line, period, ReasonEntry(driver="demand", words=words))
    assert VarianceReason.objects.get().words == words
    assert list(audit.broken_chains()) == []
