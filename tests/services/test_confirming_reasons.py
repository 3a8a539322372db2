"""Last month's words are confirmed or rewritten, never kept silently; and words that may tell who a child is are read twice."""

import pytest

from accounting.periods import FinancialYear
from services import audit
from services.models import AuditEntry, VarianceReason
from services.operations import periods, risks
from services.operations.forecasts import ReasonEntry, set_reasons
from services.operations.reasons import NothingToConfirmError, WordsToCheckError, confirm_last_reasons
from services.operations.refusals import (
    AlreadyDoneError,
    PeriodClosedError,
    StaleVersionError,
    SubmittedError,
)
from tests.services.factories import (
    explain,
    make_approved,
    make_forecast,
    make_period,
    make_virement,
    pounds,
    the_officer,
)
from tests.services.pages import make_office, words

pytestmark = pytest.mark.django_db
TELLS = "3 young people moved to residential care."


@pytest.fixture
def office(db):
    return make_office()


@pytest.fixture
def later(office):
    """Month 8, begun from month 7, whose reasons have been given."""
    give(
        office,
        office.period,
        ReasonEntry(
            driver="demand",
            amount=pounds("250000"),
            is_recurrent=True,
            words="More children.",
            action="Review.",
        ),
        ReasonEntry(driver="price", amount=pounds("20000"), words="Fees rose."),
    )
    return make_period(office.council, "2023-24/p8", carry_forward=True)


def give(office, period, *entries, **options):
    return set_reasons(
        by=office.people["officer"], line=office.placements, period=period, reasons=entries, **options
    )


def confirm(office, period, **options):
    return confirm_last_reasons(by=office.people["holder"], line=office.placements, period=period, **options)


def page(office, later, who="holder"):
    return office.client(who).get(address(office))


def address(office, rest=""):
    return f"/north-borough/working/2023-24/p8/lines/{office.placements.pk}/{rest}"


def test_last_months_words_are_copied_and_confirmed_by_the_person_today(office, later):
    held = confirm(office, later)
    assert [(row.driver, row.amount, row.words, row.action) for row in held] == [
        ("demand", pounds("250000"), "More children.", "Review."),
        ("price", pounds("20000"), "Fees rose.", ""),
    ]
    assert {row.confirmed_by for row in held} == {office.people["holder"]}
    assert all(row.confirmed_at for row in held)
    entry = AuditEntry.objects.get(action="confirm reasons")
    assert (entry.after["confirmed_from"], entry.before["reasons"]) == ("2023-24/p7", [])
    assert list(audit.broken_chains()) == []


def test_what_the_confirmed_words_leave_unexplained_is_shown_until_nil(office, later):
    make_forecast(office.placements, later, "1310000")
    confirm(office, later)
    assert "Still unexplained £40,000.00" in words(page(office, later))


def test_nothing_is_confirmed_silently(office, later):
    assert not VarianceReason.objects.filter(period=later).exists()
    with pytest.raises(Exception, match="must be explained"):
        periods.submit_directorate(
            by=office.people["holder"],
            period=later,
            directorate=office.placements.division.directorate,
        )


def test_a_line_that_has_reasons_for_this_month_keeps_them(office, later):
    give(office, later, ReasonEntry(driver="legal", words="Court fees."))
    with pytest.raises(AlreadyDoneError, match="has reasons for Month 8"):
        confirm(office, later)
    assert VarianceReason.objects.get(period=later).words == "Court fees."


def test_there_is_nothing_to_confirm_where_nothing_was_said_this_year(office, later):
    with pytest.raises(NothingToConfirmError, match="no reason earlier in 2023/24"):
        confirm_last_reasons(by=office.people["holder"], line=office.fostering, period=later)
    april = make_period(office.council, "2024-25/p1")
    assert april.period.year == FinancialYear(2024)
    with pytest.raises(NothingToConfirmError):
        confirm(office, april)


def test_words_are_not_confirmed_in_a_closed_or_submitted_month_or_for_a_changed_forecast(office, later):
    with pytest.raises(StaleVersionError):
        confirm(office, later, expected_forecast_version=9)
    explain(office.placements, later)
    make_forecast(office.fostering, later, "500000")
    explain(office.fostering, later)
    periods.submit_directorate(
        by=office.people["holder"], period=later, directorate=office.placements.division.directorate
    )
    with pytest.raises(SubmittedError):
        confirm(office, later)
    make_approved(later)
    with pytest.raises(PeriodClosedError):
        confirm(office, later)


def test_the_page_shows_last_months_words_beside_an_empty_form(office, later):
    shown = page(office, later)
    assert "Words given for Month 7, October 2023" in words(shown)
    assert "More children." in words(shown)
    forms = shown.context["reason_forms"]
    assert all(not form["words"].value() for form in forms)


def test_the_button_confirms_them(office, later):
    client = office.client("holder")
    done = client.post(address(office, "reasons/confirm/"), {"forecast_version": "1"}, follow=True)
    assert "Reasons saved and confirmed: Placements." in words(done)
    assert VarianceReason.objects.filter(period=later).count() == 2
    assert "Confirm last month’s words" not in words(done)
    again = client.post(address(office, "reasons/confirm/"), {"forecast_version": "1"})
    assert again.status_code == 422
    assert "has reasons for Month 8" in words(again)


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("member", 404), ("neighbour", 404)])
def test_nobody_else_confirms_words(office, later, who, status):
    assert office.client(who).post(address(office, "reasons/confirm/"), {}).status_code == status
    assert not VarianceReason.objects.filter(period=later).exists()


def test_words_that_may_tell_who_a_child_is_wait_for_a_person_to_say_that_they_do_not(office):
    with pytest.raises(WordsToCheckError, match="“3 young people” looks like a small number of children"):
        give(office, office.period, ReasonEntry(driver="demand", words=TELLS))
    assert not VarianceReason.objects.exists()
    give(office, office.period, ReasonEntry(driver="demand", words=TELLS), words_accepted=True)
    entry = AuditEntry.objects.get(action="explain variance")
    assert entry.after["words_accepted"] == ["“3 young people” looks like a small number of children"]
    assert entry.by_id == the_officer(office.council).pk


def test_what_is_being_done_is_read_too_and_ordinary_words_are_not_marked(office):
    with pytest.raises(WordsToCheckError, match="Mr Smith"):
        give(office, office.period, ReasonEntry(driver="demand", words="More.", action="Mr Smith reviews."))
    give(office, office.period, ReasonEntry(driver="demand", words="More children."))
    assert "words_accepted" not in AuditEntry.objects.get(action="explain variance").after


def test_confirmed_words_are_read_again_too(office):
    give(office, office.period, ReasonEntry(driver="demand", words=TELLS), words_accepted=True)
    later = make_period(office.council, "2023-24/p8", carry_forward=True)
    client = office.client("holder")
    asked = client.post(address(office, "reasons/confirm/"), {"forecast_version": "1"})
    assert asked.status_code == 422
    assert "I have checked these" in words(asked)
    assert not VarianceReason.objects.filter(period=later).exists()
    client.post(address(office, "reasons/confirm/"), {"forecast_version": "1", "words_accepted": "yes"})
    assert VarianceReason.objects.get(period=later).words == TELLS


def test_the_form_keeps_what_was_typed_and_asks_for_the_tick(office):
    client, where = office.client("holder"), office.line_address(office.placements, "reasons/")
    sent = {
        "reasons-TOTAL_FORMS": "1",
        "reasons-INITIAL_FORMS": "0",
        "reasons-0-driver": "demand",
        "reasons-0-words": TELLS,
        "forecast_version": "1",
    }
    asked = client.post(where, sent)
    assert asked.status_code == 422
    said = words(asked)
    assert "“3 young people” looks like a small number of children" in said
    assert "I have checked these" in said
    assert asked.context["reason_forms"].forms[0]["words"].value() == TELLS
    assert client.post(where, sent | {"words_accepted": "yes"}).status_code == 302


def test_who_publishes_is_told_of_such_words_again(office):
    publish = "/north-borough/working/2023-24/p7/publish/"
    assert "Met Words." in words(office.client("head").get(publish))
    give(office, office.period, ReasonEntry(driver="demand", words=TELLS), words_accepted=True)
    risks.record_risk(
        by=office.people["officer"], period=office.period, kind="risk", title="Two siblings may arrive"
    )
    make_virement(
        office.period,
        (office.placements, "-5"),
        (office.fostering, "5"),
        reason="For two siblings.",
        posted=False,
    )
    said = words(office.client("head").get(publish))
    assert "“two siblings” looks like a small number" in said
    assert "To know Words. To be read once more before they are public. Placements: “3 young people”" in said
    assert "Two siblings may arrive: “Two siblings”" in said
