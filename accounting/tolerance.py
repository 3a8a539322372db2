"""How far printed figures may miss one another before it is more than rounding.

Published totals are rounded from unrounded data, so printed lines miss printed totals by a unit or two in most real tables. The gap is shown,
never plugged. A table that prints pence is exact, and gets no tolerance at all.
"""

from decimal import Decimal

from accounting.money import PENNY, ZERO, Unit

HALF = Decimal("0.5")
PERCENT_TOLERANCE = Decimal("0.2")


def display_unit(unit: Unit, decimals: int) -> Decimal:
    """The smallest step a table shows, in pounds: £1,000 for whole thousands, £100,000 for millions to one place."""
    return unit.factor.scaleb(-decimals)


def of_total(step: Decimal, lines: int) -> Decimal:
    """By how much a printed total may miss the sum of `lines` printed lines: half a step for each line and for the total itself."""
    return ZERO if step <= PENNY else HALF * step * (lines + 1)


def of_identity(step: Decimal) -> Decimal:
    """By how much a printed variance may miss printed forecast − printed budget: one step."""
    return ZERO if step <= PENNY else step
