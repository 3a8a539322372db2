"""A report as members read it: once it is final, and on an open item of a published agenda."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from presentation.components import Crumb
from scrutiny import access
from scrutiny.committees.navigation import committees_frame
from scrutiny.committees.papers.figures import figures_of
from scrutiny.committees.papers.printing import printed
from scrutiny.committees.public import papers as public
from scrutiny.views_paper_files import file_page


@require_safe
def paper(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """The report with its figures and tables as published."""
    grant = access.council_of(request.user, slug)
    entry = public.paper_entry(grant.council.pk, paper_id)
    published, history = figures_of(grant, entry)
    context = {
        **committees_frame(grant, Crumb(entry.title)),
        "paper": printed(entry, published=published, history=history),
        "pdf_url": reverse("scrutiny:paper_file", args=[slug, entry.id]),
    }
    return render(request, "committees/paper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def paper_pdf(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """Its PDF."""
    grant = access.council_of(request.user, slug)
    entry = public.paper_entry(grant.council.pk, paper_id)
    way = Crumb(entry.title, reverse("scrutiny:paper", args=[slug, entry.id]))
    frame = committees_frame(grant, way, Crumb("PDF"))
    return file_page(
        request, frame, entry=entry, address=reverse("scrutiny:paper_file", args=[slug, entry.id])
    )
