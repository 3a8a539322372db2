"""What each page of savings shows, as values for its template; and the pages rendered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounting.wording import format_money
from presentation.charts import Chart
from presentation.components import FigureStep, NavItem
from presentation.tables import FigureTable
from savings.entries import RecoveryEntry, ReviewEntry, SavingEntry
from scrutiny.navigation import publication_address
from scrutiny.published import PublishedPeriod
from scrutiny.rendering import TableFiles, keep_page, kept_page, table_files
from scrutiny.savings.charts import bridge_chart, changes_chart, delivery_chart, gap_chart, rated_chart
from scrutiny.savings.headline import SavingsHeadline, savings_headline, without_forecast
from scrutiny.savings.position import (
    council_total,
    not_green,
    of_priority,
    priorities_of,
    rated_targets,
    short,
)
from scrutiny.savings.sentences import (
    bridge_sentence,
    plan_details,
    plan_sentence,
    strategy_details,
    strategy_sentence,
)
from scrutiny.savings.steps import plan_steps, saving_steps
from scrutiny.savings.tables import plan_key, savings_tables
from scrutiny.tables.medium import Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One saving that is not green, or that falls short: what there is to know of it without a click."""

    heading: str
    address: str
    saving: SavingEntry
    target: str
    facts: str


def whys(savings: Sequence[SavingEntry], published: PublishedPeriod) -> tuple[Why, ...]:
    """Savings with their reasons."""
    return tuple(
        Why(
            heading=one.proposal.heading,
            address=publication_address("proposal", published, key=one.proposal.key),
            saving=one,
            target=f"{format_money(one.figures.target, unknown='no £')} target",
            facts=facts_of(one),
        )
        for one in savings
    )


def facts_of(saving: SavingEntry) -> str:
    """The forecast, the date, the confidence and the cover, each held apart from the colour."""
    figures = saving.figures
    told = ["delivery not yet forecast"]
    if figures.forecast is not None:
        told = [f"forecast delivery {format_money(figures.forecast)}"]
    if figures.shortfall:
        word = "short" if figures.shortfall > 0 else "more than the target"
        told.append(f"{format_money(abs(figures.shortfall))} {word}")
    told.append(f"confidence {saving.confidence_label.lower()}")
    told.append(
        f"expected in full by {saving.expected_on:%-d %B %Y}" if saving.expected_on else "no date given"
    )
    words = "; ".join([*told, *_cover_words(saving)])
    return f"{words[0].upper()}{words[1:]}."


def _cover_words(saving: SavingEntry) -> list[str]:
    """By what a shortfall is covered, or would be; that nothing covers it is said only where something falls short."""
    is_short = (saving.figures.shortfall or 0) > 0
    covers = [
        one.kind_label.lower()
        + (f" {format_money(one.amount)}" if one.amount is not None else " (no £ given)")
        for one in saving.mitigations
    ]
    if covers:
        return [f"{'covered by' if is_short else 'would be covered by'}: {', '.join(covers)}"]
    return ["nothing covers it"] if is_short else []


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsPage:
    """A period's savings."""

    published: PublishedPeriod
    headline: SavingsHeadline | None
    steps: tuple[FigureStep, ...]
    why: tuple[Why, ...]
    short: tuple[Why, ...]
    disagreements: tuple[Why, ...]
    tables: dict[str, TableFiles]
    charts: dict[str, Chart]


def savings_page(published: PublishedPeriod) -> SavingsPage:
    """Sentences, charts and tables of a period's savings."""
    content = published.savings
    tables = savings_tables(published, medium=Medium.SCREEN)
    headline = savings_headline(content, is_outturn=published.period.is_outturn)
    return SavingsPage(
        published=published,
        headline=headline,
        steps=saving_steps(published),
        why=whys(not_green(content.savings), published),
        short=whys(short(content.savings), published),
        disagreements=whys([one for one in content.savings if one.disagreement], published),
        tables=files_of(tables, published),
        charts=delivery_charts(published, tables),
    )


def delivery_charts(published: PublishedPeriod, tables: dict[str, FigureTable]) -> dict[str, Chart]:
    """The waterfall and the colours by directorate, where there are figures for them."""
    content = published.savings
    whole = council_total(content)
    if whole is None:
        return {}
    charts = {
        "steps": delivery_chart(
            whole.figures, missing=without_forecast(content.savings), table=tables.get("savings-steps")
        ),
        "rated": rated_chart(rated_targets(content.savings), table=tables.get("savings-rated")),
    }
    return {name: chart for name, chart in charts.items() if chart is not None}


def files_of(tables: dict[str, FigureTable], published: PublishedPeriod) -> dict[str, TableFiles]:
    """Tables with the addresses of their files, by names that templates can say."""
    return {name.replace("-", "_"): table_files(name, table, published) for name, table in tables.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPart:
    """One recovery plan."""

    plan: RecoveryEntry
    sentence: str
    details: tuple[str, ...]
    steps: tuple[FigureStep, ...]
    actions: TableFiles | None
    others: TableFiles | None
    projections: TableFiles | None
    bridges: tuple[tuple[Chart, TableFiles], ...]
    """The latest change of each scope and stage."""
    unchanged: tuple[str, ...]
    """The latest of those that nothing moved, in sentences."""
    earlier: tuple[TableFiles, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPage:
    """A period's recovery plans, controls, reviews and business cases."""

    published: PublishedPeriod
    plans: tuple[PlanPart, ...]
    reviews: tuple[ReviewEntry, ...]
    tables: dict[str, TableFiles]


def recovery_page(published: PublishedPeriod) -> RecoveryPage:
    """Sentences, charts and tables of recovery."""
    content = published.savings
    tables = savings_tables(published, medium=Medium.SCREEN)
    return RecoveryPage(
        published=published,
        plans=tuple(_plan(plan, tables, published) for plan in content.recovery),
        reviews=(*(review for plan in content.recovery for review in plan.reviews), *content.reviews),
        tables=files_of(tables, published),
    )


def _plan(plan: RecoveryEntry, tables: dict[str, FigureTable], published: PublishedPeriod) -> PlanPart:
    key = plan_key(plan)

    def files(name: str) -> TableFiles | None:
        return table_files(name, tables[name], published) if name in tables else None

    bridges, unchanged, earlier = [], [], []
    for number, bridge in enumerate(plan.bridges, start=1):
        name = f"{key}-bridge-{number}"
        table = table_files(name, tables[name], published)
        if not bridge.is_latest:
            earlier.append(table)
        elif bridge.change == 0:
            unchanged.append(f"{bridge.title}: {bridge_sentence(bridge)}")
        else:
            bridges.append((bridge_chart(bridge, key=f"chart-{name}", table=tables[name]), table))
    return PlanPart(
        plan=plan,
        sentence=plan_sentence(plan),
        details=plan_details(plan),
        steps=plan_steps(plan),
        actions=files(f"{key}-actions"),
        others=files(f"{key}-steps"),
        projections=files(f"{key}-projections"),
        bridges=tuple(bridges),
        unchanged=tuple(unchanged),
        earlier=tuple(earlier),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyPage:
    """The medium-term strategy, all of it or one priority's proposals."""

    published: PublishedPeriod
    sentence: str
    details: tuple[str, ...]
    left_out: tuple[str, ...]
    priority: str
    choices: tuple[NavItem, ...]
    tables: dict[str, TableFiles]
    charts: dict[str, Chart]


def strategy_page(published: PublishedPeriod, *, priority: str) -> StrategyPage | None:
    """Sentences, charts and tables; `None` if none was published."""
    strategy = published.savings.strategy
    if strategy is None:
        return None
    chosen = of_priority(strategy.proposals, priority)
    tables = savings_tables(published, medium=Medium.SCREEN, proposals=chosen)
    years = tables.get("strategy-years")
    charts = {"gap": gap_chart(strategy, table=years), "changes": changes_chart(strategy, table=years)}
    return StrategyPage(
        published=published,
        sentence=strategy_sentence(strategy),
        details=strategy_details(strategy),
        left_out=strategy.left_out,
        priority=priority,
        choices=tuple(NavItem(name, name, name == priority) for name in priorities_of(strategy.proposals)),
        tables=files_of(tables, published),
        charts={name: chart for name, chart in charts.items() if chart is not None},
    )


def savings_body(published: PublishedPeriod) -> SafeString:
    """The main content of the savings page, rendered once."""
    return kept_page(published, "savings") or keep_page(
        published,
        "savings",
        render_to_string("scrutiny/savings_content.html", {"page": savings_page(published)}),
    )


def recovery_body(published: PublishedPeriod) -> SafeString:
    """The main content of the recovery page, rendered once."""
    return kept_page(published, "recovery") or keep_page(
        published,
        "recovery",
        render_to_string("scrutiny/recovery_content.html", {"page": recovery_page(published)}),
    )


def strategy_body(published: PublishedPeriod, *, priority: str) -> SafeString:
    """The main content of the medium-term page; what a priority of the strategy shows is kept, and nothing for any other words."""
    part = f"strategy {priority}"
    strategy = published.savings.strategy
    is_known = not priority or (strategy is not None and priority in priorities_of(strategy.proposals))
    body = kept_page(published, part) if is_known else None
    if body is None:
        page = strategy_page(published, priority=priority)
        body = render_to_string("scrutiny/strategy_content.html", {"page": page})
    return keep_page(published, part, body) if is_known else body
