"""A schedule's line as a version of amounts: what differs from the version held, and the phases that a new version would have."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO
from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan, PhaseKind, changes_by_year
from savings.imports.reading import ScheduleLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that an import would change, as a change to base; no year is the total as printed, `None` is none held."""

    year: FinancialYear | None
    before: Decimal | None
    after: Decimal


def differences(
    line: ScheduleLine, years: Sequence[FinancialYear], held: PhasedPlan | None
) -> tuple[Difference, ...]:
    """Where a line differs from the amounts held, over the years that the schedule has columns for. A line without any figure says nothing."""
    if not line.changes:
        return ()
    by_year = held.by_year if held else {}
    found = []
    for year in years:
        before = by_year.get(year, ZERO) if held else None
        after = line.changes.get(year, ZERO)
        if before != after and (before is not None or year in line.changes):
            found.append(Difference(year=year, before=before, after=after))
    printed = line.total_as_printed
    if printed is not None and held and covers(years, held) and held.total_as_printed != printed:
        found.append(Difference(year=None, before=held.total_as_printed, after=printed))
    return tuple(found)


def covers(years: Sequence[FinancialYear], held: PhasedPlan | None) -> bool:
    """Whether a schedule of these years speaks of every year that has an amount, so that its total is the total of them all."""
    return held is None or all(year in years for year, amount in held.by_year.items() if amount)


def new_phases(
    line: ScheduleLine, years: Sequence[FinancialYear], held: PhasedPlan | None
) -> tuple[PhasedAmount, ...]:
    """The phases of the line's next version: the schedule's years as it prints them, and other years as they are held.

    What a one-off of a year before the schedule's puts back by itself is not written a second time. An amount against the line's own direction,
    after one in it, is an earlier amount taken back out.
    """
    kept = tuple(phase for phase in held.phases if phase.year not in years) if held else ()
    returned = changes_by_year(kept)
    amounts = {}
    for year in years:
        amount = line.changes.get(year, ZERO) - returned.get(year, ZERO)
        if amount or year in line.changes:
            amounts[year] = amount
    phases = list(kept)
    earlier = sorted((phase.year, phase.amount) for phase in kept if phase.amount)
    direction = next(iter([amount for _, amount in earlier] + [one for one in amounts.values() if one]), ZERO)
    has_begun = False
    for year, amount in amounts.items():
        has_begun = has_begun or any(when < year for when, _ in earlier)
        is_back = has_begun and amount * direction < 0
        kind = PhaseKind.REVERSAL if is_back else PhaseKind.RECURRENT
        phases.append(PhasedAmount(year=year, amount=amount, kind=kind))
        has_begun = has_begun or bool(amount)
    return tuple(phases)
