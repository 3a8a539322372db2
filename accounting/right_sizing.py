"""Right-sizing: services that end over or under their budget year after year, whose budget may be the wrong size."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import total
from accounting.periods import FinancialYear


@dataclass(frozen=True, slots=True, kw_only=True)
class Persistent:
    """A run of years, each over or each under. Overspend positive. `typical` is the variance nearest nil: every year was at least that far out."""

    years: tuple[tuple[FinancialYear, Decimal], ...]

    @property
    def is_over(self) -> bool:
        """Over budget in every year; otherwise under in every year."""
        return self.years[0][1] > 0

    @property
    def typical(self) -> Decimal:
        """The variance nearest nil: the cautious amount by which to re-size."""
        return min((variance for _, variance in self.years), key=abs)

    @property
    def summed(self) -> Decimal:
        """The variances of the run together."""
        return total([variance for _, variance in self.years])


def persistent(
    variances: Mapping[FinancialYear, Decimal | None], *, last: FinancialYear, years: int, at_least: Decimal
) -> Persistent | None:
    """The run of `years` years up to `last`, if each was over, or each under, by `at_least` pounds; `None` otherwise or if a year is missing."""
    run: list[tuple[FinancialYear, Decimal]] = []
    year = last
    for _ in range(years):
        variance = variances.get(year)
        if variance is None or variance == 0 or abs(variance) < at_least:
            return None
        run.append((year, variance))
        year = year.previous
    signs = {variance > 0 for _, variance in run}
    return Persistent(years=tuple(reversed(run))) if len(signs) == 1 else None
