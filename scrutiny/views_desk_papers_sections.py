"""The sections of a draft report on the desk: written with the publication's figures at hand, put in order, taken out."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from presentation.components import Crumb
from scrutiny.committees.desk import papers as desk
from scrutiny.committees.forms.papers import SectionForm
from scrutiny.committees.operations import paper_sections
from scrutiny.committees.papers.figures import figures_of
from scrutiny.committees.papers.lines import text_of
from scrutiny.committees.papers.offering import offer_of
from scrutiny.models import Paper, PaperSection
from scrutiny.views_desk_papers import GET_OR_POST, paper_address, paper_crumb, papers_frame
from services.access import Grant
from services.operations.refusals import StaleVersionError
from services.views.answers import act, carried_out, done, status_of
from services.views.conflicts import Place, conflict_page, seen_version


@require_http_methods(GET_OR_POST)
def new_section(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """Add a section at the end."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.paper_row(grant, paper_id)
    form = SectionForm(request.POST or None)
    return _section_page(
        request,
        grant,
        row,
        title="Add a section",
        form=form,
        operation=lambda given: paper_sections.add_section(by=grant.user, paper=row, **form.given(given)),
    )


@require_http_methods(GET_OR_POST)
def section(request: HttpRequest, slug: str, paper_id: int, section_id: int) -> HttpResponse:
    """Write a section."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.section_row(grant, paper_id, section_id)
    initial = {
        "kind": row.kind,
        "number": row.number,
        "heading": row.heading,
        "text": text_of(row.paragraphs.all()),
        "expected_version": row.version,
    }
    form = SectionForm(request.POST or None, initial=initial)

    def keep(given: dict[str, Any]) -> PaperSection:
        version = given["expected_version"] or 0
        return paper_sections.set_section(
            by=grant.user, section=row, expected_version=version, **form.given(given)
        )

    return _section_page(request, grant, row.paper, title=f"Section: {row}", form=form, operation=keep)


@require_POST
def move(request: HttpRequest, slug: str, paper_id: int, section_id: int) -> HttpResponse:
    """Put a section at another place."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.section_row(grant, paper_id, section_id)
    text = request.POST.get("to", "")
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return act(
        request,
        lambda: paper_sections.move_section(
            by=grant.user, section=row, expected_version=seen_version(request) or 0, to=place
        ),
        words=f"Section “{row}” is moved. The numbers stay as they were.",
        address=paper_address(grant, row.paper_id),
    )


@require_POST
def remove(request: HttpRequest, slug: str, paper_id: int, section_id: int) -> HttpResponse:
    """Take a section out of a draft."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.section_row(grant, paper_id, section_id)
    return act(
        request,
        lambda: paper_sections.remove_section(
            by=grant.user, section=row, expected_version=seen_version(request) or 0
        ),
        words=f"Section “{row}” is taken out. The audit trail keeps what it said.",
        address=paper_address(grant, row.paper_id),
    )


def _section_page(
    request: HttpRequest,
    grant: Grant,
    row: Paper,
    *,
    title: str,
    form: SectionForm,
    operation: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """The editor of one section, with what may be quoted beside it."""
    back = paper_address(grant, row.pk)
    frame = papers_frame(grant, paper_crumb(grant, row.pk, row.title), Crumb(title))
    try:
        if carried_out(request, form, operation):
            return done(request, "The section is saved.", back)
    except StaleVersionError as refusal:
        place = Place(what=title, address=request.path, back=back)
        context = {**frame, "frame_template": "committees/desk_base.html"}
        return conflict_page(request, context, place=place, form=form, refusal=refusal)
    published, history = figures_of(grant, desk.paper_entry(grant, row.pk))
    context = {
        **frame,
        "form": form,
        "title": title,
        "back": back,
        "paper": row,
        "offer": offer_of(published, history=history) if published else None,
    }
    return render(request, "committees/desk_paper_section.html", context, status=status_of(form))
