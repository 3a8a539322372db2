"""The position laid out for reading: one block for each fund, and in it directorate, division, line.

Funds are never in one block, because no figure of one may be added to another's. The DSG's blocks of money stand together under the DSG.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounting.figures import Figures, figures_of
from accounting.funds import Fund
from accounting.position import Position
from accounting.rag import Rag
from services.position.lines import CouncilPosition, LinePosition, Scope, ScopeTotal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRow:
    """One row of a fund's block: a total of a scope, or a line under its division. `line` is `None` for a total."""

    name: str
    row_kind: str
    depth: int
    figures: Figures
    rag: Rag | None
    line: LinePosition | None
    bases: dict[str, str]
    """Which figures are printed, derived or illustrative, by the figure's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundBlock:
    """One fund at one period: what its head says, and its rows."""

    fund: Fund
    heads: tuple[PlacedRow, ...]
    """The council's total, or where only some directorates are shown, theirs."""
    rows: tuple[PlacedRow, ...]
    lines: int
    lines_without_forecast: int
    lines_without_reasons: int


def fund_blocks(
    position: CouncilPosition, *, is_whole_council: bool, only: int | None = None
) -> tuple[FundBlock, ...]:
    """A block for each fund that has a line, perhaps of `only` one directorate.

    `is_whole_council` says whether the position holds every directorate: then, unless only one is wanted, the council's total is shown.
    """
    lines = tuple(line for line in position.lines if only in (None, line.directorate_id))
    totals = {(total.scope, total.scope_id, total.fund): total for total in position.totals}
    funds = sorted({line.position.fund.whole for line in lines}, key=list(Fund).index)
    return tuple(
        _block(fund, lines, totals=totals, is_whole_council=is_whole_council and only is None)
        for fund in funds
    )


def _block(
    fund: Fund,
    all_lines: Iterable[LinePosition],
    *,
    totals: dict[tuple[Scope, int | None, Fund], ScopeTotal],
    is_whole_council: bool,
) -> FundBlock:
    lines = [line for line in all_lines if line.position.fund.whole is fund]
    rows = tuple(_rows(lines, fund=fund, totals=totals))
    directorates = tuple(row for row in rows if row.row_kind == "directorate")
    heads = (_total_row(totals[Scope.COUNCIL, None, fund]),) if is_whole_council else directorates
    return FundBlock(
        fund=fund,
        heads=heads,
        rows=(*rows, *heads) if is_whole_council else rows,
        lines=len(lines),
        lines_without_forecast=sum(line.position.forecast_outturn is None for line in lines),
        lines_without_reasons=sum(line.needs_reasons for line in lines),
    )


def _rows(
    lines: Iterable[LinePosition], *, fund: Fund, totals: dict[tuple[Scope, int | None, Fund], ScopeTotal]
) -> Iterable[PlacedRow]:
    """Each directorate's total, then each division's, then its lines, in the council's order."""
    directorate, division = None, None
    for line in lines:
        if line.directorate_id != directorate:
            directorate = line.directorate_id
            yield _total_row(totals[Scope.DIRECTORATE, directorate, fund])
        if line.division_id != division:
            division = line.division_id
            yield _total_row(totals[Scope.DIVISION, division, fund])
        yield PlacedRow(
            name=line.name,
            row_kind="line",
            depth=2,
            figures=figures_of(line.position),
            rag=line.rag,
            line=line,
            bases={mark.figure: mark.basis for mark in line.sources},
        )


_DEPTHS = {Scope.COUNCIL: 0, Scope.DIRECTORATE: 0, Scope.DIVISION: 1}
_KINDS = {Scope.COUNCIL: "total", Scope.DIRECTORATE: "directorate", Scope.DIVISION: "division"}


def _total_row(total: ScopeTotal) -> PlacedRow:
    return PlacedRow(
        name=f"{total.name}, total" if total.scope is Scope.COUNCIL else total.name,
        row_kind=_KINDS[total.scope],
        depth=_DEPTHS[total.scope],
        figures=figures_of(total.position),
        rag=total.rag,
        line=None,
        bases={mark.figure: mark.basis for mark in total.sources},
    )


def support_parts(position: Figures | Position) -> tuple[tuple[Decimal, str], ...]:
    """What stands between the variance before and after reserves, as signed changes to it; nil parts are left out, but never all of them."""
    parts = (
        (-position.drawdown, "from reserves"),
        (position.contribution, "put into reserves"),
        (-position.other_one_off_funding, "other one-off funding"),
    )
    return tuple(part for part in parts if part[0]) or ((Decimal(0), "from reserves"),)
