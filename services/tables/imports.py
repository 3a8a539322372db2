"""The tables of an import's preview: control totals, gaps, what would change, every line, and every problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import Unit
from accounting.wording import format_money
from presentation.tables import FigureTable, MoneyColumn, RowHeaderColumn, TextColumn, VarianceColumn
from services.imports.problems import Check, Problem
from services.imports.profile import Field
from services.operations.import_assessment import Assessment, PreviewLine, ordered_changes, preview_lines


class FigureWords(TextColumn):
    """A figure that is already in words, set where figures stand."""

    def __init__(self, verbose_name: str, *, unknown: str = "none") -> None:
        super().__init__(verbose_name, unknown=unknown)
        self.css_class = "col-figure"  # type: ignore[misc]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A printed figure beside what it should follow from."""

    what: str
    row: str
    printed: str
    computed: str
    gap: str
    tolerance: str
    verdict: str


class ControlTotalsTable(FigureTable):
    """Printed totals beside the sums of their lines."""

    what = RowHeaderColumn("Control total")
    row = FigureWords("Row", unknown="given apart")
    printed = FigureWords("Printed")
    computed = FigureWords("Sum of lines")
    gap = FigureWords("Gap")
    tolerance = FigureWords("Tolerance")
    verdict = TextColumn("Result")

    class Meta:
        empty_text = "The file has no total row that was checked."


class GapsTable(FigureTable):
    """Figures that do not follow exactly from the others in their row."""

    what = RowHeaderColumn("Figure")
    row = FigureWords("Row")
    printed = FigureWords("Printed")
    computed = FigureWords("Worked out")
    gap = FigureWords("Gap")
    tolerance = FigureWords("Tolerance")
    verdict = TextColumn("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One figure that would change."""

    line: str
    figure: str
    before: str
    after: str


class ChangesTable(FigureTable):
    """Figures held now beside those of the file."""

    line = RowHeaderColumn("Service line")
    figure = TextColumn("Figure")
    before = FigureWords("Held now", unknown="none")
    after = FigureWords("In the file")

    class Meta:
        empty_text = "No figure that is held would change."


class LinesTable(FigureTable):
    """Every line of the file as it would stand."""

    name = RowHeaderColumn("Service line")
    place = TextColumn("Division")
    state = TextColumn("Result")
    revised_budget = MoneyColumn("Revised budget", unknown="as held")
    actual_to_date = MoneyColumn("Actual to date", unknown="as held")
    forecast_outturn = MoneyColumn("Forecast outturn")
    variance_before_reserves = VarianceColumn("Variance before reserves", unknown="not known yet")
    variance_after_reserves = VarianceColumn("Variance after reserves", unknown="not known yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """One problem, where it is, and what was found and expected."""

    where: str
    what: str
    found: str
    expected: str


class ProblemsTable(FigureTable):
    """Everything that must be put right."""

    where = RowHeaderColumn("Where", unknown="the file")
    what = TextColumn("Problem", wide=True)
    found = TextColumn("Found in the file", unknown="not stated")
    expected = TextColumn("Expected", unknown="not stated")


def problems_table(problems: Sequence[Problem], *, file_name: str) -> ProblemsTable:
    """The problems of a file."""
    rows = [
        ProblemRow(where=problem.where, what=problem.what, found=problem.found, expected=problem.expected)
        for problem in problems
    ]
    return ProblemsTable(rows, caption=f"Problems in {file_name}", key="problems")


def control_totals_table(found: Assessment) -> ControlTotalsTable:
    """The file's control totals."""
    return ControlTotalsTable(
        [_check_row(check) for check in found.reading.totals],
        caption=f"Control totals, {found.reading.unit.label}",
        key="control-totals",
    )


def gaps_table(found: Assessment) -> GapsTable:
    """The file's gaps within rows."""
    return GapsTable(
        [_check_row(check) for check in found.reading.gaps],
        caption=f"Gaps within rows, {found.reading.unit.label}",
        key="gaps",
    )


def _check_row(check: Check) -> CheckRow:
    return CheckRow(
        what=check.what,
        row=str(check.row or ""),
        printed=check.words(check.printed),
        computed=check.words(check.computed),
        gap=check.words(check.gap),
        tolerance=check.words(check.tolerance),
        verdict="agrees" if check.is_exact else "within rounding" if check.holds else "differs",
    )


def changes_table(found: Assessment) -> ChangesTable:
    """What would change of what is held, in pounds and pence."""
    rows = [
        ChangeRow(
            line=line.name, figure=item.field.label, before=_words(item.before), after=_words(item.after)
        )
        for _, line, items in ordered_changes(found)
        for item in items
    ]
    return ChangesTable(rows, caption="What would change, £", key="changes")


def _words(value: Decimal | str | None) -> str:
    return format_money(value, places=2, symbol=False) if isinstance(value, Decimal) else value or ""


def lines_table(found: Assessment, *, unit: Unit) -> LinesTable:
    """Every line of the file; a column that the file does not have is left out."""
    rows: list[PreviewLine] = preview_lines(found)
    leave_out = () if Field.ACTUAL_TO_DATE in found.reading.printed else ("actual_to_date",)
    return LinesTable(
        rows, caption=f"Lines of {found.reading.file_name}", unit=unit, key="lines", exclude=leave_out
    )
