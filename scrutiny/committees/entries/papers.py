"""Reports to committees as values: what pages, packs and PDFs show. No model and no query."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounting.periods import Period

TABLE = "table"
OPTIONS = "options"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphEntry:
    """A paragraph, bullet, sub-point, or (`is_table`) the name of a table of the publication. `words` is as written, with its references."""

    number: str
    style: str
    words: str

    @property
    def is_table(self) -> bool:
        """Whether `words` names a table."""
        return self.style == TABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionEntry:
    """A section with its paragraphs in order."""

    id: int
    kind: str
    kind_label: str
    number: str
    heading: str
    paragraphs: tuple[ParagraphEntry, ...]
    version: int

    @property
    def title(self) -> str:
        """“3. First meeting”."""
        return f"{self.number}. {self.heading}" if self.number else self.heading


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionEntry:
    """A choice that the report puts to its committee. `is_chosen` is `None` while it is not decided, or not known."""

    id: int
    number: str
    words: str
    is_chosen: bool | None
    sub_options: tuple["OptionEntry", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresQuoted:
    """The publication that a report quotes."""

    id: int
    period: Period
    version: int

    @property
    def label(self) -> str:
        """“Month 7, October 2023, version 1”."""
        return f"{self.period.label} of {self.period.year}, version {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """A whole report."""

    id: int
    template: str
    state: str
    state_label: str
    title: str
    authority: str
    body: str
    day: date | None
    report_of: str
    portfolio: str
    wards: str
    key_decision: str
    access: str
    stamp: str
    abstract: str
    contact_role: str
    background_papers: str
    figures: FiguresQuoted | None
    sections: tuple[SectionEntry, ...]
    options: tuple[OptionEntry, ...]
    chosen_words: str
    chosen_at: str
    """The meeting that chose among the options, in words; empty while none has, or where the reader may not see it."""
    version: int

    @property
    def is_final(self) -> bool:
        """Whether it no longer changes."""
        return self.state == "final"

    @property
    def header(self) -> tuple[tuple[str, str], ...]:
        """The header block's lines, those that are not blank: what each is, and what it says."""
        said = (
            ("Authority", self.authority),
            ("Committee", self.body),
            ("Date", f"{self.day:%-d %B %Y}" if self.day else ""),
            ("Report of", self.report_of),
            ("Portfolio", self.portfolio),
            ("Wards", self.wards),
            ("Key decision", self.key_decision),
            ("Classification", self.access),
            ("Figures quoted", self.figures.label if self.figures else ""),
        )
        return tuple((label, words) for label, words in said if words)

    @property
    def background(self) -> tuple[str, ...]:
        """The background papers, one each."""
        return tuple(line.strip() for line in self.background_papers.splitlines() if line.strip())

    @property
    def every_option(self) -> Iterator[OptionEntry]:
        """Options, each followed by its sub-options."""
        for option in self.options:
            yield option
            yield from option.sub_options

    @property
    def quoted_tables(self) -> tuple[str, ...]:
        """The names of the publication's tables that it prints, in order."""
        return tuple(
            paragraph.words
            for section in self.sections
            for paragraph in section.paragraphs
            if paragraph.is_table
        )
