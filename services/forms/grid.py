"""What the grid sends: one cell as JSON, one row as a form, a block as it was copied from a spreadsheet."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from accounting.money import MoneyFormatError, parse_money
from services.position.grid import ENTERED

TEXT_LIMIT: Final = 40
REASON_LIMIT: Final = 500
BODY_LIMIT: Final = 600_000
KEY_LIMIT: Final = 64


class UnreadableError(Exception):
    """What was sent is not what the grid sends. The message says what is wrong with it; `column` where it belongs to a figure."""

    def __init__(self, words: str, *, column: str = "") -> None:
        super().__init__(words)
        self.column = column


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSent:
    """One cell: what was typed in which column of which line, against which version of it."""

    line_id: int
    version: int
    column: str
    amount: Decimal | None
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSent:
    """A block pasted with its first cell at `line_id` and `column`. `versions` are those that its preview was made against."""

    text: str
    line_id: int
    column: str
    lines: tuple[int, ...]
    """The lines of the page, in the order in which they stand."""
    key: str
    reason: str
    versions: dict[int, int]


def amount_of(typed: str, *, column: str = "") -> Decimal | None:
    """Exact pounds as typed; a blank is `None`, “not yet known”. Raises `UnreadableError` with the parser's words."""
    text = typed.strip()
    if not text:
        return None
    if len(text) > TEXT_LIMIT:
        raise UnreadableError(f"An amount has at most {TEXT_LIMIT} characters.", column=column)
    try:
        return parse_money(text)
    except MoneyFormatError as error:
        raise UnreadableError(str(error), column=column) from error


def cell_sent(body: bytes) -> CellSent:
    """Read one cell from JSON."""
    given = _object(body)
    column = _text(given, "column", TEXT_LIMIT)
    if column not in ENTERED:
        raise UnreadableError("There is no column of that name to enter figures in.")
    return CellSent(
        line_id=_number(given, "line"),
        version=_number(given, "version"),
        column=column,
        amount=amount_of(_text(given, "typed", 200), column=column),
        key=_text(given, "key", KEY_LIMIT),
        reason=_text(given, "reason", REASON_LIMIT).strip(),
    )


def block_sent(body: bytes) -> BlockSent:
    """Read a pasted block from JSON."""
    given = _object(body)
    versions = given.get("versions", {})
    lines = given.get("lines", [])
    if not isinstance(versions, dict) or not isinstance(lines, list):
        raise UnreadableError("The versions or the lines are not as the page sends them.")
    return BlockSent(
        text=_text(given, "text", BODY_LIMIT),
        line_id=_number(given, "line"),
        column=_text(given, "column", TEXT_LIMIT),
        lines=tuple(whole_number(line) for line in lines),
        key=_text(given, "key", KEY_LIMIT),
        reason=_text(given, "reason", REASON_LIMIT).strip(),
        versions={whole_number(line): whole_number(version) for line, version in versions.items()},
    )


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > BODY_LIMIT:
        raise UnreadableError("This is more than the grid takes at once. Paste it in parts.")
    try:
        given = json.loads(body)
    except ValueError as error:
        raise UnreadableError("The request is not JSON.") from error
    if not isinstance(given, dict):
        raise UnreadableError("The request is not a JSON object.")
    return given


def _text(given: dict[str, Any], name: str, limit: int) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise UnreadableError(f"{name.capitalize()} must be text.")
    if len(value) > limit:
        raise UnreadableError(f"{name.capitalize()} has {len(value):,} characters; the limit is {limit:,}.")
    return value


def _number(given: dict[str, Any], name: str) -> int:
    if name not in given:
        raise UnreadableError(f"{name.capitalize()} is missing.")
    return whole_number(given[name])


def whole_number(value: object, *, what: str = "A line or a version") -> int:
    """A whole number that a database can hold, from a number or its digits."""
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise UnreadableError(f"{what} is not a whole number.")
    return int(text)
