"""A block from a spreadsheet, matched to the grid: by code where codes are pasted, by heading where headings are, otherwise by place."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from services.forms.grid import BlockSent, UnreadableError, amount_of
from services.operations.forecasts import ForecastEdit
from services.position.grid import Grid, GridLine

ROWS_LIMIT: Final = 1_000
CODE_HEADINGS: Final = frozenset({"code", "cost centre", "cost center", "service code", "line code"})
ORDER: Final = (
    "revised_budget",
    "actual_to_date",
    "commitments",
    "percent_spent",
    "projection",
    "last_forecast",
    "forecast_outturn",
    "best_case",
    "worst_case",
    "drawdown",
    "variance_before_reserves",
    "variance_after_reserves",
    "movement",
)
"""The grid's columns from left to right, over which a block without headings is laid."""
ENTERED: Final = {
    "actual_to_date": "Actual to date",
    "commitments": "Commitments",
    "forecast_outturn": "Forecast outturn",
    "best_case": "Best case",
    "worst_case": "Worst case",
}
_HEADINGS: Final = {
    "actual": "actual_to_date",
    "actuals": "actual_to_date",
    "commitment": "commitments",
    "forecast": "forecast_outturn",
    "outturn": "forecast_outturn",
    "best": "best_case",
    "worst": "worst_case",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChange:
    """One figure that a block would change."""

    line: GridLine
    column: str
    old: Decimal | None
    new: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockProblem:
    """Something in a block that stops all of it: in which of its rows, counted from 1, and why."""

    row: int
    words: str


@dataclass(slots=True, kw_only=True)
class BlockPlan:
    """What a block would do. Nothing is written while there is a problem."""

    matched: list[GridLine] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    changes: list[BlockChange] = field(default_factory=list)
    problems: list[BlockProblem] = field(default_factory=list)
    passed_over: int = 0
    """Cells that lie over a column which is worked out, and are left as they are."""

    def edits(self, versions: Mapping[int, int]) -> list[ForecastEdit]:
        """The changes as edits, one for each line, against the versions of the preview."""
        figures: dict[int, dict[str, Decimal]] = {}
        for change in self.changes:
            figures.setdefault(change.line.line_id, {})[change.column] = change.new
        by_line = {line.line_id: line for line in self.matched}
        return [
            ForecastEdit(
                line_id=line_id,
                expected_version=versions.get(line_id, by_line[line_id].version),
                **entered,
            )
            for line_id, entered in figures.items()
        ]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column of the block is the code, and which figure each of its columns is."""

    code_at: int | None
    columns: tuple[str | None, ...]
    first_row: int


def plan_block(grid: Grid, sent: BlockSent, *, locks: Mapping[int, str]) -> BlockPlan:
    """Match a block to the grid. Raises `UnreadableError` for text that is no block."""
    rows = _rows(sent.text)
    shown = [grid.by_id[line_id] for line_id in sent.lines if line_id in grid.by_id]
    codes = {line.code: line for line in shown if line.code}
    layout = _layout(rows, sent, codes)
    plan = BlockPlan()
    for number, row in enumerate(rows[layout.first_row :], start=layout.first_row + 1):
        if not any(cell.strip() for cell in row):
            continue
        line = _line_of(row, number - layout.first_row - 1, layout, sent, shown, codes)
        if line is None:
            plan.unknown.append(
                row[layout.code_at].strip() if layout.code_at is not None else f"row {number}"
            )
        elif line in plan.matched:
            plan.problems.append(BlockProblem(row=number, words=f"{line.name} is there twice."))
        else:
            plan.matched.append(line)
            _read_row(plan, number, row, line, layout, lock=locks.get(line.line_id, ""))
    return plan


def _rows(text: str) -> list[list[str]]:
    """The block's cells. A spreadsheet puts a cell that holds a tab or a line end in quotation marks."""
    if not text.strip():
        raise UnreadableError("Nothing was pasted.")
    rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").strip("\n"), newline=""), delimiter="\t"))
    if len(rows) > ROWS_LIMIT:
        raise UnreadableError(f"The block has {len(rows):,} rows; paste at most {ROWS_LIMIT:,} at once.")
    return rows


def _heading(cell: str) -> str:
    """A heading without its unit, its case and what surrounds it."""
    return " ".join(cell.lower().replace("(£)", "").replace("£", "").replace(",", "").split())


def _layout(rows: Sequence[list[str]], sent: BlockSent, codes: Mapping[str, GridLine]) -> _Layout:
    headings = {words.lower(): name for name, words in ENTERED.items()} | _HEADINGS
    first = [_heading(cell) for cell in rows[0]]
    if any(cell in headings or cell in CODE_HEADINGS for cell in first):
        code_at = next((at for at, cell in enumerate(first) if cell in CODE_HEADINGS), None)
        named = tuple(headings.get(cell) for cell in first)
        given = [name for name in named if name]
        if len(given) != len(set(given)):
            raise UnreadableError("Two columns of the block have the same heading.")
        return _Layout(code_at, named, 1)
    width = max(len(row) for row in rows)
    firsts = [row[0].strip() for row in rows if row and row[0].strip()]
    has_codes = width > 1 and (any(cell in codes for cell in firsts) or not any(map(_is_amount, firsts)))
    start = ORDER.index(sent.column) if sent.column in ORDER else 0
    across = ORDER[start:]
    if has_codes:
        return _Layout(0, (None, *across), 0)
    return _Layout(None, tuple(across), 0)


def _is_amount(cell: str) -> bool:
    try:
        amount_of(cell)
    except UnreadableError:
        return False
    return True


def _line_of(
    row: Sequence[str],
    offset: int,
    layout: _Layout,
    sent: BlockSent,
    shown: Sequence[GridLine],
    codes: Mapping[str, GridLine],
) -> GridLine | None:
    if layout.code_at is not None:
        return codes.get(row[layout.code_at].strip()) if layout.code_at < len(row) else None
    start = next((at for at, line in enumerate(shown) if line.line_id == sent.line_id), len(shown))
    below = shown[start:]
    return below[offset] if offset < len(below) else None


def _read_row(
    plan: BlockPlan, number: int, row: Sequence[str], line: GridLine, layout: _Layout, *, lock: str
) -> None:
    """Add what one row would change. A blank cell leaves its figure as it is."""
    for column, cell in zip(layout.columns, row, strict=False):
        if not cell.strip() or column is None:
            continue
        if column not in ENTERED:
            plan.passed_over += 1
            continue
        try:
            new = amount_of(cell)
        except UnreadableError as error:
            plan.problems.append(
                BlockProblem(row=number, words=f"{line.name}, {ENTERED[column].lower()}: {error}")
            )
            continue
        old = getattr(line.position, column)
        if new is None or new == old:
            continue
        if lock:
            plan.problems.append(BlockProblem(row=number, words=f"{line.name}: {lock[0].lower()}{lock[1:]}."))
            return
        plan.changes.append(BlockChange(line=line, column=column, old=old, new=new))
