"""Axes.

Round ticks in pounds, and amounts to pixels. Drawing only; no figure that is printed comes from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from accounting.money import ZERO

_MULTIPLES: Final = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_INTERVALS: Final = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from a range of values to a range of pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def _finest_label(largest: Decimal) -> Decimal:
    """The finest step whose ticks `format_short` can tell apart.

    £0.1m from a million, £1k from a thousand.
    """
    if largest >= 999_500:
        return Decimal(100_000)
    return Decimal(1_000) if largest >= Decimal("999.5") else Decimal(1)


def _step(span: Decimal, *, finest: Decimal) -> Decimal:
    """A step of 1, 2 or 5 times a power of ten that cuts the span into about five."""
    rough = span / _INTERVALS
    power = Decimal(10) ** rough.adjusted()
    return max(next(power * multiple for multiple in _MULTIPLES if power * multiple >= rough), finest)


def round_ticks(amounts: Sequence[Decimal], *, from_nil: bool = True) -> list[Decimal]:
    """Evenly spaced round amounts that cover the given ones, and nil unless `from_nil` is false.

    At least two.
    """
    known = [*amounts, ZERO] if from_nil or not amounts else list(amounts)
    low, high = min(known), max(known)
    finest = _finest_label(max(abs(low), abs(high)))
    step = _step(max(high - low, finest), finest=finest)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return [step * (first + index) for index in range(int(last - first) + 1)]


def padded(ticks: Sequence[Decimal], *, share: Decimal) -> tuple[Decimal, Decimal]:
    """The ends of an axis: beyond its last ticks by a share of its length, but never below nil where all is above it."""
    room = (ticks[-1] - ticks[0]) * share
    low = ticks[0] if ticks[0] == 0 else ticks[0] - room
    high = ticks[-1] if ticks[-1] == 0 else ticks[-1] + room
    return low, high


def running_levels(steps: Sequence[tuple[Decimal, bool]]) -> list[Decimal]:
    """Where each bar of a waterfall ends: (amount, whether it is a level rather than a change)."""
    levels, level = [], ZERO
    for amount, is_level in steps:
        level = amount if is_level else level + amount
        levels.append(level)
    return levels


def stack_extremes(series: Sequence[Sequence[Decimal | None]]) -> list[Decimal]:
    """How far each stack reaches above and below nil."""
    reaches: list[Decimal] = []
    for stack in zip(*series, strict=True):
        known = [amount for amount in stack if amount is not None]
        reaches.append(sum((amount for amount in known if amount > 0), ZERO))
        reaches.append(sum((amount for amount in known if amount < 0), ZERO))
    return reaches
