"""The invented council while it is being loaded: who enters and who approves, and what has been made of it so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounting.periods import FinancialYear
from accounts.models import User
from budgetwatch.demonstration import thamesmere
from budgetwatch.demonstration.savings_proposals import Setting
from services.models import (
    Council,
    Division,
    Reserve,
    ServiceLine,
)
from services.position import LinePosition


@dataclass(slots=True)
class Thamesmere:
    """The council being loaded, and what has been made of it so far."""

    description: Mapping[str, Any]
    council: Council
    officer: User
    head: User
    invented: dict[str, thamesmere.Line] = field(default_factory=dict)
    lines: dict[str, ServiceLine] = field(default_factory=dict)
    divisions: dict[str, Division] = field(default_factory=dict)
    reserves: dict[str, Reserve] = field(default_factory=dict)
    savings: Mapping[str, Any] = field(default_factory=dict)
    """What the fixture says of savings, strategy and recovery."""
    setting: Setting | None = None

    def years_on(self, year: FinancialYear) -> int:
        """How many years after the first this is."""
        return year.first_year - int(self.description["first_year"])


def is_ready(line: LinePosition, *, is_open_month: bool) -> bool:
    """Whether the line's forecast is made. In the open month the second directorate has only last month's, carried forward."""
    return not line.is_closed and not (is_open_month and line.directorate == "Education and Inclusion")
