"""Where the schedule is in a file: its titles, its row of headings, and what each column holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from accounting.money import Unit
from savings.imports.columns import Field, Meaning, meaning_of_heading
from savings.imports.profile import ScheduleProfile
from services.imports.cells import text_in
from services.imports.characters import folded, visible
from services.imports.grid import Cell, FileContents, Grid, column_letter
from services.imports.headings import unit_of
from services.imports.problems import Problem, Remark, listed

HEADINGS_WITHIN = 60
"""The headings must stand within this many rows of the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: where it stands, what it is called, what it holds. `meaning` is `None` if nobody said."""

    index: int
    heading: str
    meaning: Meaning | None

    @property
    def name(self) -> str:
        """Its heading, or its letter where it has none."""
        return self.heading or column_letter(self.index)

    @property
    def is_read(self) -> bool:
        """Whether anything is taken from it."""
        return self.meaning is not None and self.meaning.field is not Field.IGNORE

    @property
    def is_money(self) -> bool:
        """Whether its cells are amounts."""
        return self.meaning is not None and self.meaning.is_money


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTable:
    """A schedule found in a sheet."""

    sheet: str
    titles: tuple[tuple[int, str], ...]
    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, list[Cell]], ...]
    unit: Unit
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def column(self, field: Field) -> Column | None:
        """The first column that holds a field."""
        return next((one for one in self.columns if one.meaning and one.meaning.field is field), None)

    @property
    def year_columns(self) -> tuple[Column, ...]:
        """The columns of years, in the file's order."""
        return tuple(one for one in self.columns if one.meaning and one.meaning.field is Field.YEAR)

    @property
    def title(self) -> str:
        """What stands above the headings, as printed."""
        return " – ".join(dict.fromkeys(words for _, words in self.titles))[:200]


def the_schedule(contents: FileContents, profile: ScheduleProfile) -> ScheduleTable | Problem:
    """The one sheet with a schedule; a profile says which where there are several."""
    grids = contents.grids
    if profile.sheet and grids and grids[0].sheet:
        grids = tuple(grid for grid in grids if folded(grid.sheet) == folded(profile.sheet))
        if not grids:
            names = listed([f"“{grid.sheet}”" for grid in contents.grids])
            what = f"The workbook has no visible sheet “{profile.sheet}”."
            return Problem(what=what, found=names, expected=f"“{profile.sheet}”")
    results = [find_schedule(grid, profile) for grid in grids]
    tables = [result for result in results if isinstance(result, ScheduleTable)]
    if len(tables) > 1:
        names = listed([f"“{table.sheet}”" for table in tables])
        what = "More than one sheet has a schedule. Say in the profile which to read, like sheet = “Savings”."
        return Problem(what=what, found=names, expected="one")
    if tables:
        return tables[0]
    problems = (result for result in results if isinstance(result, Problem))
    return next(problems, Problem(what="No rows found: the file has nothing in it."))


def find_schedule(grid: Grid, profile: ScheduleProfile) -> ScheduleTable | Problem:
    """The schedule of a sheet, or why there is none."""
    rows = grid.rows[profile.skip :]
    for position, (number, cells) in enumerate(rows[:HEADINGS_WITHIN]):
        columns = columns_of(cells, profile)
        if _is_heading(columns):
            above = (*grid.rows[: profile.skip], *rows[:position])
            return _table(grid, profile, columns, number, above=above, below=rows[position + 1 :])
    return _no_headings(grid, rows, profile)


def columns_of(cells: list[Cell], profile: ScheduleProfile) -> tuple[Column, ...]:
    """What each heading means: by the profile, or else by its own words where nothing else in the row has that meaning."""
    found = []
    for index, cell in enumerate(cells):
        heading = visible(text_in(cell))
        named = profile.columns.get(folded(heading))
        found.append(Column(index=index, heading=heading, meaning=named[1] if named else None))
    given = {column.meaning for column in found if column.meaning}
    return tuple(
        replace(column, meaning=own)
        if column.meaning is None
        and (own := meaning_of_heading(column.heading)) is not None
        and own not in given
        and _counts(own, column.heading, profile)
        else column
        for column in found
    )


def _counts(own: Meaning, heading: str, profile: ScheduleProfile) -> bool:
    """Whether a heading's own words count. Beside a profile's columns only a year's do, and a field's own name."""
    if not profile.columns:
        return True
    is_own_name = own.field is Field.YEAR or folded(heading) == own.field.value
    return is_own_name and own not in {meaning for _, meaning in profile.columns.values()}


def _is_heading(columns: tuple[Column, ...]) -> bool:
    """A row of headings names the proposals and at least one year."""
    fields = {column.meaning.field for column in columns if column.meaning}
    return bool(fields & {Field.TITLE, Field.REFERENCE}) and Field.YEAR in fields


def likely_headings(grids: Iterable[Grid]) -> list[str]:
    """The words of the row that is most likely the headings, for a person to say what they mean."""
    rows = [cells for grid in grids for _, cells in grid.rows[:HEADINGS_WITHIN]]
    words = [[visible(cell) for cell in cells if isinstance(cell, str) and cell.strip()] for cells in rows]
    best = max(words, key=len, default=[])
    return list(dict.fromkeys(best)) if len(best) > 1 else []


def _no_headings(grid: Grid, rows: tuple[tuple[int, list[Cell]], ...], profile: ScheduleProfile) -> Problem:
    found = [f"“{words[:40]}”" for words in likely_headings([Grid(grid.sheet, rows)])]
    wanted = [
        f"“{heading}”" for heading, meaning in profile.columns.values() if meaning.field is not Field.IGNORE
    ]
    asked = "a heading for the proposal and one for each year, like 2026/27; or a profile that says which is which"
    return Problem(
        what="No row of headings was found." if rows else "No rows found.",
        sheet=grid.sheet,
        row=rows[0][0] if rows else None,
        found=listed(found, limit=12),
        expected=listed(wanted, limit=12) or asked,
    )


def _table(
    grid: Grid,
    profile: ScheduleProfile,
    columns: tuple[Column, ...],
    number: int,
    *,
    above: tuple[tuple[int, list[Cell]], ...],
    below: tuple[tuple[int, list[Cell]], ...],
) -> ScheduleTable:
    unit, unit_problems = _unit(grid, profile, columns, number)
    titles = [
        (row, visible(cell))
        for row, cells in above
        for cell in cells
        if isinstance(cell, str) and cell.strip()
    ]
    return ScheduleTable(
        sheet=grid.sheet,
        titles=tuple(titles),
        header_row=number,
        columns=columns,
        rows=below,
        unit=unit,
        problems=(*_twice(grid, columns, number), *_missing(grid, profile, columns, number), *unit_problems),
        remarks=tuple(_told(grid, profile, columns, number)),
    )


def _unit(
    grid: Grid, profile: ScheduleProfile, columns: tuple[Column, ...], number: int
) -> tuple[Unit, tuple[Problem, ...]]:
    """The profile's unit, or the one that the headings state; pounds where neither says."""
    stated = {
        unit: one.name for one in columns if one.is_money and (unit := unit_of(one.heading)) is not None
    }
    if len(stated) > 1:
        found = listed([f"“{name}”" for name in stated.values()])
        what = "The headings state different units. A schedule has one unit."
        return profile.units or Unit.POUNDS, (Problem(what=what, sheet=grid.sheet, row=number, found=found),)
    heading_unit = next(iter(stated), None)
    if profile.units is None or heading_unit in (None, profile.units):
        return profile.units or heading_unit or Unit.POUNDS, ()
    problem = Problem(
        what="The heading states another unit than the profile. Correct the profile's units, or the file.",
        sheet=grid.sheet,
        row=number,
        column=stated[heading_unit],
        found=heading_unit.label,
        expected=profile.units.label,
    )
    return profile.units, (problem,)


def _twice(grid: Grid, columns: tuple[Column, ...], number: int) -> Iterator[Problem]:
    """What two columns claim to hold: a year twice, two titles. Descriptions may be several."""
    for meaning in dict.fromkeys(one.meaning for one in columns if one.is_read):
        claimants = [one for one in columns if one.meaning == meaning]
        if meaning and len(claimants) > 1 and meaning.field is not Field.DESCRIPTION:
            names = listed([f"“{one.heading}” (column {column_letter(one.index)})" for one in claimants])
            yield Problem(
                what=f"More than one column holds {meaning.label}. Say in a profile which one to read, and “ignore” for the others.",
                sheet=grid.sheet,
                row=number,
                found=names,
                expected="one",
            )


def _lacking(profile: ScheduleProfile, columns: tuple[Column, ...]) -> list[str]:
    """Headings of figures and titles that the profile names and the file does not have."""
    present = {one.meaning for one in columns}
    return [
        f"“{heading}”"
        for heading, meaning in profile.columns.values()
        if meaning not in present and (meaning.is_money or meaning.field is Field.TITLE)
    ]


def _unread(columns: tuple[Column, ...]) -> list[str]:
    return [f"“{one.name}”" for one in columns if one.meaning is None and one.heading]


def _missing(
    grid: Grid, profile: ScheduleProfile, columns: tuple[Column, ...], number: int
) -> Iterator[Problem]:
    """What a profile names and the file lacks while it has columns that nobody named: most likely one was renamed."""
    unread, lacking = _unread(columns), _lacking(profile, columns)
    if unread and lacking:
        yield Problem(
            what="The profile names a column that the file does not have, and the file has columns that the profile does not name. If one was "
            "renamed, correct the profile; if it is not wanted, add it to the profile as “ignore”.",
            sheet=grid.sheet,
            row=number,
            found=listed(unread, limit=12),
            expected=listed(lacking),
        )


def _told(grid: Grid, profile: ScheduleProfile, columns: tuple[Column, ...], number: int) -> Iterator[Remark]:
    unread, lacking = _unread(columns), _lacking(profile, columns)
    if unread:
        what = f"Not read, because nothing says what they hold: {listed(unread, limit=20)}."
        yield Remark(what=what, sheet=grid.sheet, row=number)
    elif lacking:
        what = f"The profile names columns that the file does not have: {listed(lacking, limit=20)}. What is held for them stays."
        yield Remark(what=what, sheet=grid.sheet, row=number)
    years = sorted(one.meaning.year for one in columns if one.meaning and one.meaning.year)
    gaps = [str(year.next) for year, after in pairwise(years) if after > year.next]
    if gaps:
        yield Remark(
            what=f"Between its years the schedule has no column for {listed(gaps)}.",
            sheet=grid.sheet,
            row=number,
        )
