"""Published minutes of a meeting: as a page, and as the files that the worker made."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from presentation.components import Crumb
from scrutiny import access
from scrutiny.committees.entries.minutes import Minutes
from scrutiny.committees.minutes_printing import MIME, wording_of
from scrutiny.committees.navigation import committee_address, committees_frame, meeting_address
from scrutiny.committees.operations.minutes_files import minutes_file
from scrutiny.committees.public.minutes import minutes_of
from services.access import Grant


@require_safe
def minutes(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """The minutes as a page."""
    grant = access.council_of(request.user, slug)
    found = minutes_of(grant.council.pk, meeting_id, council_name=grant.council.name)
    context = {**_frame(grant, found), "minutes": found, "slug": slug}
    return render(request, "committees/minutes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_as_file(request: HttpRequest, slug: str, meeting_id: int, kind: str) -> HttpResponse:
    """The minutes as the worker made them; otherwise a page that says how far it has got. POST asks again for one that failed."""
    grant = access.council_of(request.user, slug)
    found = minutes_of(grant.council.pk, meeting_id, council_name=grant.council.name)
    if kind not in MIME:
        raise Http404(access.NOTHING_HERE)
    address = reverse("scrutiny:minutes_file", args=[slug, meeting_id, kind])
    state = minutes_file(
        meeting_id=meeting_id, kind=kind, wording=wording_of(found), again=request.method == "POST"
    )
    if request.method == "POST":
        return redirect(address)
    if state.content is not None:
        shown = "inline" if kind == "pdf" else "attachment"
        day = f"-{found.meeting.day:%Y-%m-%d}" if found.meeting.day else ""
        name = f"{slug}-{found.meeting.committee.slug}{day}-minutes.{kind}"
        disposition = {"Content-Disposition": f'{shown}; filename="{name}"'}
        return HttpResponse(state.content, content_type=MIME[kind], headers=disposition)
    context = {**_frame(grant, found), "minutes": found, "state": state, "address": address, "slug": slug}
    return render(request, "committees/minutes_waiting.html", context, status=202)


def _frame(grant: Grant, found: Minutes) -> dict[str, object]:
    slug, meeting = grant.council.slug, found.meeting
    return committees_frame(
        grant,
        Crumb(meeting.committee.name, committee_address(slug, meeting.committee.slug)),
        Crumb(meeting.day_words, meeting_address(slug, meeting.id)),
        Crumb("Minutes"),
    )
