"""Rows of phased amounts, which are changes to base: a saving is negative."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.periods import FinancialYear
from accounting.wording import format_money
from savings.entries import Mark, PhasingEntry, ProposalEntry, SpanEntry, StrategyLine, StrategyYear
from savings.tables.rows import Address, marks_of, nowhere, with_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedRow:
    """Changes to base by year: a proposal's, a version's, or a sum. `by_year` is `None` where there is no £ at all."""

    name: str
    address: str | None
    status: str
    by_year: Mapping[FinancialYear, Decimal] | None
    total: Decimal | None
    total_as_printed: Decimal | None
    gap: Decimal | None
    has_printed_total: bool = False
    words: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    row_kind: str = "line"


def phased_rows(proposals: Iterable[ProposalEntry], *, address: Address = nowhere) -> tuple[PhasedRow, ...]:
    """Each proposal's amounts by its newest approved version, otherwise its newest proposed."""
    return tuple(
        _phased_row(
            proposal.phasing,
            name=proposal.heading,
            address=address(proposal),
            status=proposal.stage_label,
            marks=marks_of(proposal.sources),
        )
        for proposal in proposals
    )


def version_rows(
    phasings: Iterable[PhasingEntry], *, counts: PhasingEntry | None = None, sources: Iterable[Mark] = ()
) -> tuple[PhasedRow, ...]:
    """Every version of one proposal's amounts, proposed and approved. `sources` mark the amounts that count, on each version that has them."""
    marks = marks_of(sources)
    return tuple(
        _phased_row(
            phasing,
            name=f"Version {phasing.number}",
            address=None,
            status=with_reference(phasing.status_label, phasing.decision_reference),
            marks=marks if counts is not None and phasing.amounts == counts.amounts else {},
        )
        for phasing in phasings
    )


def _phased_row(
    phasing: PhasingEntry | None, *, name: str, address: str | None, status: str, marks: Mapping[str, str]
) -> PhasedRow:
    amounts = {one.year: one.amount for one in phasing.amounts} if phasing and phasing.amounts else None
    return PhasedRow(
        name=name,
        address=address,
        status=status,
        by_year=amounts,
        total=phasing.total if phasing else None,
        total_as_printed=phasing.total_as_printed if phasing else None,
        gap=phasing.gap if phasing else None,
        has_printed_total=phasing is not None and phasing.total_as_printed is not None,
        words=_phasing_words(phasing),
        marks=marks,
    )


def _phasing_words(phasing: PhasingEntry | None) -> str:
    if phasing is None:
        return "No £ is given."
    parts = [phasing.note] if phasing.note else []
    if phasing.first_year_is_level:
        parts.append("The first year holds the whole amount so far, not the change of that year.")
    if phasing.is_shared:
        parts.append(_ours(phasing))
    parts += [f"“{span.words}”: {span.meaning_label.lower()}." for span in phasing.spans if span.words]
    return " ".join(parts)


def _ours(phasing: PhasingEntry) -> str:
    """“Shared: this council’s part is −£50,000 in 2012/13; not agreed for 2013/14.”"""
    told = [
        f"not agreed for {one.year}" if one.ours is None else f"{format_money(one.ours)} in {one.year}"
        for one in phasing.amounts
    ]
    return f"Shared: this council’s part is {'; '.join(told)}."


def years_in(rows: Sequence[PhasedRow]) -> tuple[FinancialYear, ...]:
    """Every year that any row has an amount in, in order."""
    return tuple(sorted({year for row in rows for year in row.by_year or ()}))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """An amount for several years together, with both ways to read it."""

    name: str
    address: str | None
    words: str
    years: str
    amount: Decimal
    if_each_year: Decimal
    if_in_total: Decimal
    meaning_label: str
    counted: str


def span_rows(proposals: Iterable[ProposalEntry], *, address: Address = nowhere) -> tuple[SpanRow, ...]:
    """The spans of the proposals' current amounts."""
    return tuple(
        span_row(span, name=proposal.heading, address=address(proposal))
        for proposal in proposals
        for span in (proposal.phasing.spans if proposal.phasing else ())
    )


def span_row(span: SpanEntry, *, name: str, address: str | None = None) -> SpanRow:
    """One span."""
    return SpanRow(
        name=name,
        address=address,
        words=span.words,
        years=f"{span.first_year} to {span.last_year}",
        amount=span.amount,
        if_each_year=span.if_each_year,
        if_in_total=span.if_in_total,
        meaning_label=span.meaning_label,
        counted="In the years" if span.is_counted else "In no year",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyYearRow:
    """One year of the medium-term view, and the same if everything proposed were agreed."""

    name: str
    year: StrategyYear
    if_all_agreed: StrategyYear


def strategy_year_rows(
    years: Iterable[StrategyYear], if_all_agreed: Iterable[StrategyYear]
) -> tuple[StrategyYearRow, ...]:
    """Years in order."""
    other = {one.year: one for one in if_all_agreed}
    return tuple(
        StrategyYearRow(name=str(one.year), year=one, if_all_agreed=other.get(one.year, one)) for one in years
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyLineRow:
    """A labelled amount of a year."""

    name: str
    kind_label: str
    label: str
    amount: Decimal


def strategy_line_rows(lines: Iterable[StrategyLine]) -> tuple[StrategyLineRow, ...]:
    """Lines in their order."""
    return tuple(
        StrategyLineRow(name=str(line.year), kind_label=line.kind_label, label=line.label, amount=line.amount)
        for line in lines
    )
