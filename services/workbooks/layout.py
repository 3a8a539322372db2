"""What stands where in the workbook: one definition for the one that is written and the one that is read."""

from dataclasses import dataclass
from typing import Final

LINES_SHEET: Final = "Lines"
ABOUT_SHEET: Final = "About"
KEY_LABEL: Final = "Key"
"""How the rows of “About” begin that hold the signed key, in parts, because a cell holds only so much."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column of “Lines”. `hint` is what to enter, for the columns that are open to be typed in."""

    name: str
    heading: str
    width: int
    hint: str = ""

    @property
    def is_entered(self) -> bool:
        """Whether its cells are open."""
        return bool(self.hint)


_SIGN: Final = "Pounds and pence. Income and credits with a minus sign."

COLUMNS: Final = (
    SheetColumn("code", "Code", 12),
    SheetColumn("name", "Service line", 38),
    SheetColumn("division", "Division", 26),
    SheetColumn("revised_budget", "Revised budget (£)", 16),
    SheetColumn("last_published_variance", "Last published variance (£)", 16),
    SheetColumn("last_forecast", "Last forecast (£)", 16),
    SheetColumn(
        "actual_to_date",
        "Actual to date (£)",
        16,
        f"What the ledger shows to the end of the period. {_SIGN} Leave blank if it is not known; nil is 0.",
    ),
    SheetColumn(
        "commitments",
        "Commitments (£)",
        16,
        f"Ordered and not yet paid. {_SIGN} Leave blank if it is not known; nil is 0.",
    ),
    SheetColumn(
        "forecast_outturn",
        "Forecast outturn (£)",
        16,
        f"For the whole year, before any use of reserves. {_SIGN} Blank means not yet forecast, which is not 0.",
    ),
    SheetColumn(
        "best_case",
        "Best case (£)",
        16,
        f"The lowest likely outturn: not above the forecast outturn. {_SIGN} May be blank.",
    ),
    SheetColumn(
        "worst_case",
        "Worst case (£)",
        16,
        f"The highest likely outturn: not below the forecast outturn. {_SIGN} May be blank.",
    ),
    SheetColumn("variance_before_reserves", "Variance before reserves when downloaded (£)", 18),
    SheetColumn("variance_after_reserves", "Variance after reserves when downloaded (£)", 18),
    SheetColumn("line_number", "Line number", 10),
)

ENTERED: Final = tuple(column for column in COLUMNS if column.is_entered)
LABELS: Final = {column.name: column.heading.removesuffix(" (£)") for column in ENTERED}
"""The five figures by name, in words."""
