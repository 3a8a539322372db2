"""A whole schedule into a reading: proposals with their changes by year, printed totals, gaps, remarks, what to confirm, every problem at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.money import ZERO, Unit, total
from accounting.periods import FinancialYear
from accounting.wording import format_money
from savings.imports import findings, totals
from savings.imports.columns import Field, Meaning, meaning_of_heading
from savings.imports.profile import ScheduleProfile
from savings.imports.rows import RowReader, ScheduleRow, ScheduleRows
from savings.imports.table import ScheduleTable, likely_headings, the_schedule
from services.imports.characters import folded
from services.imports.problems import Check, Confirmation, Problem, Remark, UnreadableFileError, listed
from services.imports.reading import PROBLEM_LIMIT, digest_of, file_contents, safe_file_name

LINE_LIMIT = 5_000
"""More proposals than any council's budget holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """One proposal of a schedule. Amounts are changes to base in exact pounds: a saving negative, growth positive.

    `changes` has the years in which a figure is printed, 0 included; a blank year is not in it, and is no change.
    """

    row: int
    reference: str
    title: str
    texts: Mapping[Field, str]
    changes: Mapping[FinancialYear, Decimal]
    total_as_printed: Decimal | None
    is_readable: bool = True
    """Whether every figure of it could be read; otherwise there is a problem, and it is compared with nothing."""

    @property
    def name(self) -> str:
        """Reference and title, the reference said once."""
        is_said = not self.reference or self.title.startswith(self.reference)
        return self.title if is_said else f"{self.reference} {self.title}"


@dataclass(slots=True, kw_only=True)
class ScheduleReading:
    """What one file says; nothing has been compared with what the council holds."""

    file_name: str
    digest: str
    profile: ScheduleProfile
    facts: list[str] = field(default_factory=list)
    table: ScheduleTable | None = None
    headings: list[tuple[str, Meaning | None]] = field(default_factory=list)
    """The file's headings and what each was read as; a guess at them where no table was found."""
    years: tuple[FinancialYear, ...] = ()
    lines: list[ScheduleLine] = field(default_factory=list)
    totals: list[Check] = field(default_factory=list)
    gaps: list[Check] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        """The unit of the file's figures."""
        return self.table.unit if self.table else self.profile.units or Unit.POUNDS

    @property
    def title(self) -> str:
        """What stands above the headings, as printed."""
        return self.table.title if self.table else ""

    @property
    def sheet(self) -> str:
        """The sheet that was read."""
        return self.table.sheet if self.table else ""


def read_schedule(content: bytes, *, file_name: str, profile: ScheduleProfile) -> ScheduleReading:
    """Read a schedule. Everything wrong with it is in `problems`; nothing is raised."""
    reading = ScheduleReading(file_name=safe_file_name(file_name), digest=digest_of(content), profile=profile)
    try:
        contents = file_contents(content, file_name=file_name)
        table = the_schedule(contents, profile)
    except UnreadableFileError as error:
        reading.problems.append(error.problem)
        return reading
    reading.facts += contents.facts
    reading.confirmations += contents.confirmations
    reading.problems += contents.problems
    if isinstance(table, Problem):
        reading.problems.append(table)
        guesses = likely_headings(contents.grids)
        reading.headings = [(heading, _guess(heading, profile)) for heading in guesses]
        return reading
    reading.table = table
    reading.headings = [(column.heading, column.meaning) for column in table.columns if column.heading]
    reading.years = tuple(
        sorted(one.meaning.year for one in table.year_columns if one.meaning and one.meaning.year)
    )
    rows = RowReader(table, profile, contents).read()
    _check(reading, rows, table)
    reading.remarks += [*findings.doubtful_words(table, rows), *findings.formulas(table, contents)]
    reading.problems += findings.merged_cells(table, contents)
    if details := findings.personal_details(rows):
        reading.confirmations.append(details)
    del reading.problems[PROBLEM_LIMIT:]
    return reading


def _guess(heading: str, profile: ScheduleProfile) -> Meaning | None:
    named = profile.columns.get(folded(heading))
    return named[1] if named else meaning_of_heading(heading)


def _check(reading: ScheduleReading, rows: ScheduleRows, table: ScheduleTable) -> None:
    reading.confirmations += totals.mark_totals(rows, reading.profile)
    reading.gaps = totals.gaps(rows, table)
    reading.totals, unchecked = totals.control_totals(rows, table)
    reading.remarks += [*table.remarks, *rows.remarks, *unchecked, *_blanks(rows, table)]
    reading.problems += [*table.problems, *rows.problems, *_row_problems(rows, table), *_twice(rows, table)]
    reading.problems += [check.as_problem() for check in (*reading.gaps, *reading.totals) if not check.holds]
    _lines(reading, rows, table)
    reading.problems += _count_problems(reading, table)


def _row_problems(rows: ScheduleRows, table: ScheduleTable) -> Iterator[Problem]:
    """Rows with figures and no title, and totals without any year."""
    title, year = table.column(Field.TITLE), table.year_columns[0]
    for entry in rows.lines:
        if not entry.title:
            yield Problem(
                what="The row has figures and no title. Give the proposal its title, or name the row in the profile's total_rows or ignore_rows.",
                sheet=table.sheet,
                row=entry.row,
                column=title.name if title else "",
                found=entry.reference or "blank",
                expected="a title",
            )
        elif entry.printed_total and not entry.amounts and not entry.is_bad:
            yield Problem(
                what="The row has a total and no year has an amount. Say in which years the change comes.",
                sheet=table.sheet,
                row=entry.row,
                column=year.name,
                found="blank",
                expected="an amount in one year at least",
            )


def _twice(rows: ScheduleRows, table: ScheduleTable) -> Iterator[Problem]:
    """A reference, or without one a title, that two rows have."""
    by_key: dict[tuple[str, str], list[ScheduleRow]] = defaultdict(list)
    for entry in rows.lines:
        if entry.reference:
            by_key["reference", folded(entry.reference)].append(entry)
        elif entry.title:
            by_key["title", folded(entry.title)].append(entry)
    for (what, _), entries in by_key.items():
        if len(entries) > 1:
            places = listed([f"row {entry.row}" for entry in entries])
            column = table.column(Field(what)) or table.column(Field.TITLE)
            yield Problem(
                what=f"Rows of the schedule have the same {what}: {places}. Give each proposal its own, or put the rows together.",
                sheet=table.sheet,
                row=entries[1].row,
                column=column.name if column else "",
                found=f"“{entries[0].reference if what == 'reference' else entries[0].title}”",
                expected="each once",
            )


def _blanks(rows: ScheduleRows, table: ScheduleTable) -> Iterator[Remark]:
    """What is told of blank cells and of rows without any figure."""
    width = len(table.year_columns)
    short = [
        entry for entry in rows.lines if entry.amounts and not entry.is_bad and len(entry.amounts) < width
    ]
    if short:
        shown = listed([str(entry.row) for entry in short], limit=12)
        what = f"A blank cell under a year is read as no change to the base in that year: rows {shown}."
        yield Remark(what=what, sheet=table.sheet)
    for entry in rows.lines:
        if not entry.has_figures:
            what = f"“{entry.name}” has no figure in any year: a proposal without an amount yet."
            yield Remark(what=what, sheet=table.sheet, row=entry.row)
    if rows.passed_over:
        shown = listed([f"row {number} “{words[:60]}”" for number, words in rows.passed_over])
        yield Remark(
            what=f"Rows of words without figures, not read as proposals: {shown}.", sheet=table.sheet
        )


def _lines(reading: ScheduleReading, rows: ScheduleRows, table: ScheduleTable) -> None:
    """The proposals with their signs turned, and what there is to say of the signs."""
    profile = reading.profile
    printed = total([amount for entry in rows.lines for amount in entry.amounts.values()])
    sign = profile.sign(printed)
    for entry in rows.lines:
        whole = entry.printed_total
        reading.lines.append(
            ScheduleLine(
                row=entry.row,
                reference=entry.reference,
                title=entry.title,
                texts=entry.texts | _defaulted(entry, profile),
                changes={year: sign * amount + ZERO for year, amount in sorted(entry.amounts.items())},
                total_as_printed=None if whole is None else sign * whole + ZERO,
                is_readable=not entry.is_bad,
            )
        )
    reading.remarks += _returns(reading, table)
    finding = _sign_finding(sign * printed, profile)
    if isinstance(finding, Problem):
        reading.problems.append(finding)
    elif finding is not None:
        reading.confirmations.append(finding)


def _defaulted(entry: ScheduleRow, profile: ScheduleProfile) -> dict[Field, str]:
    return {
        Field(name): words for name, words in profile.defaults.items() if not entry.texts.get(Field(name))
    }


def _returns(reading: ScheduleReading, table: ScheduleTable) -> Iterator[Remark]:
    """Years in which a saving goes back into the base: what was saved before was partly or wholly one-off."""
    if reading.profile.is_growth:
        return
    for line in reading.lines:
        back = {year: amount for year, amount in line.changes.items() if amount > 0}
        if back and any(amount < 0 for amount in line.changes.values()):
            words = listed([f"{format_money(amount, places=2)} in {year}" for year, amount in back.items()])
            what = (
                f"“{line.name}” puts {words} back into the base: so much of what it saves before is one-off."
            )
            yield Remark(what=what, sheet=table.sheet, row=line.row)


def _sign_finding(change: Decimal, profile: ScheduleProfile) -> Confirmation | Problem | None:
    """A schedule of savings that adds to the budget, or of growth that takes from it: most likely its signs are the other way round."""
    is_odd = change < 0 if profile.is_growth else change > 0
    if not is_odd:
        return None
    what, does = ("growth", "takes from") if profile.is_growth else ("savings", "adds to")
    if profile.negative is None:
        return Problem(
            what=f"Nothing says how the schedule prints savings, and with savings negative it {does} the budget as a whole. "
            'Say in the profile savings = "positive" if its savings have no sign.',
            found="savings without a sign",
            expected='savings = "negative" or "positive"',
        )
    return Confirmation(
        code="sign",
        question=f"Read by this profile, the schedule of {what} as a whole {does} the budget. Confirm only if that is so; otherwise change "
        "its signs in the profile.",
    )


def _count_problems(reading: ScheduleReading, table: ScheduleTable) -> Iterator[Problem]:
    """Too few proposals, or too many."""
    if not reading.lines and not reading.problems:
        yield Problem(
            what="No rows found: there are headings and nothing below them that is a proposal. Nothing is deleted by an empty file.",
            sheet=table.sheet,
            row=table.header_row,
        )
    if len(reading.lines) > LINE_LIMIT:
        yield Problem(
            what=f"The file has {len(reading.lines):,} proposals; at most {LINE_LIMIT:,} are read. Split it by directorate."
        )
