"""Reserves roll forward: opening + contributions − drawdowns ± transfers = closing. Balances and movements are exact pounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from accounting.money import ZERO, total
from accounting.wording import format_money


class ReserveKind(StrEnum):
    """What a reserve may be used for. Ring-fenced and unusable reserves cannot meet a General Fund overspend."""

    GENERAL = "general"
    EARMARKED = "earmarked"
    RING_FENCED = "ring_fenced"
    UNUSABLE = "unusable"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {
            "general": "General reserve",
            "earmarked": "Earmarked reserve",
            "ring_fenced": "Ring-fenced reserve",
            "unusable": "Unusable reserve",
        }[self.value]

    @property
    def may_meet_an_overspend(self) -> bool:
        """Whether the General Fund may draw on it."""
        return self in (ReserveKind.GENERAL, ReserveKind.EARMARKED)


class ReserveOverdrawnError(ValueError):
    """A usable reserve would close below nil."""

    def __init__(self, name: str, closing: Decimal) -> None:
        super().__init__(
            f"{name} would close at {format_money(closing, places=2)}. A usable reserve cannot go below nil: "
            "reduce the drawdown, or meet it from another reserve."
        )
        self.closing = closing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveBalance:
    """One reserve's year, as seen at one period. All movements ≥ 0 but `transfers`, which is signed; `None` opening is unknown."""

    opening: Decimal | None
    drawdown: Decimal = ZERO
    contribution: Decimal = ZERO
    transfers: Decimal = ZERO
    pending_drawdown: Decimal = ZERO
    pending_contribution: Decimal = ZERO

    @property
    def closing(self) -> Decimal | None:
        """On approved and applied uses."""
        if self.opening is None:
            return None
        return self.opening + self.contribution - self.drawdown + self.transfers

    @property
    def closing_if_all_approved(self) -> Decimal | None:
        """If every planned and requested use is approved as well."""
        if self.closing is None:
            return None
        return self.closing + self.pending_contribution - self.pending_drawdown


def check_not_overdrawn(name: str, balance: ReserveBalance) -> None:
    """Raise `ReserveOverdrawnError` if approved uses would take a reserve of known balance below nil."""
    if balance.closing is not None and balance.closing < 0:
        raise ReserveOverdrawnError(name, balance.closing)


def runway_years(usable: Sequence[Decimal], yearly_net_use: Decimal) -> Decimal | None:
    """How many years usable reserves last at a year's net use, unrounded; `None` if nothing is being used up."""
    if yearly_net_use <= 0:
        return None
    return total(tuple(usable)) / yearly_net_use
