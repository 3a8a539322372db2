"""When a variance must be explained: a council's threshold by amount, by percent, or by either."""

from dataclasses import dataclass
from decimal import Decimal

from accounting.position import percent_of


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
