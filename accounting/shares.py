"""Parts of a whole: a council's own part of a shared saving, year by year, and the whole that a percentage implies."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from accounting.money import ZERO, round_half_away
from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan, PhaseKind

Shares = Mapping[FinancialYear, Decimal | None]
"""A council's own part of each shared year's change to base; `None` while the split is not agreed."""


def own_changes(phases: Sequence[PhasedAmount], shares: Shares) -> dict[FinancialYear, Decimal | None]:
    """The council's own change to base of every year: its share where the year is shared, the whole change where it is not.

    What a shared one-off puts back the year after, without shares of its own, comes back in the proportion in which it was shared. `None` is
    not known, because a split is not agreed.
    """
    by_year = PhasedPlan(phases=tuple(phases)).by_year
    return {
        year: shares[year] if year in shares else _unshared(phases, by_year, year, shares)
        for year in sorted({*by_year, *shares})
    }


def _unshared(
    phases: Sequence[PhasedAmount],
    by_year: Mapping[FinancialYear, Decimal],
    year: FinancialYear,
    shares: Shares,
) -> Decimal | None:
    change, before = by_year.get(year, ZERO), year.previous
    one_off = sum(
        (phase.amount for phase in phases if phase.year == before and phase.kind is PhaseKind.ONE_OFF), ZERO
    )
    if not one_off or before not in shares:
        return change
    ours = shares[before]
    return None if ours is None else change + one_off - part_of(one_off, ours, by_year.get(before, ZERO))


def part_of(amount: Decimal, ours: Decimal, whole: Decimal) -> Decimal:
    """amount × ours ÷ whole, to the penny; the amount itself where there is no whole to divide by."""
    return amount if not whole or ours == whole else round_half_away(amount * ours / whole, 2)


def implied_whole(part: Decimal, percent: Decimal) -> Decimal | None:
    """The whole of which the part is this many per cent, to the pound: £1.7m at 3.5% is £48,571,429. `None` for nil per cent."""
    return None if not percent else round_half_away(part * 100 / percent, 0)


def percent_from_hundredths(hundredths: int) -> Decimal:
    """Per cent from whole hundredths of a per cent, as the database holds them: 350 is 3.5."""
    return Decimal(hundredths) / 100
