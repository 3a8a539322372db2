"""All that one period says of savings."""

from dataclasses import dataclass

from savings.entries.cumulative import ServiceEffect
from savings.entries.delivery import SavingEntry, SavingsTotal
from savings.entries.proposals import CaseEntry, ProposalEntry
from savings.entries.recovery import ControlEntry, RecoveryEntry, ReviewEntry
from savings.entries.strategy import StrategyEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsContent:
    """All that one period says of savings: frozen with its publication."""

    savings: tuple[SavingEntry, ...] = ()
    """Savings with a target in the period's year, or an update at the period."""
    totals: tuple[SavingsTotal, ...] = ()
    proposals: tuple[ProposalEntry, ...] = ()
    """Every public proposal, also those without a target this year, and growth."""
    effects: tuple[ServiceEffect, ...] = ()
    """What all savings together come to for each service."""
    strategy: StrategyEntry | None = None
    recovery: tuple[RecoveryEntry, ...] = ()
    controls: tuple[ControlEntry, ...] = ()
    """Spending controls that belong to no plan."""
    reviews: tuple[ReviewEntry, ...] = ()
    business_cases: tuple[CaseEntry, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show at all."""
        kept = (self.savings, self.proposals, self.recovery, self.controls, self.reviews, self.business_cases)
        return self.strategy is None and not any(kept)
