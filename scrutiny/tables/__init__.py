"""Every table of a published period, by the name that its address has: the page, the files and the report show these and no others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from accounting.figures import Figures
from accounting.funds import Fund
from accounting.periods import Period
from presentation.tables import FigureTable
from scrutiny.position import compare, general_fund_scopes, movements
from scrutiny.published import PublishedPeriod
from scrutiny.tables.context_rows import (
    budget_changes_apart,
    dsg_rows,
    reserve_rows,
    risk_rows,
    source_rows,
    use_rows,
)
from scrutiny.tables.definitions import (
    BudgetChangesTable,
    ComparisonTable,
    DsgTable,
    HistoryTable,
    LinesTable,
    MovementsTable,
    PositionTable,
    ReasonsTable,
    ReservesTable,
    ReserveUsesTable,
    RisksTable,
    ScopesTable,
    ServicesTable,
    SourcesTable,
    StepsTable,
)
from scrutiny.tables.medium import Medium
from scrutiny.tables.rows import PositionRow, position_rows, reason_rows, scope_rows, step_rows

__all__ = ["HistoryPoint", "Medium", "comparison_table", "history_points", "published_tables"]


# On screen a line's reasons open beneath it. On paper they have a section of their own, and what else is left out is in appendix A.
_LEFT_OUT = {
    (Medium.SCREEN, "position"): ("reason",),
    (Medium.PAPER, "position"): ("reason", "actual_to_date", "variance_percent"),
    (Medium.PAPER, "lines"): ("code", "directorate", "division", "fund"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPoint:
    """A General Fund total as one period published it."""

    period: Period
    version: int
    figures: Figures


def history_points(history: Sequence[tuple[Period, int, Figures]]) -> tuple[HistoryPoint, ...]:
    """A history's entries as rows."""
    return tuple(
        HistoryPoint(period=period, version=version, figures=figures) for period, version, figures in history
    )


def published_tables(
    published: PublishedPeriod, *, history: Sequence[HistoryPoint], medium: Medium = Medium.FILE
) -> dict[str, FigureTable]:
    """All tables in the page's order. A table with no rows is left out, but for the position itself."""
    make = _Maker(published, medium=medium)
    found = {**make.position_tables(), **make.trend_tables(history), **make.context_tables()}
    return {name: table for name, table in found.items() if table.row_count or name == "position"}


def comparison_table(this: PublishedPeriod, other: PublishedPeriod) -> ComparisonTable:
    """Two publications' General Fund side by side."""
    return ComparisonTable(
        compare(this, other),
        caption=f"{this.council_name}, General Fund: {version_words(this)} beside {version_words(other)}",
        unit=this.unit,
        key="comparison",
    )


def version_words(published: PublishedPeriod) -> str:
    """“month 7, October 2023 (version 1)”."""
    label = published.period.label
    return f"{label[0].lower()}{label[1:]} (version {published.version})"


class _Maker:
    """Makes tables that share a publication's caption, unit and links."""

    def __init__(self, published: PublishedPeriod, *, medium: Medium) -> None:
        self._published = published
        self._medium = medium
        self._where = f"{published.council_name}, {published.period.label}"

    def _table(self, kind: type[FigureTable], rows: Sequence[Any], *, key: str, what: str) -> FigureTable:
        # The three position tables have the same columns.
        shape = "position" if kind is PositionTable else key
        left_out = _LEFT_OUT.get((self._medium, shape), ())
        if (
            self._medium is Medium.PAPER
            and self._published.last_published is None
            and issubclass(kind, ScopesTable)
        ):
            left_out = (*left_out, "movement")  # “first report” on every line; the report says it once
        return kind(
            rows,
            caption=f"{what}, {self._where}",
            unit=self._published.unit,
            key=key,
            links=self._medium is Medium.SCREEN,
            exclude=left_out,
        )

    def position_tables(self) -> dict[str, FigureTable]:
        """The position of each fund apart, and every figure line by line."""
        published = self._published
        scopes = general_fund_scopes(published)
        rows = {fund: position_rows(published, fund) for fund in _funds(published)}
        steps = step_rows(scopes[0].figures) if scopes else ()
        lines = published.lines
        services = [line for line in lines if line.fund is Fund.GENERAL_FUND]
        what = "General Fund position by service"
        return {
            "scopes": self._table(
                ScopesTable, scope_rows(scopes), key="scopes", what="General Fund, before and after reserves"
            ),
            "steps": self._table(
                StepsTable, steps, key="steps", what="From before to after reserves, General Fund"
            ),
            "position": self._table(
                PositionTable, rows.get(Fund.GENERAL_FUND, ()), key="position", what=what
            ),
            "services": self._table(
                ServicesTable, services, key="services", what="General Fund variances by service"
            ),
            "reasons": self._table(
                ReasonsTable, reason_rows(lines), key="reasons", what="Reasons for variances"
            ),
            "dsg-position": self._table(
                PositionTable,
                rows.get(Fund.DSG, ()),
                key="dsg-position",
                what="Dedicated Schools Grant by service",
            ),
            "grant-position": self._table(
                PositionTable,
                rows.get(Fund.RING_FENCED_GRANT, ()),
                key="grant-position",
                what="Ring-fenced grants by service",
            ),
            "lines": self._lines_table(rows),
        }

    def _lines_table(self, rows: Mapping[Fund, Sequence[PositionRow]]) -> FigureTable:
        every = [row for fund in rows for row in rows[fund]]
        return self._table(LinesTable, every, key="lines", what="All figures, each fund apart")

    def trend_tables(self, history: Sequence[HistoryPoint]) -> dict[str, FigureTable]:
        """The forecast over the year, and what moved since the last published period."""
        published = self._published
        last = published.last_published
        since = f"Movement since {last.short_label.lower()}" if last else "Movement"
        moved = movements(published) if last else ()
        return {
            "history": self._table(
                HistoryTable, history, key="history", what="General Fund forecast as published"
            ),
            "movements": self._table(MovementsTable, moved, key="movements", what=since),
        }

    def context_tables(self) -> dict[str, FigureTable]:
        """Reserves, the DSG, budget changes, risks and sources."""
        published = self._published
        return {
            "reserves": self._table(
                ReservesTable, reserve_rows(published.reserves), key="reserves", what="Reserves"
            ),
            "reserve-uses": self._table(
                ReserveUsesTable,
                use_rows(published.reserve_uses),
                key="reserve-uses",
                what="Uses of reserves",
            ),
            "dsg": self._table(
                DsgTable, dsg_rows(published.dsg), key="dsg", what="Dedicated Schools Grant accounts"
            ),
            **{
                name: self._table(BudgetChangesTable, rows, key=name, what=what)
                for name, what, rows in budget_changes_apart(published.virements)
            },
            "risks": self._table(
                RisksTable,
                risk_rows(published.risks),
                key="risks",
                what="Risks and opportunities outside the forecast",
            ),
            "sources": self._table(
                SourcesTable, source_rows(published), key="sources", what="Where marked figures come from"
            ),
        }


def _funds(published: PublishedPeriod) -> tuple[Fund, ...]:
    """The funds that have lines, the General Fund first; the DSG's blocks under the DSG."""
    return tuple(dict.fromkeys(fund for fund in Fund for line in published.lines if line.fund.whole is fund))


_RANGE = ("best_case", "worst_case")


def appendix_tables(published: PublishedPeriod) -> tuple[FigureTable, ...]:
    """Every figure line by line for paper but the range: a table for each fund, so that none is read as part of another.

    A column of “not known” all the way down is left out, because it would cost the others their room.
    """
    columns = [name for name in LinesTable.base_columns if name not in _LEFT_OUT[Medium.PAPER, "lines"]]
    unknown = {
        name
        for name in ("actual_to_date", "commitments", "movement")
        if all(getattr(line.figures, name) is None for line in published.lines)
    }
    shown = [name for name in columns if name not in unknown and name not in _RANGE]
    return tuple(_lines_on_paper(published, fund, shown) for fund in _funds(published))


def range_tables(published: PublishedPeriod) -> tuple[FigureTable, ...]:
    """Best case, forecast and worst case for paper, a table for each fund; none where no line has a range."""
    if all(getattr(line.figures, name) is None for line in published.lines for name in _RANGE):
        return ()
    columns = ("name", "best_case", "forecast_outturn", "worst_case")
    return tuple(
        _lines_on_paper(published, fund, columns, what="range of the forecast") for fund in _funds(published)
    )


def _lines_on_paper(
    published: PublishedPeriod, fund: Fund, columns: Sequence[str], *, what: str = "all figures"
) -> FigureTable:
    return LinesTable(
        position_rows(published, fund),
        caption=f"{fund.label}, {what}, {published.council_name}, {published.period.label}",
        unit=published.unit,
        key=f"{what.split()[0]}-{fund.value.replace('_', '-')}",
        links=False,
        exclude=tuple(name for name in LinesTable.base_columns if name not in columns),
    )


def reasons_by_directorate(published: PublishedPeriod) -> dict[str, FigureTable]:
    """The table of reasons, one for each directorate that has any, for paper."""
    found = {}
    for directorate in dict.fromkeys(line.directorate for line in published.lines):
        rows = reason_rows([line for line in published.lines if line.directorate == directorate])
        if rows:
            found[directorate] = ReasonsTable(
                rows,
                caption=f"Reasons for variances, {directorate}, {published.period.label}",
                unit=published.unit,
                key=f"reasons-{slugify(directorate)}",
                links=False,
                exclude=("directorate",),
            )
    return found
