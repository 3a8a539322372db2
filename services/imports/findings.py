"""What a reader should be told about a file's words and cells: doubtful units and labels, formulas, merged cells, personal details."""

from collections.abc import Iterator

from accounting.periods import Period
from accounting.slips import Slip, find_slips
from accounting.words_lint import Concern, ConcernKind, concerns_in
from services.imports.cells import is_blank
from services.imports.grid import FileContents, column_letter
from services.imports.problems import Confirmation, Problem, Remark, listed
from services.imports.profile import MONEY_FIELDS, Field
from services.imports.rows import Rows
from services.imports.table import Table


def doubtful_words(rows: Rows, table: Table, period: Period) -> Iterator[Remark]:
    """Doubtful units and labels in titles, headings, notes and reasons: told as printed, never corrected."""
    for number, words in table.titles:
        for slip in find_slips(words, period=period):
            yield _doubt(table, number, slip)
    for column in table.columns:
        for slip in find_slips(column.heading, period=period) if column.field is not Field.IGNORE else ():
            yield _doubt(table, table.header_row, slip)
    for number, words in rows.texts:
        for slip in find_slips(words):
            yield _doubt(table, number, slip)
    for entry in rows.entries:
        for slip in find_slips(entry.reason) if "£" in entry.reason else ():
            yield _doubt(table, entry.row, slip)
    if rows.texts:
        shown = listed([f"row {number} “{words[:60]}”" for number, words in rows.texts])
        yield Remark(what=f"Rows of words without figures, not read as lines: {shown}.", sheet=table.sheet)


def _doubt(table: Table, row: int, slip: Slip) -> Remark:
    return Remark(
        what=f"“{slip.printed}” is doubtful: {slip.why}. It is kept as printed.", sheet=table.sheet, row=row
    )


def formulas(table: Table, contents: FileContents) -> Iterator[Remark]:
    """Figures that come from formulas: their saved values are read."""
    rows = {number for number, _ in table.rows}
    columns = {column.index for column in table.columns if column.field not in (None, Field.IGNORE)}
    cells = sorted(
        (row, column)
        for sheet, row, column in contents.formulas
        if sheet == table.sheet
        and row in rows
        and column in columns
        and (sheet, row, column) not in contents.cell_problems
    )
    if cells:
        shown = listed([f"{column_letter(column)}{row}" for row, column in cells], limit=12)
        count = f"{len(cells)} figure{'s are' if len(cells) > 1 else ' is'}"
        yield Remark(what=f"{count} from a formula; the saved value was read: {shown}.", sheet=table.sheet)


def merged_cells(table: Table, contents: FileContents) -> Iterator[Problem]:
    """Merged cells over the table's data: only their first cell has a value, and the others would be read as blank."""
    read = {column.index for column in table.columns if column.field not in (None, Field.IGNORE)}
    money = [column.index for column in table.columns if column.field in MONEY_FIELDS]
    with_figures = {
        number
        for number, cells in table.rows
        if any(index < len(cells) and not is_blank(cells[index]) for index in money)
    }
    for top, bottom, left, right, name in contents.merged.get(table.sheet, ()):
        if read & set(range(left, right + 1)) and with_figures & set(range(top, bottom + 1)):
            yield Problem(
                what=f"The cells {name} are merged over the table's figures, so all but the first are blank. Unmerge them and fill each cell.",
                sheet=table.sheet,
                row=top,
                column=column_letter(left),
                found=name,
                expected="one cell for each figure",
            )


_IN_NAMES = frozenset({ConcernKind.DATE_OF_BIRTH, ConcernKind.NHS_NUMBER})
"""What is looked for in a line's name, which may well speak of ages and of pupils."""


def personal_details(rows: Rows) -> Confirmation | None:
    """Names and reasons that may tell who a child is, by the same reading as words that are typed."""
    found = [
        f"Row {entry.row}: {concern}"
        for entry in rows.entries
        for concern in (*concerns_in_name(entry.name), *concerns_in(entry.reason))
    ]
    if not found:
        return None
    question = "Some words may tell who a child is, and what is imported is published. Take them out of the file. Confirm only if they do not."
    return Confirmation(code="personal-details", question=question, details=tuple(found))


def concerns_in_name(name: str) -> tuple[Concern, ...]:
    """What in a name, or in the description of a code, may tell who a child is."""
    return tuple(concern for concern in concerns_in(name) if concern.kind in _IN_NAMES)
