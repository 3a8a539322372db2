"""A position's figures, worked out and frozen: what tables, exports and publications carry.

The names and their order are those of the JSON that `position --format json` prints.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from accounting.position import Position
from accounting.wording import export_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Exact pounds, overspend positive; `None` is unknown (for `movement`: a first report)."""

    original_budget: Decimal | None
    virements: Decimal | None
    funding_changes: Decimal | None
    revised_budget: Decimal | None
    actual_to_date: Decimal | None
    commitments: Decimal | None
    forecast_outturn: Decimal | None
    best_case: Decimal | None
    worst_case: Decimal | None
    variance_before_reserves: Decimal | None
    drawdown: Decimal
    contribution: Decimal
    other_one_off_funding: Decimal
    variance_after_reserves: Decimal | None
    variance_if_all_approved: Decimal | None
    underlying_variance: Decimal | None
    movement: Decimal | None
    variance_percent: Decimal | None
    """Variance after reserves as a percentage of |revised budget|, unrounded."""

    def as_strings(self) -> dict[str, str | None]:
        """Decimal strings, pounds to two places, unknown as `None`; the percentage to four places."""
        return {
            name: None
            if value is None
            else f"{value:.4f}"
            if name == "variance_percent"
            else export_money(value)
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_strings(cls, strings: Mapping[str, str | None]) -> "Figures":
        """Read what `as_strings` wrote."""
        return cls(**{field.name: _decimal(strings[field.name]) for field in fields(cls)})  # type: ignore[arg-type]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def figures_of(position: Position) -> Figures:
    """Work out every figure of a position once."""
    return Figures(
        original_budget=position.original_budget,
        virements=position.virements,
        funding_changes=position.budget.funding_changes,
        revised_budget=position.revised_budget,
        actual_to_date=position.actual_to_date,
        commitments=position.commitments,
        forecast_outturn=position.forecast_outturn,
        best_case=position.best_case,
        worst_case=position.worst_case,
        variance_before_reserves=position.variance_before_reserves,
        drawdown=position.drawdown,
        contribution=position.contribution,
        other_one_off_funding=position.other_one_off_funding,
        variance_after_reserves=position.variance_after_reserves,
        variance_if_all_approved=position.variance_if_all_approved,
        underlying_variance=position.underlying_variance,
        movement=position.movement,
        variance_percent=position.variance_percent,
    )
