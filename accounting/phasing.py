"""A saving over several years, as changes to the base budget: a saving is negative; growth, and a one-off that comes back, positive.

Years of a medium-term plan are changes, not levels: £100,000 saved from 2026/27 on is −100,000 once, then 0 (domain §6).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from accounting.money import ZERO, total
from accounting.periods import FinancialYear
from accounting.wording import format_money


class PhaseKind(StrEnum):
    """What sort of change to base a year's amount is."""

    RECURRENT = "recurrent"
    ONE_OFF = "one_off"
    FULL_YEAR_EFFECT = "full_year_effect"
    REVERSAL = "reversal"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {
            "recurrent": "Recurrent",
            "one_off": "One-off",
            "full_year_effect": "Rest of a full year's effect",
            "reversal": "One-off taken back out",
        }[self.value]


class SpanMeaning(StrEnum):
    """What an amount printed for several years together means."""

    EACH_YEAR = "each_year"
    IN_TOTAL = "in_total"
    NOT_STATED = "not_stated"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {
            "each_year": "In each of these years",
            "in_total": "Over these years in total",
            "not_stated": "The paper does not say which",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedAmount:
    """One year's change to base."""

    year: FinancialYear
    amount: Decimal
    kind: PhaseKind = PhaseKind.RECURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanReading:
    """An amount for several years, and both ways to read it: `if_each_year` and `if_in_total` are totals over the years."""

    first: FinancialYear
    last: FinancialYear
    amount: Decimal
    meaning: SpanMeaning
    words: str = ""

    @property
    def years(self) -> int:
        """How many years it covers."""
        return self.last.first_year - self.first.first_year + 1

    @property
    def if_each_year(self) -> Decimal:
        """The total if the amount is one year's."""
        return self.amount * self.years

    @property
    def if_in_total(self) -> Decimal:
        """The total if the amount is that of all the years."""
        return self.amount


@dataclass(frozen=True, kw_only=True)
class PhasedPlan:
    """A proposal's changes to base by year, with what one-offs take back out, and the total that a paper prints beside them."""

    phases: tuple[PhasedAmount, ...]
    total_as_printed: Decimal | None = None
    first_year_is_level: bool = False
    spans: tuple[SpanReading, ...] = ()

    @cached_property
    def by_year(self) -> dict[FinancialYear, Decimal]:
        """The change to base of every year that has one, in order of years. A one-off returns, with the opposite sign, the year after."""
        return changes_by_year(self.phases)

    def change(self, year: FinancialYear) -> Decimal:
        """The change to base in a year; nil where there is none."""
        return self.by_year.get(year, ZERO)

    def level(self, year: FinancialYear) -> Decimal:
        """The whole effect on the base by a year: the sum of the changes so far. This is what “full-year effect” means from the second year."""
        return total([amount for when, amount in self.by_year.items() if when <= year])

    def is_level(self, year: FinancialYear) -> bool:
        """Whether a year holds the whole amount so far, which is no change of that year: only the first can."""
        return self.first_year_is_level and bool(self.phases) and year == min(one.year for one in self.phases)

    @property
    def total(self) -> Decimal | None:
        """The sum of all years; `None` if there is no amount at all."""
        return total(list(self.by_year.values())) if self.phases else None

    @property
    def before_reversals(self) -> Decimal | None:
        """The sum of what is phased before anything comes back out: the whole saving (negative) or growth; `None` if there is no amount."""
        kept = [phase.amount for phase in self.phases if phase.kind is not PhaseKind.REVERSAL]
        return total(kept) if kept else None

    @property
    def gap_from_printed(self) -> Decimal | None:
        """Total − total as printed; `None` where nothing is printed. Shown, never mended."""
        if self.total_as_printed is None or self.total is None:
            return None
        return self.total - self.total_as_printed

    def returned(self, year: FinancialYear) -> Decimal:
        """What comes back out of the base in this year, as a change to base: one-offs of the year before, and reversals written as such."""
        one_offs = [
            phase.amount
            for phase in self.phases
            if phase.kind is PhaseKind.ONE_OFF and phase.year.next == year
        ]
        written = [
            phase.amount for phase in self.phases if phase.kind is PhaseKind.REVERSAL and phase.year == year
        ]
        return total(written) - total(one_offs)


class SharesDoNotSumError(ValueError):
    """The councils' shares of a year do not sum to the shared saving."""

    def __init__(self, year: FinancialYear, amount: Decimal, shares: Decimal) -> None:
        super().__init__(
            f"The shares of {year} sum to {format_money(shares, places=2)}; the saving is {format_money(amount, places=2)}: "
            f"a difference of {format_money(shares - amount, places=2)}."
        )
        self.difference = shares - amount


def changes_by_year(phases: Iterable[PhasedAmount]) -> dict[FinancialYear, Decimal]:
    """Sum phases by year, and take every one-off back out the year after."""
    found: dict[FinancialYear, Decimal] = {}
    for phase in phases:
        found[phase.year] = found.get(phase.year, ZERO) + phase.amount
        if phase.kind is PhaseKind.ONE_OFF:
            found[phase.year.next] = found.get(phase.year.next, ZERO) - phase.amount
    return dict(sorted(found.items()))


def totals_by_year(plans: Sequence[PhasedPlan]) -> dict[FinancialYear, Decimal]:
    """The sum of several plans' changes, for every year that any of them has."""
    found: dict[FinancialYear, Decimal] = {}
    for plan in plans:
        for year, amount in plan.by_year.items():
            found[year] = found.get(year, ZERO) + amount
    return dict(sorted(found.items()))


def check_shares(year: FinancialYear, amount: Decimal, shares: Mapping[str, Decimal | None]) -> None:
    """Raise `SharesDoNotSumError` unless the shares, where all are agreed, sum to the year's change to base."""
    agreed = [share for share in shares.values() if share is not None]
    if len(agreed) == len(shares) and shares and total(agreed) != amount:
        raise SharesDoNotSumError(year, amount, total(agreed))


def spread(amount: Decimal, years: int) -> tuple[Decimal, ...]:
    """Divide an amount over years to the penny: the first years take the odd pence, and the parts sum to the amount."""
    pence = int((amount * 100).to_integral_exact())
    sign = -1 if pence < 0 else 1
    each, odd = divmod(abs(pence), years)
    return tuple(Decimal(sign * (each + (1 if index < odd else 0))) / 100 for index in range(years))
