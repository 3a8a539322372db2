"""What a ledger does to the figures: sums by line, nothing forecast, exactly the lines of which a penny changed, and last month as it was."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import audit
from services.imports.ledger_codes import CodeEntry
from services.models import AuditEntry, Forecast, LedgerAmount, LedgerBatch
from services.operations.ledger_codes import set_ledger_codes
from tests.services.factories import make_forecast, make_line, make_published
from tests.services.imports.support import fingerprint, xlsx_bytes
from tests.services.ledger.support import MONTH, ROWS, applied, ledger_csv, make_books, preview, refused

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
D = Decimal


@pytest.fixture
def books(db):
    return make_books()


def changed(assessment):
    return [change.line for change in assessment.changes]


def test_codes_are_summed_into_their_service_lines(books):
    found = applied(books, ledger_csv())
    assert changed(found) == ["Placements", "Fostering"]
    assert books.figures(books.placements) == (D("700000.30"), D("25000.50"))
    assert books.figures(books.fostering) == (D("80000.00"), D("0.00"))
    assert len(books.amounts()) == 4


def test_a_workbook_says_the_same_as_a_csv(books):
    rows = [(*row[:3], float(row[3]), float(row[4])) for row in ROWS]
    applied(
        books,
        xlsx_bytes(
            *rows, headings=("Cost centre", "Subjective code", "Description", "Actual to date", "Commitments")
        ),
        name="l.xlsx",
    )
    assert books.figures(books.placements) == (D("700000.30"), D("25000.50"))


def test_what_people_forecast_is_left_alone(books):
    Forecast.objects.filter(service_line=books.placements, period=books.period).update(
        is_carried_forward=True
    )
    applied(books, ledger_csv())
    held = Forecast.objects.get(service_line=books.placements, period=books.period)
    assert (held.forecast_outturn, held.best_case, held.is_carried_forward, held.version) == (
        1300000,
        1200000,
        True,
        2,
    )
    made = Forecast.objects.get(service_line=books.fostering, period=books.period)
    assert (made.forecast_outturn, made.version) == (None, 1)


def test_each_changed_line_is_in_the_audit_trail_with_its_figures_before_and_after(books):
    applied(books, ledger_csv())
    entry = AuditEntry.objects.get(action="apply ledger", subject="Placements")
    assert entry.before == {"actual_to_date": "650000.00", "commitments": None}
    assert entry.after == {"actual_to_date": "700000.30", "commitments": "25000.50", "version": 2}
    assert entry.reason == "Ledger “ledger.csv”"
    assert list(audit.broken_chains(council=books.council)) == []


def test_the_same_file_again_has_no_effect_and_says_so(books):
    applied(books, ledger_csv())
    before = fingerprint()
    again = applied(books, ledger_csv())
    assert again.already_applied
    assert fingerprint() == before


def test_the_same_file_again_has_its_effect_after_a_figure_was_changed_by_hand(books):
    applied(books, ledger_csv())
    make_forecast(books.placements, books.period, "1300000", actual_to_date="1")
    again = applied(books, ledger_csv())
    assert not again.already_applied
    assert books.figures(books.placements) == (D("700000.30"), D("25000.50"))


def test_one_penny_changed_changes_exactly_its_line(books):
    applied(books, ledger_csv())
    versions = dict(Forecast.objects.values_list("service_line__name", "version"))
    penny = [*ROWS[:2], ("00200", "1010", "Salaries", "100000.01", "0"), ROWS[3]]
    found = applied(books, ledger_csv(*penny))
    assert changed(found) == ["Fostering"]
    assert books.figures(books.fostering) == (D("80000.01"), D("0.00"))
    after = dict(Forecast.objects.values_list("service_line__name", "version"))
    assert {name for name in after if after[name] != versions[name]} == {"Fostering"}


def test_a_file_without_commitments_leaves_them_as_they_were(books):
    applied(books, ledger_csv())
    rows = [(centre, code, amount) for centre, code, _, amount, _ in ROWS[:1]]
    rows += [("00123", "4010", "1.00"), ("00200", "1010", "80000.00")]
    applied(books, ledger_csv(*rows, headings=("Cost centre", "Subjective", "Actual to date")))
    assert books.figures(books.placements) == (D("400001.10"), D("25000.50"))


def test_the_newest_ledger_takes_the_place_of_the_one_before_and_both_are_kept(books):
    applied(books, ledger_csv())
    rows = [ROWS[0], ("00200", "1010", "Salaries", "100000.00", "0")]
    applied(books, ledger_csv(*rows))
    assert {row[:2] for row in books.amounts()} == {("00123", "1010"), ("00200", "1010")}
    assert LedgerBatch.objects.filter(state="applied").count() == 2
    assert AuditEntry.objects.filter(action="apply ledger", subject_type="ledgerbatch").count() == 2


def test_a_line_that_the_ledger_no_longer_mentions_becomes_nil_only_if_a_person_says_so(books):
    applied(books, ledger_csv())
    found = refused(books, ledger_csv(*ROWS[:2]))
    assert [finding.code for finding in found.confirmations] == ["missing-lines"]
    assert "Fostering: £80,000.00 in the last ledger" in found.confirmations[0].details
    applied(books, ledger_csv(*ROWS[:2]), confirmed=["missing-lines"])
    assert books.figures(books.fostering) == (D("0.00"), D("0.00"))


def test_last_months_actuals_that_the_ledger_restated_are_shown_line_by_line(books):
    """T09: a restatement is shown line by line, and confirmed by a person."""
    applied(books, ledger_csv(), period=books.earlier)
    rows = [
        ("00123", "1010", "460000.00", "59999.90"),
        ("00123", "4010", "350000.00", "50000.00"),
        ("00200", "1010", "110000.00", "30000.00"),
        ("00200", "9010", "-20000.00", "0"),
    ]
    found = refused(books, ledger_csv(*rows, headings=MONTH))
    assert [(row.line, row.then, row.now, row.difference) for row in found.restated] == [
        ("Placements", D("700000.30"), D("700000.10"), D("-0.20")),
        ("Fostering", D("80000.00"), D("60000.00"), D("-20000.00")),
    ]
    assert [finding.code for finding in found.confirmations] == ["restated"]
    before = books.amounts(books.earlier)
    applied(books, ledger_csv(*rows, headings=MONTH), confirmed=["restated"])
    assert books.amounts(books.earlier) == before
    assert Forecast.objects.get(service_line=books.fostering, period=books.earlier).actual_to_date == 80000


def test_a_ledger_that_agrees_with_last_month_has_nothing_to_confirm(books):
    applied(books, ledger_csv(), period=books.earlier)
    rows = [
        ("00123", "1010", "460000.10", "400000.10"),
        ("00123", "4010", "350000.20", "300000.20"),
        ("00200", "1010", "110000.00", "100000.00"),
        ("00200", "9010", "-20000.00", "-20000.00"),
    ]
    headings = ("Cost centre", "Subjective code", "Actual to date", "Actual to date last period")
    found = applied(books, ledger_csv(*rows, headings=headings))
    assert (found.restated, found.confirmations) == ([], [])


def test_a_file_that_cannot_tell_says_that_a_restatement_cannot_be_told(books):
    """T09: where the file cannot tell, that is said."""
    applied(books, ledger_csv(), period=books.earlier)
    rows = [("00123", "1010", "", "699999.00", "0"), *ROWS[2:]]
    found = preview(books, ledger_csv(*rows))
    told = "\n".join(str(remark) for remark in found.remarks)
    assert "it cannot be told whether the ledger restated that month" in told
    assert "Less is spent now than in the ledger of Month 6, September 2023 on: Placements." in told


def test_a_published_period_takes_no_ledger_and_the_database_refuses_too(books):
    from django.db import DatabaseError, transaction

    applied(books, ledger_csv())
    make_forecast(books.fostering, books.period, "500000")
    make_published(books.period)
    found = refused(books, ledger_csv(*ROWS[:1]))
    assert "is published, so its figures can no longer be changed" in str(found.problems[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerAmount.objects.filter(period=books.period).update(actual_to_date=D("1.00"))
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerAmount.objects.filter(period=books.period).delete()


def test_queries_do_not_grow_with_the_rows(books):
    def queries(count):
        lines = [
            make_line(books.council, f"Line {count} {number}", code=f"L{count}-{number}")
            for number in range(20)
        ]
        entries = [
            CodeEntry(cost_centre=f"X{count}", subjective=f"{n:04}", line_id=lines[n % 20].pk)
            for n in range(count)
        ]
        set_ledger_codes(by=books.officer, council=books.council, entries=entries)
        rows = [(f"X{count}", f"{n:04}", "", f"{n}.25", "1") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            applied(books, ledger_csv(*rows), confirmed=["missing-lines", "restated"])
        return len(captured)

    applied(books, ledger_csv())
    assert queries(25) == queries(500)
