"""Invest to save: when savings have paid back what was put in. Pounds without a sign in, a signed net position out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO
from accounting.periods import FinancialYear


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackYear:
    """One year: benefit − investment, and the sum so far. `cumulative` below nil is still to be paid back."""

    year: FinancialYear
    investment: Decimal
    benefit: Decimal
    cumulative: Decimal

    @property
    def net(self) -> Decimal:
        """Benefit − investment in this year."""
        return self.benefit - self.investment


@dataclass(frozen=True, slots=True, kw_only=True)
class Payback:
    """A whole profile."""

    years: tuple[PaybackYear, ...]

    @property
    def paid_back_in(self) -> FinancialYear | None:
        """The first year, once something was invested, from which the cumulative position stays at nil or above; `None` if there is none."""
        if not any(year.investment for year in self.years):
            return None
        found: FinancialYear | None = None
        for year in self.years:
            if year.cumulative < 0:
                found = None
            elif found is None:
                found = year.year
        return found

    @property
    def deepest(self) -> Decimal:
        """The most that was outstanding at the end of a year, as a position: nil or below."""
        return min((year.cumulative for year in self.years), default=ZERO)


def payback_so_far(
    years: Sequence[tuple[FinancialYear, Decimal | None, Decimal | None]],
) -> Payback:
    """A profile from (year, investment, benefit) as far as both are known: the first year of which either is unknown ends it."""
    known: list[tuple[FinancialYear, Decimal, Decimal]] = []
    for year, investment, benefit in sorted(years, key=lambda one: one[0]):
        if investment is None or benefit is None:
            break
        known.append((year, investment, benefit))
    return payback(known)


def payback(years: Sequence[tuple[FinancialYear, Decimal, Decimal]]) -> Payback:
    """A profile from (year, investment, benefit), in order of years."""
    cumulative, profile = ZERO, []
    for year, investment, benefit in sorted(years):
        cumulative += benefit - investment
        profile.append(PaybackYear(year=year, investment=investment, benefit=benefit, cumulative=cumulative))
    return Payback(years=tuple(profile))
