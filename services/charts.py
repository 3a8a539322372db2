"""The charts of the officers' pages."""

from accounting.wording import format_short, over_under
from presentation.charts import Chart, Point, forecast_line, variance_bars
from presentation.tables import FigureTable
from services.position.arrangement import FundBlock, PlacedRow
from services.position.line_detail import LineDetail

BARS_AT_MOST = 14
"""More bars than this cannot be read; then divisions stand for their lines."""


def variance_chart(block: FundBlock, *, period_label: str, table: FigureTable | None = None) -> Chart:
    """Variance after reserves by service of one fund, in the table's order: lines, or divisions where there are many lines."""
    lines = [row for row in block.rows if row.row_kind == "line"]
    bars = lines if len(lines) <= BARS_AT_MOST else [row for row in block.rows if row.row_kind == "division"]
    return Chart(
        key=f"variance-{block.fund.value.replace('_', '-')}",
        title=f"{block.fund.label}: variance after reserves by service, {period_label}",
        finding=_finding(bars),
        figure=variance_bars(
            [(row.name, row.figures.variance_after_reserves) for row in bars], title="Variance after reserves"
        ),
        table=table,
    )


def _finding(bars: list[PlacedRow]) -> str:
    """Which service is furthest over, and which furthest under, after reserves."""
    known = [
        (row.figures.variance_after_reserves, row.name)
        for row in bars
        if row.figures.variance_after_reserves is not None
    ]
    if not known:
        return "No service has a forecast yet."
    most, over_name = max(known, key=lambda pair: pair[0])
    least, under_name = min(known, key=lambda pair: pair[0])
    said = []
    if most > 0:
        said.append(f"{over_name} is furthest over its budget after reserves: {over_under(most)}.")
    if least < 0:
        said.append(f"{under_name} is furthest under: {over_under(least)}.")
    return " ".join(said) or "Every service with a forecast is on budget after reserves."


def year_chart(detail: LineDetail) -> Chart | None:
    """A line's forecast outturn by period beside its revised budget now; `None` before any forecast."""
    points = [
        Point(
            label=month.period.short_label,
            amount=month.forecast_outturn,
            low=month.best_case,
            high=month.worst_case,
        )
        for month in detail.months
    ]
    known = [month for month in detail.months if month.forecast_outturn is not None]
    if not known:
        return None
    budget = detail.line.position.revised_budget
    latest = known[-1]
    return Chart(
        key="forecast-by-period",
        title=f"{detail.line.name}: forecast outturn by period, {latest.period.year}",
        finding=f"The latest forecast outturn, of {latest.period.label}, is {format_short(latest.forecast_outturn)}; "
        f"the revised budget is now {format_short(budget, unknown='not known')}.",
        figure=forecast_line(points, budget=[budget for _ in points]),
    )
