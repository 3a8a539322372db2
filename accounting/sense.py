"""Sense checks: what looks like a slip of the keys in a figure that is being entered. They ask; they never refuse.

Figures are exact pounds; `None` is unknown, and what is unknown is not compared with. Each finding has a code and its words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from accounting.materiality import Materiality
from accounting.money import ZERO
from accounting.position import percent_of, straight_line
from accounting.reserves import ReserveBalance
from accounting.wording import format_money, format_percent

FLOOR: Final = Decimal(1000)  # below £1,000 no ratio means anything
FAR_FROM_RUN_RATE: Final = Decimal(20)
FAR_IN_THE_FIRST_MONTHS: Final = Decimal(35)
FAR_FROM_LAST: Final = Decimal(12)
FAR_FROM_BUDGET: Final = Decimal(25)
CHANGE_WORTH_A_REASON: Final = Decimal(8)
FIRST_MONTHS: Final = 2  # in which payments come late and a run rate says less
NO_RULE: Final = Materiality(amount=None, percent=None)
_SCALES: Final = (
    (Decimal(700), Decimal(1400), "ten times"),
    (Decimal(7000), Decimal(14000), "a hundred times"),
    (Decimal(70000), Decimal(140000), "a thousand times"),
    (Decimal(7), Decimal(14), "a tenth of"),
    (Decimal("0.7"), Decimal("1.4"), "a hundredth of"),
    (Decimal("0.07"), Decimal("0.14"), "a thousandth of"),
)
"""Between which percentages of a known figure an entry looks like that figure with noughts added or lost."""


class Sense(StrEnum):
    """What looks odd."""

    SCALE = "scale"
    SIGN = "sign"
    BELOW_SPENT = "below_spent"
    RUN_RATE = "run_rate"
    FAR_FROM_LAST = "far_from_last"
    NO_REASON = "no_reason"
    OVERDRAWN = "overdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that looks odd, and its words: a sentence with both figures in it."""

    code: Sense
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSense:
    """A line as it is held, against which an entry is judged. `months` is how many months the actual covers: 7 at October."""

    months: int
    revised_budget: Decimal | None = None
    last_forecast: Decimal | None = None
    """The forecast outturn of the period before; `None` in the first."""
    actual_to_date: Decimal | None = None
    commitments: Decimal | None = None
    forecast_outturn: Decimal | None = None
    has_reason: bool = False
    materiality: Materiality = NO_RULE

    def judge(self, column: str, now: Decimal | None) -> tuple[Finding, ...]:
        """What looks odd about `now` in this column. A blank, and the figure that is held already, never do."""
        if now is None or now == getattr(self, column, None):
            return ()
        checks = {
            "actual_to_date": self._actual,
            "commitments": self._commitments,
            "forecast_outturn": self._forecast,
            "best_case": self._case,
            "worst_case": self._case,
        }
        return tuple(checks[column](now))

    def after(self, column: str, now: Decimal | None) -> "LineSense":
        """The line once the entry is saved; best and worst case are not judged against."""
        return replace(self, **{column: now}) if hasattr(self, column) else self  # type: ignore[arg-type]

    @property
    def _usual(self) -> tuple[tuple[Decimal, str], ...]:
        """Whole-year figures that an outturn is usually near, the nearest first."""
        known = (
            (self.last_forecast, "the last forecast"),
            (self.forecast_outturn, "the forecast held now"),
            (self.revised_budget, "the revised budget"),
        )
        return tuple((figure, name) for figure, name in known if figure is not None)

    def _forecast(self, now: Decimal) -> Iterator[Finding]:
        slips = tuple(_scale_or_sign(now, self._usual))
        yield from slips
        spent = (self.actual_to_date or ZERO) + (self.commitments or ZERO)
        if self.actual_to_date is not None and _is_nearer_nil(now, spent):
            yield Finding(
                code=Sense.BELOW_SPENT,
                words=f"{_said(now)} is less than actual to date plus commitments, {_said(spent)}.",
            )
        if slips:
            return  # that it is far from everything else follows from them
        yield from self._run_rate(self.actual_to_date, now)
        yield from self._far_from_last(now)
        yield from self._no_reason(now)

    def _case(self, now: Decimal) -> Iterator[Finding]:
        yield from _scale_or_sign(now, self._usual)

    def _actual(self, now: Decimal) -> Iterator[Finding]:
        to_date = tuple((figure * self.months / 12, f"{name} to date") for figure, name in self._usual)
        slips = tuple(_scale_or_sign(now, to_date if self.months < 12 else self._usual))
        yield from slips
        yield from self._above_forecast(now, "Actual to date")
        if slips:
            return
        yield from self._run_rate(now, self._usual[0][0] if self._usual else None)

    def _commitments(self, now: Decimal) -> Iterator[Finding]:
        if self.commitments is not None:
            yield from _scale_or_sign(now, ((self.commitments, "the commitments held now"),))
        elif self._usual and _is_other_sign(now, self._usual[0][0]):
            yield Finding(code=Sense.SIGN, words=f"{_said(now)} has the other sign than {self._usual[0][1]}.")
        yield from self._above_forecast((self.actual_to_date or ZERO) + now, "Actual plus commitments")

    def _above_forecast(self, spent: Decimal, what: str) -> Iterator[Finding]:
        if self.forecast_outturn is not None and _is_nearer_nil(self.forecast_outturn, spent, slack=2):
            yield Finding(
                code=Sense.BELOW_SPENT,
                words=f"{what} would be {_said(spent)}, more than the forecast outturn of {_said(self.forecast_outturn)}.",
            )

    def _run_rate(self, actual: Decimal | None, forecast: Decimal | None) -> Iterator[Finding]:
        """Whether what the year is thought to come to is far from the actual carried on at the same rate."""
        projection = straight_line(actual, self.months)
        if projection is None or forecast is None:
            return
        share = percent_of(abs(forecast - projection), projection)
        limit = FAR_IN_THE_FIRST_MONTHS if self.months <= FIRST_MONTHS else FAR_FROM_RUN_RATE
        if share is not None and share > limit and abs(forecast - projection) >= FLOOR:
            yield Finding(
                code=Sense.RUN_RATE,
                words=f"Spending so far, carried on at the same rate, comes to {_said(projection)}; {_said(forecast)} for the year is "
                f"{format_percent(share, places=0)} {_side(forecast, projection)} that.",
            )

    def _far_from_last(self, now: Decimal) -> Iterator[Finding]:
        if not self._usual:
            return
        reference, name = self._usual[0]
        is_budget = self.last_forecast is None and self.forecast_outturn is None
        share = percent_of(abs(now - reference), reference)
        limit = FAR_FROM_BUDGET if is_budget else FAR_FROM_LAST
        if share is not None and share > limit and abs(now - reference) >= FLOOR:
            yield Finding(
                code=Sense.FAR_FROM_LAST,
                words=f"{_said(now)} is {format_percent(share, places=0)} {_side(now, reference)} {name}, {_said(reference)}.",
            )

    def _no_reason(self, now: Decimal) -> Iterator[Finding]:
        """Whether the variance changes by a material amount, and by a share of the budget worth telling, with no reason given."""
        before = self.forecast_outturn if self.forecast_outturn is not None else self.last_forecast
        if self.has_reason or before is None:
            return
        change = now - before
        share = percent_of(abs(change), self.revised_budget)
        is_material = self.materiality.applies_to(variance=change, budget=self.revised_budget)
        if is_material and share is not None and share > CHANGE_WORTH_A_REASON:
            yield Finding(
                code=Sense.NO_REASON,
                words=f"The variance changes by {_said(change)}, and no reason has been given for this period yet.",
            )


def judge_drawdown(amount: Decimal, balance: ReserveBalance) -> tuple[Finding, ...]:
    """Whether a drawdown, with all that are planned already, is more than its reserve holds."""
    left = balance.closing_if_all_approved
    if left is None or amount <= left:
        return ()
    words = f"A drawdown of {_said(amount)} is more than the {_said(left)} that the reserve has left with every planned use."
    return (Finding(code=Sense.OVERDRAWN, words=words),)


def _scale_or_sign(now: Decimal, usual: tuple[tuple[Decimal, str], ...]) -> Iterator[Finding]:
    """The first figure that the entry looks like with noughts added or lost, or the other sign than the first figure known."""
    if usual and _is_other_sign(now, usual[0][0]):
        figure, name = usual[0]
        yield Finding(code=Sense.SIGN, words=f"{_said(now)} has the other sign than {name}, {_said(figure)}.")
    for figure, name in usual:
        share = percent_of(abs(now), figure)
        if share is None or max(abs(now), abs(figure)) < FLOOR:
            continue
        found = next((words for least, most, words in _SCALES if least <= share <= most), None)
        if found:
            words = f"{_said(now)} is about {found} {name}, {_said(figure)}."
            yield Finding(code=Sense.SCALE, words=words)
            return


def _is_other_sign(now: Decimal, figure: Decimal) -> bool:
    return now * figure < 0 and min(abs(now), abs(figure)) >= FLOOR


def _is_nearer_nil(outturn: Decimal, spent: Decimal, *, slack: int = 0) -> bool:
    """Whether an outturn is less than what is spent: below it for expenditure, nearer nil for income. `slack` is a percentage let pass."""
    if abs(outturn - spent) < FLOOR or outturn * spent < 0:
        return False
    return abs(outturn) * (100 + slack) / 100 < abs(spent)


def _said(amount: Decimal) -> str:
    return format_money(amount)


def _side(amount: Decimal, reference: Decimal) -> str:
    return "above" if amount > reference else "below"
