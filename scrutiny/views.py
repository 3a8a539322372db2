"""Members' pages: each fetches through access, makes one call, and renders. Nothing here reads a working figure."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounting.periods import Period, PeriodFormatError
from scrutiny import access
from scrutiny.downloads import all_tables, csv_response, file_name, table_named, xlsx_response
from scrutiny.headline import compared_sentence, headlines
from scrutiny.navigation import (
    comparison_choices,
    council_frame,
    period_address,
    period_switcher,
    publication_address,
    publication_frame,
    sections_of,
    versions_note,
    years_of,
)
from scrutiny.rendering import kept_page, render_page
from scrutiny.reports.operations import request_report
from scrutiny.reports.reading import report_file
from scrutiny.tables import comparison_table


@require_safe
def council(request: HttpRequest, slug: str) -> HttpResponse:
    """A council's published periods by year."""
    grant = access.council_of(request.user, slug)
    publications = access.publications_of(grant)
    latest = access.published_at(grant, publications[0].period) if publications else None
    context = {
        **council_frame(grant),
        "council": grant.council,
        "latest": latest,
        "headlines": headlines(latest) if latest else (),
        "latest_address": period_address(slug, latest.period) if latest else "",
        "years": years_of(grant, publications),
    }
    return render(request, "scrutiny/council.html", context)


@require_safe
def period(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """One published period. The main content comes from what this process keeps; who may read it is asked every time."""
    grant, published, versions = access.publication_for(request.user, slug, period, version)
    body = kept_page(published)
    if body is None:
        history = access.history_when_published(grant.council.pk, published)
        body = render_page(published, history=history)
    context = {
        **publication_frame(grant, published),
        "published": published,
        "switcher": period_switcher(access.publications_of(grant), published=published),
        "sections": sections_of(published, current="period"),
        "versions": versions_note(published, versions=versions),
        "body": body,
    }
    return render(request, "scrutiny/period.html", context)


@require_safe
def table_csv_file(
    request: HttpRequest, slug: str, period: Period, name: str, version: int | None = None
) -> HttpResponse:
    """One table as CSV."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    history = access.history_when_published(grant.council.pk, published)
    return csv_response(table_named(published, name=name, history=history), published=published)


@require_safe
def table_xlsx_file(
    request: HttpRequest, slug: str, period: Period, name: str, version: int | None = None
) -> HttpResponse:
    """One table as XLSX."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    history = access.history_when_published(grant.council.pk, published)
    table = table_named(published, name=name, history=history)
    return xlsx_response([table], published=published, what=name)


@require_safe
def workbook(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """Every table of the period in one workbook."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    history = access.history_when_published(grant.council.pk, published)
    tables = all_tables(published, history=history)
    return xlsx_response(list(tables.values()), published=published, what="all-tables")


@require_safe
def compare(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """This publication beside another: the last published before it, unless `with` names one."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    versions = access.versions_of(grant)
    wanted = request.GET.get("with", "")
    other = _other(grant, published, wanted)
    context = {
        **publication_frame(grant, published, page="Compare"),
        "published": published,
        "other": other,
        "choices": comparison_choices(published, versions=versions, other=other),
        "headline": compared_sentence(published, other) if other else None,
        "table": comparison_table(published, other) if other else None,
        "files": {
            extension: f"{publication_address('comparison_file', published, extension=extension)}?with={wanted}"
            for extension in ("csv", "xlsx")
        },
    }
    return render(request, "scrutiny/compare.html", context)


@require_safe
def comparison_file(
    request: HttpRequest, slug: str, period: Period, extension: str, version: int | None = None
) -> HttpResponse:
    """The comparison as CSV or XLSX."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    other = _other(grant, published, request.GET.get("with", ""))
    if other is None or extension not in {"csv", "xlsx"}:
        raise Http404(access.NOTHING_HERE)
    table = comparison_table(published, other)
    if extension == "csv":
        return csv_response(table, published=published)
    return xlsx_response([table], published=published, what="comparison")


def _other(grant: Any, published: Any, wanted: str) -> Any:
    """The publication to compare with: as asked for (“2023-24/p5” or “2023-24/p5/v1”), or the last published before; `None` if none."""
    if not wanted:
        before = access.published_before(grant, published.period)
        return access.published_at(grant, before.period, before.version) if before else None
    place, _, number = wanted.partition("/v")
    try:
        asked = Period.parse(place)
        version = int(number) if number else None
    except (PeriodFormatError, ValueError):
        raise Http404(access.NOTHING_HERE) from None
    return access.published_at(grant, asked, version)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """The report as the worker made it; otherwise a page that says how far it has got. POST asks again for one that failed."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    publication_id = access.publication_id_of(grant, published)
    content = report_file(publication_id)
    if content is not None:
        name = file_name(published, "budget-monitoring", "pdf")
        disposition = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(content, content_type="application/pdf", headers=disposition)
    state = request_report(publication_id=publication_id, again=request.method == "POST")
    if request.method == "POST":
        return redirect(publication_address("report", published))
    context = {
        **publication_frame(grant, published, page="Report"),
        "published": published,
        "state": state,
        "address": publication_address("report", published),
    }
    return render(request, "scrutiny/report_waiting.html", context, status=202)
