"""Recovery plans at one period as values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.periods import FinancialYear
from savings.entries.proposals import CaseEntry, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEntry:
    """One recovery action at one period: identified is found, recouped is in; remaining is target − recouped."""

    reference: str
    title: str
    type_label: str
    horizon: str
    horizon_label: str
    status_label: str
    owner_role: str
    due: date | None
    service: str
    target: Decimal | None
    is_full_year_target: bool
    identified: Decimal | None
    recouped: Decimal | None
    to_identify: Decimal | None
    remaining: Decimal | None
    identified_percent: Decimal | None
    per_head_low: Decimal | None = None
    per_head_high: Decimal | None = None
    heads: int | None = None
    conversion_low: Decimal | None = None
    conversion_high: Decimal | None = None
    words: str = ""
    progress_words: str = ""
    sources: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionEntry:
    """A projected overspend on a date. Overspend positive."""

    scope: str
    stage: str
    stage_label: str
    as_at: date
    as_at_words: str
    amount: Decimal
    amount_high: Decimal | None = None
    is_at_most: bool = False
    words: str = ""
    sources: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeStepEntry:
    """One step of a bridge; a reduction is negative."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEntry:
    """From one projection to a later one; steps and `unexplained` sum to `change`."""

    title: str
    start_label: str
    start: Decimal
    end_label: str
    end: Decimal
    change: Decimal
    steps: tuple[BridgeStepEntry, ...] = ()
    unexplained: Decimal = Decimal(0)
    is_latest: bool = True
    """Whether no later bridge of the same scope and stage follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEntry:
    """A rule on spending, and the role that may authorise."""

    covers: str
    rule: str
    authorised_by: str
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEntry:
    """One finding of a review, and the council's response."""

    reference: str
    finding: str
    response: str
    status_label: str
    owner_role: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """A review by somebody from outside, with its findings."""

    reviewer: str
    scope: str
    is_complete: bool | None
    status_words: str
    findings: tuple[FindingEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryEntry:
    """A recovery plan at one period. Totals are of the actions for this year; `total_as_printed` is the paper's."""

    key: str
    name: str
    year: FinancialYear
    directorate: str
    words: str
    actions: tuple[ActionEntry, ...]
    target: Decimal | None
    identified: Decimal | None
    recouped: Decimal | None
    remaining: Decimal | None
    total_as_printed: Decimal | None = None
    gap: Decimal | None = None
    projections: tuple[ProjectionEntry, ...] = ()
    bridges: tuple[BridgeEntry, ...] = ()
    controls: tuple[ControlEntry, ...] = ()
    reviews: tuple[ReviewEntry, ...] = ()
    business_cases: tuple[CaseEntry, ...] = ()
    sources: tuple[Mark, ...] = ()
