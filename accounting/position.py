"""A position: what a service line's year looks like at one period, and what follows from it.

Every figure is exact pounds. Expenditure is positive, income negative; a positive variance is an overspend. `None` is unknown, never
nil, and what depends on an unknown is unknown.

    variance before reserves = forecast outturn − revised budget
    variance after reserves  = variance before reserves − drawdown + contribution − other one-off funding
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.funds import Fund, FundMismatchError, common_fund
from accounting.money import ZERO, round_half_away, total, total_or_unknown

PERCENT = Decimal(100)


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """`part` as a percentage of |`whole`|, unrounded; `None` (“n/a”) where the base is nil or unknown.

    Income budgets are negative, so the base is taken without its sign: Transport (3,870) with 1,278 over is 33.0%.
    """
    if part is None or whole is None or whole == 0:
        return None
    return part / abs(whole) * PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A line's budget at one period.

    `reported` is the revised budget as a council's return printed it, for lines whose original budget and virements are not kept here.
    It stands in the place of original + virements + funding changes up to its own period.
    """

    original: Decimal | None = None
    virements: Decimal | None = ZERO
    funding_changes: Decimal | None = ZERO
    reported: Decimal | None = None
    moved_since_reported: Decimal = ZERO

    @property
    def revised(self) -> Decimal | None:
        """Original budget + posted virements + approved funding changes."""
        if self.reported is not None:
            return self.reported + self.moved_since_reported
        return total_or_unknown((self.original, self.virements, self.funding_changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Money from outside the line's budget that bears on its variance: reserves and other one-off funding. All amounts ≥ 0."""

    drawdown: Decimal = ZERO
    contribution: Decimal = ZERO
    other_one_off_funding: Decimal = ZERO
    recurrent_funding: Decimal = field(default=ZERO)
    """The part of `other_one_off_funding` that will be there again next year."""
    one_off_inside_forecast: Decimal = ZERO
    """Drawdowns and one-off funding, less contributions, that the forecast already counts: not deducted again, but one-off all the same. Signed."""

    def __post_init__(self) -> None:
        for name in (
            "drawdown",
            "contribution",
            "other_one_off_funding",
            "recurrent_funding",
        ):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is an amount without a sign; a negative one would reverse it.")

    @property
    def net(self) -> Decimal:
        """How much the variance falls by: drawdown − contribution + other one-off funding."""
        return self.drawdown - self.contribution + self.other_one_off_funding

    @property
    def one_off(self) -> Decimal:
        """What will not be there next year: a use of reserves is one-off by its nature."""
        return self.net - self.recurrent_funding + self.one_off_inside_forecast

    @classmethod
    def sum(cls, supports: Sequence["Support"]) -> "Support":
        """Add uses of several lines."""
        return cls(
            drawdown=total([support.drawdown for support in supports]),
            contribution=total([support.contribution for support in supports]),
            other_one_off_funding=total([support.other_one_off_funding for support in supports]),
            recurrent_funding=total([support.recurrent_funding for support in supports]),
            one_off_inside_forecast=total([support.one_off_inside_forecast for support in supports]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One line's position, or the sum of several lines of one fund."""

    fund: Fund
    budget: Budget
    actual_to_date: Decimal | None = None
    commitments: Decimal | None = None
    forecast_outturn: Decimal | None = None
    best_case: Decimal | None = None
    worst_case: Decimal | None = None
    approved: Support = Support()
    """Uses of reserves and one-off funding that have been approved or applied: only these change the headline."""
    pending: Support = Support()
    """Uses planned or requested and not yet approved."""
    last_published_variance: Decimal | None = None
    """Variance after reserves in the last published period; `None` if there is none."""
    lines: int = 1
    lines_without_forecast: int = field(default=0)

    @property
    def original_budget(self) -> Decimal | None:
        """As approved by the council before the year began."""
        return self.budget.original

    @property
    def virements(self) -> Decimal | None:
        """Posted virements to date; nil in sum over a council."""
        return self.budget.virements

    @property
    def revised_budget(self) -> Decimal | None:
        """What the line has to spend at this period."""
        return self.budget.revised

    @property
    def drawdown(self) -> Decimal:
        """From reserves, ≥ 0."""
        return self.approved.drawdown

    @property
    def contribution(self) -> Decimal:
        """To reserves, ≥ 0."""
        return self.approved.contribution

    @property
    def other_one_off_funding(self) -> Decimal:
        """Grants, capital receipts and contingency applied, ≥ 0."""
        return self.approved.other_one_off_funding

    @property
    def variance_before_reserves(self) -> Decimal | None:
        """Forecast outturn − revised budget; an overspend is positive."""
        return _difference(self.forecast_outturn, self.revised_budget)

    @property
    def variance_after_reserves(self) -> Decimal | None:
        """Variance before reserves − drawdown + contribution − other one-off funding, on approved uses."""
        return _difference(self.variance_before_reserves, self.approved.net)

    @property
    def variance_if_all_approved(self) -> Decimal | None:
        """Variance after reserves if every planned and requested use is approved as well."""
        return _difference(self.variance_after_reserves, self.pending.net)

    @property
    def underlying_variance(self) -> Decimal | None:
        """Variance after reserves with its one-off support taken out again: what next year starts with."""
        return _difference(self.variance_after_reserves, -self.approved.one_off)

    @property
    def movement(self) -> Decimal | None:
        """Variance after reserves − that of the last published period; `None` for a first report."""
        return _difference(self.variance_after_reserves, self.last_published_variance)

    @property
    def variance_percent(self) -> Decimal | None:
        """Variance after reserves as a percentage of |revised budget|, unrounded."""
        return percent_of(self.variance_after_reserves, self.revised_budget)

    @property
    def percent_spent(self) -> Decimal | None:
        """Actual to date as a percentage of |revised budget|, unrounded. A negative actual on a positive budget is negative."""
        if self.revised_budget is not None and self.revised_budget < 0 and self.actual_to_date is not None:
            return percent_of(-self.actual_to_date, self.revised_budget)
        return percent_of(self.actual_to_date, self.revised_budget)

    @property
    def remaining(self) -> Decimal | None:
        """Revised budget − actual to date."""
        return _difference(self.revised_budget, self.actual_to_date)

    def __add__(self, other: "Position") -> "Position":
        """Add two positions of one fund; `FundMismatchError` if they differ."""
        return total_position((self, other))


def _difference(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first - second


def straight_line(actual_to_date: Decimal | None, months: int) -> Decimal | None:
    """Actual to date carried on at the same rate for twelve months, rounded to a penny (a projection, not a forecast).

    `months` is how many months the actual covers: 7 at October. At 12 and 13 it is the actual itself.
    """
    if actual_to_date is None:
        return None
    return round_half_away(actual_to_date * 12 / Decimal(min(max(months, 1), 12)), 2)


def total_position(positions: Sequence[Position], *, fund: Fund | None = None) -> Position:
    """Sum positions, from unrounded figures.

    Without `fund` all must be of one fund. With `fund` each must be allowed in a total of it: the blocks of the DSG in the DSG, and
    nothing else. A figure that is unknown for one line is unknown for the total; movement needs every line's last figure, so a total's own
    last published figure is set with `dataclasses.replace` by whoever knows it.
    """
    if fund is None:
        fund = common_fund(position.fund for position in positions)
    for position in positions:
        if not position.fund.may_be_counted_in(fund):
            raise FundMismatchError(fund, position.fund)
    return Position(
        fund=fund,
        budget=_total_budget([position.budget for position in positions]),
        actual_to_date=_sum_of(positions, lambda p: p.actual_to_date),
        commitments=_sum_of(positions, lambda p: p.commitments),
        forecast_outturn=_sum_of(positions, lambda p: p.forecast_outturn),
        best_case=_sum_of(positions, lambda p: p.best_case),
        worst_case=_sum_of(positions, lambda p: p.worst_case),
        approved=Support.sum([position.approved for position in positions]),
        pending=Support.sum([position.pending for position in positions]),
        last_published_variance=_sum_of(positions, lambda p: p.last_published_variance),
        lines=sum(position.lines for position in positions),
        lines_without_forecast=sum(_without_forecast(position) for position in positions),
    )


def _without_forecast(position: Position) -> int:
    if position.lines == 1:
        return int(position.forecast_outturn is None)
    return position.lines_without_forecast


def _sum_of(positions: Iterable[Position], figure: Callable[[Position], Decimal | None]) -> Decimal | None:
    return total_or_unknown([figure(position) for position in positions])


def _total_budget(budgets: Sequence[Budget]) -> Budget:
    """Sum budgets. Where a line's revised budget is only known from a return, so is the total's."""
    return Budget(
        original=total_or_unknown([budget.original for budget in budgets]),
        virements=total_or_unknown([budget.virements for budget in budgets]),
        funding_changes=total_or_unknown([budget.funding_changes for budget in budgets]),
        reported=total_or_unknown([budget.revised for budget in budgets]),
    )
