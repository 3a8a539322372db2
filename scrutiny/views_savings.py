"""Members' pages of savings, recovery and the medium term: each fetches through access, makes one call, and renders."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounting.periods import Period
from scrutiny import access
from scrutiny.downloads import csv_response, xlsx_response
from scrutiny.navigation import period_switcher, publication_frame, sections_of, versions_note
from scrutiny.published import PublishedPeriod, PublishedVersion
from scrutiny.savings.pages import recovery_body, savings_body, strategy_body
from scrutiny.savings.proposal import proposal_page, proposal_tables
from services.access import Grant


@require_safe
def savings(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """A period's savings: what was to be saved, what will be, why not, and what stands in for it."""
    grant, published, versions = access.publication_for(request.user, slug, period, version)
    context = _frame(grant, published, versions, page="savings", title="Savings")
    return render(request, "scrutiny/savings.html", context | {"body": savings_body(published)})


@require_safe
def recovery(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """Recovery plans, spending controls, reviews and business cases."""
    grant, published, versions = access.publication_for(request.user, slug, period, version)
    context = _frame(grant, published, versions, page="recovery", title="Recovery")
    return render(request, "scrutiny/savings.html", context | {"body": recovery_body(published)})


@require_safe
def strategy(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """The medium-term strategy, all of it or the proposals of one `priority`."""
    grant, published, versions = access.publication_for(request.user, slug, period, version)
    context = _frame(grant, published, versions, page="strategy", title="Medium term")
    body = strategy_body(published, priority=request.GET.get("priority", ""))
    return render(request, "scrutiny/savings.html", context | {"body": body})


@require_safe
def proposal(
    request: HttpRequest, slug: str, period: Period, key: str, version: int | None = None
) -> HttpResponse:
    """One proposal, with everything that was published of it."""
    grant, published, versions = access.publication_for(request.user, slug, period, version)
    history = access.saving_history(grant, published, key=key)
    page = proposal_page(published, key=key, history=history)
    context = {
        **_frame(grant, published, versions, page="savings", title=page.proposal.heading),
        "page": page,
        "published": published,
    }
    return render(request, "scrutiny/savings_proposal.html", context)


@require_safe
def proposal_file(
    request: HttpRequest,
    slug: str,
    period: Period,
    key: str,
    name: str,
    extension: str,
    version: int | None = None,
) -> HttpResponse:
    """One table of a proposal as CSV or XLSX."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    history = access.saving_history(grant, published, key=key)
    table = proposal_tables(published, key=key, history=history).get(name)
    if table is None or extension not in {"csv", "xlsx"}:
        raise Http404(access.NOTHING_HERE)
    if extension == "csv":
        return csv_response(table, published=published)
    return xlsx_response([table], published=published, what=table.key)


def _frame(
    grant: Grant,
    published: PublishedPeriod,
    versions: tuple[PublishedVersion, ...],
    *,
    page: str,
    title: str,
) -> dict[str, Any]:
    """What stands round each of these pages."""
    return {
        **publication_frame(grant, published, page=title),
        "page_title": title,
        "sections": sections_of(published, current=page),
        "switcher": period_switcher(access.publications_of(grant), published=published, page=page),
        "versions": versions_note(published, versions=versions),
        "period_label": published.period.label,
        "is_illustration": published.is_illustration,
    }
