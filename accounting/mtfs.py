"""The medium-term gap: what services will need against what there is to pay for them. Pounds; growth and savings are changes to base."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO
from accounting.periods import FinancialYear


@dataclass(frozen=True, slots=True, kw_only=True)
class YearInputs:
    """What is known of one year. `base` is given for the first year at least; a later year without one starts from the year before.

    `growth` ≥ 0 adds to the base, `savings` ≤ 0 takes from it; `reopened` ≥ 0 is savings of earlier years that only one-offs have met.
    """

    year: FinancialYear
    base: Decimal | None = None
    growth: Decimal = ZERO
    savings: Decimal = ZERO
    reopened: Decimal = ZERO
    funding: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumTermYear:
    """One year of the view: base + growth + reopened + savings = requirement; requirement − funding = gap. `None` is unknown."""

    year: FinancialYear
    base: Decimal | None
    growth: Decimal
    reopened: Decimal
    savings: Decimal
    funding: Decimal | None
    base_differs: Decimal | None = None
    """The base as given − what the year before leads to, where both are known and they differ: shown, never mended."""

    @property
    def requirement(self) -> Decimal | None:
        """What services need after savings."""
        return None if self.base is None else self.base + self.growth + self.reopened + self.savings

    @property
    def gap(self) -> Decimal | None:
        """Requirement − funding: positive is still to be found."""
        if self.requirement is None or self.funding is None:
            return None
        return self.requirement - self.funding


def medium_term(inputs: Sequence[YearInputs]) -> tuple[MediumTermYear, ...]:
    """Run the years in order, each base following from the year before unless one is given."""
    years: list[MediumTermYear] = []
    for given in sorted(inputs, key=lambda one: one.year):
        led_to = years[-1].requirement if years else None
        base = led_to if given.base is None else given.base
        differs = given.base - led_to if given.base is not None and led_to is not None else None
        years.append(
            MediumTermYear(
                year=given.year,
                base=base,
                growth=given.growth,
                reopened=given.reopened,
                savings=given.savings,
                funding=given.funding,
                base_differs=differs or None,
            )
        )
    return tuple(years)
