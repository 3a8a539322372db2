"""How a saving is getting on. Amounts are pounds without a sign: a target of £250,000 is £250,000 to be saved this year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from accounting.money import ZERO, total
from accounting.position import percent_of
from accounting.wording import format_money


class Stage(StrEnum):
    """How far a proposal has got."""

    IDEA = "idea"
    PROPOSAL = "proposal"
    CONSULTATION = "consultation"
    RECOMMENDED = "recommended"
    AGREED = "agreed"
    IN_DELIVERY = "in_delivery"
    DELIVERED = "delivered"
    PART_DELIVERED = "part_delivered"
    SLIPPED = "slipped"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    WRITTEN_OFF = "written_off"

    @property
    def label(self) -> str:
        """As pages name it."""
        return self.value.replace("_", " ").capitalize()

    @property
    def is_closed(self) -> bool:
        """Nothing more is expected of it."""
        return self in (Stage.DELIVERED, Stage.REPLACED, Stage.WITHDRAWN, Stage.WRITTEN_OFF)

    @property
    def is_public_by_itself(self) -> bool:
        """Whether reaching this stage puts a proposal in the open, where it then stays: consultation and all that can only come later.

        An idea that is withdrawn or replaced before anybody outside heard of it has not been in the open.
        """
        return self not in (Stage.IDEA, Stage.PROPOSAL, Stage.WITHDRAWN, Stage.REPLACED)

    @property
    def may_count(self) -> bool:
        """Whether its amounts belong in the budget, or would if it were agreed."""
        return self not in (Stage.REPLACED, Stage.WITHDRAWN, Stage.WRITTEN_OFF)

    @property
    def counts(self) -> bool:
        """Whether its amounts belong in the budget: agreed, and neither replaced, withdrawn nor written off."""
        return self in (Stage.AGREED, Stage.IN_DELIVERY, Stage.DELIVERED, Stage.PART_DELIVERED, Stage.SLIPPED)

    @property
    def follows(self) -> frozenset["Stage"]:
        """The stages that may come next. Nothing comes after what was withdrawn or written off; a new proposal does."""
        return _NEXT[self]


_ENDS = frozenset({Stage.WITHDRAWN, Stage.REPLACED})
_OUTCOMES = frozenset({Stage.DELIVERED, Stage.PART_DELIVERED, Stage.SLIPPED, Stage.WRITTEN_OFF}) | _ENDS
_NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.IDEA: frozenset({Stage.PROPOSAL, Stage.CONSULTATION, Stage.RECOMMENDED}) | _ENDS,
    Stage.PROPOSAL: frozenset({Stage.IDEA, Stage.CONSULTATION, Stage.RECOMMENDED, Stage.AGREED}) | _ENDS,
    Stage.CONSULTATION: frozenset({Stage.PROPOSAL, Stage.RECOMMENDED, Stage.AGREED}) | _ENDS,
    Stage.RECOMMENDED: frozenset({Stage.PROPOSAL, Stage.CONSULTATION, Stage.AGREED}) | _ENDS,
    Stage.AGREED: frozenset({Stage.IN_DELIVERY}) | _OUTCOMES,
    Stage.IN_DELIVERY: _OUTCOMES,
    Stage.PART_DELIVERED: frozenset({Stage.IN_DELIVERY}) | (_OUTCOMES - {Stage.PART_DELIVERED}),
    Stage.SLIPPED: frozenset({Stage.IN_DELIVERY}) | (_OUTCOMES - {Stage.SLIPPED}),
    Stage.DELIVERED: frozenset(),
    Stage.REPLACED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
    Stage.WRITTEN_OFF: frozenset(),
}


class Confidence(StrEnum):
    """How sure the lead is of the forecast: held apart from the colour."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_JUDGED = "not_judged"

    @property
    def label(self) -> str:
        """As pages name it."""
        return self.value.replace("_", " ").capitalize()


class MitigationKind(StrEnum):
    """What stands in for a saving that is not delivered."""

    RECURRENT = "recurrent"
    ONE_OFF = "one_off"
    GRANT = "grant"
    RESERVE = "reserve"
    VACANCY = "vacancy"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {
            "recurrent": "Another recurrent saving",
            "one_off": "One-off saving",
            "grant": "Grant",
            "reserve": "Reserve",
            "vacancy": "Vacant posts",
        }[self.value]

    @property
    def lasts(self) -> bool:
        """Whether it still stands next year. Only another recurrent saving does."""
        return self is MitigationKind.RECURRENT


class PartsDoNotSumError(ValueError):
    """Delivered, on track, at risk and undeliverable do not sum to the target."""

    def __init__(self, target: Decimal, parts: Decimal) -> None:
        self.difference = parts - target
        more = "more" if self.difference > 0 else "less"
        super().__init__(
            f"The parts sum to {format_money(parts, places=2)}, {format_money(abs(self.difference), places=2)} {more} than the target of "
            f"{format_money(target, places=2)}. Delivered, on track, at risk and undeliverable must sum to the target."
        )


class NegativePartError(ValueError):
    """A part of the target is below nil."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One saving in one year, or the sum of several. `None` is unknown: the paper gives no £, or nobody has said how the target divides."""

    target: Decimal | None
    delivered: Decimal | None = None
    on_track: Decimal | None = None
    at_risk: Decimal | None = None
    undeliverable: Decimal | None = None
    forecast: Decimal | None = None
    """How much will be delivered by 31 March."""
    mitigation: Decimal = ZERO
    lasting_mitigation: Decimal = ZERO
    """The part of `mitigation` that still stands next year."""
    target_returns: Decimal = ZERO
    """The part of the target that was one-off, and comes back next year whatever happens."""

    @property
    def parts(self) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
        """The four parts, or `None` while they are not given."""
        if (
            self.delivered is None
            or self.on_track is None
            or self.at_risk is None
            or self.undeliverable is None
        ):
            return None
        return self.delivered, self.on_track, self.at_risk, self.undeliverable

    @property
    def shortfall(self) -> Decimal | None:
        """Target − forecast: positive is not delivered, negative is more than was asked."""
        if self.target is None or self.forecast is None:
            return None
        return self.target - self.forecast

    @property
    def unmitigated(self) -> Decimal | None:
        """Shortfall − what stands in for it: what adds to this year's overspend."""
        return None if self.shortfall is None else self.shortfall - self.mitigation

    @property
    def reopens_next_year(self) -> Decimal | None:
        """Shortfall of what was to be recurrent − lasting mitigation, never below nil: the pressure that next year opens with."""
        if self.shortfall is None:
            return None
        return max(self.shortfall - self.lasting_mitigation - self.target_returns, ZERO)

    @property
    def delivered_percent(self) -> Decimal | None:
        """Delivered as a percentage of the target; `None` for a nil or unknown target."""
        return percent_of(self.delivered, self.target)

    @property
    def net_delivery(self) -> Decimal | None:
        """Forecast + what stands in for the rest: how much of the target is met by any means."""
        return None if self.forecast is None else self.forecast + self.mitigation


def check_parts(delivery: Delivery) -> None:
    """Raise `PartsDoNotSumError` or `NegativePartError` unless the four parts, where given, sum to the target exactly."""
    given = (delivery.delivered, delivery.on_track, delivery.at_risk, delivery.undeliverable)
    if all(part is None for part in given):
        return
    if delivery.parts is None or delivery.target is None:
        raise NegativePartError(
            "Give all four parts of the target (delivered, on track, at risk, undeliverable), with 0 where there is none, or leave all four blank."
        )
    if any(part < 0 for part in delivery.parts):
        raise NegativePartError("A part of the target cannot be below nil.")
    parts = total(delivery.parts)
    if parts != delivery.target:
        raise PartsDoNotSumError(delivery.target, parts)


def total_delivery(deliveries: Sequence[Delivery]) -> Delivery:
    """The sum of several savings, figure by figure.

    What is unknown of one saving is left out of that figure's sum; a figure that nobody knows is unknown. `parts` of a total sum to its target
    only where every saving's parts are given: compare `len` of those with a target and of those with parts before saying that they do.
    """
    return Delivery(
        target=_known([one.target for one in deliveries]),
        delivered=_known([one.delivered for one in deliveries]),
        on_track=_known([one.on_track for one in deliveries]),
        at_risk=_known([one.at_risk for one in deliveries]),
        undeliverable=_known([one.undeliverable for one in deliveries]),
        forecast=_known([one.forecast for one in deliveries]),
        mitigation=total([one.mitigation for one in deliveries]),
        lasting_mitigation=total([one.lasting_mitigation for one in deliveries]),
        target_returns=total([one.target_returns for one in deliveries]),
    )


def _known(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingFigures:
    """Every figure of one saving or total, worked out once and then only shown: `Delivery` as values, so that what is published stays as it was."""

    target: Decimal | None
    delivered: Decimal | None
    on_track: Decimal | None
    at_risk: Decimal | None
    undeliverable: Decimal | None
    forecast: Decimal | None
    shortfall: Decimal | None
    mitigation: Decimal
    unmitigated: Decimal | None
    reopens_next_year: Decimal | None
    net_delivery: Decimal | None
    delivered_percent: Decimal | None


def saving_figures(delivery: Delivery) -> SavingFigures:
    """Work out every figure of one saving or total."""
    return SavingFigures(
        target=delivery.target,
        delivered=delivery.delivered,
        on_track=delivery.on_track,
        at_risk=delivery.at_risk,
        undeliverable=delivery.undeliverable,
        forecast=delivery.forecast,
        shortfall=delivery.shortfall,
        mitigation=delivery.mitigation,
        unmitigated=delivery.unmitigated,
        reopens_next_year=delivery.reopens_next_year,
        net_delivery=delivery.net_delivery,
        delivered_percent=delivery.delivered_percent,
    )


def is_undivided(figures: SavingFigures) -> bool:
    """Whether there is a target and nobody has said how it divides."""
    parts = (figures.delivered, figures.on_track, figures.at_risk, figures.undeliverable)
    return figures.target is not None and None in parts


def parts_agree(figures: SavingFigures) -> bool:
    """Whether the four parts, where all are known, sum to the target exactly."""
    parts = (figures.delivered, figures.on_track, figures.at_risk, figures.undeliverable)
    known = [part for part in parts if part is not None]
    return len(known) < len(parts) or total(known) == figures.target


def total_figures(deliveries: Sequence[Delivery]) -> SavingFigures:
    """Every figure of the sum of several savings, so that forecast + shortfall = target here too.

    While the forecast of one with a target is unknown, so is what the sum falls short by: the target of that one is not a shortfall. What
    reopens is summed saving by saving, because a one-off of one saving that comes back does not take away another's shortfall.
    """
    whole = saving_figures(total_delivery(deliveries))
    if any(one.target is not None and one.forecast is None for one in deliveries):
        return replace(whole, shortfall=None, unmitigated=None, reopens_next_year=None)
    return replace(whole, reopens_next_year=_known([one.reopens_next_year for one in deliveries]))
