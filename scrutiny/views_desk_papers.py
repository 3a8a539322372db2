"""Reports on the desk of those who write them: begun, written section by section, seen as they will print, and made final."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from presentation.components import Crumb
from scrutiny.committees.desk import papers as desk
from scrutiny.committees.forms.pages import FormPage, change_page, form_page
from scrutiny.committees.forms.papers import BeginForm, ChoiceForm, HeaderForm, OptionsForm
from scrutiny.committees.navigation import desk_address
from scrutiny.committees.operations import paper_options, papers
from scrutiny.committees.papers.figures import figures_of
from scrutiny.committees.papers.lines import text_of_options
from scrutiny.committees.papers.printing import printed
from scrutiny.models import Paper
from scrutiny.navigation import council_frame
from scrutiny.views_paper_files import file_page
from services.access import Grant
from services.roles import Permission
from services.views.answers import act, carried_out, done
from services.views.conflicts import seen_version

GET_OR_POST = ["GET", "HEAD", "POST"]
HEADER = (
    "title", "authority", "body", "day", "report_of", "portfolio", "wards", "key_decision", "access", "stamp", "abstract",
    "contact_role", "background_papers", "publication",
)  # fmt: skip


@require_safe
def papers_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every report, drafts first."""
    grant = desk.writers_desk(request.user, slug)
    context = {**papers_frame(grant), "papers": desk.papers_of(grant)}
    return render(request, "committees/desk_papers.html", context)


@require_http_methods(GET_OR_POST)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a report from a template."""
    grant = desk.writers_desk(request.user, slug)
    form = BeginForm(request.POST or None, publications=desk.publications_to_quote(grant.council.pk))
    begun: list[Paper] = []

    def keep(given: dict[str, Any]) -> Paper:
        begun.append(papers.record_paper(by=grant.user, council=grant.council, **given))
        return begun[-1]

    if carried_out(request, form, keep):
        address = paper_address(grant, begun[-1].pk) if begun else desk_address(slug, "desk_papers")
        return done(request, "The report is begun. Nobody but those who write reports sees it.", address)
    page = FormPage(
        title="Begin a report",
        button="Begin the report",
        refused="The report is not begun",
        back=desk_address(slug, "desk_papers"),
    )
    return form_page(request, papers_frame(grant, Crumb("Begin a report")), form=form, page=page)


@require_safe
def paper(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """The report as it prints, with a way to write each part of it."""
    grant = desk.writers_desk(request.user, slug)
    entry = desk.paper_entry(grant, paper_id)
    published, history = figures_of(grant, entry)
    context = {
        **papers_frame(grant, Crumb(entry.title)),
        "paper": printed(entry, published=published, history=history),
        "places": tuple(place for place, _ in enumerate(entry.sections, start=1)),
        "may_choose": _may_choose(grant, entry),
    }
    return render(request, "committees/desk_paper.html", context)


@require_safe
def preview(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """The report as it will print, and nothing else."""
    grant = desk.writers_desk(request.user, slug)
    entry = desk.paper_entry(grant, paper_id)
    published, history = figures_of(grant, entry)
    context = {
        **papers_frame(grant, paper_crumb(grant, entry.id, entry.title), Crumb("As it will print")),
        "paper": printed(entry, published=published, history=history),
        "pdf_url": "",
    }
    return render(request, "committees/paper.html", context)


@require_http_methods(GET_OR_POST)
def header(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """Write the header block, and choose the publication."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.paper_row(grant, paper_id)
    initial = {name: getattr(row, name) for name in HEADER} | {"expected_version": row.version}
    form = HeaderForm(
        request.POST or None,
        initial=initial,
        publications=desk.publications_to_quote(grant.council.pk),
    )
    return change_page(
        request,
        papers_frame(grant, paper_crumb(grant, row.pk, row.title), Crumb("Header")),
        form=form,
        page=_page(grant, row, title=f"Header: {row.title}", refused="The header is not saved"),
        operation=lambda given: papers.change_header(by=grant.user, paper=row, **given),
    )


@require_http_methods(GET_OR_POST)
def options(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """Write the options that the report puts to its committee."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.paper_row(grant, paper_id)
    initial = {"options": text_of_options(row.options.all()), "expected_version": row.version}
    form = OptionsForm(request.POST or None, initial=initial)
    return change_page(
        request,
        papers_frame(grant, paper_crumb(grant, row.pk, row.title), Crumb("Options")),
        form=form,
        page=_page(grant, row, title=f"Options: {row.title}", refused="The options are not saved"),
        operation=lambda given: paper_options.set_options(
            by=grant.user,
            paper=row,
            expected_version=given["expected_version"],
            options=form.given(given),
        ),
    )


@require_http_methods(GET_OR_POST)
def choice(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """Record which of its options a meeting chose."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.paper_row(grant, paper_id)
    form = ChoiceForm(
        request.POST or None,
        initial={"expected_version": row.version},
        meetings=desk.meetings_that_had(row),
        options=row.options.all(),
    )
    return change_page(
        request,
        papers_frame(grant, paper_crumb(grant, row.pk, row.title), Crumb("What was chosen")),
        form=form,
        page=_page(grant, row, title=f"What was chosen: {row.title}", refused="The choice is not recorded"),
        operation=lambda given: paper_options.choose_options(by=grant.user, paper=row, **given),
    )


@require_POST
def finalise(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """Make it final."""
    grant = desk.writers_desk(request.user, slug)
    row = desk.paper_row(grant, paper_id)
    return act(
        request,
        lambda: papers.finalise_paper(by=grant.user, paper=row, expected_version=seen_version(request) or 0),
        words="The report is final: nothing of it changes any more. Put it on an agenda to make it public.",
        address=paper_address(grant, row.pk),
    )


@require_http_methods(GET_OR_POST)
def pdf(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """The PDF of a final report, also of one that is not public."""
    grant = desk.writers_desk(request.user, slug)
    entry = desk.paper_entry(grant, paper_id)
    frame = papers_frame(grant, paper_crumb(grant, entry.id, entry.title), Crumb("PDF"))
    return file_page(request, frame, entry=entry, address=desk_address(slug, "desk_paper_file", entry.id))


def papers_frame(grant: Grant, *crumbs: Crumb) -> dict[str, Any]:
    """The frame of a page about reports on the desk."""
    way = (Crumb("Reports", desk_address(grant.council.slug, "desk_papers")), *crumbs)
    return council_frame(grant, here="papers") | {
        "council": grant.council,
        "breadcrumbs": way if crumbs else (),
    }


def paper_address(grant: Grant, paper_id: int) -> str:
    """Where a report is written."""
    return desk_address(grant.council.slug, "desk_paper", paper_id)


def paper_crumb(grant: Grant, paper_id: int, title: str) -> Crumb:
    """The way to where it is written."""
    return Crumb(title, paper_address(grant, paper_id))


def _page(grant: Grant, row: Paper, *, title: str, refused: str) -> FormPage:
    return FormPage(
        title=title, button="Save", refused=refused, back=paper_address(grant, row.pk), done="Saved."
    )


def _may_choose(grant: Grant, entry: Any) -> bool:
    is_open = entry.is_final and entry.options and not entry.chosen_at
    return bool(is_open) and grant.allows_everywhere(Permission.KEEP_MEETINGS)
