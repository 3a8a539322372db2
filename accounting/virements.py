"""Virements: they move budget and never change its total."""

from collections.abc import Sequence
from decimal import Decimal

from accounting.funds import Fund, FundMismatchError
from accounting.money import total
from accounting.wording import format_money


class VirementError(ValueError):
    """The legs are not a virement."""


class VirementNotBalancedError(VirementError):
    """The legs do not sum to nil."""

    def __init__(self, difference: Decimal) -> None:
        super().__init__(
            f"The virement does not balance: its legs add to {format_money(difference, places=2)} and must add to nil. "
            "What leaves one line must arrive at others."
        )
        self.difference = difference


class VirementTooShortError(VirementError):
    """Fewer than two legs, or a leg of nil."""

    def __init__(self) -> None:
        super().__init__("A virement needs at least two legs, and no leg may be nil.")


def check_legs(legs: Sequence[tuple[Fund, Decimal]]) -> None:
    """Refuse legs that are not a virement: fewer than two, a nil leg, a sum that is not nil, or more than one fund.

    A leg is the signed change to a line's budget in pounds: + receives, − gives. Many legs and negative budgets (savings targets, income)
    are normal. Raises `VirementError` or `FundMismatchError`.
    """
    if len(legs) < 2 or any(amount == 0 for _, amount in legs):
        raise VirementTooShortError
    first = legs[0][0]
    for fund, _ in legs:
        if fund.whole is not first.whole:
            raise FundMismatchError(first, fund)
    difference = total([amount for _, amount in legs])
    if difference != 0:
        raise VirementNotBalancedError(difference)
