"""In-year recovery: what actions were to bring in, what has been identified, what has come in, and how the projection moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from accounting.money import ZERO, total
from accounting.position import percent_of


class ProjectionStage(StrEnum):
    """At which point between gross and net a projection stands."""

    GROSS = "gross"
    AFTER_MITIGATION = "after_mitigation"
    AFTER_RESERVES = "after_reserves"
    NOT_STATED = "not_stated"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {
            "gross": "Before reserves and other savings",
            "after_mitigation": "After mitigating actions",
            "after_reserves": "After reserves and other savings",
            "not_stated": "Stage not stated",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One action, or the sum of several. Pounds without a sign; `None` is unknown. Identified is not yet received; recouped is."""

    target: Decimal | None
    identified: Decimal | None = None
    recouped: Decimal | None = None

    @property
    def to_identify(self) -> Decimal | None:
        """Target − identified: positive is still to be found."""
        return None if self.target is None or self.identified is None else self.target - self.identified

    @property
    def to_recoup(self) -> Decimal | None:
        """Identified − recouped: found and not yet in."""
        if self.identified is None or self.recouped is None:
            return None
        return self.identified - self.recouped

    @property
    def remaining(self) -> Decimal | None:
        """Target − recouped: what has still to come in."""
        return None if self.target is None or self.recouped is None else self.target - self.recouped

    @property
    def identified_percent(self) -> Decimal | None:
        """Identified as a percentage of the target: £224,537 of £250,000 is 89.8%."""
        return percent_of(self.identified, self.target)


def total_progress(actions: Sequence[Progress]) -> Progress:
    """The sum of several actions, figure by figure; what one does not know is left out of that figure, and what none knows is unknown."""
    return Progress(
        target=_known([one.target for one in actions]),
        identified=_known([one.identified for one in actions]),
        recouped=_known([one.recouped for one in actions]),
    )


def _known(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeStep:
    """One step of a bridge: what it is, and by how much it moves the projection. A reduction is negative."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """From one projection to a later one. The steps, with the part that nothing explains, sum to the change exactly."""

    start: Decimal
    end: Decimal
    steps: tuple[BridgeStep, ...] = ()

    @property
    def change(self) -> Decimal:
        """End − start: a reduction is negative. £5,466,000 to £4,681,000 is −£785,000."""
        return self.end - self.start

    @property
    def unexplained(self) -> Decimal:
        """The change − what the steps explain."""
        return self.change - total([step.amount for step in self.steps])


def conversion_saving(heads: int, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """What agency posts made permanent save in a full year, at least and at most: heads × saving a head."""
    return heads * low, heads * high


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCost:
    """A business case: cost a year now and after, and what the change costs once. `None` is unknown."""

    now: Decimal | None
    after: Decimal | None
    one_off: Decimal | None = None

    @property
    def saving(self) -> Decimal | None:
        """Saved in a full year: now − after; negative costs more."""
        return None if self.now is None or self.after is None else self.now - self.after

    @property
    def net_of_first_year(self) -> Decimal | None:
        """The first full year's saving less the cost of the change."""
        return None if self.saving is None else self.saving - (self.one_off or ZERO)
