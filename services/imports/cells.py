"""Single cells into values: money in the table's unit, percentages, text that is safe to keep."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from accounting.money import ZERO, MoneyFormatError, Unit, money_from_number, parse_money
from services.imports.grid import Cell
from services.imports.profile import Field

_DASHES: Final = frozenset("-–—−")
_UNKNOWN_WORDS: Final = frozenset(
    {"not yet forecast", "n/a", "na", "not known", "not recorded", "first report", "tbc"}
)
_NIL_IF_DASH: Final = frozenset({Field.DRAWDOWN, Field.CONTRIBUTION, Field.ONE_OFF_FUNDING, Field.VIREMENTS})
_NIL_IF_BLANK: Final = frozenset({Field.DRAWDOWN, Field.CONTRIBUTION, Field.ONE_OFF_FUNDING})
_NEVER_A_DASH: Final = frozenset({Field.ORIGINAL_BUDGET, Field.REVISED_BUDGET, Field.FORECAST_OUTTURN})
_PERCENT: Final = re.compile(
    r"(?P<open>\()?\s?(?P<sign>[-−–+])?(?P<digits>[0-9,]+(?:\.[0-9]+)?)\s?%?\s?(?P<close>\))?\s?%?"
)


def amount_in(cell: Cell, *, field: Field, unit: Unit) -> Decimal | None:
    """A cell as exact pounds; `None` where it is blank or says that the figure is not known. Raises `MoneyFormatError`."""
    if isinstance(cell, Decimal):
        return money_from_number(cell, unit=unit)
    if isinstance(cell, bool):
        raise MoneyFormatError(str(cell), "it is true or false, not a number")
    if isinstance(cell, date):
        raise MoneyFormatError(
            cell.isoformat()[:10], "the cell is formatted as a date; format it as a number"
        )
    text = cell.strip()
    if not text:
        return ZERO if field in _NIL_IF_BLANK else None
    if text in _DASHES:
        if field in _NEVER_A_DASH:
            raise MoneyFormatError(text, "a dash may mean nil or not known; write 0 for nil")
        return ZERO if field in _NIL_IF_DASH else None
    if text.casefold() in _UNKNOWN_WORDS:
        return None
    return parse_money(cell, unit=unit)


def decimals_of(cell: Cell) -> int:
    """How many decimal places a readable figure shows."""
    if isinstance(cell, str):
        _, point, rest = cell.partition(".")
        return sum(character.isdigit() for character in rest) if point else 0
    if isinstance(cell, Decimal):
        exponent = cell.quantize(Decimal("1E-6")).normalize().as_tuple().exponent
        return max(0, -int(exponent))
    return 0


def percent_in(cell: Cell) -> Decimal | None:
    """A printed percentage as a number of per cent, “(0.3%)” as −0.3; `None` where it is blank or cannot be read as one."""
    if isinstance(cell, Decimal):
        return cell
    if not isinstance(cell, str) or (match := _PERCENT.fullmatch(cell.strip())) is None:
        return None
    value = Decimal(match["digits"].replace(",", ""))
    negative = (
        bool(match["open"]) != (match["sign"] not in (None, "+"))
        if match["open"]
        else match["sign"] not in (None, "+")
    )
    return -value if negative else value


def text_in(cell: Cell) -> str:
    """A cell as text: a workbook's number 123 is “123”, a date its day."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return cell.isoformat()[:10]


def is_blank(cell: Cell) -> bool:
    """Whether nothing is in the cell."""
    return isinstance(cell, str) and (not cell or cell.isspace())


def example(unit: Unit) -> str:
    """An amount as a table in this unit would have it, for a message."""
    return {
        Unit.POUNDS: "an amount like 1,234.50 or (1,234)",
        Unit.THOUSANDS: "an amount in £000 like 1,234 or (56)",
        Unit.MILLIONS: "an amount in £m like 1.234",
    }[unit]
