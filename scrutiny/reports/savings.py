"""The report's sections on savings, recovery and the medium term."""

from collections.abc import Iterator, Mapping, Sequence

from accounting.wording import format_money
from presentation.tables import FigureTable
from savings.entries import RecoveryEntry, SavingEntry
from scrutiny.published import PublishedPeriod
from scrutiny.reports.items import Item, charted
from scrutiny.reports.recommendations import as_list
from scrutiny.savings.charts import bridge_chart, changes_chart, gap_chart
from scrutiny.savings.headline import savings_headline
from scrutiny.savings.pages import delivery_charts, facts_of
from scrutiny.savings.position import not_green, short
from scrutiny.savings.sentences import (
    bridge_sentence,
    plan_details,
    plan_sentence,
    strategy_details,
    strategy_sentence,
)
from scrutiny.savings.steps import plan_steps, saving_steps
from scrutiny.savings.tables import plan_key

Tables = Mapping[str, FigureTable]


def savings_items(published: PublishedPeriod, tables: Tables) -> Iterator[Item]:
    """How the year's savings stand, why some are not green, what covers a shortfall, and the register."""
    content = published.savings
    told = savings_headline(content, is_outturn=published.period.is_outturn)
    if told is None:
        yield Item(words="This publication follows no saving with a target in its year.")
    else:
        yield Item(words=f"{told.sentence} {told.detail}")
        yield Item(steps=saving_steps(published))
        charts = delivery_charts(published, dict(tables))
        yield from charted(charts.get("steps"), tables.get("savings-steps"))
        yield from _why(not_green(content.savings))
        yield from _cover(content.savings, tables)
        yield from charted(charts.get("rated"), tables.get("savings-rated"))
        yield from _shown(tables, "savings-by-rating", "savings-by-directorate", "savings", "savings-parts")
    if "proposals" in tables:
        yield Item(
            words="Every proposal that is in the open, agreed or not. Their amounts by year are in appendix D."
        )
        yield from _shown(tables, "proposals", "services-affected", "unclear-amounts")


def _why(savings: Sequence[SavingEntry]) -> Iterator[Item]:
    if not savings:
        yield Item(words="No saving is rated amber or red.")
        return
    points = [
        f"{one.proposal.heading} ({format_money(one.figures.target, unknown='no £')}, {one.rag.value if one.rag else 'not rated'}): "
        f"{one.reason.rstrip('. ')}. {facts_of(one).rstrip('.')}"
        for one in savings
    ]
    yield Item(words="Savings that are not green, and why:", points=as_list(points))


def _cover(savings: Sequence[SavingEntry], tables: Tables) -> Iterator[Item]:
    if "savings-cover" in tables:
        yield Item(words="What stands in for what falls short:")
        yield Item(table=tables["savings-cover"])
    elif short(savings):
        yield Item(words="Nothing is named that stands in for what falls short.")


def recovery_items(published: PublishedPeriod, tables: Tables) -> Iterator[Item]:
    """Each plan with its actions and how its projections moved; then controls, findings and business cases."""
    content = published.savings
    if not content.recovery:
        yield Item(words="No recovery plan was published with this period.")
    for plan in content.recovery:
        key = plan_key(plan)
        yield Item(heading=plan.name)
        yield Item(words=" ".join((plan_sentence(plan), *plan_details(plan))))
        yield Item(steps=plan_steps(plan))
        if plan.words:
            yield Item(words=plan.words)
        yield from _shown(tables, f"{key}-actions", f"{key}-steps")
        yield from _bridges(plan, tables)
        yield from _shown(tables, f"{key}-projections")
    for name, words in (
        ("spending-controls", "Rules on spending, and who may authorise it:"),
        ("review-findings", "What reviews from outside found, and the council’s response:"),
        ("business-cases", "Business cases, cost now against cost after:"),
    ):
        if name in tables:
            yield Item(words=words)
            yield Item(table=tables[name])


def _bridges(plan: RecoveryEntry, tables: Tables) -> Iterator[Item]:
    """The latest change of each scope and stage; earlier ones are in the files."""
    for number, bridge in enumerate(plan.bridges, start=1):
        name = f"{plan_key(plan)}-bridge-{number}"
        if bridge.is_latest and bridge.change:
            yield from charted(bridge_chart(bridge, key=f"chart-{name}", table=None), tables.get(name))
        elif bridge.is_latest:
            yield Item(words=f"{bridge.title}: {bridge_sentence(bridge)}")


def strategy_items(published: PublishedPeriod, tables: Tables) -> Iterator[Item]:
    """The gap by year, what changes it, and the proposals."""
    strategy = published.savings.strategy
    if strategy is None:
        yield Item(words="No medium-term strategy was published with this period.")
        return
    yield Item(words=" ".join((strategy_sentence(strategy), *strategy_details(strategy))))
    if strategy.words:
        yield Item(words=strategy.words)
    yield from charted(gap_chart(strategy, table=None), None)
    yield from charted(changes_chart(strategy, table=None), tables.get("strategy-years"))
    yield from _shown(tables, "strategy-saving", "strategy-growth", "strategy-unclear", "strategy-lines")
    if strategy.left_out:
        yield Item(words="What could be counted in no year:", points=strategy.left_out)


def _shown(tables: Tables, *names: str) -> Iterator[Item]:
    yield from (Item(table=tables[name]) for name in names if name in tables)
