"""A ledger with something wrong in it: everything is told at once, and nothing is written."""

from decimal import Decimal

import pytest

from services.imports.ledger_codes import CodeEntry
from services.models import LedgerBatch
from services.operations.ledger_codes import set_ledger_codes
from services.operations.submissions import submit_directorate
from tests.services.factories import explain, make_council, make_forecast
from tests.services.imports.support import codes_of, problems_of, xlsx_bytes
from tests.services.ledger.support import HEADINGS, ROWS, applied, ledger_csv, make_books, p, preview, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db):
    return make_books()


def told(books, content, **options):
    return problems_of(refused(books, content, **options))


def test_an_unknown_code_is_a_problem_and_nothing_is_applied(books):
    found = refused(books, ledger_csv(*ROWS, ("77777", "1010", "Agency", "5.00", "0")))
    assert "Row 6" in problems_of(found)
    assert "The mapping table has no service line for this code." in problems_of(found)
    assert [(code.cost_centre, code.subjective, code.row) for code in found.matches.unknown] == [
        ("77777", "1010", 6)
    ]


@pytest.mark.parametrize("code", ["123", "0123", "00 123", "O0123"])
def test_codes_are_text_and_match_exactly_and_what_looks_like_one_is_named(books, code):
    found = refused(books, ledger_csv((code, "4010", "Placements", "5.00", "0")))
    assert found.matches.unknown[0].near == "00123 4010"
    assert "It looks like 00123 4010, which belongs to Placements" in problems_of(found)


def test_a_code_that_a_workbook_keeps_as_a_number_is_not_the_code(books):
    found = refused(books, xlsx_bytes((123, 4010, "Placements", 5.0, 0.0), headings=HEADINGS), name="l.xlsx")
    assert (found.matches.unknown[0].cost_centre, found.matches.unknown[0].near) == ("123", "00123 4010")


def test_a_closed_code_is_refused_from_its_period_on(books):
    closed = CodeEntry(
        cost_centre="00123", subjective="4010", line_id=books.placements.pk, closed_from=p("2023-24/p7")
    )
    set_ledger_codes(by=books.officer, council=books.council, entries=[closed])
    assert "The code is closed from Month 7, October 2023, and the file has an amount on it." in told(
        books, ledger_csv()
    )
    applied(books, ledger_csv(), period=books.earlier)


def test_a_code_that_is_there_twice_is_told_with_both_rows(books):
    words = told(books, ledger_csv(*ROWS, ("00200", "9010", "Grant", "-1.00", "0")))
    assert "The code 00200 9010 is in the file more than once" in words
    assert "row 5: −£20,000.00 and row 6: −£1.00" in words


@pytest.mark.parametrize(
    "amount", ["1.234,50", "1e5", "NaN", "£12.345", "１２３", "0x10", "", "lots", "#REF!", "9999999999999999"]
)
def test_what_is_no_amount_is_refused_where_it_stands(books, amount):
    words = told(books, ledger_csv(("00123", "1010", "Salaries", amount, "0"), *ROWS[1:]))
    assert "Row 2, column “Actual to date”" in words


@pytest.mark.parametrize(
    ("written", "pounds"),
    [("£400,000.10", "400000.10"), ("(5)", "-5"), ("5-", "-5"), ("5 CR", "-5"), ("−5", "-5")],
)
def test_amounts_are_written_as_people_write_them(books, written, pounds):
    found = preview(books, ledger_csv(("00123", "1010", "", written, "0")))
    assert found.reading.rows[0].actual == Decimal(pounds)


def test_every_problem_is_told_at_once(books):
    rows = [
        ("00123", "1010", "", "x", "0"),
        ("9", "1", "", "1", "0"),
        ("", "1010", "", "1", "0"),
        ("00200", "9010", "", "1", "y"),
    ]
    words = told(books, ledger_csv(*rows))
    for row in (2, 3, 4, 5):
        assert f"Row {row}" in words


def test_one_bad_row_in_many_applies_none(books):
    entries = [
        CodeEntry(cost_centre="B", subjective=f"{n:05}", line_id=books.placements.pk) for n in range(3000)
    ]
    set_ledger_codes(by=books.officer, council=books.council, entries=entries)
    rows = [("B", f"{n:05}", "", "1.00" if n != 2999 else "one", "0") for n in range(3000)]
    found = refused(books, ledger_csv(*rows))
    assert [problem.row for problem in found.problems] == [3001]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "l.csv", "The file is empty"),
        (b"%PDF-1.7", "l.csv", "The file is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "l.xls", "old Excel"),
        (ledger_csv(), "l.xlsx", "it holds plain text"),
        (ledger_csv(headings=HEADINGS)[:60], "l.csv", "No rows found"),
        (b"Cost centre,Description,Actual to date\n1,2,3\n", "l.csv", "expected subjective code"),
        (b"Cost centre,Subjective,Actual to date\n\x001,2,3\n", "l.csv", "NUL"),
        (b'Cost centre,Subjective,Actual to date\n"1,2,3\n', "l.csv", "never closed"),
        (b"a,b\n1,2\n", "l.csv", "No row of headings was found"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_with_the_reason(books, content, name, words):
    assert words in told(books, content, name=name)


def test_a_formula_without_a_value_and_an_error_are_told_by_cell(books):
    """I11, I12."""

    def edit(workbook, sheet):
        sheet.write_formula(1, 3, "=1+1", None, "")
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")

    rows = [(*row[:3], float(row[3]), float(row[4])) for row in ROWS]
    words = told(books, xlsx_bytes(*rows, headings=HEADINGS, edit=edit), name="l.xlsx")
    assert "a formula without a saved value" in words
    assert "#DIV/0!" in words


def test_a_control_total_row_must_agree_to_the_penny(books):
    total = ("Total", "", "", "780000.30", "25000.50")
    assert refused(books, ledger_csv(*ROWS, total)).confirmations[0].code == "total-row"
    applied(books, ledger_csv(*ROWS, total), toml='total_rows = ["Total"]')
    words = told(
        books, ledger_csv(*ROWS, ("Total", "", "", "780000.31", "25000.50")), toml='total_rows = ["Total"]'
    )
    assert "differs by £0.01; no difference is allowed" in words
    assert "found £780,000.31; expected £780,000.30" in words


def test_a_control_total_that_a_person_gives_must_agree_to_the_penny(books):
    assert "found £780,000.29; expected £780,000.30" in told(books, ledger_csv(), stated="780000.29")
    applied(books, ledger_csv(), stated="780000.30")


def test_a_file_in_thousands_that_says_pounds_is_doubted(books):
    applied(books, ledger_csv())
    rows = [(*row[:3], str(float(row[3]) / 1000).split(".")[0] + ".00", "0") for row in ROWS]
    assert "scale" in codes_of(refused(books, ledger_csv(*rows)))


def test_a_file_with_its_signs_turned_is_doubted(books):
    applied(books, ledger_csv())
    rows = [(*row[:3], f"-{row[3]}".replace("--", ""), "0") for row in ROWS]
    assert "sign" in codes_of(refused(books, ledger_csv(*rows)))


def test_a_file_of_another_month_or_another_council_is_doubted(books):
    make_council("south-borough", "South Borough")
    content = b"South Borough ledger to August 2023,,\r\n" + ledger_csv()
    assert {"other-period", "other-council"} <= codes_of(refused(books, content))
    assert "The profile is for another period" in told(books, ledger_csv(), toml='period = "2023-24/p5"')
    assert "The profile is for another council" in told(books, ledger_csv(), toml='council = "south-borough"')


def test_hidden_characters_and_look_alikes_are_refused_in_codes(books):
    words = told(
        books,
        ledger_csv(
            ("00123\u200b", "1010", "", "1", "0"), ("СС1", "1010x", "", "1", "0"), ("Сc1", "2", "", "1", "0")
        ),
    )
    assert "invisible character" in words
    assert "mixes letters of different alphabets" in words


def test_a_description_that_may_tell_who_a_child_is_waits_for_a_person(books):
    assert "personal-details" in codes_of(
        refused(books, ledger_csv(("00123", "1010", "J Smith dob 3/4/2015", "1", "0")))
    )


def test_a_directorate_that_has_handed_in_keeps_its_figures(books):
    make_forecast(books.fostering, books.period, "500000")
    explain(books.placements, books.period)
    directorate = books.placements.division.directorate
    submit_directorate(by=books.officer, period=books.period, directorate=directorate)
    assert "has submitted Month 7, October 2023, and the ledger would change its figures" in told(
        books, ledger_csv()
    )


def test_columns_may_stand_in_any_order_under_other_words_and_other_separators(books):
    rows = [(row[3], row[1], row[0]) for row in ROWS]
    content = ledger_csv(*rows, headings=("Spend £", "GL code", "CC"), delimiter=";", encoding="cp1252")
    toml = '[columns]\n"Spend £" = "actual_to_date"\n"GL code" = "subjective"\n"CC" = "code"\n'
    assert len(applied(books, content, toml=toml).reading.rows) == 4


def test_a_file_in_thousands_is_read_in_thousands(books):
    found = applied(
        books,
        ledger_csv(
            ("00123", "1010", "400.5"), headings=("Cost centre", "Subjective", "Actual to date (£000)")
        ),
    )
    assert found.reading.rows[0].actual == 400500


def test_a_ledger_of_another_councils_codes_touches_nothing_here(books):
    other = make_council("south-borough", "South Borough")
    assert LedgerBatch.objects.filter(council=other).count() == 0
    with pytest.raises(Exception, match="no service line"):
        set_ledger_codes(
            by=books.officer, council=books.council, entries=[CodeEntry(cost_centre="1", line_id=0)]
        )
