"""Figures as words: the one formatter. Nil prints 0, never −0; unknown prints words, never a blank."""

from decimal import Decimal
from typing import Final

from accounting.money import Unit, round_half_away

MINUS: Final = "\u2212"
UNKNOWN: Final = "not yet forecast"
NOT_APPLICABLE: Final = "n/a"


def format_money(
    amount: Decimal | None,
    *,
    unit: Unit = Unit.POUNDS,
    places: int = 0,
    symbol: bool = True,
    unknown: str = UNKNOWN,
    plus: bool = False,
) -> str:
    """Print an amount in a unit, rounded by itself half away from zero: “£1,235”, “−£1,235”, or “1,235” without the symbol.

    In thousands and millions the unit's word is the caption's business, so no “k” or “m” is printed. `plus` marks increases with “+”.
    """
    if amount is None:
        return unknown
    rounded = round_half_away(amount / unit.factor, places)
    sign = MINUS if rounded < 0 else "+" if plus and rounded > 0 else ""
    return f"{sign}{'£' if symbol else ''}{abs(rounded):,.{places}f}"


def format_short(amount: Decimal | None, *, unknown: str = UNKNOWN, plus: bool = False) -> str:
    """Print an amount for a sentence: “£3.8m”, “£943k”, “£120”; to one decimal from a million, whole thousands from a thousand.

    The unit is chosen after rounding, so £999,600 is “£1.0m” and never “£1,000k”.
    """
    if amount is None:
        return unknown
    if abs(amount) >= Decimal("999500"):
        places, unit, suffix = 1, Unit.MILLIONS, "m"
    elif abs(amount) >= Decimal("999.5"):
        places, unit, suffix = 0, Unit.THOUSANDS, "k"
    else:
        places, unit, suffix = 0, Unit.POUNDS, ""
    return format_money(amount, unit=unit, places=places, plus=plus) + suffix


def direction(amount: Decimal | None, *, unknown: str = UNKNOWN) -> str:
    """“over”, “under” or “on budget”, for a variance in which an overspend is positive."""
    if amount is None:
        return unknown
    return "over" if amount > 0 else "under" if amount < 0 else "on budget"


def over_under(amount: Decimal | None, *, unknown: str = UNKNOWN) -> str:
    """A variance with its word: “£3.8m over”, “£152k under”, “on budget”."""
    if amount is None:
        return unknown
    return f"{format_short(abs(amount))} {direction(amount)}" if amount else "on budget"


def over_under_in_full(amount: Decimal | None, *, unknown: str = UNKNOWN) -> str:
    """A variance in whole pounds with its word: “£3,751,000 over”, “£152,000 under”, “on budget”."""
    if amount is None:
        return unknown
    return f"{format_money(abs(amount))} {direction(amount)}" if amount else "on budget"


def better_worse(movement: Decimal | None, *, unknown: str = "first report") -> str:
    """A movement with its word: “£0.4m worse”, “£25k better”, “no change”."""
    if movement is None:
        return unknown
    if movement == 0:
        return "no change"
    return f"{format_short(abs(movement))} {'worse' if movement > 0 else 'better'}"


def format_percent(percent: Decimal | None, *, places: int = 1, unknown: str = NOT_APPLICABLE) -> str:
    """Print a percentage: “20.0%”, “−2.1%”, or “n/a” where there is no base to take it of."""
    if percent is None:
        return unknown
    rounded = round_half_away(percent, places)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,.{places}f}%"


def export_money(amount: Decimal | None) -> str:
    """Exact pounds with two places and an ASCII minus, for CSV and JSON; empty where unknown."""
    return "" if amount is None else f"{amount:.2f}"
