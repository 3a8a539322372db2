"""What the component gallery shows: every component in each of its states, with invented figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms

from accounting.rag import Rag
from presentation.charts import (
    Chart,
    Point,
    Series,
    Step,
    forecast_line,
    stacked_bars,
    variance_bars,
    waterfall,
)
from presentation.components import Conflict, Crumb, Definition, FigureStep, NavItem
from presentation.tables import (
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RagColumn,
    RowHeaderColumn,
    TextColumn,
    VarianceColumn,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One invented line of a position, in pounds."""

    name: str
    revised_budget: Decimal
    actual_to_date: Decimal
    forecast_outturn: Decimal | None
    variance_before_reserves: Decimal | None
    drawdown: Decimal
    variance_after_reserves: Decimal | None
    percent: Decimal | None
    children: int | None = None
    movement: Decimal | None = None
    rag: Rag | None = None
    reason: str = ""
    row_kind: str = "line"
    address: str | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


class PositionTable(FigureTable):
    """The position of invented lines, with every kind of column."""

    name = RowHeaderColumn("Service line", link="address")
    revised_budget = MoneyColumn("Revised budget")
    actual_to_date = MoneyColumn("Actual to date")
    forecast_outturn = MoneyColumn("Forecast outturn")
    variance_before_reserves = VarianceColumn("Variance before reserves")
    drawdown = MoneyColumn("Drawdown")
    variance_after_reserves = VarianceColumn("Variance after reserves")
    percent = PercentColumn("Percent of budget")
    movement = VarianceColumn("Movement", unknown="first report")
    children = NumberColumn("Activity")
    rag = RagColumn()
    reason = TextColumn("Reason", wide=True)


class AmountTable(FigureTable):
    """The figures behind a chart: a name and an amount."""

    name = RowHeaderColumn("Service line")
    variance_after_reserves = VarianceColumn("Variance after reserves")


_MARKS: Final = {
    "revised_budget": "illustrative",
    "variance_after_reserves": "printed",
    "forecast_outturn": "derived",
}
LINES: Final = (
    Line(
        name="Corporate parenting",
        revised_budget=Decimal("24100000.00"),
        actual_to_date=Decimal("16410220.17"),
        forecast_outturn=Decimal("28100000.00"),
        variance_before_reserves=Decimal("4000000.00"),
        drawdown=Decimal("1300000.00"),
        variance_after_reserves=Decimal("2700000.00"),
        percent=Decimal("11.203"),
        children=402,
        movement=Decimal("210000.00"),
        rag=Rag.RED,
        reason="Eleven more children in residential placements than the budget allowed for, at £6,900 a week.",
        address="#corporate-parenting",
        marks=_MARKS,
    ),
    Line(
        name="Family intervention and support",
        revised_budget=Decimal("7225000.00"),
        actual_to_date=Decimal("5012900.50"),
        forecast_outturn=Decimal("7480000.00"),
        variance_before_reserves=Decimal("255000.00"),
        drawdown=Decimal(0),
        variance_after_reserves=Decimal("255000.00"),
        percent=Decimal("3.529"),
        children=1204,
        movement=Decimal("-18000.00"),
        rag=Rag.AMBER,
        reason="Agency social workers cover nine vacancies.",
    ),
    Line(
        name="Clinical services",
        revised_budget=Decimal("1840000.00"),
        actual_to_date=Decimal("960000.00"),
        forecast_outturn=Decimal("1688000.00"),
        variance_before_reserves=Decimal("-152000.00"),
        drawdown=Decimal(0),
        variance_after_reserves=Decimal("-152000.00"),
        percent=Decimal("-8.261"),
        rag=Rag.GREEN,
        reason="Two posts are held vacant until April.",
    ),
    Line(
        name="Disabled children’s short breaks",
        revised_budget=Decimal(0),
        actual_to_date=Decimal("12400.00"),
        forecast_outturn=None,
        variance_before_reserves=None,
        drawdown=Decimal(0),
        variance_after_reserves=None,
        percent=None,
    ),
    Line(
        name="Total, children and families",
        revised_budget=Decimal("33165000.00"),
        actual_to_date=Decimal("22395520.67"),
        forecast_outturn=None,
        variance_before_reserves=None,
        drawdown=Decimal("1300000.00"),
        variance_after_reserves=None,
        percent=None,
        row_kind="total",
        reason="One line is not yet forecast, so neither is the total.",
    ),
)


class ExampleForm(forms.Form):
    """A form with a text, a choice and words."""

    forecast = forms.CharField(label="Forecast outturn", help_text="In pounds, for example 1,234.50")
    driver = forms.ChoiceField(
        label="What drives it", choices=[("price", "Price"), ("volume", "Volume")], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea, help_text="Say the amount, the cause, and whether it recurs."
    )


def _charts() -> tuple[Chart, ...]:
    bars = [(line.name, line.variance_after_reserves) for line in LINES[:4]]
    table = AmountTable(LINES[:4], caption="Variance after reserves by service, month 7", key="bars-table")
    steps = (
        Step(label="Before reserves", amount=Decimal("7400000"), level=True),
        Step(label="From reserves", amount=Decimal("-3600000"), reserves=True),
        Step(label="After reserves", amount=Decimal("3800000"), level=True),
        Step(label="Recovery actions", amount=Decimal("-1200000")),
        Step(label="Still to find", amount=Decimal("2600000"), level=True, words="£2.6m"),
    )
    years = ("2019/20", "2020/21", "2021/22", "2022/23", "2023/24")
    return (
        Chart(
            key="bars",
            title="Variance after reserves by service",
            finding="Corporate parenting is £2.7m over budget, more than every other service together.",
            figure=variance_bars(bars),
            table=table,
        ),
        Chart(
            key="steps",
            title="From before reserves to what is still to find",
            finding="Reserves meet £3.6m of the £7.4m overspend; £2.6m has no plan yet.",
            figure=waterfall(steps),
        ),
        Chart(
            key="line",
            title="Forecast outturn by month",
            finding="The forecast has risen every month since May, by £2.1m in all.",
            figure=forecast_line(_points(), budget=[Decimal("84000000")] * 12),
        ),
        Chart(
            key="stack",
            title="How overspends were met",
            finding="Reserves have met a part of the overspend in every year but 2022/23.",
            figure=stacked_bars(years, _stacks()),
        ),
    )


def _points() -> list[Point]:
    months = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    levels = ("84400000", "84200000", "84700000", "85100000", "85500000", "85900000", "86300000")
    lows = ("83700000", "83600000", "84200000", "84700000", "85000000", "85500000", "85900000")
    highs = ("86200000", "85900000", "86100000", "86500000", "86900000", "87100000", "87200000")
    known = [
        Point(label=month, amount=Decimal(level), low=Decimal(low), high=Decimal(high))
        for month, level, low, high in zip(months, levels, lows, highs, strict=False)
    ]
    return known + [Point(label=month, amount=None) for month in months[len(known) :]]


def _stacks() -> tuple[Series, ...]:
    def amounts(*millions: str) -> list[Decimal | None]:
        return [Decimal(million).scaleb(6) for million in millions]

    return (
        Series(name="General Fund", amounts=amounts("2.0", "3.1", "1.4", "4.0", "2.6")),
        Series(name="From reserves", amounts=amounts("1.5", "0.9", "2.2", "0", "3.6"), reserves=True),
        Series(name="One-off grant", amounts=amounts("0.4", "1.8", "0.2", "0.6", "0.5")),
    )


def gallery_context() -> dict[str, Any]:
    """Everything that the gallery's template names."""
    failed = ExampleForm({"forecast": "", "driver": "price", "reason": ""})
    failed.is_valid()
    caption = "Position of children and families, Thamesmere, month 7, October 2023"
    return {
        "council_name": "Thamesmere Council",
        "nav_items": (
            NavItem("Position", "#", current=True),
            NavItem("Reserves", "#r"),
            NavItem("Questions", "#q"),
        ),
        "breadcrumbs": (Crumb("Thamesmere Council", "#"), Crumb("2023/24", "#"), Crumb("Components")),
        "footer_links": (Crumb("What the words mean", "#"), Crumb("Accessibility", "#")),
        "years": (NavItem("2023/24", "#", current=True), NavItem("2022/23", "#")),
        "periods": (NavItem("Month 7, October", "#", current=True), NavItem("Month 6, September", "#")),
        "steps": (
            FigureStep("£7.4m over", "before reserves"),
            FigureStep("−£3.6m", "from reserves"),
            FigureStep("£3.8m over", "after reserves", result=True),
            FigureStep("−£1.2m", "recovery actions"),
            FigureStep("£2.6m", "still to find"),
        ),
        "tags": ("open", "submitted", "returned", "late", "approved", "published", "locked"),
        "definitions": (
            Definition("Fund", "General Fund"),
            Definition("Forecast outturn", "not yet forecast"),
        ),
        "conflict_at": datetime(2023, 11, 14, 10, 42, tzinfo=UTC),
        "conflicts": (
            Conflict("Forecast outturn", "£28,100,000.00", "£28,250,000.00", "£27,900,000.00"),
            Conflict("Best case", "£27,500,000.00", "£27,500,000.00", "blank, not known", is_same=True),
        ),
        "table": PositionTable(LINES, caption=caption),
        "empty_table": AmountTable(
            (), caption="Virements, Thamesmere, month 7, October 2023", key="empty-table"
        ),
        "charts": _charts(),
        "form": ExampleForm(auto_id="plain_%s"),
        "failed_form": failed,
        "rag": Rag.AMBER,
    }
