"""The report's numbered sections: what each says, with which table and chart. Every figure comes through the tables or the formatter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from accounting.funds import Fund
from accounting.wording import format_percent, over_under
from presentation.charts import Chart
from presentation.tables import FigureTable
from scrutiny.headline import headline
from scrutiny.position import general_fund_scopes, is_illustrative
from scrutiny.published import PublishedLine, PublishedPeriod
from scrutiny.rendering import figure_steps
from scrutiny.reports.items import Item, charted
from scrutiny.reports.recommendations import as_list, points_to_note
from scrutiny.reports.savings import recovery_items, savings_items, strategy_items


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A numbered section."""

    number: int
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What sections are made from."""

    published: PublishedPeriod
    tables: dict[str, FigureTable]
    charts: dict[str, Chart]
    reasons: dict[str, FigureTable]
    """The table of reasons of each directorate."""
    savings: dict[str, FigureTable]
    """The tables of savings, recovery and the medium term."""


def report_sections(sources: Sources) -> tuple[ReportSection, ...]:
    """All sections, in the order that every report has; one without figures says so."""
    made = (
        ("Summary", _summary(sources)),
        ("Recommendations", _recommendations(sources.published)),
        ("Position by service", _position(sources)),
        ("Why services differ from their budgets", _reasons(sources)),
        ("Movement since the last published period", _movement(sources)),
        ("Reserves", _reserves(sources)),
        ("Dedicated Schools Grant, kept apart", _dsg(sources)),
        ("Virements and funding changes", _budget_changes(sources)),
        ("Risks and opportunities outside the forecast", _risks(sources)),
        ("Savings", savings_items(sources.published, sources.savings)),
        ("Recovery", recovery_items(sources.published, sources.savings)),
        ("Medium-term strategy", strategy_items(sources.published, sources.savings)),
        ("How to read this report", _reading(sources)),
    )
    return tuple(
        ReportSection(number=number, title=title, items=tuple(_numbered(items, number)))
        for number, (title, items) in enumerate(made, start=1)
    )


def _numbered(items: Iterable[Item], section: int) -> Iterator[Item]:
    """Gives each paragraph its number: 3.1, 3.2."""
    paragraph = 0
    for item in items:
        if item.words:
            paragraph += 1
            yield replace(item, number=f"{section}.{paragraph}")
        else:
            yield item


def _summary(sources: Sources) -> Iterator[Item]:
    published = sources.published
    scopes = general_fund_scopes(published)
    if not scopes:
        yield Item(words="This publication holds no General Fund service line.")
    if not published.has_forecast:
        scopes = ()  # a caution below says so
    for scope in scopes:
        told = headline(scope, published=published)
        yield Item(words=f"{told.sentence} {told.detail}")
        if scope.is_council:
            yield Item(steps=figure_steps(scope.figures))
    for warning in published.warnings:
        yield Item(words=warning)
    if published.changes:
        yield Item(words="This version corrects the one before:", points=published.changes)


def _recommendations(published: PublishedPeriod) -> Iterator[Item]:
    points = as_list(list(points_to_note(published)))
    if points:
        yield Item(words="The committee is asked to note:", points=points)
    else:
        yield Item(words="There is nothing in this publication for the committee to note.")


def _position(sources: Sources) -> Iterator[Item]:
    tables, charts = sources.tables, sources.charts
    yield Item(words="Figures are of the General Fund. Every figure of every line is in appendix A.")
    if "scopes" in tables and tables["scopes"].row_count > 1:
        yield Item(table=tables["scopes"])
    if "steps" in charts:
        yield from charted(charts["steps"], tables["steps"])
    yield Item(table=tables["position"])
    yield from charted(charts.get("services"), None)
    if "grant-position" in tables:
        yield Item(
            words="Other ring-fenced grants are kept apart; these figures are in no General Fund total."
        )
        yield Item(table=tables["grant-position"])


def _reasons(sources: Sources) -> Iterator[Item]:
    if not sources.reasons:
        yield Item(words="No variance reached the size for which the council's rule asks for a reason.")
        return
    yield Item(words="Reasons explain variances before reserves.")
    published = sources.published
    for directorate, table in sources.reasons.items():
        yield Item(heading=directorate)
        yield _material(published, directorate)
        yield Item(table=table)


def _material(published: PublishedPeriod, directorate: str) -> Item:
    """The General Fund lines that the reasons are about, each before and after reserves and as a share of its budget."""
    told = [
        f"{line.name}: {_marked(line, 'variance_before_reserves')} before reserves, "
        f"{_marked(line, 'variance_after_reserves')} after, {format_percent(line.figures.variance_percent)} of its budget"
        for line in published.lines
        if line.directorate == directorate
        and line.fund is Fund.GENERAL_FUND
        and (line.reasons or line.needs_reasons)
    ]
    if not told:
        return Item(words="These lines are outside the General Fund.")
    return Item(words="Variances of the General Fund lines that have reasons:", points=as_list(told))


def _marked(line: PublishedLine, figure: str) -> str:
    """“£4.0m over”, or “£210k over (illustrative)”."""
    amount = over_under(getattr(line.figures, figure))
    return f"{amount} (illustrative)" if is_illustrative(line, figure) else amount


def _movement(sources: Sources) -> Iterator[Item]:
    tables, last = sources.tables, sources.published.last_published
    if last is None:
        yield Item(words=f"This is the first published report of {sources.published.period.year}.")
    elif "movements" in tables:
        yield Item(
            words=f"General Fund variances after reserves that differ from {last.label}, the last published."
        )
        yield Item(table=tables["movements"])
    else:
        yield Item(
            words=f"No General Fund variance after reserves differs from {last.label}, the last published."
        )
    yield from charted(sources.charts.get("history"), tables.get("history"))


def _reserves(sources: Sources) -> Iterator[Item]:
    yield from _section(
        sources,
        names=("reserves", "reserve-uses"),
        words=(
            "Reserves are used once. Years left is the closing balance divided by this year's net use, if it goes on at the same rate."
        ),
        empty="This publication names no reserve for these services.",
    )


def _dsg(sources: Sources) -> Iterator[Item]:
    yield from _section(
        sources,
        names=("dsg-position", "dsg"),
        words=(
            "The Dedicated Schools Grant may be spent on schools, early years and high needs only. None of these figures is in any "
            "General Fund total of this report, and an underspend here cannot offset an overspend there."
        ),
        empty="This publication holds no account and no service line of the grant.",
    )
    for account in sources.published.dsg:
        if account.override_ends_on:
            yield Item(
                words=(
                    f"{account.name}: the statutory override that keeps the deficit out of the council's revenue account ends on "
                    f"{account.override_ends_on:%-d %B %Y}."
                )
            )
        if account.note:
            yield Item(words=f"{account.name}: {account.note}")


def _budget_changes(sources: Sources) -> Iterator[Item]:
    yield from _section(
        sources,
        names=("virements-for-approval", "virements-for-information", "budget-changes"),
        words=(
            "A virement moves budget from one service to another and adds nothing. A funding change brings money in from outside, or takes it out. "
            "Where the council's scheme asks members to approve a virement it is listed for approval; the others are listed for information."
        ),
        empty="No virement or funding change has been asked for this year.",
    )


def _risks(sources: Sources) -> Iterator[Item]:
    yield from _section(
        sources,
        names=("risks",),
        words="These could happen and are not in the forecast.",
        empty="This publication names no risk or opportunity beyond its forecast.",
    )


def _section(sources: Sources, *, names: Sequence[str], words: str, empty: str) -> Iterator[Item]:
    found = [sources.tables[name] for name in names if name in sources.tables]
    yield Item(words=words if found else empty)
    for table in found:
        yield Item(table=table)


def _reading(sources: Sources) -> Iterator[Item]:
    published = sources.published
    yield Item(
        words=(
            "A variance is forecast outturn less revised budget: an overspend is positive, an underspend negative. After reserves, drawdown and "
            "other one-off funding have been taken off, and contributions to reserves added. Figures are rounded separately and may not sum."
        )
    )
    if published.source_note:
        yield Item(words=published.source_note)
    if "sources" in sources.tables:
        yield Item(
            words="Marked figures are printed in a source paper, derived from one, or illustrative; appendix B says which and where."
        )
    yield Item(words=f"The figures of this version have the digest {published.digest}.")
