"""RAG ratings from a council's rule table. The rules are data; only how to apply them is here.

A rule is met by percent, by amount, or by whichever of the two is lower (domain practice differs by council). The same £6,360k is Green on
gross expenditure (1.6%) and Red on the net budget (6.0%), so a policy states which base it uses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from accounting.position import percent_of
from accounting.wording import format_money, format_percent


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


class RagRuleError(ValueError):
    """A table of rules that contradicts itself, leaves a gap, or holds a rule that can never be met."""


def check_rules(rules: Sequence[RagRule]) -> None:
    """Raise `RagRuleError`, saying what to change, unless the table makes sense.

    An overspend can be Red; Amber begins below Red by everything that Red goes by, so that none is Red without passing Amber and Amber is
    never worse than Red; Red is asked before Amber; Green is what is left.
    """
    if any(rule.rating is Rag.GREEN for rule in rules):
        raise RagRuleError("Green is what is left when no rule is met. Take the Green rule out.")
    if not any(rule.rating is Rag.RED and rule.overspend for rule in rules):
        raise RagRuleError(
            "No overspend would ever be Red. Say from what percentage or amount an overspend is Red."
        )
    for overspend in (True, False):
        _check_direction(
            [rule for rule in rules if rule.overspend is overspend],
            "overspend" if overspend else "underspend",
        )


def _check_direction(rules: Sequence[RagRule], what: str) -> None:
    for rule in rules:
        for limit in (rule.percent, rule.amount):
            if limit is not None and limit < 0:
                raise RagRuleError(f"A limit for an {what} is below nil. Write limits without a sign.")
    ratings = [rule.rating for rule in rules]
    if len(set(ratings)) != len(ratings):
        raise RagRuleError(
            f"An {what} has two rules for one rating, which overlap. Give each rating one rule."
        )
    if ratings == [Rag.AMBER, Rag.RED]:
        raise RagRuleError(f"For an {what} Amber is asked before Red, so none would be Red. Put Red first.")
    if len(rules) == 2:
        _check_nested(red=rules[0], amber=rules[1], what=what)


def _check_nested(*, red: RagRule, amber: RagRule, what: str) -> None:
    """Whatever is Red would be Amber if it were a little less."""
    for name, ends, begins in (
        ("percentage", red.percent, amber.percent),
        ("amount", red.amount, amber.amount),
    ):
        if ends is None:
            continue
        if begins is None:
            raise RagRuleError(
                f"An {what} is Red by {name} and Amber is not, so one could go from Green to Red without being Amber: a gap. "
                f"Give Amber a lower {name}."
            )
        if begins >= ends:
            raise RagRuleError(
                f"An {what} is Amber from {_limit(name, begins)} and Red from {_limit(name, ends)}: Amber must begin below Red."
            )


def _limit(name: str, value: Decimal) -> str:
    return format_percent(value) if name == "percentage" else format_money(value)


DEFAULT_RULES: tuple[RagRule, ...] = (
    RagRule(rating=Rag.RED, overspend=True, threshold=Threshold.PERCENT, percent=Decimal(5), inclusive=False),
    RagRule(rating=Rag.AMBER, overspend=True, threshold=Threshold.PERCENT, percent=Decimal(2)),
    RagRule(
        rating=Rag.AMBER, overspend=False, threshold=Threshold.PERCENT, percent=Decimal(5), inclusive=False
    ),
)
"""Under 2% over is Green, 2–5% Amber, above 5% Red (read off Oxfordshire's 2016/17 ratings); more than 5% under is Amber too,
because a large underspend is a question as well."""
