"""A position as a terminal prints it: aligned text, CSV, or JSON. The same for working and for published figures."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from accounting.figures import Figures
from accounting.funds import Fund
from accounting.wording import format_money
from presentation.exports import inert
from scrutiny.published import COUNCIL, DIRECTORATE, DIVISION, PeriodContent, PublishedLine, PublishedTotal

FIGURES = (
    "original_budget", "virements", "revised_budget", "actual_to_date", "forecast_outturn", "variance_before_reserves", "drawdown",
    "contribution", "other_one_off_funding", "variance_after_reserves", "underlying_variance", "movement",
)  # fmt: skip
"""The figures of each row, in their order; then come the rating and, last, `funding_changes`."""
HEADINGS = {
    "revised_budget": "Revised budget",
    "actual_to_date": "Actual to date",
    "forecast_outturn": "Forecast outturn",
    "variance_before_reserves": "Variance before reserves",
    "drawdown": "Drawdown",
    "contribution": "Contribution",
    "other_one_off_funding": "Other one-off funding",
    "variance_after_reserves": "Variance after reserves",
    "movement": "Movement",
}
INDENT = "  "
NO_LINES = (
    "There is no service line in this period, and so no position. Savings are printed by: manage.py savings"
)


def as_json(content: PeriodContent, *, published: int | None) -> str:
    """Money as decimal strings in pounds, unknown as null. `published` is the newest published version of the period."""
    listed = {
        "council": content.council_slug,
        "period": content.period.slug,
        "published": published,
        "lines": [_line_object(line) for line in content.lines],
        "totals": [_total_object(total) for total in content.totals],
    }
    return json.dumps(listed, indent=2, ensure_ascii=False)


def _line_object(line: PublishedLine) -> dict[str, Any]:
    return {
        "directorate": line.directorate,
        "division": line.division,
        "service_line": line.name,
        "fund": line.fund.value,
        **_figures_object(line),
    }


def _total_object(total: PublishedTotal) -> dict[str, Any]:
    return {"scope": total.scope, "name": total.name, "fund": total.fund.value, **_figures_object(total)}


def _figures_object(row: PublishedLine | PublishedTotal) -> dict[str, str | None]:
    strings = row.figures.as_strings()
    return {
        **{name: strings[name] for name in FIGURES},
        "rag": row.rag.value if row.rag else None,
        "funding_changes": strings["funding_changes"],
    }


def as_csv(content: PeriodContent) -> str:
    """Exact pounds, one row a line and one a total; an unknown figure is empty. Text that looks like a formula is made inert."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(
        ["scope", "directorate", "division", "service_line", "fund", *FIGURES, "rag", "funding_changes"]
    )
    for line in content.lines:
        named = [line.directorate, line.division, line.name]
        writer.writerow(["line", *map(inert, named), line.fund.value, *_cells(line)])
    for total in content.totals:
        named = [total.directorate, total.name if total.scope == DIVISION else "", ""]
        writer.writerow([total.scope, *map(inert, named), total.fund.value, *_cells(total)])
    return written.getvalue()


def _cells(row: PublishedLine | PublishedTotal) -> Iterator[str]:
    return (value or "" for value in _figures_object(row).values())


def as_table(content: PeriodContent, *, heading: str) -> str:
    """Aligned text in the council's unit: each division's lines, then the totals of each fund."""
    if not content.lines:
        return "\n".join([heading, *(f"Note: {warning}" for warning in content.warnings), NO_LINES])
    rows = [[name, *_printed(figures, content), rating] for name, figures, rating in _rows(content)]
    widths = [max(len(word) for word in _column(index, rows)) for index in range(len(rows[0]) if rows else 0)]
    captions = list(zip_longest(*([h.split() for h in ["", *HEADINGS.values(), "RAG"]]), fillvalue=""))
    printed = [
        f"{heading}, {content.unit.label}, overspend positive",
        *(f"Note: {warning}" for warning in content.warnings),
        "",
        *(_aligned(caption, widths) for caption in captions),
        *(_aligned(row, widths) for row in rows),
        "",
        "Figures are rounded separately and may not sum.",
    ]
    return "\n".join(printed)


def _column(index: int, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (row[index] for row in rows)
    yield from ["", *HEADINGS.values(), "RAG"][index].split()


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The name at the left, figures at the right."""
    if not any(cells[1:]):
        return cells[0]
    padded = [cells[0].ljust(widths[0])]
    padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return "  ".join(padded).rstrip()


def _printed(figures: Figures | None, content: PeriodContent) -> list[str]:
    if figures is None:
        return [""] * len(HEADINGS)
    first_report = "first report" if content.last_published is None else "n/a"
    return [
        format_money(
            getattr(figures, name),
            unit=content.unit,
            symbol=False,
            unknown=first_report if name == "movement" else "unknown",
        )
        for name in HEADINGS
    ]


def _rows(content: PeriodContent) -> Iterator[tuple[str, Figures | None, str]]:
    for directorate in dict.fromkeys(line.directorate for line in content.lines):
        yield directorate, None, ""
        inside = [line for line in content.lines if line.directorate == directorate]
        for division in dict.fromkeys(line.division for line in inside):
            yield f"{INDENT}{division}", None, ""
            for line in inside:
                if line.division == division:
                    yield f"{INDENT * 2}{line.name}{_fund(line.fund)}", line.figures, _rating(line)
            totals = (t for t in content.totals if (t.directorate, t.name) == (directorate, division))
            yield from _totals((t for t in totals if t.scope == DIVISION), INDENT)
        yield from _totals((t for t in content.totals if (t.scope, t.name) == (DIRECTORATE, directorate)), "")
    yield from _totals((total for total in content.totals if total.scope == COUNCIL), "")


def _totals(totals: Iterable[PublishedTotal], indent: str) -> Iterator[tuple[str, Figures | None, str]]:
    for total in totals:
        yield f"{indent}Total {total.name}, {total.fund.label}", total.figures, _rating(total)


def _fund(fund: Fund) -> str:
    return "" if fund is Fund.GENERAL_FUND else f" ({fund.label})"


def _rating(row: PublishedLine | PublishedTotal) -> str:
    return row.rag.label if row.rag else "not rated"
