"""What a reader should be told about a schedule's words and cells: doubtful units, formulas, merged cells, personal details."""

from collections.abc import Iterator

from accounting.slips import find_slips
from accounting.words_lint import concerns_in
from savings.imports.columns import Field
from savings.imports.rows import ScheduleRows
from savings.imports.table import ScheduleTable
from services.imports.cells import is_blank
from services.imports.findings import concerns_in_name
from services.imports.grid import FileContents, column_letter
from services.imports.problems import Confirmation, Problem, Remark, listed


def doubtful_words(table: ScheduleTable, rows: ScheduleRows) -> Iterator[Remark]:
    """Doubtful units and labels in titles above the schedule, in its headings and its proposals' words: told as printed, never corrected."""
    words = [
        *table.titles,
        *((table.header_row, column.heading) for column in table.columns if column.is_read),
        *(
            (entry.row, entry.texts.get(name, ""))
            for entry in rows.entries
            for name in (Field.TITLE, Field.DESCRIPTION)
        ),
    ]
    for number, text in words:
        for slip in find_slips(text):
            what = f"“{slip.printed}” is doubtful: {slip.why}. It is kept as printed."
            yield Remark(what=what, sheet=table.sheet, row=number)


def formulas(table: ScheduleTable, contents: FileContents) -> Iterator[Remark]:
    """Figures that come from formulas: their saved values are read."""
    rows = {number for number, _ in table.rows}
    columns = {column.index for column in table.columns if column.is_read}
    cells = sorted(
        (row, column)
        for sheet, row, column in contents.formulas - set(contents.cell_problems)
        if sheet == table.sheet and row in rows and column in columns
    )
    if cells:
        shown = listed([f"{column_letter(column)}{row}" for row, column in cells], limit=12)
        count = f"{len(cells)} figure{'s are' if len(cells) > 1 else ' is'}"
        yield Remark(what=f"{count} from a formula; the saved value was read: {shown}.", sheet=table.sheet)


def merged_cells(table: ScheduleTable, contents: FileContents) -> Iterator[Problem]:
    """Merged cells over the schedule's figures: only their first cell has a value, and the others would be read as blank."""
    read = {column.index for column in table.columns if column.is_read}
    money = [column.index for column in table.columns if column.is_money]
    with_figures = {
        number
        for number, cells in table.rows
        if any(index < len(cells) and not is_blank(cells[index]) for index in money)
    }
    for top, bottom, left, right, name in contents.merged.get(table.sheet, ()):
        if read & set(range(left, right + 1)) and with_figures & set(range(top, bottom + 1)):
            yield Problem(
                what=f"The cells {name} are merged over the schedule's figures, so all but the first are blank. Unmerge them and fill each cell.",
                sheet=table.sheet,
                row=top,
                column=column_letter(left),
                found=name,
                expected="one cell for each figure",
            )


def personal_details(rows: ScheduleRows) -> Confirmation | None:
    """Titles and descriptions that may tell who a child is, by the same reading as words that are typed."""
    found = [
        f"Row {entry.row}: {concern}"
        for entry in rows.entries
        for concern in (*concerns_in_name(entry.title), *concerns_in(entry.texts.get(Field.DESCRIPTION, "")))
    ]
    if not found:
        return None
    question = "Some words may tell who a child is, and proposals are published. Take them out of the file. Confirm only if they do not."
    return Confirmation(code="personal-details", question=question, details=tuple(found))
