"""What may be entered: exact money, text that can be kept and printed, and the mark of a figure left as it was."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Final, Literal

from accounting.money import LIMIT, PENNY
from accounting.wording import format_money
from services.operations.refusals import InvalidEntryError, InvalidFigureError


class Unchanged(Enum):
    """The mark of a figure that an edit leaves as it was; `None` would make it unknown."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
type_of_unchanged = Literal[Unchanged.UNCHANGED]
Entered = Decimal | None | Unchanged
"""A figure in an edit: exact pounds, `None` for “not yet known”, or `UNCHANGED`."""

WORDS_LIMIT: Final = 5_000
_INVISIBLE: Final = {
    "Cf",
    "Co",
    "Cs",
    "Cn",
}  # bidirectional marks, zero-width characters, private use, surrogates


def checked_money(
    field: str, amount: Decimal | None, *, line: str = "", line_id: int | None = None
) -> Decimal | None:
    """Exact pounds to the penny, below £100bn; `InvalidFigureError` otherwise. `None` is unknown and stays so."""
    if amount is None:
        return None
    if not isinstance(amount, Decimal):
        raise InvalidFigureError(
            field, f"must be exact pounds, not a {type(amount).__name__}.", line=line, line_id=line_id
        )
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise InvalidFigureError(
            field,
            f"must be less than {format_money(LIMIT)}, with or without a sign.",
            line=line,
            line_id=line_id,
        )
    pence = amount.quantize(PENNY)
    if pence != amount:
        raise InvalidFigureError(field, "must not be finer than a penny.", line=line, line_id=line_id)
    return pence if pence else abs(pence)


def required_money(field: str, amount: Decimal, *, positive: bool = False, nil: bool = True) -> Decimal:
    """Exact pounds that must be there; `positive` for an amount without a sign, more than nil; `nil=False` refuses nil."""
    pounds = checked_money(field, amount)
    if pounds is None:
        raise InvalidFigureError(field, "an amount is needed.")
    if positive and pounds <= 0:
        raise InvalidFigureError(field, "must be more than nil. Write it without a sign.")
    if not nil and pounds == 0:
        raise InvalidFigureError(field, "must not be nil.")
    return pounds


def checked_range(figures: Mapping[str, Decimal | None], *, line: str, line_id: int) -> None:
    """Best case ≤ forecast outturn ≤ worst case, where known, for the likely figure lies inside the range; `InvalidFigureError` otherwise."""
    best, outturn, worst = figures["best_case"], figures["forecast_outturn"], figures["worst_case"]
    if best is not None and outturn is not None and best > outturn:
        words = "the best case (the lowest likely outturn) is more than the forecast outturn."
        raise InvalidFigureError("best_case", words, line=line, line_id=line_id)
    if worst is not None and outturn is not None and worst < outturn:
        words = "the worst case (the highest likely outturn) is less than the forecast outturn."
        raise InvalidFigureError("worst_case", words, line=line, line_id=line_id)
    if best is not None and worst is not None and best > worst:
        words = "the best case is more than the worst case."
        raise InvalidFigureError("best_case", words, line=line, line_id=line_id)


def checked_words(field: str, words: str, *, required: bool = False, limit: int = WORDS_LIMIT) -> str:
    """Running text, stripped; `InvalidEntryError` if it is missing where it is needed, too long, or holds characters no page can print."""
    text = words.replace("\r\n", "\n").strip()
    if required and not text:
        raise InvalidEntryError(field, "must not be blank.")
    if len(text) > limit:
        raise InvalidEntryError(field, f"has {len(text):,} characters; the limit is {limit:,}. Shorten it.")
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
            raise InvalidEntryError(
                field, f"holds a control character (U+{ord(character):04X}) that cannot be kept. Remove it."
            )
    return text


def checked_name(field: str, name: str, *, required: bool = True, limit: int = 200) -> str:
    """A name or code: one line, without invisible characters, so that two names that look alike are alike."""
    text = checked_words(field, name, required=required, limit=limit)
    for character in text:
        if character in "\n\t" or unicodedata.category(character) in _INVISIBLE:
            raise InvalidEntryError(
                field, f"holds an invisible character (U+{ord(character):04X}). Type it again without."
            )
    return text
