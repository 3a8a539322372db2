"""The Dedicated Schools Grant's own roll-forward. A deficit is positive, as an overspend is; a surplus negative.

Four numbers that are never one another: the in-year deficit, its variance from a budgeted deficit, the cumulative deficit, and the planned
path of that. None of them enters a General Fund figure (reg 30L, SI 2003/3146, holds the deficit in an unusable account).
"""

from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO


class DsgRollForwardError(ValueError):
    """The printed closing balance does not follow from the opening balance and the year's movements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DsgBalance:
    """A DSG account at one period: opening + in-year − funding received + adjustments = closing. `None` is unknown."""

    opening: Decimal | None
    in_year: Decimal | None
    funding_received: Decimal = ZERO
    adjustments: Decimal = ZERO
    stated_closing: Decimal | None = None
    """The closing balance as a paper states it, where the parts are not all known."""
    planned_closing: Decimal | None = None
    budgeted_in_year: Decimal | None = None

    @property
    def closing(self) -> Decimal | None:
        """The cumulative position at year end: from the parts where they are known, otherwise as stated."""
        if self.opening is None or self.in_year is None:
            return self.stated_closing
        return self.opening + self.in_year - self.funding_received + self.adjustments

    @property
    def gap_from_stated(self) -> Decimal | None:
        """Closing from the parts − closing as stated; `None` where either is unknown."""
        if (
            self.opening is None
            or self.in_year is None
            or self.stated_closing is None
            or self.closing is None
        ):
            return None
        return self.closing - self.stated_closing

    @property
    def variance_from_plan(self) -> Decimal | None:
        """Closing − the closing balance of the agreed plan; worse is positive."""
        return (
            None
            if self.closing is None or self.planned_closing is None
            else self.closing - self.planned_closing
        )

    @property
    def in_year_variance(self) -> Decimal | None:
        """In-year deficit − the deficit that was budgeted for."""
        return (
            None
            if self.in_year is None or self.budgeted_in_year is None
            else self.in_year - self.budgeted_in_year
        )
