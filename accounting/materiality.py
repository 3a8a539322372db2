"""When a variance must be explained: a council's threshold by amount, by percent, or by either."""

from dataclasses import dataclass
from decimal import Decimal

from accounting.position import percent_of
from accounting.wording import format_money, format_percent


class MaterialityError(ValueError):
    """A threshold that asks for nothing, or cannot be met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Materiality:
    """A variance is material at `amount` pounds or more, or at `percent` of |budget| or more; an absent limit never applies."""

    amount: Decimal | None
    percent: Decimal | None

    def applies_to(self, *, variance: Decimal | None, budget: Decimal | None) -> bool:
        """Whether this variance needs reasons. An unknown variance does not: it needs a forecast first."""
        if variance is None or variance == 0:
            return False
        if self.amount is not None and abs(variance) >= self.amount:
            return True
        share = percent_of(abs(variance), budget)
        return self.percent is not None and share is not None and share >= self.percent

    def check(self) -> None:
        """Raise `MaterialityError` unless some variance would have to be explained, and not every one."""
        if self.amount is None and self.percent is None:
            raise MaterialityError(
                "No variance would have to be explained. Give an amount, a percentage, or both."
            )
        if (self.amount is not None and self.amount <= 0) or (self.percent is not None and self.percent <= 0):
            raise MaterialityError(
                "A limit must be above nil; at nil every penny would have to be explained."
            )
        if self.percent is not None and self.percent > 100:
            raise MaterialityError(
                "A percentage above 100 would let a budget be overspent twice over unexplained."
            )

    @property
    def words(self) -> str:
        """“£100,000 or more, or 10.0% of the budget or more”."""
        limits = [] if self.amount is None else [f"{format_money(self.amount)} or more"]
        limits += [] if self.percent is None else [f"{format_percent(self.percent)} of the budget or more"]
        return ", or ".join(limits) or "never"
