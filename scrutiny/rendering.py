"""A published page's main content, rendered once and kept: what is published never changes, so its page need not be made again.

Who may read it is asked on every request, before this is called; what is kept is the same for every reader.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounting.figures import Figures
from accounting.wording import format_short, over_under
from presentation.charts import Chart
from presentation.components import FigureStep
from presentation.tables import FigureTable
from scrutiny.access import History
from scrutiny.charts import published_charts
from scrutiny.headline import Headline, has_support, headline
from scrutiny.navigation import publication_address
from scrutiny.position import general_fund_scopes
from scrutiny.published import PublishedPeriod
from scrutiny.savings.headline import SavingsHeadline, savings_headline
from scrutiny.savings.sentences import plan_sentence, strategy_sentence
from scrutiny.savings.steps import saving_steps
from scrutiny.tables import Medium, history_points, published_tables

KEPT = 48
"""How many rendered pages each process keeps: about 200 KB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFiles:
    """A table with the addresses of its files."""

    table: FigureTable
    csv_url: str
    xlsx_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeSummary:
    """One scope's headline and figures."""

    headline: Headline
    steps: tuple[FigureStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodContent:
    """Everything that the main content of a period page shows."""

    published: PublishedPeriod
    council: ScopeSummary | None
    directorates: tuple[ScopeSummary, ...]
    """Each directorate apart, where there are several."""
    tables: dict[str, TableFiles]
    charts: dict[str, Chart]
    savings: SavingsHeadline | None
    saving_steps: tuple[FigureStep, ...]
    plans: tuple[str, ...]
    """A sentence for each recovery plan."""
    strategy: str
    """The sentence of the medium-term strategy; empty if none was published."""
    addresses: dict[str, str]
    """Of the pages of savings, recovery and strategy."""
    workbook_url: str
    report_url: str
    compare_url: str


def period_content(published: PublishedPeriod, *, history: History) -> PeriodContent:
    """Tables, charts and sentences of one publication."""
    points, content = history_points(history), published.savings
    tables = published_tables(published, history=points, medium=Medium.SCREEN)
    scopes = [
        ScopeSummary(headline=headline(scope, published=published), steps=figure_steps(scope.figures))
        for scope in (general_fund_scopes(published) if published.has_forecast else ())
    ]
    return PeriodContent(
        published=published,
        council=next((scope for scope in scopes if scope.headline.is_council), None),
        directorates=tuple(scope for scope in scopes if not scope.headline.is_council),
        # Templates cannot say a name with a hyphen.
        tables={
            name.replace("-", "_"): table_files(name, table, published) for name, table in tables.items()
        },
        charts=published_charts(published, tables=tables, history=points),
        savings=savings_headline(content, is_outturn=published.period.is_outturn),
        saving_steps=saving_steps(published),
        plans=tuple(f"{plan.name}: {plan_sentence(plan)}" for plan in content.recovery),
        strategy=strategy_sentence(content.strategy) if content.strategy else "",
        addresses={
            name: publication_address(name, published) for name in ("savings", "recovery", "strategy")
        },
        workbook_url=publication_address("workbook", published),
        report_url=publication_address("report", published),
        compare_url=publication_address("compare", published),
    )


def table_files(name: str, table: FigureTable, published: PublishedPeriod) -> TableFiles:
    """A table of a publication with its stable addresses."""
    return TableFiles(
        table=table,
        csv_url=publication_address("csv", published, name=name),
        xlsx_url=publication_address("xlsx", published, name=name),
    )


def figure_steps(figures: Figures) -> tuple[FigureStep, ...]:
    """Before reserves, what lies between, after; and what it would be if all planned uses were approved."""
    after, pending = figures.variance_after_reserves, figures.variance_if_all_approved
    steps = [
        FigureStep(over_under(figures.variance_before_reserves), "before reserves"),
        FigureStep(format_short(-figures.drawdown), "drawn from reserves"),
    ]
    if figures.contribution:
        steps.append(FigureStep(format_short(figures.contribution, plus=True), "put into reserves"))
    if figures.other_one_off_funding:
        steps.append(FigureStep(format_short(-figures.other_one_off_funding), "other one-off funding"))
    result = "after reserves" if has_support(figures) or after is None else "after reserves, none being used"
    steps.append(FigureStep(over_under(after), result, result=True))
    if pending is not None and pending != after:
        steps.append(FigureStep(over_under(pending), "if all planned uses are approved"))
    return tuple(steps)


class _Kept:
    """The pages rendered last, by what they show."""

    def __init__(self, size: int) -> None:
        self._pages: OrderedDict[tuple[str, str, int], SafeString] = OrderedDict()
        self._size = size
        self._lock = Lock()

    def get(self, key: tuple[str, str, int]) -> SafeString | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: tuple[str, str, int], page: SafeString) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > self._size:
                self._pages.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()


kept_pages = _Kept(KEPT)


def _key(published: PublishedPeriod, part: str) -> tuple[str, str, int]:
    """Council, digest and version name the content; its history is a function of the moment of publication."""
    return (
        f"{published.council_slug} {published.published_at.isoformat()} {part}",
        published.digest,
        published.version,
    )


def kept_page(published: PublishedPeriod, part: str = "period") -> SafeString | None:
    """The main content of the period's page, or of another of its pages, if this process has rendered it."""
    return kept_pages.get(_key(published, part))


def keep_page(published: PublishedPeriod, part: str, page: SafeString) -> SafeString:
    """Keep a page that is a function of its publication and nothing else."""
    kept_pages.put(_key(published, part), page)
    return page


def render_page(published: PublishedPeriod, *, history: History) -> SafeString:
    """Render the main content and keep it."""
    content = period_content(published, history=history)
    page = render_to_string("scrutiny/period_content.html", {"page": content, "published": published})
    return keep_page(published, "period", page)
