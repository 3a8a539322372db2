"""The medium-term strategy as values."""

from dataclasses import dataclass
from decimal import Decimal

from accounting.periods import FinancialYear
from savings.entries.proposals import Mark, ProposalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyLine:
    """A labelled amount of one year: base, funding, growth, or a saving that reopens."""

    kind: str
    kind_label: str
    label: str
    year: FinancialYear
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyYear:
    """One year of the medium-term view: base + growth + reopened + savings = requirement; requirement − funding = gap. `None` is unknown."""

    year: FinancialYear
    base: Decimal | None
    growth: Decimal
    reopened: Decimal
    savings: Decimal
    requirement: Decimal | None
    funding: Decimal | None
    gap: Decimal | None
    base_differs: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyEntry:
    """The medium-term strategy. `proposals` are those with amounts in, or proposed for, its years, agreed or not; `years` counts the agreed ones,
    and `years_if_all_agreed` all that are neither withdrawn, replaced nor written off."""

    title: str
    words: str
    years: tuple[StrategyYear, ...]
    years_if_all_agreed: tuple[StrategyYear, ...]
    lines: tuple[StrategyLine, ...]
    proposals: tuple[ProposalEntry, ...]
    left_out: tuple[str, ...] = ()
    """What could be counted in no year, and why, in sentences: a split that is not agreed, an amount whose years the paper leaves open."""
    sources: tuple[Mark, ...] = ()
