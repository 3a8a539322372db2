"""The invented council's ledger: two codes a service line, and a file of its open month to try the import with."""

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from accounting.money import ZERO, from_pence
from accounts.models import User
from services.imports.ledger_codes import CodeEntry
from services.models import Council, Forecast, LedgerCode, MonitoringPeriod, ServiceLine
from services.operations.ledger_codes import set_ledger_codes

HEADINGS = (
    "Cost centre",
    "Subjective code",
    "Description",
    "Actual to date",
    "Actual this period",
    "Commitments",
)
SUBJECTIVES = (("1010", "Employees"), ("4010", "Third party payments"))
PERCENT_ON_EMPLOYEES = 35
ODD_PENCE = 1_337


def map_codes(council: Council, *, by: User) -> int:
    """Give every line that still reports a cost centre of its own with two subjective codes; return how many codes are new."""
    lines = ServiceLine.objects.filter(council=council, closed_from__isnull=True).order_by("order", "pk")
    entries = [
        CodeEntry(cost_centre=f"00{line.code}", subjective=code, line_id=line.pk)
        for line in lines
        for code, _ in SUBJECTIVES
        if line.code
    ]
    return set_ledger_codes(by=by, council=council, entries=entries)


def ledger_rows(council: Council, period: MonitoringPeriod) -> Iterator[tuple[str, ...]]:
    """A ledger of the month: what the forecast implies was spent by then, to odd pence as ledgers are. The same every time."""
    forecasts = {row.service_line_id: row for row in Forecast.objects.filter(period=period)}
    before = {
        row.service_line_id: row.actual_to_date or ZERO
        for row in Forecast.objects.filter(
            period__council=council, period__year=period.year, period__number=period.number - 1
        )
    }
    lines = LedgerCode.objects.filter(council=council, subjective=SUBJECTIVES[0][0]).select_related(
        "service_line"
    )
    for place, code in enumerate(lines.order_by("cost_centre")):
        held = forecasts.get(code.service_line_id)
        if held is None or held.forecast_outturn is None:
            continue
        spent = int(held.forecast_outturn * 100) * min(period.number, 12) // 12 + place * ODD_PENCE
        this_month = spent - int(before.get(code.service_line_id, ZERO) * 100)
        promised = max(int(held.forecast_outturn * 100) - spent, 0) * 3 // 10
        parts = zip(SUBJECTIVES, _split(spent), _split(this_month), (0, promised), strict=True)
        for (subjective, words), *figures in parts:
            yield (code.cost_centre, subjective, words, *(_written(pence) for pence in figures))


def _split(pence: int) -> tuple[int, int]:
    """An amount on the line's two codes."""
    first = pence * PERCENT_ON_EMPLOYEES // 100
    return first, pence - first


def _written(pence: int) -> str:
    return f"{from_pence(pence):.2f}"


def control_total(rows: Sequence[tuple[str, ...]]) -> Decimal:
    """What the actual to date of all rows adds to, in pounds."""
    return sum((Decimal(row[3]) for row in rows), ZERO)


def ledger_csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    """The rows as the ledger system would send them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return text.getvalue().encode()
