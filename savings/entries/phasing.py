"""Phased amounts as values: changes to base, a saving negative."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.periods import FinancialYear


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAmount:
    """A year's change to base (`amount`), the part of it that comes back out of the base (`returned`), and the level reached by then (`level`)."""

    year: FinancialYear
    amount: Decimal
    returned: Decimal
    level: Decimal
    kinds: str = ""
    """Which sorts of phase it is made of, in words."""
    ours: Decimal | None = None
    """This council's part of `amount`: all of it unless the saving is shared; `None` while the split of the year is not agreed."""
    is_level: bool = False
    """Whether `amount` is the whole amount so far, as some papers print in their first column, and no change of this year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanEntry:
    """An amount given for several years together, with both ways to read it; counted in a year only where `is_counted`."""

    words: str
    amount: Decimal
    meaning_label: str
    is_counted: bool
    first_year: FinancialYear
    last_year: FinancialYear
    if_each_year: Decimal
    if_in_total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEntry:
    """One council's part of a shared saving in a year, as a change to base; `None` is not yet agreed."""

    year: FinancialYear
    partner: str
    is_ours: bool
    amount: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasingEntry:
    """One version of a proposal's amounts. `total` is the sum of the years, `total_as_printed` what the paper prints, `gap` the difference."""

    number: int
    status_label: str
    is_approved: bool
    amounts: tuple[YearAmount, ...]
    total: Decimal | None
    total_as_printed: Decimal | None = None
    gap: Decimal | None = None
    first_year_is_level: bool = False
    spans: tuple[SpanEntry, ...] = ()
    shares: tuple[ShareEntry, ...] = ()
    is_shared: bool = False
    approves: int | None = None
    """The number of the proposed version that this one approves."""
    note: str = ""
    decision_reference: str = ""
    recorded_on: date | None = None
