"""A published page's main content, rendered once and kept: what is published never changes, so its page need not be made again.

Who may read it is asked on every request, before this is called; what is kept is the same for every reader.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from accounting.figures import Figures
from accounting.wording import format_short, over_under
from presentation.charts import Chart
from presentation.components import FigureStep
from presentation.tables import FigureTable
from scrutiny.access import History
from scrutiny.charts import published_charts
from scrutiny.headline import Headline, has_support, headline
from scrutiny.position import general_fund_scopes
from scrutiny.published import PublishedPeriod
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
    workbook_url: str
    report_url: str
    compare_url: str


def publication_address(page: str, published: PublishedPeriod, **parts: str) -> str:
    """A stable address of one version: its page, a table or a file."""
    place = {"slug": published.council_slug, "period": published.period, "version": published.version}
    return reverse(f"scrutiny:version:{page}", kwargs=place | parts)


def period_content(published: PublishedPeriod, *, history: History) -> PeriodContent:
    """Tables, charts and sentences of one publication."""
    points = history_points(history)
    tables = published_tables(published, history=points, medium=Medium.SCREEN)
    scopes = [
        ScopeSummary(headline=headline(scope, published=published), steps=figure_steps(scope.figures))
        for scope in general_fund_scopes(published)
    ]
    return PeriodContent(
        published=published,
        council=next((scope for scope in scopes if scope.headline.is_council), None),
        directorates=tuple(scope for scope in scopes if not scope.headline.is_council),
        # Templates cannot say a name with a hyphen.
        tables={name.replace("-", "_"): _files(name, table, published) for name, table in tables.items()},
        charts=published_charts(published, tables=tables, history=points),
        workbook_url=publication_address("workbook", published),
        report_url=publication_address("report", published),
        compare_url=publication_address("compare", published),
    )


def _files(name: str, table: FigureTable, published: PublishedPeriod) -> TableFiles:
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


def _key(published: PublishedPeriod) -> tuple[str, str, int]:
    """Council, digest and version name the content; its history is a function of the moment of publication."""
    return (
        f"{published.council_slug} {published.published_at.isoformat()}",
        published.digest,
        published.version,
    )


def kept_page(published: PublishedPeriod) -> SafeString | None:
    """The main content, if this process has rendered it."""
    return kept_pages.get(_key(published))


def render_page(published: PublishedPeriod, *, history: History) -> SafeString:
    """Render the main content and keep it."""
    content = period_content(published, history=history)
    page = render_to_string("scrutiny/period_content.html", {"page": content, "published": published})
    kept_pages.put(_key(published), page)
    return page
