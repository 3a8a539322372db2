"""Schedules that are wrong in every way that files are: each is refused with what, where and how to put it right, and nothing is written."""

import io
import zipfile

import pytest

from savings.models import SavingsProposal, ScheduleImport
from tests.savings.imports.support import (
    imported,
    problems_of,
    read,
    refused,
    remarks_of,
    schedule,
    workbook,
)
from tests.services.factories import make_council

NEGATIVE = 'savings = "negative"'
ROW = ("A1", "Contracts", "(1,000)", "(500)", "(1,500)")


@pytest.fixture
def council(db):
    return make_council()


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("1.234,50", "the comma is where the decimal point should be"),
        ("1 234", "a space inside"), ("1e5", "scientific notation"), ("NaN", "not a number"),
        ("12.345", "finer than a penny"), ("١٢٣", "digits that are not 0 to 9"), ("£100,000,000,000", "beyond any council's figure"),
        ("tbc", "not a number"), ("(1,000", "its commas do not group"), ("-(5)", "not a number"), ("1_000", "not a number"),
    ],
)  # fmt: skip
def test_what_is_not_money_is_refused_with_its_place(council, printed, why):
    found = refused(council, schedule(("A1", "Contracts", printed, "0", "")), NEGATIVE)
    told = problems_of(found)
    assert "Row 2, column “2026/27”" in told
    assert why in told
    assert not SavingsProposal.objects.exists()


@pytest.mark.parametrize(
    "printed", ["(1,000)", "£(1000)", "-1000", "−1,000.00", "1,000-", "1,000CR", "(£1,000)"]
)
def test_money_is_read_by_the_one_grammar(printed):
    reading = read(schedule(("A1", "Contracts", printed, "0", "")), NEGATIVE)
    if printed == "£(1000)":
        assert "is not an amount of money" in problems_of(reading)
    else:
        assert [str(amount) for amount in reading.lines[0].changes.values()] == ["-1000.00", "0.00"]


def test_unknown_headings_are_told_and_not_read():
    reading = read(
        schedule((*ROW, "x"), headings=("Ref", "Title", "2026/27", "2027/28", "Total", "Wobble")), NEGATIVE
    )
    assert "Not read, because nothing says what they hold: “Wobble”." in remarks_of(reading)


def test_a_heading_that_the_profile_names_and_the_file_has_renamed_is_a_problem(council):
    toml = (
        f'{NEGATIVE}\n[columns]\n"Title" = "title"\n"Year one" = "year:2026/27"\n"2027/28" = "year:2027/28"'
    )
    content = schedule(("Contracts", "(1)", "(2)"), headings=("Title", "Year 1", "2027/28"))
    told = problems_of(refused(council, content, toml))
    assert "If one was renamed, correct the profile" in told
    assert "found “Year 1”; expected “Year one”" in told


def test_no_row_of_headings_is_told_with_what_there_is(council):
    told = problems_of(refused(council, schedule(("Contracts", "(1)"), headings=("Area", "Money")), NEGATIVE))
    assert "No row of headings was found" in told
    assert "“Area” and “Money”" in told


def test_a_year_twice_is_refused(council):
    content = schedule(("A", "(1)", "(2)"), headings=("Title", "2026/27", "2026-27"))
    told = problems_of(refused(council, content, NEGATIVE))
    assert "More than one column holds 2026/27" in told
    assert "“2026/27” (column B) and “2026-27” (column C)" in told


def test_duplicate_references_are_refused_with_both_rows(council):
    told = problems_of(refused(council, schedule(ROW, ("A1", "Fees", "(1)", "", "")), NEGATIVE))
    assert "Rows of the schedule have the same reference: row 2 and row 3" in told


def test_duplicate_titles_without_references_are_refused(council):
    content = schedule(("Fees", "(1)"), ("fees", "(2)"), headings=("Title", "2026/27"))
    assert "the same title: row 2 and row 3" in problems_of(refused(council, content, NEGATIVE))


def test_a_row_without_a_title_is_refused(council):
    told = problems_of(refused(council, schedule(("A1", "", "(1)", "", "")), NEGATIVE))
    assert "The row has figures and no title" in told


def test_a_total_without_any_year_is_refused(council):
    told = problems_of(refused(council, schedule(("A1", "Fees", "", "", "(10)")), NEGATIVE))
    assert "no year has an amount" in told


@pytest.mark.parametrize(("whole", "is_refused"), [("(1,501)", False), ("(1,502)", True), ("1,500", True)])
def test_a_printed_total_may_miss_its_years_by_rounding_only(council, whole, is_refused):
    content = schedule(("A1", "Contracts", "(1,000)", "(500)", whole))
    if is_refused:
        assert "rounding explains at most £1.50" in problems_of(refused(council, content, NEGATIVE))
    else:
        (gap,) = imported(council, content, NEGATIVE).reading.gaps
        assert gap.gap == -1


def test_where_the_schedule_prints_pence_no_penny_may_miss(council):
    content = schedule(("A1", "Contracts", "(1,000.00)", "(500.00)", "(1,500.01)"))
    assert "no difference is allowed" in problems_of(refused(council, content, NEGATIVE))


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.csv", "The file is empty"),
        (schedule(), "a.csv", "No rows found"),
        (b"%PDF-1.7 x", "a.csv", "The file is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls", "old Excel or Word file"),
        (b"Title,2026/27\r\nFees,\x001\r\n", "a.csv", "NUL character"),
        (b'Title,2026/27\r\n"Fees,1\r\n', "a.csv", "never closed"),
        (schedule(ROW), "a.xlsx", "holds plain text"),
    ],
)
def test_what_is_no_schedule_is_refused_and_not_kept(council, content, name, says):
    assert says in problems_of(refused(council, content, NEGATIVE, name=name))
    assert not ScheduleImport.objects.exists()


def bomb() -> bytes:
    """A workbook of a few kilobytes that would unpack to 50 MB."""
    target = io.BytesIO(workbook(ROW))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * 50_000_000)
    return target.getvalue()


def test_a_workbook_made_to_fill_the_memory_is_not_opened(council):
    assert "It was not opened" in problems_of(refused(council, bomb(), NEGATIVE, name="a.xlsx"))


def test_a_formula_without_a_saved_value_is_refused_cell_by_cell(council):
    def edit(_, sheet):
        sheet.write_formula(1, 2, "=SUM(1,2)", None, "")

    told = problems_of(refused(council, workbook(ROW, edit=edit), NEGATIVE, name="a.xlsx"))
    assert "Sheet Return, row 2, column “2026/27”: The cell holds a formula without a saved value" in told


def test_a_formula_with_its_value_is_read_and_told():
    def edit(_, sheet):
        sheet.write_formula(1, 2, "=-500*2", None, -1000)

    reading = read(workbook(("A1", "Contracts", "", "(500)", "(1,500)"), edit=edit), NEGATIVE, name="a.xlsx")
    assert not reading.problems
    assert "1 figure is from a formula; the saved value was read: C2." in remarks_of(reading)


def test_an_error_in_a_cell_is_refused(council):
    def edit(_, sheet):
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")

    told = problems_of(refused(council, workbook(ROW, edit=edit), NEGATIVE, name="a.xlsx"))
    assert "The cell shows the error #DIV/0!" in told


def test_merged_cells_over_figures_are_refused(council):
    def edit(_, sheet):
        sheet.merge_range(1, 2, 1, 3, "(1,000)")

    told = problems_of(refused(council, workbook(ROW, edit=edit), NEGATIVE, name="a.xlsx"))
    assert "The cells C2:D2 are merged over the schedule's figures" in told


def test_two_sheets_with_a_schedule_need_a_choice(council):
    def edit(workbook, _):
        sheet = workbook.add_worksheet("Again")
        sheet.write_row(0, 0, ("Title", "2026/27"))
        sheet.write_row(1, 0, ("Fees", "(5)"))

    content = workbook(ROW, edit=edit)
    assert "More than one sheet has a schedule" in problems_of(
        refused(council, content, NEGATIVE, name="a.xlsx")
    )
    reading = read(content, f'{NEGATIVE}\nsheet = "Again"', name="a.xlsx")
    assert [line.title for line in reading.lines] == ["Fees"]


def test_one_bad_row_among_many_writes_none(council):
    rows = [(f"A{number}", f"Saving {number}", "(10)", "0", "(10)") for number in range(60)]
    told = problems_of(refused(council, schedule(*rows, ("B1", "Bad", "ten", "0", "")), NEGATIVE))
    assert "Row 62" in told


def test_words_that_may_tell_who_a_child_is_are_asked_about():
    content = schedule(
        ("Placement", "NHS number 943 476 5919", "(10)"), headings=("Title", "Description", "2026/27")
    )
    assert [one.code for one in read(content, NEGATIVE).confirmations] == ["personal-details"]


def test_what_cannot_be_seen_in_a_reference_is_refused(council):
    told = problems_of(refused(council, schedule(("A\u200b1", "Fees", "(1)", "", "")), NEGATIVE))
    assert "characters that cannot be seen" in told
