"""Where the table is in a file: its titles, its row of headings, and what each column holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounting.money import Unit
from services.imports.characters import folded, visible
from services.imports.grid import Cell, Grid, column_letter
from services.imports.headings import KIND_OF_ROW, field_of, unit_of
from services.imports.problems import Problem, Remark, listed
from services.imports.profile import MONEY_FIELDS, STORED_FIELDS, Field, Profile

HEADINGS_WITHIN = 60
"""The headings must stand within this many rows of the top."""
_MANY = (Field.IGNORE, Field.REASON)
"""Fields that several columns may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: where it stands, what it is called, what it holds. `field` is `None` if nobody said."""

    index: int
    heading: str
    field: Field | None
    is_row_kind: bool = False

    @property
    def name(self) -> str:
        """Its heading, or its letter where it has none."""
        return self.heading or column_letter(self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table found in a sheet."""

    sheet: str
    titles: tuple[tuple[int, str], ...]
    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, list[Cell]], ...]
    unit: Unit
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def column(self, field: Field) -> Column | None:
        """The column that holds a field."""
        return next((column for column in self.columns if column.field is field), None)

    def has(self, field: Field) -> bool:
        """Whether a column holds this field."""
        return self.column(field) is not None


def find_table(grid: Grid, profile: Profile) -> Table | Problem:
    """The table of a sheet, or why there is none."""
    rows = grid.rows[profile.skip :]
    for position, (number, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns = _columns(cells, profile)
        if _is_heading(columns):
            return _table(
                grid,
                profile,
                columns=columns,
                number=number,
                above=rows[:position],
                below=rows[position + 1 :],
            )
    return _no_headings(grid, rows, profile)


def _columns(cells: list[Cell], profile: Profile) -> tuple[Column, ...]:
    columns = []
    for index, cell in enumerate(cells):
        heading = visible(cell) if isinstance(cell, str) else ""
        field = field_of(heading, profile) if heading else None
        columns.append(
            Column(index=index, heading=heading, field=field, is_row_kind=folded(heading) == KIND_OF_ROW)
        )
    return tuple(columns)


def _is_heading(columns: tuple[Column, ...]) -> bool:
    """A row of headings names the lines and at least one figure."""
    fields = {column.field for column in columns}
    return bool(fields & {Field.SERVICE_LINE, Field.CODE}) and bool(fields & set(MONEY_FIELDS))


def likely_headings(grids: Iterable[Grid]) -> list[str]:
    """The words of the row that is most likely the headings, for a person to say what they mean."""
    rows = [cells for grid in grids for _, cells in grid.rows[:HEADINGS_WITHIN]]
    words = [[visible(cell) for cell in cells if isinstance(cell, str) and cell.strip()] for cells in rows]
    best = max(words, key=len, default=[])
    return list(dict.fromkeys(best)) if len(best) > 1 else []


def _no_headings(grid: Grid, rows: tuple[tuple[int, list[Cell]], ...], profile: Profile) -> Problem:
    widest = max(
        rows[:HEADINGS_WITHIN],
        key=lambda row: sum(isinstance(cell, str) and bool(cell) for cell in row[1]),
        default=None,
    )
    if widest is None:
        return Problem(what="The sheet has no rows.", sheet=grid.sheet)
    found = [visible(cell) for cell in widest[1] if isinstance(cell, str) and cell.strip()]
    if profile.columns:
        wanted = listed(
            [f"“{heading}”" for heading, field in profile.columns.values() if field is not Field.IGNORE],
            limit=12,
        )
    else:
        wanted = "a heading for the service line, and headings for its budget and its forecast outturn; or a profile that says which is which"
    return Problem(
        what="No row of headings was found.",
        sheet=grid.sheet,
        row=widest[0],
        found=listed([f"“{text[:40]}”" for text in found], limit=12),
        expected=wanted,
    )


def _table(
    grid: Grid,
    profile: Profile,
    *,
    columns: tuple[Column, ...],
    number: int,
    above: tuple[tuple[int, list[Cell]], ...],
    below: tuple[tuple[int, list[Cell]], ...],
) -> Table:
    titles = tuple(
        (row, visible(cell))
        for row, cells in (*grid.rows[: profile.skip], *above)
        for cell in cells
        if isinstance(cell, str) and cell.strip()
    )
    unit, unit_problems = _unit(grid, profile, columns, number)
    problems = (*_ambiguous(grid, columns, number), *_missing(grid, profile, columns, number), *unit_problems)
    unread = [
        f"“{column.name}”"
        for column in columns
        if column.field is None and column.heading and not column.is_row_kind
    ]
    remarks = []
    if unread:
        remarks.append(
            Remark(
                what=f"Not read, because nothing says what they hold: {listed(unread, limit=20)}.",
                sheet=grid.sheet,
                row=number,
            )
        )
    return Table(
        sheet=grid.sheet,
        titles=titles,
        header_row=number,
        columns=columns,
        rows=below,
        unit=unit,
        problems=problems,
        remarks=tuple(remarks),
    )


def _unit(
    grid: Grid, profile: Profile, columns: tuple[Column, ...], number: int
) -> tuple[Unit, tuple[Problem, ...]]:
    """The profile's unit, or the one that the headings state; pounds where neither says."""
    stated = {
        unit: column.name
        for column in columns
        if column.field in MONEY_FIELDS and (unit := unit_of(column.heading)) is not None
    }
    if len(stated) > 1:
        found = listed([f"“{name}”" for name in stated.values()])
        return profile.units or Unit.POUNDS, (
            Problem(
                what="The headings state different units. A table has one unit.",
                sheet=grid.sheet,
                row=number,
                found=found,
            ),
        )
    if profile.units is None:
        return next(iter(stated), Unit.POUNDS), ()
    if stated and profile.units not in stated:
        heading = next(iter(stated.values()))
        return profile.units, (
            Problem(
                what="The heading states another unit than the profile. Correct the profile's units, or the file.",
                sheet=grid.sheet,
                row=number,
                column=heading,
                found=next(iter(stated)).label,
                expected=profile.units.label,
            ),
        )
    return profile.units, ()


def _ambiguous(grid: Grid, columns: tuple[Column, ...], number: int) -> tuple[Problem, ...]:
    """Fields that two columns claim."""
    problems = []
    for field in Field:
        claimants = [column for column in columns if column.field is field]
        if len(claimants) > 1 and field not in _MANY:
            names = listed(
                [f"“{column.heading}” (column {column_letter(column.index)})" for column in claimants]
            )
            problems.append(
                Problem(
                    what=f"More than one column holds the {field.label.lower()}. Say in a profile which one to read, and “ignore” for the others.",
                    sheet=grid.sheet,
                    row=number,
                    found=names,
                    expected="one",
                )
            )
    return tuple(problems)


def _missing(grid: Grid, profile: Profile, columns: tuple[Column, ...], number: int) -> tuple[Problem, ...]:
    """What a profile names and the file lacks while it has columns that nobody named: most likely one was renamed."""
    unnamed = [
        column.name
        for column in columns
        if column.field is None and column.heading and not column.is_row_kind
    ]
    present = {column.field for column in columns}
    lacking = [
        heading
        for heading, field in profile.columns.values()
        if field not in present and field in STORED_FIELDS
    ]
    if not unnamed or not lacking:
        return ()
    return (
        Problem(
            what="The profile names a column that the file does not have, and the file has columns that the profile does not name. If one was "
            "renamed, correct the profile; if it is not wanted, add it to the profile as “ignore”.",
            sheet=grid.sheet,
            row=number,
            found=listed([f"“{name}”" for name in unnamed], limit=12),
            expected=listed([f"“{heading}”" for heading in lacking]),
        ),
    )
