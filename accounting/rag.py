"""RAG ratings from a council's rule table. The rules are data; only how to apply them is here.

A rule is met by percent, by amount, or by whichever of the two is lower (domain practice differs by council). The same £6,360k is Green on
gross expenditure (1.6%) and Red on the net budget (6.0%), so a policy states which base it uses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from accounting.position import percent_of


class Rag(StrEnum):
    """A rating; shown as a word and a shape before it is a colour."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"

    @property
    def label(self) -> str:
        """The word."""
        return self.value.capitalize()

    @property
    def shape(self) -> str:
        """The shape: square, triangle, disc."""
        return {Rag.RED: "■", Rag.AMBER: "▲", Rag.GREEN: "●"}[self]


class Threshold(StrEnum):
    """How a rule's percent and amount combine."""

    PERCENT = "percent"
    AMOUNT = "amount"
    WHICHEVER_IS_LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class RagRule:
    """Rates `rating` when a variance in one direction reaches a threshold. Amounts are pounds ≥ 0; percents are of |budget|."""

    rating: Rag
    overspend: bool
    threshold: Threshold
    percent: Decimal | None = None
    amount: Decimal | None = None
    inclusive: bool = True
    """Whether a variance exactly at the threshold meets it (“5% or more”) or not (“more than 5%”)."""

    def __post_init__(self) -> None:
        needs_percent = self.threshold is not Threshold.AMOUNT
        needs_amount = self.threshold is not Threshold.PERCENT
        if needs_percent != (self.percent is not None) or needs_amount != (self.amount is not None):
            raise ValueError(f"A rule by {self.threshold.value} must state exactly what it compares with.")

    def is_met(self, *, variance: Decimal, budget: Decimal | None) -> bool:
        """Whether the variance is in this rule's direction and reaches it. With no budget to compare with, percent is not met."""
        if variance == 0 or (variance > 0) != self.overspend:
            return False
        share = percent_of(abs(variance), budget)
        by_percent = self.percent is not None and share is not None and self._reaches(share, self.percent)
        by_amount = self.amount is not None and self._reaches(abs(variance), self.amount)
        return by_percent or by_amount

    def _reaches(self, value: Decimal, threshold: Decimal) -> bool:
        return value >= threshold if self.inclusive else value > threshold


def rate(rules: Sequence[RagRule], *, variance: Decimal | None, budget: Decimal | None) -> Rag | None:
    """The rating of the first rule met, in order; Green if none is; `None` where the variance is unknown."""
    if variance is None:
        return None
    return next((rule.rating for rule in rules if rule.is_met(variance=variance, budget=budget)), Rag.GREEN)


DEFAULT_RULES: tuple[RagRule, ...] = (
    RagRule(rating=Rag.RED, overspend=True, threshold=Threshold.PERCENT, percent=Decimal(5), inclusive=False),
    RagRule(rating=Rag.AMBER, overspend=True, threshold=Threshold.PERCENT, percent=Decimal(2)),
    RagRule(
        rating=Rag.AMBER, overspend=False, threshold=Threshold.PERCENT, percent=Decimal(5), inclusive=False
    ),
)
"""Under 2% over is Green, 2–5% Amber, above 5% Red (read off Oxfordshire's 2016/17 ratings); more than 5% under is Amber too,
because a large underspend is a question as well."""
