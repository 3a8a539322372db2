"""Works out the invented council's figures: the same every time, in whole hundreds of pounds, with integers only.

Nothing here is written to the database; `loading` puts the result through the same operations as a person's entries.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounting.funds import Fund
from accounting.money import from_pence
from accounting.periods import FinancialYear, Period

SEED = 20230401
BASIS_POINTS = 10_000
HUNDRED_POUNDS = 10_000  # in pence
# How much of the year's variance shows by each period: forecasts start cautious and firm up by autumn.
EMERGENCE = (2_000, 3_200, 4_600, 5_600, 6_700, 7_600, 8_400, 8_900, 9_300, 9_600, 9_800, 9_900, 10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One invented service line."""

    directorate: str
    division: str
    name: str
    code: str
    fund: Fund
    first_budget: int
    """Pence in the first year."""
    uplift: int
    """Basis points a year."""
    usual_overspend: int
    """Basis points of budget by the year's end."""
    is_statutory: bool
    is_demand_led: bool
    is_controllable: bool
    drivers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One line's figures at one period, in exact pounds."""

    actual_to_date: Decimal
    commitments: Decimal
    forecast_outturn: Decimal
    best_case: Decimal
    worst_case: Decimal


def read(path: Path) -> dict[str, Any]:
    """The invented council's description."""
    with path.open("rb") as file:
        return tomllib.load(file)


def lines_of(description: Mapping[str, Any]) -> list[Line]:
    """Its lines at the start of the first year, in order."""
    return [
        Line(
            directorate=division["directorate"],
            division=division["name"],
            name=name,
            code=code,
            fund=Fund(fund),
            first_budget=thousands * 100_000,
            uplift=uplift,
            usual_overspend=overspend,
            is_statutory="s" in flags,
            is_demand_led="d" in flags,
            is_controllable="n" not in flags,
            drivers=tuple(drivers),
        )
        for division in description["divisions"]
        for name, code, fund, thousands, uplift, overspend, flags, drivers in division["lines"]
    ]


def original_budget(line: Line, *, years_on: int) -> Decimal:
    """The line's budget for a year, uplifted from the first, in whole hundreds of pounds."""
    pence = line.first_budget
    for _ in range(years_on):
        pence += pence * line.uplift // BASIS_POINTS
    return from_pence(_whole_hundreds(pence))


def month(line: Line, period: Period, *, revised_budget: Decimal) -> Month:
    """The line's figures at one period, given what its budget then was.

    A year of a line has one outcome, drawn from the line's usual overspend; the forecast approaches it, with a little noise each month.
    """
    budget = int(revised_budget * 100)
    outcome = _outcome(line, period.year)
    noise = random.Random(f"{SEED}:{line.code}:{period.slug}").randint(-90, 90)
    noise = 0 if period.is_outturn else noise * (13 - period.number) // 12
    emerged = outcome * EMERGENCE[period.number - 1] // BASIS_POINTS + noise
    forecast = _whole_hundreds(budget + abs(budget) * emerged // BASIS_POINTS)
    share = BASIS_POINTS if period.number >= 12 else period.number * BASIS_POINTS // 12
    lag = 0 if period.is_outturn else 120
    actual = forecast * max(share - lag, 0) // BASIS_POINTS
    spread = 0 if period.is_outturn else abs(budget) * (13 - period.number) * 12 // BASIS_POINTS
    return Month(
        actual_to_date=from_pence(actual),
        commitments=from_pence(0 if period.is_outturn else (forecast - actual) * 3 // 10),
        forecast_outturn=from_pence(forecast),
        best_case=from_pence(_whole_hundreds(forecast - spread)),
        worst_case=from_pence(_whole_hundreds(forecast + spread + spread // 2)),
    )


def _outcome(line: Line, year: FinancialYear) -> int:
    """By how many basis points of budget the year of this line ends over."""
    drawn = random.Random(f"{SEED}:{line.code}:{year}").randint(-120, 160)
    return line.usual_overspend + drawn + line.usual_overspend * drawn // 600


def _whole_hundreds(pence: int) -> int:
    return (pence + HUNDRED_POUNDS // 2) // HUNDRED_POUNDS * HUNDRED_POUNDS


def periods(description: Mapping[str, Any]) -> Iterator[Period]:
    """Every period from the first year's April to the open one, outturns included."""
    last = Period.parse(description["open_period"])
    year = FinancialYear(description["first_year"])
    while year <= last.year:
        for number in range(1, 14):
            period = Period(year, number)
            if period <= last:
                yield period
        year = year.next


def pay_award(original: Decimal, *, share: int) -> Decimal:
    """A line's part of the year's pay award: `share` basis points of its original budget, in whole hundreds of pounds."""
    return from_pence(_whole_hundreds(int(original * 100) * share // BASIS_POINTS))


def split(variance: Decimal, drivers: tuple[str, ...]) -> list[tuple[str, Decimal]]:
    """A variance shared among its drivers: six tenths to the first of two, the exact remainder to the last."""
    if len(drivers) == 1:
        return [(drivers[0], variance)]
    first = from_pence(_whole_hundreds(int(variance * 100) * 6 // 10))
    return [(drivers[0], first), (drivers[1], variance - first)]


def high_needs_in_year(budgeted: int, variance: Decimal) -> Decimal:
    """The High Needs Block's in-year deficit: the deficit budgeted for and the line's variance on top."""
    return Decimal(budgeted) + variance


def merged(lines: list[Line], *, name: str, code: str) -> Line:
    """The line that others became: their budgets together, and the habits of the first."""
    first = lines[0]
    return Line(
        directorate=first.directorate,
        division=first.division,
        name=name,
        code=code,
        fund=first.fund,
        first_budget=sum(line.first_budget for line in lines),
        uplift=first.uplift,
        usual_overspend=first.usual_overspend,
        is_statutory=first.is_statutory,
        is_demand_led=first.is_demand_led,
        is_controllable=first.is_controllable,
        drivers=first.drivers,
    )
