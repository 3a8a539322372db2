"""The figure that a question is about: which it is, what it said when the question was asked, and what became of it."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

from accounting.figures import Figures
from accounting.money import Unit
from accounting.periods import Period
from accounting.savings import SavingFigures
from accounting.wording import (
    NOT_APPLICABLE,
    UNKNOWN,
    format_money,
    format_percent,
    format_short,
    over_under,
    over_under_in_full,
)

SAVING = "saving"
SCOPES: Final = ("line", "division", "directorate", "council", SAVING)
"""What a figure may belong to, as publications name it."""

FIGURES: Final[dict[str, str]] = {
    "variance_after_reserves": "Variance after reserves",
    "variance_before_reserves": "Variance before reserves",
    "forecast_outturn": "Forecast outturn",
    "revised_budget": "Revised budget",
    "actual_to_date": "Actual to date",
    "drawdown": "Drawdown from reserves",
    "contribution": "Contribution to reserves",
    "other_one_off_funding": "Other one-off funding",
    "movement": "Movement since the last published period",
    "virements": "Virements",
    "funding_changes": "Funding changes",
    "original_budget": "Original budget",
    "underlying_variance": "Underlying variance",
    "variance_if_all_approved": "Variance if all planned uses are approved",
    "variance_percent": "Variance as a percentage of the budget",
    "commitments": "Commitments",
    "best_case": "Best case",
    "worst_case": "Worst case",
}
SAVING_FIGURES: Final[dict[str, str]] = {
    "target": "Target for the year",
    "delivered": "Delivered",
    "forecast": "Forecast for the year",
    "on_track": "On track",
    "at_risk": "At risk",
    "undeliverable": "Will not be delivered",
    "shortfall": "Shortfall",
    "mitigation": "Mitigation",
    "unmitigated": "Shortfall without mitigation",
    "reopens_next_year": "Reopens next year",
    "net_delivery": "Delivery net of cost",
    "delivered_percent": "Percent delivered",
}
_PERCENTAGES: Final = frozenset({"variance_percent", "delivered_percent"})
_WITH_A_DIRECTION: Final = frozenset(
    {
        "variance_after_reserves",
        "variance_before_reserves",
        "variance_if_all_approved",
        "underlying_variance",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One figure of one line, total or saving, by the names that publications give them. `fund` is empty for a saving."""

    scope: str
    key: str
    fund: str
    figure: str

    @property
    def labels(self) -> dict[str, str]:
        """Every figure that its row has, in words."""
        return SAVING_FIGURES if self.scope == SAVING else FIGURES

    @property
    def label(self) -> str:
        """Which figure it is, in words; empty for one that there is not."""
        return self.labels.get(self.figure, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedValue:
    """The figure in one version of one period. `words` is never blank: what is unknown says so."""

    period: Period
    version: int
    amount: Decimal | None
    words: str
    is_then: bool
    """Whether this is the publication that the question was asked of."""

    @property
    def when(self) -> str:
        """“month 7, October 2023 (version 1)”."""
        label = self.period.label
        return f"{label[0].lower()}{label[1:]} of {self.period.year} (version {self.version})"


def amount_of(figures: Figures | SavingFigures, name: str) -> Decimal | None:
    """One figure by name. `KeyError` for a name that it has not: a figure is named exactly or not at all."""
    if name not in {field.name for field in fields(figures)}:
        raise KeyError(name)
    amount: Decimal | None = getattr(figures, name)
    return amount


def value_words(name: str, amount: Decimal | None) -> str:
    """A figure as a sentence has it: “£2.7m over”, “£32.5m”, “10.0%”."""
    if name in _PERCENTAGES:
        return format_percent(amount, unknown=NOT_APPLICABLE)
    if name in _WITH_A_DIRECTION:
        return over_under(amount)
    if name == "movement":
        return "first report" if amount is None else format_short(amount, plus=True)
    return format_short(amount, unknown=UNKNOWN if name == "forecast_outturn" else "not known")


def words_in_full(name: str, amount: Decimal | None) -> str:
    """A figure as a sentence has it in whole pounds: “£2,700,000 over”, “£32,500,000”; a percentage as `value_words` has it."""
    if name in _PERCENTAGES or amount is None:
        return value_words(name, amount)
    if name in _WITH_A_DIRECTION:
        return over_under_in_full(amount)
    return format_money(amount, plus=name == "movement")


def words_as_in_tables(name: str, amount: Decimal | None, *, unit: Unit) -> str:
    """The digits of a figure as a publication's tables print them, in their unit; what is unknown in the sentence's words."""
    if name in _PERCENTAGES or amount is None:
        return value_words(name, amount)
    return format_money(amount, unit=unit, symbol=False)


def since_then(values: tuple[PinnedValue, ...]) -> str:
    """“Was £2.7m over at month 7, October 2023; now £3.1m over at month 9, December 2023.” Empty without the value asked about."""
    then = next((value for value in values if value.is_then), None)
    if then is None:
        return ""
    last = values[-1]
    was = f"Was {then.words} in {then.when}"
    if last is then:
        return f"{was}. Nothing later has been published."
    return f"{was}; now {last.words} in {last.when}."
