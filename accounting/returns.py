"""What the figures that a return prints imply of one another: the budget or forecast it leaves out, and what its other columns should say.

Figures are pounds by name, overspend positive, only those that a row prints. Nothing here mends a figure: it says what would follow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounting.money import ZERO, total
from accounting.position import PERCENT, percent_of
from accounting.tolerance import HALF, PERCENT_TOLERANCE, of_identity, of_total

Printed = Mapping[Any, Decimal]
"""Amounts by the name of their figure."""
_SUPPORT = ("drawdown", "contribution", "one_off_funding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """What one printed figure should be by the others. `figures` are all that take part; each was rounded by itself."""

    figure: str
    rule: str
    value: Decimal
    figures: tuple[str, ...]

    def tolerance(self, step: Decimal) -> Decimal:
        """One step for a difference of two figures; half a step for each figure where there are more."""
        return of_identity(step) if len(self.figures) <= 3 else of_total(step, len(self.figures) - 1)


def revised_budget(printed: Printed) -> Decimal | None:
    """As printed; otherwise original + virements; otherwise forecast − variance before reserves."""
    if "revised_budget" in printed:
        return printed["revised_budget"]
    if "original_budget" in printed and "virements" in printed:
        return printed["original_budget"] + printed["virements"]
    variance = variance_before(printed)
    if "forecast_outturn" in printed and variance is not None:
        return printed["forecast_outturn"] - variance
    return None


def forecast_outturn(printed: Printed) -> Decimal | None:
    """As printed; otherwise revised budget + variance before reserves."""
    if "forecast_outturn" in printed:
        return printed["forecast_outturn"]
    budget, variance = revised_budget(printed), variance_before(printed)
    return None if budget is None or variance is None else budget + variance


def variance_before(printed: Printed) -> Decimal | None:
    """As printed; otherwise the printed variance after reserves with every printed use of reserves and funding taken out again."""
    if "variance" in printed:
        return printed["variance"]
    if "variance_after_reserves" not in printed or not any(name in printed for name in _SUPPORT):
        return None
    return printed["variance_after_reserves"] + _net_support(printed)


def _net_support(printed: Printed) -> Decimal:
    """Drawdown − contribution + other one-off funding."""
    return (
        printed.get("drawdown", ZERO)
        - printed.get("contribution", ZERO)
        + printed.get("one_off_funding", ZERO)
    )


def variance_after(printed: Printed) -> Decimal | None:
    """After reserves: as printed; otherwise forecast − budget less every printed use of reserves and funding."""
    if "variance_after_reserves" in printed:
        return printed["variance_after_reserves"]
    budget, forecast = revised_budget(printed), forecast_outturn(printed)
    return None if budget is None or forecast is None else forecast - budget - _net_support(printed)


def implied(printed: Printed) -> Iterator[Implied]:
    """Every printed figure that follows from other printed ones."""
    yield from _difference(
        printed, "variance", "forecast_outturn", "revised_budget", "forecast outturn − revised budget"
    )
    yield from _difference(
        printed, "remaining", "revised_budget", "actual_to_date", "revised budget − actual to date"
    )
    latest = "variance_after_reserves" if "variance_after_reserves" in printed else "variance"
    yield from _difference(printed, "movement", latest, "prior_variance", "variance now − variance then")
    if {"revised_budget", "original_budget", "virements"} <= printed.keys():
        yield Implied(
            figure="revised_budget",
            rule="original budget + virements",
            value=printed["original_budget"] + printed["virements"],
            figures=("revised_budget", "original_budget", "virements"),
        )
    yield from _after_reserves(printed)


def _difference(printed: Printed, figure: str, first: str, second: str, rule: str) -> Iterator[Implied]:
    if {figure, first, second} <= printed.keys():
        yield Implied(
            figure=figure, rule=rule, value=printed[first] - printed[second], figures=(figure, first, second)
        )


def _after_reserves(printed: Printed) -> Iterator[Implied]:
    support = tuple(name for name in _SUPPORT if name in printed)
    if "variance_after_reserves" not in printed or not support:
        return
    if "variance" in printed:
        before = printed["variance"]
        parts: tuple[str, ...] = ("variance",)
    elif {"forecast_outturn", "revised_budget"} <= printed.keys():
        before = printed["forecast_outturn"] - printed["revised_budget"]
        parts = ("forecast_outturn", "revised_budget")
    else:
        return
    yield Implied(
        figure="variance_after_reserves",
        rule="variance before reserves − drawdown + contribution − other one-off funding",
        value=before - _net_support(printed),
        figures=("variance_after_reserves", *parts, *support),
    )


def implied_percent(printed: Printed, figure: str, *, near: Decimal) -> Decimal | None:
    """What a printed percentage should be, unrounded.

    `percent` may be of the variance before or after reserves, and of a variance that was rounded by itself: the one nearest to `near`, the
    printed percentage, is taken. `percent_spent` is actual to date ÷ budget.
    """
    base = revised_budget(printed)
    if figure == "percent_spent":
        parts = [printed.get("actual_to_date")]
    else:
        forecast = printed.get("forecast_outturn")
        parts = [
            printed.get("variance"),
            printed.get("variance_after_reserves"),
            None if forecast is None or base is None else forecast - base,
        ]
    shares = [share for share in (percent_of(part, base) for part in parts) if share is not None]
    return min(shares, key=lambda share: abs(share - near), default=None)


def percent_tolerance(*, step: Decimal, budget: Decimal, percent: Decimal, decimals: int) -> Decimal:
    """By how many points a printed percentage may miss: 0.2, its own rounding, and what rounded figures do to a small base."""
    own = HALF.scaleb(-max(decimals, 0))
    of_rounding = HALF * step * (PERCENT + abs(percent)) / abs(budget) if budget else ZERO
    return PERCENT_TOLERANCE + own + of_rounding


@dataclass(slots=True)
class RunningSum:
    """Budgets and forecasts of the lines since the last total, to tell a total row by its figures."""

    budgets: Decimal = ZERO
    forecasts: Decimal = ZERO
    lines: int = 0
    """How many of the lines have a forecast that is not nil."""
    is_known: bool = True

    def add(self, budget: Decimal | None, forecast: Decimal | None) -> None:
        """Count one line."""
        if budget is None or forecast is None:
            self.is_known = False
            return
        self.budgets += budget
        self.forecasts += forecast
        self.lines += 1 if forecast else 0

    def equals(self, budget: Decimal | None, forecast: Decimal | None) -> bool:
        """Whether a row's budget and forecast are both exactly the sums of at least two lines that are not nil."""
        return self.is_known and self.lines >= 2 and budget == self.budgets and forecast == self.forecasts


def looks_rescaled(now: list[Decimal], before: list[Decimal]) -> int:
    """1 if the figures of now are about a thousand times those of before, −1 if about a thousandth, otherwise 0. Both lists are of the same lines."""
    larger, smaller = total([abs(amount) for amount in now]), total([abs(amount) for amount in before])
    if not larger or not smaller:
        return 0
    ratio = larger / smaller
    return 1 if 200 <= ratio <= 5000 else -1 if 200 <= 1 / ratio <= 5000 else 0
