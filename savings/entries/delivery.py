"""Savings at one period as values. Pounds without a sign."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.rag import Rag
from accounting.savings import SavingFigures
from savings.entries.proposals import Mark, ProposalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class MitigationEntry:
    """What stands in for a saving that is not delivered."""

    kind: str
    kind_label: str
    lasts: bool
    amount: Decimal | None
    service_line: str = ""
    is_in_forecast: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingEntry:
    """One saving at one period: how the target divides, the forecast, and apart from that the colour, its reason and the confidence."""

    proposal: ProposalEntry
    figures: SavingFigures
    rag: Rag | None
    reason: str
    confidence_label: str
    expected_on: date | None
    service_effect: str
    mitigations: tuple[MitigationEntry, ...] = ()
    disagreement: str = ""
    """Where the colour and the line's forecast do not say the same, in a sentence; blank where they do."""
    sources: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsTotal:
    """The sum over some savings: the whole council (`scope` “council”), a directorate, or a colour."""

    scope: str
    name: str
    rag: Rag | None
    count: int
    without_target: int
    without_parts: int
    """Savings with a target of which nobody has said how it divides."""
    figures: SavingFigures
