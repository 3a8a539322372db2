"""Rows of savings at a period: values from entries for the columns, with the words that columns cannot know.

`address` gives where a proposal's name leads: members' pages, officers' pages and paper each have their own, or none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.periods import FinancialYear
from accounting.rag import Rag
from accounting.savings import SavingFigures
from savings.entries import Mark, MitigationEntry, ProposalEntry, SavingEntry, SavingsTotal

Address = Callable[[ProposalEntry], str | None]
NOT_YET_UPDATED = "Not yet rated"


def nowhere(_: ProposalEntry) -> str | None:
    """No link, for files and paper."""
    return None


def marks_of(marks: Iterable[Mark]) -> dict[str, str]:
    """The basis of each marked figure, by the column that shows it: “2026/27” is in `year_2026`."""
    return {column_of(mark.figure): mark.basis for mark in marks}


def column_of(figure: str) -> str:
    """The column's name of a figure as a source names it."""
    try:
        return year_column(FinancialYear.parse(figure))
    except ValueError:
        return figure


def year_column(year: FinancialYear) -> str:
    """The name of a year's column."""
    return f"year_{year.first_year}"


def spoken_date(day: date | None) -> str:
    """“1 April 2024”; blank where there is none, for the column to say so."""
    return f"{day:%-d %B %Y}" if day else ""


def rating_words(rag: Rag | None) -> str:
    """“▲ Amber”, or that nobody has rated it."""
    return f"{rag.shape} {rag.label}" if rag else NOT_YET_UPDATED


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingRow:
    """One saving at a period."""

    name: str
    address: str | None
    directorate: str
    service: str
    stage_label: str
    figures: SavingFigures
    rag: Rag | None
    reason: str
    confidence_label: str
    expected: str
    service_effect: str
    cover: str
    disagreement: str
    marks: Mapping[str, str]
    row_kind: str = "line"


def saving_rows(
    savings: Iterable[SavingEntry], *, address: Address = nowhere, total: SavingsTotal | None = None
) -> tuple[SavingRow, ...]:
    """Savings in their order, then the total where one is given."""
    rows = [_saving_row(saving, address) for saving in savings]
    return (*rows, *([_total_row(total)] if total else []))


def _saving_row(saving: SavingEntry, address: Address) -> SavingRow:
    proposal = saving.proposal
    return SavingRow(
        name=proposal.heading,
        address=address(proposal),
        directorate=proposal.directorate,
        service=proposal.service,
        stage_label=proposal.stage_label,
        figures=saving.figures,
        rag=saving.rag,
        reason=saving.reason,
        confidence_label=saving.confidence_label,
        expected=spoken_date(saving.expected_on),
        service_effect=saving.service_effect,
        cover=cover_words(saving.mitigations),
        disagreement=saving.disagreement,
        marks=marks_of((*proposal.sources, *saving.sources)),
    )


def _total_row(total: SavingsTotal) -> SavingRow:
    return SavingRow(
        name=f"Total, {total.name}",
        address=None,
        directorate="all",
        service="all",
        stage_label="all",
        figures=total.figures,
        rag=None,
        reason="total of its savings",
        confidence_label="each by itself",
        expected="each by itself",
        service_effect="each by itself",
        cover="each by itself",
        disagreement="",
        marks={},
        row_kind="total",
    )


def cover_words(mitigations: Iterable[MitigationEntry]) -> str:
    """“Reserve; Grant”: by what a shortfall is covered."""
    return "; ".join(dict.fromkeys(one.kind_label for one in mitigations))


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalRow:
    """The sum over the savings of a directorate or a colour, or over all."""

    name: str
    count: Decimal
    without_parts: Decimal
    figures: SavingFigures
    row_kind: str = "line"


def total_rows(parts: Iterable[SavingsTotal], whole: SavingsTotal | None) -> tuple[TotalRow, ...]:
    """The parts in their order, then the whole."""
    rows = [_part_row(part) for part in parts]
    return (*rows, *([_part_row(whole, name=f"Total, {whole.name}", row_kind="total")] if whole else []))


def _part_row(total: SavingsTotal, *, name: str = "", row_kind: str = "line") -> TotalRow:
    is_rating = total.scope not in ("council", "directorate")
    return TotalRow(
        name=name or (rating_words(total.rag) if is_rating else total.name or "No directorate"),
        count=Decimal(total.count),
        without_parts=Decimal(total.without_parts),
        figures=total.figures,
        row_kind=row_kind,
    )


def with_reference(label: str, reference: str) -> str:
    """“Complete (EIA 12)”."""
    return f"{label} ({reference})" if reference else label


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of a waterfall or a bridge."""

    name: str
    amount: Decimal | None
    row_kind: str = "line"


def step_rows(figures: SavingFigures) -> tuple[StepRow, ...]:
    """From the target to what is met by any means. The shortfall has no sign and is taken off; other means are added."""
    return (
        StepRow(name="Target", amount=figures.target, row_kind="total"),
        StepRow(name="Less what is not expected this year", amount=figures.shortfall),
        StepRow(name="Forecast delivery", amount=figures.forecast, row_kind="total"),
        StepRow(name="Met by other means", amount=figures.mitigation),
        StepRow(name="Net delivery", amount=figures.net_delivery, row_kind="total"),
        StepRow(name="Still not met", amount=figures.unmitigated),
    )
