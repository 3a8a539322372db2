"""The charts of published savings: each with its finding in one sentence and the table of its figures."""

from collections.abc import Sequence
from decimal import Decimal

from accounting.rag import Rag
from accounting.savings import SavingFigures
from accounting.wording import format_short
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
from presentation.swatches import OVER, UNDER, WARNING
from presentation.tables import FigureTable
from savings.entries import BridgeEntry, ProposalEntry, StrategyEntry, StrategyYear
from savings.tables.recovery_rows import unexplained_words
from scrutiny.headline import short as spoken
from scrutiny.savings.position import RatedTarget
from scrutiny.savings.sentences import bridge_sentence

_BY_RATING = ((Rag.GREEN, "green", UNDER), (Rag.AMBER, "amber", WARNING), (Rag.RED, "red", OVER))


def delivery_chart(figures: SavingFigures, *, missing: int, table: FigureTable | None) -> Chart | None:
    """From the target to what is met by any means; none while a saving has no forecast, because then no sum of shortfalls is known."""
    target, shortfall, net = figures.target, figures.shortfall, figures.net_delivery
    if target is None or shortfall is None or figures.forecast is None or net is None or missing:
        return None
    steps = [
        Step(label="Target", amount=target, level=True, words=format_short(target)),
        Step(label="Not expected this year", amount=-shortfall),
        Step(
            label="Forecast delivery",
            amount=figures.forecast,
            level=True,
            words=format_short(figures.forecast),
        ),
        Step(label="Met by other means", amount=figures.mitigation),
        Step(label="Net delivery", amount=net, level=True, words=format_short(net)),
    ]
    return Chart(
        key="savings-steps",
        title="From target to net delivery",
        finding=_delivery_finding(figures, target, net),
        figure=waterfall([step for step in steps if step.level or step.amount], more_is_better=True),
        table=table,
    )


def _delivery_finding(figures: SavingFigures, target: Decimal, net: Decimal) -> str:
    if net >= target:
        return f"{spoken(target)} was to be saved, and {spoken(net)} is met, by delivery or by other means."
    left = figures.unmitigated or target
    return f"{spoken(target)} was to be saved; {spoken(net)} is met, and {spoken(left)} is not."


def rated_chart(rows: Sequence[RatedTarget], *, table: FigureTable | None) -> Chart | None:
    """How much of each directorate's target has which colour, with its word and shape; none where all has one colour, which is said."""
    parts = [row for row in rows if row.row_kind == "line"]
    if not parts or not any(row.green or row.amber or row.red for row in parts):
        return None
    series = [
        Series(name=f"{rag.shape} {rag.label}", amounts=[getattr(row, name) for row in parts], colour=colour)
        for rag, name, colour in _BY_RATING
    ]
    series.append(Series(name="Not yet rated", amounts=[row.unrated for row in parts], reserves=True))
    shown = [one for one in series if any(one.amounts)]
    if len(shown) == 1:
        return None
    return Chart(
        key="savings-rated",
        title="This year’s target by directorate and rating",
        finding=" ".join(_rated_words(row) for row in parts),
        figure=stacked_bars([row.name for row in parts], shown, horizontal=True),
        table=table,
    )


def _rated_words(row: RatedTarget) -> str:
    named = [(row.red, "red"), (row.amber, "amber"), (row.green, "green"), (row.unrated, "not yet rated")]
    told = ", ".join(f"{spoken(amount)} {word}" for amount, word in named if amount)
    return f"{row.name}: {told}."


def bridge_chart(bridge: BridgeEntry, *, key: str, table: FigureTable | None) -> Chart:
    """From one projection to another."""
    steps = [Step(label=bridge.start_label, amount=bridge.start, level=True)]
    steps += [Step(label=step.label, amount=step.amount) for step in bridge.steps]
    if bridge.unexplained:
        steps.append(Step(label=unexplained_words(bridge), amount=bridge.unexplained))
    steps.append(Step(label=bridge.end_label, amount=bridge.end, level=True))
    return Chart(
        key=key, title=bridge.title, finding=bridge_sentence(bridge), figure=waterfall(steps), table=table
    )


def changes_chart(strategy: StrategyEntry, *, table: FigureTable | None) -> Chart | None:
    """What each year adds to the budget and takes from it; none where nothing is known of any year."""
    years = strategy.years_if_all_agreed or strategy.years
    if not any(one.growth or one.reopened or one.savings for one in years):
        return None
    series = [
        Series(name="Growth", amounts=[one.growth for one in years]),
        Series(name="Savings", amounts=[one.savings for one in years]),
        Series(name="Reopened savings", amounts=[one.reopened for one in years], reserves=True),
    ]
    return Chart(
        key="strategy-changes",
        title="What changes the budget each year, if all that is open is agreed",
        finding=_changes_finding(years),
        figure=stacked_bars([str(one.year) for one in years], [one for one in series if any(one.amounts)]),
        table=table,
        description="; ".join(
            f"{one.year}: growth {format_short(one.growth)}, savings {format_short(one.savings)}, "
            f"reopened {format_short(one.reopened)}"
            for one in years
        )
        + ".",
    )


def _changes_finding(years: Sequence[StrategyYear]) -> str:
    most, least = max(years, key=lambda one: one.growth), min(years, key=lambda one: one.savings)
    told = []
    if least.savings < 0:
        told.append(f"Savings take most out in {least.year}: {spoken(least.savings)}.")
    if most.growth > 0:
        told.append(f"Growth adds most in {most.year}: {spoken(most.growth)}.")
    return " ".join(told) or "Only savings that reopen change the budget in these years."


def gap_chart(strategy: StrategyEntry, *, table: FigureTable | None) -> Chart | None:
    """The funding gap by year; none where it is known for no year."""
    if all(one.gap is None for one in strategy.years):
        return None
    return Chart(
        key="strategy-gap",
        title="Funding gap by year, with what is agreed",
        finding="; ".join(f"{one.year} {gap_words(one.gap)}" for one in strategy.years) + ".",
        figure=variance_bars(
            [(str(one.year), one.gap) for one in strategy.years], title="Funding gap", words=gap_words
        ),
        table=table,
    )


def gap_words(gap: Decimal | None) -> str:
    """“£2.0m to find”, “£100k to spare”."""
    if gap is None:
        return "not known"
    if gap == 0:
        return "no gap"
    return f"{spoken(gap)} to {'find' if gap > 0 else 'spare'}"


def payback_chart(proposal: ProposalEntry, *, table: FigureTable | None) -> Chart | None:
    """The position so far, planned and actual; none for fewer than two years."""
    years = proposal.investment
    if len(years) < 2:
        return None
    back = (
        f"Paid back in {proposal.paid_back_in}" if proposal.paid_back_in else "Not paid back in these years"
    )
    has_actual = any(one.actual_cumulative is not None for one in years)
    main = [one.actual_cumulative if has_actual else one.planned_cumulative for one in years]
    points = [Point(label=str(one.year), amount=amount) for one, amount in zip(years, main, strict=True)]
    return Chart(
        key="payback",
        title="Benefits less investment, so far",
        finding=f"{back}, by the plan.",
        figure=forecast_line(
            points,
            name="Actual position so far" if has_actual else "Planned position so far",
            budget=[one.planned_cumulative for one in years] if has_actual else None,
            budget_name="Planned position so far",
        ),
        table=table,
        description="; ".join(f"{one.year} {format_short(one.planned_cumulative)} planned" for one in years)
        + ".",
    )
