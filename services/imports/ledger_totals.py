"""A ledger's control totals: its total rows, and the figure that a person types, against the sum of its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from accounting.money import Unit, total
from accounting.tolerance import display_unit, of_total
from services.imports.problems import Check
from services.imports.profile import Field

if TYPE_CHECKING:
    from services.imports.ledger_rows import LedgerRow

LOOKS_TOTAL: Final = re.compile(r"^(sub-?\s?|grand |overall |net |control )?totals?\b|\btotals?$")
_SUMMED: Final = {
    Field.ACTUAL_TO_DATE: "actual",
    Field.COMMITMENTS: "commitments",
    Field.EARLIER_ACTUAL: "earlier",
}


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row of the file that is a total."""

    row: int
    name: str
    amounts: dict[Field, Decimal]


def checks_of_totals(
    totals: Sequence[TotalRow], rows: Sequence["LedgerRow"], *, sheet: str, unit: Unit
) -> Iterator[Check]:
    """Each total's figures against its rows: those since the total before it, or all above, whichever agrees. Exact to the penny."""
    first = 0
    for entry in totals:
        above = [row for row in rows if row.row < entry.row] or list(rows)
        since = [row for row in above if row.row > first] or above
        candidates = [list(_checks(entry, part, sheet=sheet, unit=unit)) for part in (since, above)]
        yield from next(
            (checks for checks in candidates if all(check.holds for check in checks)), candidates[-1]
        )
        first = entry.row


def _checks(entry: TotalRow, rows: Sequence["LedgerRow"], *, sheet: str, unit: Unit) -> Iterator[Check]:
    for name, attribute in _SUMMED.items():
        figures = [getattr(row, attribute) for row in rows]
        if name not in entry.amounts or any(figure is None for figure in figures):
            continue
        yield Check(
            what=f"{entry.name or 'Total'}: {name.label.lower()}",
            sheet=sheet,
            row=entry.row,
            column=name.label,
            printed=entry.amounts[name],
            computed=total(figures),
            tolerance=Decimal(0) if unit is Unit.POUNDS else of_total(display_unit(unit, 0), len(rows)),
            lines=len(rows),
            unit=unit,
        )


def stated_check(
    stated: Decimal | None, rows: Sequence["LedgerRow"], *, decimals: int, unit: Unit
) -> Iterator[Check]:
    """The control total that was typed, in pounds: exact to the penny where the file has pounds."""
    if stated is None:
        return
    tolerance = Decimal(0) if unit is Unit.POUNDS else of_total(display_unit(unit, decimals), len(rows))
    yield Check(
        what="Control total given: actual to date",
        column=Field.ACTUAL_TO_DATE.label,
        printed=stated,
        computed=total([row.actual for row in rows]),
        tolerance=tolerance,
        lines=len(rows),
    )
