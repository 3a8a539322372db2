"""The charts of a published period: each with its finding in one sentence and the table of its figures."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from accounting.figures import Figures
from accounting.funds import Fund
from accounting.wording import format_short, over_under
from presentation.charts import Chart, Point, Step, forecast_line, variance_bars, waterfall
from presentation.tables import FigureTable
from scrutiny.headline import has_support, listed, variance_words
from scrutiny.position import Scope, general_fund_scopes, is_illustrative, largest_variances
from scrutiny.published import PublishedLine, PublishedPeriod
from scrutiny.tables import HistoryPoint

SHOWN = 15
"""How many services a bar chart shows: more cannot be told apart. The table has them all."""


def published_charts(
    published: PublishedPeriod, *, tables: Mapping[str, FigureTable], history: Sequence[HistoryPoint]
) -> dict[str, Chart]:
    """The charts that this publication has figures for."""
    scopes = general_fund_scopes(published)
    if not scopes:
        return {}
    charts = [
        steps_chart(scopes[0], table=tables.get("steps")),
        services_chart(published, scope=scopes[0], table=tables.get("services")),
        history_chart(history, table=tables.get("history"), name=published.remit),
    ]
    return {chart.key: chart for chart in charts if chart is not None}


def steps_chart(scope: Scope, *, table: FigureTable | None) -> Chart | None:
    """From before reserves to after; none where the variance is unknown or nothing lies between."""
    figures = scope.figures
    before, after = figures.variance_before_reserves, figures.variance_after_reserves
    if before is None or after is None or not has_support(figures):
        return None
    return Chart(
        key="steps",
        title=f"{scope.name}: from before to after reserves",
        finding=f"{over_under(before)} before reserves becomes {over_under(after)} after {_between(figures)}.",
        figure=waterfall([*_steps(before, figures), Step(label="After reserves", amount=after, level=True)]),
        table=table,
    )


def _steps(before: Decimal, figures: Figures) -> list[Step]:
    steps = [
        Step(label="Before reserves", amount=before, level=True),
        Step(label="Drawn from reserves", amount=-figures.drawdown, reserves=True),
        Step(label="Put into reserves", amount=figures.contribution, reserves=True),
        Step(label="Other one-off funding", amount=-figures.other_one_off_funding),
    ]
    return [step for step in steps if step.amount or step.level]


def _between(figures: Figures) -> str:
    parts = []
    if figures.drawdown:
        parts.append(f"{format_short(figures.drawdown)} from reserves")
    if figures.contribution:
        parts.append(f"{format_short(figures.contribution)} put into reserves")
    if figures.other_one_off_funding:
        parts.append(f"{format_short(figures.other_one_off_funding)} of other one-off funding")
    return listed(parts)


def services_chart(published: PublishedPeriod, *, scope: Scope, table: FigureTable | None) -> Chart | None:
    """Variances after reserves by service, the largest whatever their direction; none where none is known."""
    lines = [line for line in published.lines if line.fund is Fund.GENERAL_FUND]
    shown = largest_variances(lines, after=None, count=SHOWN)
    if not shown:
        return None
    ordered = sorted(
        shown, key=lambda line: (-(line.figures.variance_after_reserves or Decimal(0)), line.name)
    )
    first = largest_variances(lines, after=scope.figures.variance_after_reserves, count=1) or shown[:1]
    others = [line for line in lines if line not in shown]
    kept = f" The {len(shown)} largest of {len(lines)} services are shown." if others else ""
    return Chart(
        key="services",
        title="Variance after reserves by service",
        finding=f"The largest is {first[0].name}: {variance_words(first[0])}, after reserves.{kept}",
        figure=variance_bars(
            [(_bar_name(line), line.figures.variance_after_reserves) for line in ordered],
            title="Variance after reserves",
        ),
        table=table,
        description="; ".join(f"{line.name} {variance_words(line)}" for line in ordered) + ".",
    )


def _bar_name(line: PublishedLine) -> str:
    return f"{line.name} (illustrative)" if is_illustrative(line) else line.name


def history_chart(history: Sequence[HistoryPoint], *, table: FigureTable | None, name: str) -> Chart | None:
    """The forecast by period with the revised budget; none before there are two points to join."""
    if len([point for point in history if point.figures.forecast_outturn is not None]) < 2:
        return None
    last = history[-1]
    verb = "cost" if last.period.is_outturn else "are forecast to cost"
    budget, forecast = last.figures.revised_budget, last.figures.forecast_outturn
    return Chart(
        key="history",
        title="Forecast outturn by period, as published",
        finding=(
            f"At {last.period.short_label.lower()} {name[0].lower()}{name[1:]} {verb} {format_short(forecast)} "
            f"against a revised budget of {format_short(budget)}."
        ),
        figure=forecast_line(
            [_point(point) for point in history], budget=[point.figures.revised_budget for point in history]
        ),
        table=table,
        description="; ".join(
            f"{point.period.short_label} {format_short(point.figures.forecast_outturn)}" for point in history
        )
        + ".",
    )


def _point(point: HistoryPoint) -> Point:
    figures = point.figures
    # A band needs both its edges.
    has_band = figures.best_case is not None and figures.worst_case is not None
    return Point(
        label=point.period.short_label,
        amount=figures.forecast_outturn,
        low=figures.best_case if has_band else None,
        high=figures.worst_case if has_band else None,
    )
