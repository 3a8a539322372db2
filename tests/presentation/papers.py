"""Sample sections and documents for the tests of PDFs."""

import base64
import sys
import types
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from presentation.pdf import PdfAttachment, PdfDocument, PdfSection

DRAWING = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" width="60" height="20"><rect width="40" height="20"/></svg>'
).decode()

REPORT = f"""
<h1>Budget monitoring report</h1>
<p class="headline">Children and families will overspend by £3.8m after £3.6m from reserves.</p>
<h2 id="residential">Residential placements</h2>
<p class="numbered"><span class="number">1.1</span>See <a href="#residential">this part</a> and
the <a href="section:service-lines">service lines</a>, or <a href="https://example.org/">the council’s site</a>.</p>
<ul><li>note the forecast;</li><li>ask the executive member.<ul><li>in writing</li></ul></li></ul>
<figure><img alt="Reserves cover half of the overspend" src="data:image/svg+xml;base64,{DRAWING}">
<figcaption>Half is covered.</figcaption></figure>
<h3>Words</h3><dl><dt>Outturn</dt><dd>What was spent in the end.</dd></dl>
"""


@pytest.fixture(scope="module", autouse=True)
def quick_workers() -> Iterator[None]:
    """Lets worker processes start without importing pytest again, which each would do to restore its parent's main module."""
    with pytest.MonkeyPatch.context() as patch:
        bare = types.ModuleType("__main__")
        patch.setitem(sys.modules, "__main__", bare)
        yield


def figures_table(rows: int, *, caption: str = "Service lines, £000") -> str:
    """A table of three columns of figures with a row header, a rating and a total."""
    names = ("Service", "Revised budget", "Forecast outturn", "Variance after reserves")
    head = "".join(
        f'<th class="{"col-name" if name == "Service" else "col-figure"}">{name}</th>' for name in names
    )
    body = "".join(
        f'<tr class="row-line"><th scope="row" class="col-name">Line {number}</th><td class="col-figure">{number},000</td>'
        f'<td class="col-figure">{number},100</td><td class="col-figure">100</td></tr>'
        for number in range(1, rows + 1)
    )
    total = (
        '<tr class="row-total"><th scope="row" class="col-name">Total</th>'
        + '<td class="col-figure">9</td>' * 3
    )
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}{total}</tr></tbody></table>"


def document(*sections: PdfSection, **changes: object) -> PdfDocument:
    """A document of the given sections, or of a whole small report."""
    facts: dict[str, object] = {
        "title": "Children’s budget, month 7",
        "subject": "Budget monitoring",
        "author": "Thamesmere Council",
        "dated": datetime(2025, 11, 14, 9, 30, tzinfo=UTC),
        "sections": sections or report_sections(),
    }
    return PdfDocument(**{**facts, **changes})  # type: ignore[arg-type]


def report_sections() -> tuple[PdfSection, ...]:
    return (
        PdfSection("report", REPORT, "Budget monitoring report"),
        PdfSection("service-lines", f"<h1>Service lines</h1>{figures_table(90)}", "Service lines"),
        PdfSection(
            "wide", f"<h2>A wide table</h2>{figures_table(3)}", "Appendix: a wide table", landscape=True
        ),
    )


def whole_document() -> PdfDocument:
    """Contents, running words, a table over several pages, a picture, lists, and an attached file."""
    return document(
        attachments=(
            PdfAttachment("service-lines.csv", b"service,budget\r\nLine 1,1000\r\n", "All service lines"),
        ),
        running_head="Thamesmere Council · Month 7",
        footer="Figures as published on 14 November 2025 · digest abc123",
        contents=True,
    )
