"""A whole file into a reading: typed lines, control totals, gaps, remarks, what to confirm, and every problem at once."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.money import Unit
from accounting.periods import Period
from accounting.slips import claims_of
from services.imports import checks, totals
from services.imports.characters import folded, visible
from services.imports.csv_reader import read_csv
from services.imports.findings import doubtful_words, formulas, merged_cells, personal_details
from services.imports.grid import FileContents
from services.imports.headings import field_of
from services.imports.problems import Check, Confirmation, Problem, Remark, UnreadableFileError, listed
from services.imports.profile import Field, Profile
from services.imports.rows import ReturnRow, RowReader, Rows
from services.imports.table import Table, find_table, likely_headings
from services.imports.upload import ROW_LIMIT, Kind, sniff

PROBLEM_LIMIT = 1000
"""How many problems of one file are kept; a file with more is wrong as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A control total given beside the file, in pounds."""

    amount: Decimal
    decimals: int
    field: Field = Field.FORECAST_OUTTURN


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one file says. Lines are typed and checked among themselves; nothing has been compared with what the council holds."""

    file_name: str
    digest: str
    profile: Profile
    facts: list[str] = field(default_factory=list)
    table: Table | None = None
    lines: list[ReturnRow] = field(default_factory=list)
    rated: list[ReturnRow] = field(default_factory=list)
    """Lines and totals for which the file prints a rating."""
    printed: frozenset[Field] = frozenset()
    decimals: dict[Field, int] = field(default_factory=dict)
    headings: list[tuple[str, Field | None]] = field(default_factory=list)
    """The file's headings and what each was read as; a guess at them where no table was found."""
    title: str = ""
    totals: list[Check] = field(default_factory=list)
    gaps: list[Check] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        """The unit of the file's table."""
        return self.table.unit if self.table else self.profile.units or Unit.POUNDS

    @property
    def sheet(self) -> str:
        """The sheet that was read."""
        return self.table.sheet if self.table else ""


def digest_of(content: bytes) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def read_return(
    content: bytes,
    *,
    file_name: str,
    profile: Profile,
    period: Period,
    held_names: frozenset[str] = frozenset(),
    stated: Stated | None = None,
) -> Reading:
    """Read a return for a period. Everything wrong with it is in `problems`; nothing is raised.

    `held_names` are the folded names of the council's own lines: a row of such a name is a line, even if it looks like a total.
    """
    reading = Reading(file_name=safe_file_name(file_name), digest=digest_of(content), profile=profile)
    try:
        contents = file_contents(content, file_name=file_name)
        table = the_table(contents, profile)
    except UnreadableFileError as error:
        reading.problems.append(error.problem)
        return reading
    reading.facts += contents.facts
    reading.confirmations += contents.confirmations
    reading.problems += contents.problems
    if isinstance(table, Problem):
        reading.problems.append(table)
        reading.headings = [
            (heading, field_of(heading, profile)) for heading in likely_headings(contents.grids)
        ]
        return reading
    reading.headings = [(column.heading, column.field) for column in table.columns if column.heading]
    reading.table, reading.title = table, _title(table)
    rows = RowReader(table, profile, contents).read()
    _check(reading, rows, table, held_names=held_names, stated=stated)
    findings = [*doubtful_words(rows, table, period), *formulas(table, contents)]
    reading.remarks += [remark for remark in dict.fromkeys(findings) if remark not in reading.remarks]
    reading.problems += merged_cells(table, contents)
    _when(reading, table, period)
    if details := personal_details(rows):
        reading.confirmations.append(details)
    del reading.problems[PROBLEM_LIMIT:]
    return reading


def safe_file_name(name: str) -> str:
    """A file's name as it may be shown: never a path, never longer than the record, nothing invisible."""
    return visible(re.split(r"[\\/]", name)[-1])[:255] or "unnamed"


def file_contents(content: bytes, *, file_name: str) -> FileContents:
    """A file's cells, by what kind of file its content says it is. Raises `UnreadableFileError`."""
    if sniff(content, file_name=file_name) is Kind.CSV:
        return read_csv(content)
    from services.imports.xlsx_reader import read_xlsx

    return read_xlsx(content)


def the_table(contents: FileContents, profile: Profile) -> Table | Problem:
    """The one sheet with a table; a profile says which where there are several."""
    if profile.sheet and contents.grids and contents.grids[0].sheet:
        wanted = [grid for grid in contents.grids if folded(grid.sheet) == folded(profile.sheet)]
        if not wanted:
            names = listed([f"“{grid.sheet}”" for grid in contents.grids])
            return Problem(
                what=f"The workbook has no visible sheet “{profile.sheet}”.",
                found=names,
                expected=f"“{profile.sheet}”",
            )
        return find_table(wanted[0], profile)
    results = [find_table(grid, profile) for grid in contents.grids]
    tables = [result for result in results if isinstance(result, Table)]
    if len(tables) > 1:
        names = listed([f"“{table.sheet}”" for table in tables])
        return Problem(
            what="More than one sheet has a table. Say in the profile which to read, like sheet = “Return”.",
            found=names,
            expected="one",
        )
    if tables:
        return tables[0]
    return next(
        (result for result in results if isinstance(result, Problem)), Problem(what="The file has no rows.")
    )


def _title(table: Table) -> str:
    """What stands above the headings, as printed."""
    return " – ".join(dict.fromkeys(words for _, words in table.titles))[:200]


def _check(
    reading: Reading, rows: Rows, table: Table, *, held_names: frozenset[str], stated: Stated | None
) -> None:
    problems, confirmations = checks.unsigned_support(rows, table)
    reading.confirmations += [
        *confirmations,
        *totals.mark_totals(rows, reading.profile, sheet=table.sheet, held_names=held_names),
    ]
    gaps = checks.identities(rows, table)
    whole = checks.no_way_to_figures(rows, table)
    blanks = checks.derive(rows, table)
    reading.lines, reading.printed = list(rows.lines), frozenset(rows.printed)
    reading.decimals = rows.decimals
    reading.problems += [
        *table.problems,
        *rows.problems,
        *problems,
        *([whole] if whole else blanks),
        *checks.duplicates(rows, table),
    ]
    reading.gaps = gaps
    reading.rated = [entry for entry in rows.entries if entry.rag and not entry.is_bad]
    signs = checks.opposite_signs(rows, table, reading.profile)
    reading.problems += [signs] if signs else [check.as_problem() for check in gaps if not check.holds]
    reading.totals, unchecked = totals.control_totals(rows, sheet=table.sheet, unit=table.unit)
    if stated is not None:
        _stated(reading, rows, stated)
    reading.problems += totals.bad_totals(reading.totals)
    reading.remarks += [*table.remarks, *rows.remarks, *unchecked]
    if income := checks.positive_income(rows, table.unit):
        reading.confirmations.append(_sign_question(income))
    reading.problems += _count_problems(reading, table)


def _count_problems(reading: Reading, table: Table) -> Iterator[Problem]:
    """Too few lines, or too many."""
    if not reading.lines:
        yield Problem(
            what="No rows found: there are headings and nothing below them that is a line. Nothing is deleted by an empty file.",
            sheet=table.sheet,
            row=table.header_row,
        )
    if len(reading.lines) > ROW_LIMIT:
        what = f"The file has {len(reading.lines):,} lines; at most {ROW_LIMIT:,} are read. Split it by directorate."
        yield Problem(what=what)


def _sign_question(details: Sequence[str]) -> Confirmation:
    return Confirmation(
        code="sign",
        question="Income is negative here, and the file has it positive. Confirm only if these really are budgets to be spent.",
        details=tuple(details[:20]),
    )


def _stated(reading: Reading, rows: Rows, stated: Stated) -> None:
    check = totals.stated_total(
        rows, field=stated.field, amount=stated.amount, decimals=stated.decimals, unit=reading.unit
    )
    if isinstance(check, Problem):
        reading.problems.append(check)
    else:
        reading.totals.append(check)


def _when(reading: Reading, table: Table, period: Period) -> None:
    problem, finding = other_period(reading.profile, table, period, reading.title)
    reading.problems += [problem] if problem else []
    reading.confirmations += [finding] if finding else []


def other_period(
    profile: Profile, table: Table, period: Period, title: str
) -> tuple[Problem | None, Confirmation | None]:
    """A file that is clearly of another period needs confirming; a profile made for another is refused."""
    problem = finding = None
    if profile.period is not None and profile.period != period:
        problem = Problem(
            what="The profile is for another period. Import into that period, or correct the profile.",
            found=profile.period.slug,
            expected=period.slug,
        )
    agreed, denied = claims_of(" ; ".join(words for _, words in table.titles)).agreement(period)
    if denied and not agreed:
        finding = Confirmation(
            code="other-period",
            question=f"The file's title is of another period than {period.label} ({period.year}). Confirm only if the "
            "figures are of this period all the same.",
            details=(title,),
        )
    return problem, finding
