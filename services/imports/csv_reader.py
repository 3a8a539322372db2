"""CSV into cells: encoding and delimiter are detected and told, and what cannot be read is refused with its line number."""

import csv
import io
import re
from typing import Final

from services.imports.grid import Cell, FileContents, Grid
from services.imports.problems import UnreadableFileError
from services.imports.upload import CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT

SHEET: Final = ""
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
_EXTRA_ROWS: Final = 100
"""Titles, totals and blank rows beside the lines."""


def read_csv(content: bytes) -> FileContents:
    """Read one CSV file."""
    text, encoding = _decode(content)
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableFileError(
            "The file holds a NUL character, so it is not plain text. Save it again as CSV.", row=line
        )
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter)
    endings = {
        "\r\n": "\r\n" in text,
        "\n": re.search(r"(?<!\r)\n", text),
        "\r": re.search(r"\r(?!\n)", text),
    }
    mixed = ", line ends of different kinds" if sum(bool(found) for found in endings.values()) > 1 else ""
    return FileContents(
        grids=(Grid(SHEET, tuple(rows)),),
        facts=(f"CSV, {encoding}, columns separated by {_DELIMITERS[delimiter]}{mixed}, {len(rows):,} rows",),
    )


def _decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding in words."""
    if content.startswith(b"\xef\xbb\xbf"):
        attempts = [("utf-8-sig", "UTF-8 with byte-order mark")]
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        attempts = [("utf-16", "UTF-16")]
    else:
        attempts = [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]
    for codec, words in attempts:
        try:
            return content.decode(codec), words
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(
        "The file's characters cannot be read. Save it as “CSV UTF-8” and send it again."
    )


def _delimiter(text: str) -> str:
    """The separator that gives most columns to most of the first rows."""
    sample = text[:50_000].splitlines()[:60]
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        score = max((wide.count(width) * (width - 1) for width in set(wide)), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _rows(text: str, delimiter: str) -> list[tuple[int, list[Cell]]]:
    """Every row that is not blank, with the number of the line on which it begins."""
    previous = csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[Cell]]] = []
    line = 1
    try:
        for cells in reader:
            if len(cells) > COLUMN_LIMIT:
                raise UnreadableFileError(
                    f"The row has {len(cells):,} columns; at most {COLUMN_LIMIT} are read.", row=line
                )
            if any(cell and not cell.isspace() for cell in cells):
                rows.append((line, list(cells)))
                _refuse_too_many(rows, text)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFileError(_fault(str(error)), row=line) from error
    finally:
        csv.field_size_limit(previous)
    return rows


def _refuse_too_many(rows: list[tuple[int, list[Cell]]], text: str) -> None:
    if len(rows) > ROW_LIMIT + _EXTRA_ROWS:
        raise UnreadableFileError(
            f"The file has {text.count(chr(10)):,} rows; at most {ROW_LIMIT:,} lines are read. Split it by directorate."
        )


def _fault(error: str) -> str:
    if "field larger" in error:
        return f"A cell has more than {CELL_LIMIT:,} characters: shorten it, or close the quotation mark that opens here and is never closed."
    if "unexpected end" in error:
        return "A quotation mark opens in this row and is never closed. Close it, or double it if it is part of the text."
    return "A quotation mark stands inside a cell that is not closed before the next column. Double it if it is part of the text."
