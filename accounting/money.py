"""Money: the one parser, the one rounding rule, and the passage between pounds and pence.

Money is `Decimal` pounds with two places. Expenditure is positive, income negative. No float is accepted except from a
spreadsheet cell, where the file format leaves no choice, and there only through `money_from_number`.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

PENNY: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
LIMIT: Final = Decimal(
    "100000000000.00"
)  # £100bn: above any English council; sums of lines still fit 64-bit pence
BINARY_NOISE: Final = Decimal(
    "0.000000001"
)  # what a binary double adds to a printed decimal: 0.30000000000000004


class MoneyFormatError(ValueError):
    """The text is not money in the documented grammar. The message quotes it and gives an example of what is."""

    def __init__(self, text: str, reason: str) -> None:
        shown = text if len(text) <= 40 else text[:37] + "…"
        super().__init__(
            f"“{shown}” is not an amount of money: {reason}. Write it like 1,234.50, £1,234, (1,234) or -1234."
        )
        self.text = text
        self.reason = reason


class MoneyRangeError(MoneyFormatError):
    """The amount is at or beyond £100,000,000,000, more than any council's figure."""


class Unit(Enum):
    """The unit in which a table is printed. It belongs to a whole table; it is never guessed for a cell."""

    POUNDS = "pounds"
    THOUSANDS = "thousands"
    MILLIONS = "millions"

    @property
    def factor(self) -> Decimal:
        """How many pounds one of these is."""
        return _FACTORS[self.value]

    @property
    def label(self) -> str:
        """As a table's caption prints it."""
        return {Unit.POUNDS: "£", Unit.THOUSANDS: "£000", Unit.MILLIONS: "£m"}[self]


_FACTORS: Final = {"pounds": Decimal(1), "thousands": Decimal(1000), "millions": Decimal(1_000_000)}

_PLAIN: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
"""What most files hold: the part of the grammar that is quickly read."""
# One grammar. Commas, if any, must group by three; one mark of sign, before, after or around; at most one pound sign.
_NUMBER = r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
_GRAMMAR: Final = re.compile(
    rf"""(?:
        (?P<open>\()\s?£?\s?{_NUMBER}\s?(?P<close>\))
      | (?P<minus>[-\u2212\u2013])?\s?£?(?P<inner>[-\u2212\u2013])?\s?{_NUMBER.replace("number", "plain")}
        (?:\s?(?P<after>[-\u2212\u2013])|\s?(?P<credit>CR|Cr|cr)|\s?(?P<debit>DR|Dr|dr))?
    )""",
    re.VERBOSE,
)


def _match(text: str) -> tuple[str, bool]:
    """Return the digits and whether they are negative, or refuse with the reason that will help most."""
    if _PLAIN.fullmatch(text):
        return text.removeprefix("-"), text.startswith("-")
    cleaned = text.strip().replace("\u00a0", " ")
    match = _GRAMMAR.fullmatch(cleaned)
    if match is None or not cleaned.isprintable():
        raise MoneyFormatError(text, _reason(cleaned))
    if match["open"]:
        return match["number"].replace(",", ""), True
    signs = [match[name] for name in ("minus", "inner", "after", "credit") if match[name]]
    if len(signs) > 1 or (signs and match["debit"]):
        raise MoneyFormatError(text, "it has more than one sign")
    return match["plain"].replace(",", ""), bool(signs)


def _reason(cleaned: str) -> str:
    """Say what is wrong with text that the grammar refuses."""
    if not cleaned:
        return "it is blank"
    if any(character.isdigit() and not character.isascii() for character in cleaned):
        return "it has digits that are not 0 to 9"
    if re.fullmatch(r"[-(]?£?[0-9.]+,[0-9]{1,2}\)?", cleaned):
        return "the comma is where the decimal point should be"
    if re.search(r"[0-9][eE][-+]?[0-9]", cleaned):
        return "it is in scientific notation, which a spreadsheet uses for codes and very large numbers"
    if re.search(r"[0-9]\s+[0-9]", cleaned):
        return "it has a space inside the number"
    if re.search(r"[0-9],", cleaned):
        return "its commas do not group the digits by three"
    return "it is not a number"


def printed_decimals(text: str) -> int:
    """How many decimal places a printed figure shows: 2 for “1,234.50”, 0 for “(1,234)”."""
    digits, _ = _match(text)
    return len(digits.partition(".")[2])


def parse_money(text: str, *, unit: Unit = Unit.POUNDS) -> Decimal:
    """Read printed money as exact pounds.

    `unit` is the table's unit: "1.445" in millions is £1,445,000.00. A figure finer than a penny is refused, because
    rounding it would invent a figure. Raises `MoneyFormatError`, or `MoneyRangeError` at £100bn and beyond.
    """
    digits, negative = _match(text)
    amount = Decimal(digits) * unit.factor
    return _checked(-amount if negative else amount, text)


def money_from_number(value: int | float | Decimal, *, unit: Unit = Unit.POUNDS) -> Decimal:
    """Read a spreadsheet's number as exact pounds.

    Workbooks store numbers as binary doubles, so 0.30 arrives as 0.30000000000000004. The shortest decimal that names the
    double is taken, and noise of up to 1e-9 is dropped; anything else finer than a penny is refused.
    """
    if isinstance(value, bool):
        raise MoneyFormatError(str(value), "it is true or false, not a number")
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        raise MoneyFormatError(str(value), "it is not a number")
    pounds = exact * unit.factor
    if abs(pounds) >= LIMIT:
        return _checked(pounds, str(value))
    nearest = pounds.quantize(PENNY, rounding=ROUND_HALF_UP)
    return _checked(nearest if abs(pounds - nearest) <= BINARY_NOISE * unit.factor else pounds, str(value))


def _checked(pounds: Decimal, text: str) -> Decimal:
    if abs(pounds) >= LIMIT:
        raise MoneyRangeError(text, "it is £100,000,000,000 or more, beyond any council's figure")
    pence = pounds.quantize(PENNY, rounding=ROUND_HALF_UP)
    if pence != pounds:
        raise MoneyFormatError(text, "it is finer than a penny")
    return pence + ZERO  # -0.00 becomes 0.00


def to_pence(pounds: Decimal) -> int:
    """Whole pence, as the database holds them. Refuses a float, and a figure finer than a penny."""
    if not isinstance(pounds, Decimal):
        raise TypeError(f"Money is Decimal pounds, not {type(pounds).__name__}.")
    pence = pounds * 100
    whole = int(pence)
    if whole != pence:
        raise MoneyFormatError(str(pounds), "it is finer than a penny")
    return whole


def from_pence(pence: int) -> Decimal:
    """Pounds with two places, from whole pence."""
    if isinstance(pence, bool) or not isinstance(pence, int):
        raise TypeError(f"Pence are whole numbers, not {type(pence).__name__}.")
    return Decimal(pence).scaleb(-2).quantize(PENNY)


def round_half_away(value: Decimal, places: int = 0) -> Decimal:
    """The one rounding rule: half away from zero, applied last, once, at display. −0 becomes 0.

    `ROUND_HALF_UP` in Python's decimal module is half away from zero: −2.5 becomes −3.
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def total(amounts: "list[Decimal] | tuple[Decimal, ...]") -> Decimal:
    """Add exact pounds; an empty list is £0.00."""
    return sum(amounts, ZERO)


def total_or_unknown(amounts: "list[Decimal | None] | tuple[Decimal | None, ...]") -> Decimal | None:
    """Add exact pounds, unless one is unknown: then so is the total. An unknown is never taken as nil."""
    known = [amount for amount in amounts if amount is not None]
    return total(known) if len(known) == len(amounts) else None
