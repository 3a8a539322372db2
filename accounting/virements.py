"""Virements: they move budget and never change its total; a council's scheme says who approves which, and which members are asked to approve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from accounting.funds import Fund, FundMismatchError
from accounting.money import PENNY, ZERO, total
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


class Boundary(StrEnum):
    """What a virement crosses, from the narrowest to the widest."""

    WITHIN_DIVISION = "division"
    BETWEEN_DIVISIONS = "directorate"
    BETWEEN_DIRECTORATES = "council"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {
            "division": "Within a division",
            "directorate": "Between divisions of a directorate",
            "council": "Between directorates",
        }[self.value]

    def contains(self, other: "Boundary") -> bool:
        """Whether a rule for this boundary is for the other as well: what crosses more crosses this too."""
        every = tuple(Boundary)
        return every.index(other) >= every.index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """One row of a scheme of virement: across this boundary and above this many pounds (≥ 0), this role approves.

    `for_approval`: listed for members' approval; otherwise for their information.
    """

    boundary: Boundary
    above_amount: Decimal
    approver: str
    for_approval: bool

    def is_met(self, *, boundary: Boundary, moved: Decimal) -> bool:
        """Whether it is for a virement that crosses this boundary and moves this many pounds, without a sign."""
        return self.boundary.contains(boundary) and moved > self.above_amount


def boundary_crossed(lines: Sequence[tuple[object, object]]) -> Boundary:
    """The widest boundary between lines, each given as its directorate and its division."""
    if len({directorate for directorate, _ in lines}) > 1:
        return Boundary.BETWEEN_DIRECTORATES
    if len(set(lines)) > 1:
        return Boundary.BETWEEN_DIVISIONS
    return Boundary.WITHIN_DIVISION


def rule_met(rules: Sequence[ApprovalRule], *, boundary: Boundary, moved: Decimal) -> ApprovalRule | None:
    """The first row, in order, that a virement meets; `None` if the scheme does not speak of it."""
    return next((rule for rule in rules if rule.is_met(boundary=boundary, moved=moved)), None)


class SchemeError(ValueError):
    """A scheme of virement that leaves a gap, holds a row that never decides, or asks less of a larger virement."""


def check_scheme(rules: Sequence[ApprovalRule], *, ranks: Mapping[str, int]) -> None:
    """Raise `SchemeError`, saying what to change, unless the scheme makes sense. `ranks`: who may approve, the higher the more they may.

    Every virement meets a row; every row is the first for some virement; and one that is larger, or crosses more, is never decided by
    somebody of lower rank, nor only told to members where a smaller one is put to them.
    """
    if any(rule.above_amount < 0 for rule in rules):
        raise SchemeError("An amount is below nil. Write amounts without a sign.")
    stranger = next((rule.approver for rule in rules if rule.approver not in ranks), None)
    if stranger is not None:
        raise SchemeError(f"A {stranger.replace('_', ' ')} cannot approve a virement. Choose another role.")
    amounts = sorted({ZERO, *(rule.above_amount for rule in rules)})
    met: dict[tuple[Boundary, Decimal], ApprovalRule] = {}
    for boundary in Boundary:
        for amount in amounts:
            rule = rule_met(rules, boundary=boundary, moved=amount + PENNY)
            if rule is None:
                raise SchemeError(
                    f"A virement {boundary.label.lower()} of more than {format_money(amount)} meets no row: a gap. "
                    f"Add a row “{Boundary.WITHIN_DIVISION.label}, more than £0”."
                )
            met[boundary, amount] = rule
    idle = next((rule for rule in rules if not any(one is rule for one in met.values())), None)
    if idle is not None:
        raise SchemeError(
            f"The row “{rule_words(idle)}” never decides: another row takes every case of it first."
        )
    _check_rising(met, ranks)


def _check_rising(met: Mapping[tuple[Boundary, Decimal], ApprovalRule], ranks: Mapping[str, int]) -> None:
    for (boundary, amount), rule in met.items():
        for (other, more), larger in met.items():
            if not boundary.contains(other) or more < amount:
                continue
            if ranks[larger.approver] < ranks[rule.approver] or (
                rule.for_approval and not larger.for_approval
            ):
                raise SchemeError(
                    f"“{rule_words(larger)}” asks less than “{rule_words(rule)}”, though its virements are larger or cross more. "
                    "Ask at least as much of the larger."
                )


def rule_words(rule: ApprovalRule) -> str:
    """“Between directorates, more than £100,000: head of finance, for approval”."""
    listed = "for approval" if rule.for_approval else "for information"
    return f"{rule.boundary.label}, more than {format_money(rule.above_amount)}: {rule.approver.replace('_', ' ')}, {listed}"


def in_order(rules: Sequence[ApprovalRule]) -> tuple[ApprovalRule, ...]:
    """Rows from the most demanding down: the widest boundary first, and the largest amount within it."""
    every = tuple(Boundary)
    return tuple(
        sorted(rules, key=lambda rule: (every.index(rule.boundary), rule.above_amount), reverse=True)
    )
