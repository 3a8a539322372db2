"""Every proposal's changes to base side by side, year by year, with the sums: the schedule that a medium-term paper prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO, total, total_or_unknown
from accounting.periods import FinancialYear
from accounting.wording import format_money
from savings.entries import PhasingEntry, ProposalEntry, StrategyEntry
from savings.models import SavingsProposal
from savings.position.proposals import proposals_of
from savings.position.strategy import medium_term_view
from services.models import Council


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """One proposal. Amounts are this council's own changes to base (a saving negative), in the order of the schedule's years; `None` is unknown.

    `total` is as its paper prints it, or the sum of its years where nothing is printed; `gap` is the sum less the printed total.
    """

    proposal: ProposalEntry
    amounts: tuple[Decimal | None, ...]
    total: Decimal | None
    total_of_years: Decimal | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All proposals that may count, over every year that has an amount or that the strategy speaks of. Sums are in the order of the years."""

    council: Council
    years: tuple[FinancialYear, ...]
    rows: tuple[ScheduleRow, ...]
    savings: tuple[Decimal, ...]
    growth: tuple[Decimal, ...]
    totals: tuple[Decimal, ...]
    agreed: tuple[Decimal, ...]
    """Of the totals, what is agreed."""
    strategy: StrategyEntry


def schedule_of(council: Council) -> Schedule:
    """The council's schedule as it stands; empty where nothing is recorded."""
    every = proposals_of(council)
    strategy = medium_term_view(council, proposals=every)
    proposals = [one for one in every if one.stage.may_count]
    phased = {year.year for one in proposals if one.phasing for year in one.phasing.amounts}
    years = tuple(sorted(phased | {year.year for year in strategy.years}))
    rows = tuple(_row(proposal, years) for proposal in proposals)
    kinds = SavingsProposal.Kind
    return Schedule(
        council=council,
        years=years,
        rows=rows,
        savings=_sums([row for row in rows if row.proposal.kind == kinds.SAVING], years),
        growth=_sums([row for row in rows if row.proposal.kind == kinds.GROWTH], years),
        totals=_sums(rows, years),
        agreed=_sums([row for row in rows if row.proposal.is_counted], years),
        strategy=strategy,
    )


def not_agreed(council: Council, year: FinancialYear) -> tuple[str, ...]:
    """Savings of the year that nobody has agreed, and that delivery therefore does not count, in sentences."""
    found = []
    for proposal in proposals_of(council):
        is_open = proposal.stage.may_count and not proposal.is_counted
        if proposal.kind != SavingsProposal.Kind.SAVING or not is_open or proposal.phasing is None:
            continue
        amounts = proposal.phasing.amounts
        change = next((one.ours for one in amounts if one.year == year and not one.is_level), None)
        if change and change < 0:
            words = f"{format_money(abs(change), places=2)} in {year}, at “{proposal.stage_label}”"
            found.append(f"{proposal.heading}: {words}; not agreed, so not counted.")
    return tuple(found)


def _row(proposal: ProposalEntry, years: Sequence[FinancialYear]) -> ScheduleRow:
    phasing = proposal.phasing
    amounts = _amounts(phasing, years)
    whole = total_or_unknown(amounts) if amounts else None
    is_printed = phasing is not None and phasing.total_as_printed is not None and not phasing.is_shared
    printed = phasing.total_as_printed if phasing and is_printed else None
    return ScheduleRow(
        proposal=proposal,
        amounts=amounts,
        total=whole if printed is None else printed,
        total_of_years=whole,
        gap=phasing.gap if phasing and is_printed else None,
    )


def _amounts(phasing: PhasingEntry | None, years: Sequence[FinancialYear]) -> tuple[Decimal | None, ...]:
    """A year without a change is nil; of a proposal without any amount, every year is unknown."""
    if phasing is None or not phasing.amounts:
        return (None,) * len(years)
    own = {one.year: one.ours for one in phasing.amounts}
    return tuple(own.get(year, ZERO) for year in years)


def _sums(rows: Iterable[ScheduleRow], years: Sequence[FinancialYear]) -> tuple[Decimal, ...]:
    """The sum of each year, as far as it is known."""
    columns: list[list[Decimal]] = [[] for _ in years]
    for row in rows:
        for column, amount in zip(columns, row.amounts, strict=True):
            if amount is not None:
                column.append(amount)
    return tuple(total(column) for column in columns)
