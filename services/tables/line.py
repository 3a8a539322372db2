"""The tables and facts of one line's page."""

from decimal import Decimal

from accounting.wording import better_worse, format_money, format_percent
from presentation.components import Definition
from presentation.tables import BASES, FigureTable, MoneyColumn, RowHeaderColumn, TextColumn, VarianceColumn
from services.models import Council, MonitoringPeriod
from services.position.line_detail import LineDetail

KINDS = {"net": "Net", "expenditure": "Gross expenditure", "income": "Gross income"}


class MonthsTable(FigureTable):
    """A line's year, period by period."""

    period = RowHeaderColumn("Period", accessor="period__label")
    actual_to_date = MoneyColumn("Actual to date", unknown="not known")
    forecast_outturn = MoneyColumn("Forecast outturn")
    best_case = MoneyColumn("Best case", unknown="none given")
    worst_case = MoneyColumn("Worst case", unknown="none given")
    published_variance = VarianceColumn("Published variance", unknown="not published")
    state_label = TextColumn("State")


class SupportTable(FigureTable):
    """What pays for a line from outside its budget."""

    what = RowHeaderColumn("What")
    source = TextColumn("From")
    amount = MoneyColumn("Amount")
    state_label = TextColumn("State")
    counted = TextColumn("Counted")
    purpose = TextColumn("Purpose", wide=True)
    decision_reference = TextColumn("Decision", unknown="none yet")
    decided_by = TextColumn("Decided by", unknown="nobody yet")


def months_table(detail: LineDetail, *, period: MonitoringPeriod, council: Council) -> MonthsTable:
    """The line's year so far."""
    return MonthsTable(
        detail.months,
        caption=f"{detail.line.name}, {period.period.year}, period by period",
        unit=council.unit,
        key="months",
    )


def support_table(detail: LineDetail, *, period: MonitoringPeriod, council: Council) -> SupportTable:
    """Uses of reserves and one-off funding on the line."""
    return SupportTable(
        detail.support,
        caption=f"{detail.line.name}, {period.period.label}: reserves and one-off funding",
        empty_text="No reserve and no one-off funding is used on this line.",
        unit=council.unit,
        key="support",
    )


def facts_of(detail: LineDetail) -> tuple[Definition, ...]:
    """What the line is and where it stands, in exact pounds."""
    line, position = detail.line, detail.line.position
    published = detail.last_published.period
    against = f", since {published.label}" if published else ""
    return (
        Definition("Code", line.code or "none"),
        Definition("Directorate", line.directorate),
        Definition("Division", line.division),
        Definition("Fund", position.fund.label),
        Definition("Kind", _kind(detail)),
        Definition("Original budget", _pounds(position.original_budget, "not kept here")),
        Definition("Virements", _pounds(position.virements, "not known")),
        Definition("Funding changes", _pounds(position.budget.funding_changes, "not known")),
        Definition("Revised budget", _pounds(position.revised_budget, "not known")),
        Definition("Spent to date", format_percent(position.percent_spent, unknown="n/a")),
        Definition("Underlying variance", _pounds(position.underlying_variance, "not yet forecast")),
        Definition(
            "If all planned uses are approved", _pounds(position.variance_if_all_approved, "not yet forecast")
        ),
        Definition(
            "Movement", better_worse(position.movement) + (against if position.movement is not None else "")
        ),
    )


def sources_of(detail: LineDetail) -> tuple[Definition, ...]:
    """Where each of the line's figures comes from."""
    found = []
    for mark in detail.line.sources:
        said = [BASES[mark.basis][1].capitalize()]
        said += [text for text in (mark.citation, f"“{mark.words}”" if mark.words else "") if text]
        found.append(Definition(mark.figure.replace("_", " ").capitalize(), ". ".join(said)))
    return tuple(found)


def _kind(detail: LineDetail) -> str:
    line = detail.line
    said = [KINDS[line.kind], "statutory" if line.is_statutory else "not statutory"]
    said.append("demand-led" if line.is_demand_led else "not demand-led")
    said.append("controllable" if line.is_controllable else "not controllable")
    return ", ".join(said)


def _pounds(amount: Decimal | None, unknown: str) -> str:
    return format_money(amount, places=2, unknown=unknown)
