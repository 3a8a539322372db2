"""The working position as tables: one for each fund."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accounting.figures import Figures
from accounting.rag import Rag
from accounting.wording import format_short, over_under
from presentation.components import FigureStep
from presentation.tables import (
    FigureTable,
    MoneyColumn,
    PercentColumn,
    RagColumn,
    RowHeaderColumn,
    TextColumn,
    VarianceColumn,
)
from services.position import CouncilPosition, LinePosition
from services.position.arrangement import FundBlock, PlacedRow, support_parts


class PositionTable(FigureTable):
    """Every line and total of one fund, in the one order of columns."""

    name = RowHeaderColumn("Service", link="link")
    revised_budget = MoneyColumn("Revised budget", accessor="figures__revised_budget", unknown="not known")
    actual_to_date = MoneyColumn("Actual to date", accessor="figures__actual_to_date", unknown="not known")
    forecast_outturn = MoneyColumn("Forecast outturn", accessor="figures__forecast_outturn")
    variance_before_reserves = VarianceColumn(
        "Variance before reserves", accessor="figures__variance_before_reserves"
    )
    drawdown = MoneyColumn("Drawdown", accessor="figures__drawdown")
    contribution = MoneyColumn("Contribution", accessor="figures__contribution")
    other_one_off_funding = MoneyColumn("Other one-off funding", accessor="figures__other_one_off_funding")
    variance_after_reserves = VarianceColumn(
        "Variance after reserves", accessor="figures__variance_after_reserves"
    )
    variance_percent = PercentColumn("Percent of budget", accessor="figures__variance_percent")
    movement = VarianceColumn("Movement", accessor="figures__movement", unknown="first report")
    rag = RagColumn("RAG")
    reason = TextColumn("Reason", unknown="see its lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingRow:
    """One row of the position table."""

    name: str
    row_kind: str
    depth: int
    figures: Figures
    rag: Rag | None
    marks: Mapping[str, str]
    reason: str
    link: str | None


def position_table(
    block: FundBlock, *, position: CouncilPosition, address: Callable[[int], str] | None = None
) -> PositionTable:
    """One fund's table. `address` gives the page of a line; without it the table has no links, as in a file."""
    council, period = position.council, position.period.period
    return PositionTable(
        [_row(row, address) for row in block.rows],
        caption=f"{council.name}, {block.fund.label}, {period.label}: working position",
        unit=council.unit,
        key=f"position-{block.fund.value.replace('_', '-')}",
    )


def _row(row: PlacedRow, address: Callable[[int], str] | None) -> WorkingRow:
    return WorkingRow(
        name=row.name,
        row_kind=row.row_kind,
        depth=row.depth,
        figures=row.figures,
        rag=row.rag,
        marks=row.bases,
        reason=reason_words(row.line) if row.line else "",
        link=address(row.line.line_id) if row.line and address else None,
    )


def reason_words(line: LinePosition) -> str:
    """A line's reasons by their drivers, or what is wanted of it; the words themselves are on the line's page."""
    if line.position.forecast_outturn is None:
        return "Forecast wanted"
    if line.needs_reasons:
        return "To be confirmed" if any(reason.words for reason in line.reasons) else "Reason wanted"
    return ", ".join(dict.fromkeys(reason.driver_label for reason in line.reasons)) or "None needed"


def figure_steps(figures: Figures) -> tuple[FigureStep, ...]:
    """Before reserves → what comes from reserves and other one-off funding → after reserves."""
    return (
        FigureStep(over_under(figures.variance_before_reserves), "before reserves"),
        *(FigureStep(format_short(amount, plus=True), label) for amount, label in support_parts(figures)),
        FigureStep(over_under(figures.variance_after_reserves), "after reserves", result=True),
    )
