"""The period's budget monitoring report as a committee gets it: numbered paragraphs, recommendations, tables, charts, appendices."""

from collections.abc import Sequence
from pathlib import Path

from django.template.loader import render_to_string

from presentation.components import Definition
from presentation.exports import table_csv
from presentation.pdf import PdfAttachment, PdfDocument, PdfSection, build_pdf
from presentation.tables import FigureTable
from scrutiny.access import History
from scrutiny.charts import published_charts
from scrutiny.downloads import all_tables, file_name
from scrutiny.navigation import published_on
from scrutiny.published import PublishedPeriod
from scrutiny.reports.paragraphs import Sources, report_sections
from scrutiny.savings.tables import savings_tables
from scrutiny.tables import (
    Medium,
    appendix_tables,
    history_points,
    published_tables,
    range_tables,
    reasons_by_directorate,
)


def report_pdf(published: PublishedPeriod, *, history: History, cache_dir: Path | None = None) -> bytes:
    """The report as one tagged PDF. Raises `PdfError`."""
    return build_pdf(report_document(published, history=history), cache_dir=cache_dir)


def report_title(published: PublishedPeriod) -> str:
    """“Children's services budget monitoring, Month 7 (October 2023)”."""
    period = published.period
    when = (
        period.label
        if period.is_outturn
        else f"{period.short_label} ({period.month_name} {period.end_date.year})"
    )
    return f"{published.remit} budget monitoring, {when}"


def short_title(published: PublishedPeriod) -> str:
    """What the running head has room for."""
    return f"Budget monitoring, {published.period.short_label}"


def report_document(published: PublishedPeriod, *, history: History) -> PdfDocument:
    """The report's sections, attachments and the facts printed about it."""
    points = history_points(history)
    tables = published_tables(published, history=points, medium=Medium.PAPER)
    sources = Sources(
        published=published,
        tables=tables,
        charts=published_charts(published, tables=tables, history=points),
        reasons=reasons_by_directorate(published),
        savings=savings_tables(published, medium=Medium.PAPER),
    )
    title = report_title(published)
    files = all_tables(published, history=history)
    return PdfDocument(
        title=title,
        subject=f"{published.council_name}, {published.period.year}, version {published.version}",
        author=published.council_name,
        dated=published.published_at,
        sections=tuple(_pdf_sections(sources, title=title)),
        attachments=tuple(
            _attachment(published, files[name]) for name in ("position", "lines", "savings") if name in files
        ),
        running_head=published.council_name,
        footer=(
            f"Figures as published on {published_on(published.published_at)}, version {published.version}. "
            f"Digest {published.digest[:16]}"
        ),
    )


def _pdf_sections(sources: Sources, *, title: str) -> list[PdfSection]:
    published, tables = sources.published, sources.tables
    body = {
        "title": title,
        "published": published,
        "header": header(published),
        "sections": report_sections(sources),
    }
    made = [PdfSection("report", render_to_string("paper/report.html", body), short_title(published))]
    savings = sources.savings.get("savings-sources")
    sources_table = [table for table in (tables.get("sources"), savings) if table is not None]
    made += _appendix("a", "all figures by line", appendix_tables(published), landscape=True)
    made += _appendix("b", "where marked figures come from", sources_table)
    made += _appendix("c", "range of the forecast", range_tables(published))
    by_year = [sources.savings[name] for name in ("proposals-by-year",) if name in sources.savings]
    made += _appendix("d", "proposals by year", by_year, landscape=True)
    return made


def _appendix(
    letter: str, title: str, tables: Sequence[FigureTable], *, landscape: bool = False
) -> list[PdfSection]:
    """One appendix; none without tables. Its letter is the same in every report."""
    if not tables:
        return []
    words = f"Appendix {letter.upper()}: {title}"
    html = render_to_string(
        "paper/report_appendix.html", {"title": words, "tables": tables, "dense": landscape}
    )
    return [PdfSection(f"appendix-{letter}", html, words, landscape=landscape)]


def header(published: PublishedPeriod) -> tuple[Definition, ...]:
    """What stands at a report's head. The committee, its date and its item number are the clerk's to add."""
    facts = [
        Definition("Council", published.council_name),
        Definition("Financial year", str(published.period.year)),
        Definition("Period", published.period.label),
        Definition("Report of", published.approved_by),
        Definition("Published", f"{published_on(published.published_at)}, version {published.version}"),
        Definition("Classification", "Open"),
    ]
    if published.title_as_printed:
        facts.append(Definition("Title as printed by the council", published.title_as_printed))
    if published.is_illustration:
        facts.append(
            Definition("Note", "A demonstration: this council is invented, and none of its figures is real.")
        )
    return tuple(facts)


def _attachment(published: PublishedPeriod, table: FigureTable) -> PdfAttachment:
    return PdfAttachment(
        name=file_name(published, table.key, "csv"), content=table_csv(table), description=table.caption
    )
