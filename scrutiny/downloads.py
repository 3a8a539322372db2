"""The files of a published period: every table as CSV and XLSX, and one workbook of all."""

from django.http import Http404, HttpResponse
from django.utils import timezone

from presentation.exports import CSV_TYPE, XLSX_TYPE, table_csv, tables_xlsx
from presentation.tables import FigureTable
from scrutiny.access import NOTHING_HERE, History
from scrutiny.published import PublishedPeriod
from scrutiny.savings.tables import savings_tables
from scrutiny.tables import history_points, published_tables


def file_name(published: PublishedPeriod, what: str, extension: str) -> str:
    """“hackney-2023-24-p7-v1-position.csv”: neutral, and the same wherever it is saved."""
    period = published.period.slug.replace("/", "-")
    return f"{published.council_slug}-{period}-v{published.version}-{what}.{extension}"


def table_named(published: PublishedPeriod, *, name: str, history: History) -> FigureTable:
    """One table; `Http404` where this publication has none of that name."""
    table = all_tables(published, history=history).get(name)
    if table is None:
        raise Http404(NOTHING_HERE)
    return table


def all_tables(published: PublishedPeriod, *, history: History) -> dict[str, FigureTable]:
    """Every table of a publication, its savings' and recovery's last: what its files hold."""
    return published_tables(published, history=history_points(history)) | savings_tables(published)


def properties(published: PublishedPeriod) -> dict[str, str]:
    """What a workbook says about where its figures come from."""
    published_on = timezone.localtime(published.published_at)
    lines = {
        "Council": published.council_name,
        "Period": published.period.label,
        "Version": str(published.version),
        "Published": f"{published_on:%d %B %Y, %H:%M}".lstrip("0"),
        "Published by": published.published_by,
        "Approved by": published.approved_by,
        "Digest": published.digest,
    }
    if published.source_note:
        lines["Source"] = published.source_note
    if published.is_illustration:
        lines["Note"] = "A demonstration: these figures are not real."
    return lines


def csv_response(table: FigureTable, *, published: PublishedPeriod) -> HttpResponse:
    """A table as CSV, to be saved."""
    return _attachment(table_csv(table), CSV_TYPE, file_name(published, table.key, "csv"))


def xlsx_response(tables: list[FigureTable], *, published: PublishedPeriod, what: str) -> HttpResponse:
    """Tables as one workbook, to be saved."""
    title = f"{published.council_name}: {published.remit}, {published.period.label}"
    # Lines of text only: the same figures always give the same bytes.
    content = tables_xlsx(tables, title=title, properties=properties(published))
    return _attachment(content, XLSX_TYPE, file_name(published, what, "xlsx"))


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
