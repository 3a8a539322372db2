"""A ledger file into typed rows: cost centre, subjective code, actual to date, commitments; and everything that is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from accounting.money import Unit
from accounting.periods import Period
from services.imports.findings import formulas, merged_cells
from services.imports.grid import FileContents
from services.imports.headings import field_of
from services.imports.ledger_rows import LedgerReader, LedgerRow, Told
from services.imports.ledger_totals import checks_of_totals, stated_check
from services.imports.problems import Check, Confirmation, Problem, Remark, UnreadableFileError, listed
from services.imports.profile import Field, Profile
from services.imports.reading import digest_of, file_contents, other_period, safe_file_name, the_table
from services.imports.table import Table, likely_headings
from services.imports.upload import ROW_LIMIT

_NEEDED = (Field.CODE, Field.SUBJECTIVE, Field.ACTUAL_TO_DATE)


@dataclass(slots=True, kw_only=True)
class LedgerReading:
    """What one ledger file says; nothing has been compared with what the council holds."""

    file_name: str
    digest: str
    profile: Profile
    facts: list[str] = field(default_factory=list)
    table: Table | None = None
    headings: list[tuple[str, Field | None]] = field(default_factory=list)
    """Each heading of the table, or of the row that looks most like headings, and what it is read as."""
    rows: list[LedgerRow] = field(default_factory=list)
    totals: list[Check] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    title: str = ""

    @property
    def unit(self) -> Unit:
        """The unit of the file's table."""
        return self.table.unit if self.table else Unit.POUNDS

    @property
    def sheet(self) -> str:
        """The sheet that was read."""
        return self.table.sheet if self.table else ""

    @property
    def has_commitments(self) -> bool:
        """Whether the file has a column of commitments."""
        return self.table is not None and self.table.has(Field.COMMITMENTS)

    @property
    def tells_earlier(self) -> bool:
        """Whether the file says what had been spent by the end of the previous period."""
        return self.table is not None and (
            self.table.has(Field.EARLIER_ACTUAL) or self.table.has(Field.MONTH_ACTUAL)
        )


def read_ledger(
    content: bytes,
    *,
    file_name: str,
    profile: Profile,
    period: Period,
    stated: Decimal | None = None,
    told: Told | None = None,
) -> LedgerReading:
    """Read a ledger file for a period. Everything wrong with it is in `problems`; nothing is raised.

    `stated` is the control total of the actual to date that a person gave, in pounds.
    """
    reading = LedgerReading(
        file_name=safe_file_name(file_name),
        digest=digest_of(content),
        profile=replace(profile, is_ledger=True),
    )
    try:
        contents = file_contents(content, file_name=file_name)
        table = the_table(contents, reading.profile)
    except UnreadableFileError as error:
        reading.problems.append(error.problem)
        return reading
    reading.facts += contents.facts
    reading.confirmations += contents.confirmations
    reading.problems += contents.problems
    if isinstance(table, Problem):
        reading.problems.append(table)
        reading.headings = [
            (words, field_of(words, reading.profile)) for words in likely_headings(contents.grids)
        ]
        return reading
    reading.headings = [(column.heading, column.field) for column in table.columns if column.heading]
    reading.table = table
    reading.title = " – ".join(dict.fromkeys(words for _, words in table.titles))[:200]
    reading.problems += [*table.problems, *_missing(table)]
    reading.remarks += table.remarks
    if not reading.problems:
        _read_rows(reading, table, contents, stated=stated, told=told or (lambda _done, _all: None))
    reading.problems += merged_cells(table, contents)
    reading.remarks += formulas(table, contents)
    problem, finding = other_period(reading.profile, table, period, reading.title)
    reading.problems += [problem] if problem else []
    reading.confirmations += [finding] if finding else []
    return reading


def _missing(table: Table) -> Iterator[Problem]:
    """A ledger has a cost centre, a subjective code and an actual, each in a column of its own."""
    lacking = [_WORDS[name] for name in _NEEDED if not table.has(name)]
    if lacking:
        yield Problem(
            what="The file lacks a column that a ledger needs. Say below which column it is, or rename its heading.",
            sheet=table.sheet,
            row=table.header_row,
            found=listed([f"“{column.heading}”" for column in table.columns if column.heading], limit=15),
            expected=listed(lacking),
        )


_WORDS = {
    Field.CODE: "cost centre",
    Field.SUBJECTIVE: "subjective code",
    Field.ACTUAL_TO_DATE: "actual to date",
}


def _read_rows(
    reading: LedgerReading, table: Table, contents: FileContents, *, stated: Decimal | None, told: Told
) -> None:
    reader = LedgerReader(table, reading.profile, contents)
    reader.read(told)
    reading.rows, reading.problems, reading.remarks = (
        reader.rows,
        [*reading.problems, *reader.problems],
        [*reading.remarks, *reader.remarks],
    )
    reading.totals = [
        *checks_of_totals(reader.total_rows, reading.rows, sheet=table.sheet, unit=table.unit),
        *stated_check(stated, reading.rows, decimals=reader.decimals, unit=table.unit),
    ]
    if not reader.is_bad:
        reading.problems += [check.as_problem() for check in reading.totals if not check.holds]
    if not reading.totals:
        reading.remarks.append(
            Remark(
                what="The file has no total row and no control total was typed: nothing says that all of the ledger is here.",
                sheet=table.sheet,
            )
        )
    if reader.unnamed_totals:
        reading.confirmations.append(
            Confirmation(
                code="total-row",
                question="These rows look like totals and the profile's total_rows does not name them. Confirm to check them as control totals "
                "and not to add them to the ledger.",
                details=tuple(reader.unnamed_totals),
            )
        )
    reading.problems += _count_problems(reading, table, is_bad=reader.is_bad)


def _count_problems(reading: LedgerReading, table: Table, *, is_bad: bool) -> Iterator[Problem]:
    """Too few rows, or too many."""
    if not reading.rows and not is_bad:
        yield Problem(
            what="No rows found: there are headings and nothing below them that is a code with an amount. Nothing is deleted by an empty file.",
            sheet=table.sheet,
            row=table.header_row,
        )
    if len(reading.rows) > ROW_LIMIT:
        yield Problem(
            what=f"The file has {len(reading.rows):,} rows; at most {ROW_LIMIT:,} are read. Ask for it with fewer codes."
        )
