"""What every listing shares: amounts as text, aligned columns, CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from accounting.wording import export_money, format_money
from savings.entries import SpanEntry

FORMATS: Final = ("table", "csv", "json")
_TITLE_WIDTH: Final = 60


def text_of(amount: Decimal | None) -> str | None:
    """Exact pounds as a decimal string; `None` where unknown."""
    return None if amount is None else export_money(amount)


def span_object(span: SpanEntry) -> dict[str, Any]:
    """An amount printed for several years together, and whether the years hold it."""
    return {
        "words": span.words,
        "first_year": str(span.first_year),
        "last_year": str(span.last_year),
        "amount": text_of(span.amount),
        "is_counted": span.is_counted,
        "if_each_year": text_of(span.if_each_year),
        "if_in_total": text_of(span.if_in_total),
    }


def name_of(heading: str) -> str:
    """A heading, cut short where it would make the columns too wide."""
    return heading if len(heading) <= _TITLE_WIDTH else heading[: _TITLE_WIDTH - 1] + "…"


def shown(amount: Decimal | None) -> str:
    """Whole pounds for reading."""
    return format_money(amount, symbol=False, unknown="unknown")


def spaced(lines: Iterable[str]) -> list[str]:
    """Lines under a blank one; nothing where there are none."""
    found = list(lines)
    return ["", *found] if found else []


def aligned(captions: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The name at the left, everything else at the right."""
    widths = [max(len(row[index]) for row in (captions, *rows)) for index in range(len(captions))]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in (captions, *rows)
    ]


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Headings and rows as CSV."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return written.getvalue()
