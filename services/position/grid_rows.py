"""The grid laid out: one block for each fund, and in it directorate, division, line, as the position is; the fund's total at the foot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.funds import Fund
from accounting.position import Position
from services.position.grid import Grid, GridLine
from services.position.lines import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One row: a line, or the total of a scope, for which `line` is `None`. `row_id` names it on the page."""

    row_id: str
    name: str
    row_kind: str
    depth: int
    position: Position
    projection: Decimal | None
    last_forecast: Decimal | None
    line: GridLine | None = None
    needs_reason: bool = False
    lock: str = ""
    """Why its figures cannot be changed here, in words; empty where they can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridBlock:
    """One fund's rows. `foot` is the total of all of them, where one total is."""

    fund: Fund
    rows: tuple[GridRow, ...]
    foot: GridRow | None


def grid_blocks(
    grid: Grid, *, allowed: frozenset[int] | None, only: int | None, locks: Mapping[int, str]
) -> tuple[GridBlock, ...]:
    """A block for each fund that has a line among the `allowed` directorates (`None`: all), perhaps of `only` one.

    `locks` says why a line's figures cannot be changed, for those whose cannot.
    """
    shown = [
        line
        for line in grid.lines
        if (allowed is None or line.directorate_id in allowed) and only in (None, line.directorate_id)
    ]
    funds = sorted({line.position.fund.whole for line in shown}, key=list(Fund).index)
    is_whole = allowed is None and only is None
    return tuple(
        _block(
            grid,
            fund,
            [line for line in shown if line.position.fund.whole is fund],
            locks=locks,
            is_whole=is_whole,
        )
        for fund in funds
    )


def _block(
    grid: Grid, fund: Fund, lines: Sequence[GridLine], *, locks: Mapping[int, str], is_whole: bool
) -> GridBlock:
    rows = tuple(_rows(grid, fund, lines, locks=locks))
    heads = [row for row in rows if row.row_kind == "directorate"]
    if is_whole:
        return GridBlock(fund=fund, rows=rows, foot=total_row(grid, Scope.COUNCIL, None, fund, name="Total"))
    if len(heads) == 1:
        return GridBlock(fund=fund, rows=rows[1:], foot=heads[0])
    return GridBlock(fund=fund, rows=rows, foot=None)


def _rows(
    grid: Grid, fund: Fund, lines: Sequence[GridLine], *, locks: Mapping[int, str]
) -> Iterator[GridRow]:
    directorate, division = None, None
    for line in lines:
        if line.directorate_id != directorate:
            directorate = line.directorate_id
            yield total_row(grid, Scope.DIRECTORATE, directorate, fund, name=line.directorate)
        if line.division_id != division:
            division = line.division_id
            yield total_row(grid, Scope.DIVISION, division, fund, name=line.division)
        yield line_row(grid, line, lock=locks.get(line.line_id, ""))


def line_row(grid: Grid, line: GridLine, *, lock: str = "") -> GridRow:
    """A line's row."""
    return GridRow(
        row_id=f"line-{line.line_id}",
        name=line.name,
        row_kind="line",
        depth=2,
        position=line.position,
        projection=grid.projection(line.position),
        last_forecast=line.last_forecast,
        line=line,
        needs_reason=grid.needs_reason(line),
        lock=lock,
    )


_KINDS = {Scope.COUNCIL: ("total", 0), Scope.DIRECTORATE: ("directorate", 0), Scope.DIVISION: ("division", 1)}


def total_row(grid: Grid, scope: Scope, scope_id: int | None, fund: Fund, *, name: str = "") -> GridRow:
    """A scope's total of one fund."""
    position = grid.total(scope, scope_id, fund)
    kind, depth = _KINDS[scope]
    return GridRow(
        row_id=f"{scope.value}-{scope_id or 0}-{fund.value}",
        name=name,
        row_kind=kind,
        depth=depth,
        position=position,
        projection=grid.projection(position),
        last_forecast=grid.last_forecast(scope, scope_id, fund),
    )


def totals_over(
    grid: Grid, lines: Sequence[GridLine], *, allowed: frozenset[int] | None
) -> tuple[GridRow, ...]:
    """The totals that contain these lines, each once: division, directorate, and the council for those who may see all of it."""
    wanted: dict[tuple[Scope, int | None, Fund], None] = {}
    for line in lines:
        fund = line.position.fund.whole
        wanted[Scope.DIVISION, line.division_id, fund] = None
        wanted[Scope.DIRECTORATE, line.directorate_id, fund] = None
        if allowed is None:
            wanted[Scope.COUNCIL, None, fund] = None
    return tuple(total_row(grid, scope, scope_id, fund) for scope, scope_id, fund in wanted)
