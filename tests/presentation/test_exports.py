"""Exports hold the figures of the screen, to the penny, and text that cannot run."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounting.money import money_from_number, parse_money
from presentation.exports import CellTooLongError, inert, sheet_names, table_csv, tables_xlsx
from tests.presentation.lines import Line, column, table

pennies = st.integers(min_value=-(10**13) + 1, max_value=10**13 - 1).map(
    lambda pence: Decimal(pence).scaleb(-2)
)


def read_csv(one):
    return list(csv.reader(io.StringIO(table_csv(one).decode("utf-8-sig"), newline="")))


def read_sheet(one, name=None, **options):
    book = CalamineWorkbook.from_filelike(io.BytesIO(tables_xlsx([one], title="Position", **options)))
    return book.get_sheet_by_name(name or sheet_names([one])[0]).to_python()


@settings(deadline=None)  # the machine may be busy
@given(st.lists(pennies, min_size=1, max_size=5))
def test_every_penny_is_in_the_csv_and_in_the_workbook(amounts):
    lines = [Line(budget=amount, variance=-amount) for amount in amounts]
    printed, sheet = read_csv(table(*lines)), read_sheet(table(*lines))
    for line, text, cells in zip(lines, printed[1:], sheet[1:], strict=True):
        assert parse_money(text[1]) == money_from_number(cells[1]) == line.budget
        assert parse_money(text[2]) == money_from_number(cells[2]) == line.variance


def test_screen_csv_and_workbook_say_the_same():
    lines = (Line(), Line(budget=None, variance=None, percent=None, children=None, rag=None, reason=""))
    one = table(*lines)
    for line, text, cells in zip(lines, read_csv(one)[1:], read_sheet(one)[1:], strict=True):
        for place, col in enumerate(one.figure_columns):
            exact = col.figure(line)
            if isinstance(exact, Decimal):
                assert col.text(parse_money(text[place])) == col.cell_text(line)
                assert col.text(money_from_number(cells[place])) == col.cell_text(line)
            elif exact is None:
                assert text[place] == cells[place] == col.cell_text(line)


def test_the_csv_opens_in_excel_with_pound_signs_intact_and_exact_figures():
    raw = table_csv(table())
    assert raw.startswith(
        b"\xef\xbb\xbfService line,Revised budget (\xc2\xa3),Variance after reserves (\xc2\xa3),"
    )
    assert raw.endswith(b"\r\n")
    assert read_csv(table())[1] == [
        "Corporate parenting", "1234567.89", "-152000.10", "-12.31", "1204", "Amber", "Two posts are vacant.",
    ]  # fmt: skip


def test_nil_is_nought_in_every_export():
    nil = table(Line(budget=Decimal("-0.00")))
    assert read_csv(nil)[1][1] == "0.00"
    assert read_sheet(nil)[1][1] == 0


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-5 posts",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "＝1+1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_text_that_starts_like_a_formula_stays_text(text):
    one = table(Line(name=text))
    assert inert(text) == f"'{text}"
    assert read_csv(one)[1][0] == f"'{text}"
    # In a workbook the type says that it is text; an apostrophe would be one more character.
    cell = read_sheet(one)[1][0]
    assert cell.strip() == text.strip()


def test_ordinary_text_and_negative_numbers_are_left_alone():
    assert inert("Children’s services (2023/24)") == "Children’s services (2023/24)"
    assert read_csv(table())[1][2] == "-152000.10"


def test_a_workbook_writes_no_formulas_and_no_links():
    import zipfile

    raw = tables_xlsx([table(Line(name="=1+1", reason="https://example.org/"))], title="Position")
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'state="frozen"' in sheet


def test_totals_are_told_from_lines_so_that_nobody_counts_twice():
    rows = read_csv(table(Line(), Line(name="Total", row_kind="total")))
    assert rows[0][-1] == "Kind of row"
    assert [row[-1] for row in rows[1:]] == ["service line", "total"]


def test_the_basis_of_figures_has_its_own_column_only_where_there_is_one():
    marked = table(Line(marks={"variance": "printed"}), Line())
    assert read_csv(marked)[0][-1] == "Variance after reserves basis"
    assert [row[-1] for row in read_csv(marked)[1:]] == ["printed in the source paper", "not marked"]
    assert read_sheet(marked)[0][-1] == "Variance after reserves basis"
    assert not any("basis" in heading for heading in read_csv(table())[0])


def test_an_export_has_every_row_whatever_page_is_shown():
    long = table(*(Line(name=f"Line {number}") for number in range(401)))
    long.paginate(page=2, per_page=200)
    assert len(read_csv(long)) == 402
    assert len(read_sheet(long)) == 402


def test_the_workbook_says_what_it_holds():
    about = dict(
        read_sheet(table(key="position"), "About", properties={"Published": "14 November 2023, version 1"})
    )
    assert about["Title"] == "Position"
    assert about["Published"] == "14 November 2023, version 1"
    assert about["Position"] == "Position, Thamesmere, month 7, October 2023"
    assert "may not sum" in about["Rounding"]


def test_the_same_figures_give_the_same_bytes():
    dated = {"created": datetime(2023, 11, 14, 10, 0, tzinfo=UTC)}
    first = tables_xlsx([table()], title="Position", properties=dated)
    assert first == tables_xlsx([table()], title="Position", properties=dated)
    assert table_csv(table()) == table_csv(table())


def test_the_workbooks_date_needs_a_time_zone():
    with pytest.raises(TypeError, match="time zone"):
        tables_xlsx([table()], title="Position", properties={"created": "14 November 2023"})


def test_sheets_have_short_different_names():
    names = sheet_names([table(key="a" * 40), table(key="a" * 40), table(key="about"), table(key="x:y/z")])
    assert names == ("A" + "a" * 30, "A" + "a" * 28 + " 2", "About 2", "X y z")


def test_a_text_longer_than_a_cell_is_refused_not_cut():
    with pytest.raises(CellTooLongError, match=r"“Reason”.*40,000 characters.*32,767"):
        tables_xlsx([table(Line(reason="a" * 40_000))], title="Position")
    assert len(read_csv(table(Line(reason="a" * 40_000)))[1][6]) == 40_000


def test_a_percentage_is_exported_as_computed():
    line = Line(percent=Decimal("20.123456"))
    assert column(table(line), "percent").cell_text(line) == "20.1%"
    assert read_csv(table(line))[1][3] == "20.123456"
