"""What a saving is to bring in one year, from its phasing: pounds without a sign, where phased amounts are changes to base, a saving negative."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO, total
from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind, changes_by_year
from accounting.shares import part_of

_COUNTED = (PhaseKind.RECURRENT, PhaseKind.ONE_OFF, PhaseKind.FULL_YEAR_EFFECT)
"""A one-off that goes back out is no target of the year in which it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One saving's target in one year. `amount` is `None` where the phasing does not say; `returns` is the part that comes back next year."""

    amount: Decimal | None
    returns: Decimal = ZERO

    @property
    def is_set(self) -> bool:
        """Whether there is something to save in the year."""
        return self.amount is not None and self.amount > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OurShare:
    """This council's part of a year's change to base; `amount` is `None` while the split is not agreed."""

    year: FinancialYear
    amount: Decimal | None


def target_of(
    phases: Sequence[PhasedAmount], year: FinancialYear, *, shares: Sequence[OurShare] = ()
) -> Target:
    """What is to be saved in a year: −(change to base), without what last year's one-off puts back; our part where the saving is shared.

    No phase at all is no target that is known. A phased saving without a phase this year has a target of nil.
    """
    if not phases:
        return Target(amount=None)
    asked = -_counted(phases, year)
    one_off = -total(
        [phase.amount for phase in phases if phase.year == year and phase.kind is PhaseKind.ONE_OFF]
    )
    share = next((share for share in shares if share.year == year), None)
    if share is None:
        return Target(amount=asked, returns=max(one_off, ZERO))
    if share.amount is None:
        return Target(amount=None)
    returned = _our_part_of_returns(phases, year, shares)
    if returned is None:
        return Target(amount=None)
    ours = returned - share.amount
    returns = part_of(one_off, ours, asked)
    return Target(amount=ours, returns=max(returns, ZERO))


def _counted(phases: Sequence[PhasedAmount], year: FinancialYear) -> Decimal:
    return total([phase.amount for phase in phases if phase.year == year and phase.kind in _COUNTED])


def _our_part_of_returns(
    phases: Sequence[PhasedAmount], year: FinancialYear, shares: Sequence[OurShare]
) -> Decimal | None:
    """Our part of what goes back out this year, in the proportion in which we had a part of last year's saving; `None` while that is not agreed."""
    by_year, before = changes_by_year(phases), year.previous
    returned = by_year.get(year, ZERO) - _counted(phases, year)
    share = next((share for share in shares if share.year == before), None)
    if share is None or not returned:
        return returned
    return None if share.amount is None else part_of(returned, share.amount, by_year.get(before, ZERO))
