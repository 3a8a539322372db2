"""A report as it prints, on screen and on paper alike: every reference said in figures, every table of its publication in place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.utils.safestring import SafeString

from presentation.components import Definition
from presentation.tables import FigureTable
from scrutiny.access import History
from scrutiny.committees.entries.papers import (
    OPTIONS,
    OptionEntry,
    PaperEntry,
    ParagraphEntry,
    SectionEntry,
)
from scrutiny.committees.papers.references import quoted
from scrutiny.committees.papers.richtext import Quote, rich
from scrutiny.published import PublishedPeriod
from scrutiny.reports.items import Item
from scrutiny.savings.tables import savings_tables
from scrutiny.tables import Medium, history_points, published_tables

BULLET, SUB_POINT = "bullet", "sub_point"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPoint:
    """A sub-point with the bullets below it, or a bullet by itself (no `number`)."""

    words: SafeString
    number: str = ""
    bullets: tuple[SafeString, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing in a section: a paragraph, a list of points, or a table."""

    number: str = ""
    words: SafeString | None = None
    points: tuple[PrintedPoint, ...] = ()
    table: FigureTable | None = None

    @property
    def is_numbered_list(self) -> bool:
        """Whether the points have numbers of their own."""
        return any(point.number for point in self.points)

    @property
    def shape(self) -> str:
        """How the style sheet sets the table."""
        return Item(table=self.table).shape


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedOption:
    """An option. `outcome` is “Chosen”, “Not chosen” or, while that is not known, empty."""

    number: str
    words: SafeString
    outcome: str
    sub_options: tuple["PrintedOption", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSection:
    """A section with what stands in it; the report's options stand in the section of that kind."""

    id: int
    title: str
    blocks: tuple[Block, ...]
    options: tuple[PrintedOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPaper:
    """A whole report as templates show it."""

    entry: PaperEntry
    header: tuple[Definition, ...]
    abstract: SafeString
    sections: tuple[PrintedSection, ...]
    tables: tuple[FigureTable, ...]
    """The tables that it prints, in order."""


def printed(entry: PaperEntry, *, published: PublishedPeriod | None, history: History = ()) -> PrintedPaper:
    """The report with its figures. Raises `UnknownReferenceError` for a figure that its publication has not: none is kept that way."""
    quote: Quote = partial(quoted, published=published)
    tables = paper_tables(published, history=history) if published else {}
    return PrintedPaper(
        entry=entry,
        header=tuple(Definition(label, words) for label, words in entry.header),
        abstract=rich(entry.abstract, quote),
        sections=tuple(_section(section, entry, quote, tables) for section in entry.sections),
        tables=tuple(tables[name] for name in entry.quoted_tables),
    )


def paper_tables(published: PublishedPeriod, *, history: History) -> dict[str, FigureTable]:
    """The publication's tables as they print on paper, by the names that a report calls them by."""
    medium = Medium.PAPER
    made = published_tables(published, history=history_points(history), medium=medium)
    return made | savings_tables(published, medium=medium)


def _section(
    section: SectionEntry, entry: PaperEntry, quote: Quote, tables: Mapping[str, FigureTable]
) -> PrintedSection:
    options = entry.options if section.kind == OPTIONS else ()
    return PrintedSection(
        id=section.id,
        title=section.title,
        blocks=tuple(_blocks(section.paragraphs, quote, tables)),
        options=tuple(_option(option, quote) for option in options),
    )


def _blocks(
    paragraphs: Iterable[ParagraphEntry], quote: Quote, tables: Mapping[str, FigureTable]
) -> Iterator[Block]:
    """Paragraphs and tables by themselves, bullets and sub-points that follow each other as one list."""
    for in_list, run in groupby(paragraphs, key=lambda one: one.style in (BULLET, SUB_POINT)):
        if in_list:
            yield from _lists(list(run), quote)
        else:
            for one in run:
                if one.is_table:
                    yield Block(table=tables[one.words])
                else:
                    yield Block(number=one.number, words=rich(one.words, quote))


def _lists(run: list[ParagraphEntry], quote: Quote) -> Iterator[Block]:
    """Bullets before the first sub-point are a list; from there on each sub-point has the bullets that follow it."""
    first = next((at for at, one in enumerate(run) if one.style == SUB_POINT), len(run))
    if run[:first]:
        yield Block(points=tuple(PrintedPoint(words=rich(one.words, quote)) for one in run[:first]))
    if run[first:]:
        yield Block(points=tuple(_points(run[first:], quote)))


def _points(run: list[ParagraphEntry], quote: Quote) -> Iterator[PrintedPoint]:
    starts = [at for at, one in enumerate(run) if one.style == SUB_POINT]
    for start, end in zip(starts, [*starts[1:], len(run)], strict=True):
        head, *below = run[start:end]
        yield PrintedPoint(
            words=rich(head.words, quote),
            number=head.number,
            bullets=tuple(rich(one.words, quote) for one in below),
        )


def _option(option: OptionEntry, quote: Quote) -> PrintedOption:
    outcomes = {True: "Chosen", False: "Not chosen", None: ""}
    return PrintedOption(
        number=option.number,
        words=rich(option.words, quote),
        outcome=outcomes[option.is_chosen],
        sub_options=tuple(_option(one, quote) for one in option.sub_options),
    )
