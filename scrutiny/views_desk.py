"""The clerk's desk: what waits, and each committee with its seats, work programme and meetings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from presentation.components import Crumb
from scrutiny.committees.desk import meetings as desk
from scrutiny.committees.forms.meetings import CommitteeForm, MeetingForm, SeatsForm, WorkForm
from scrutiny.committees.forms.pages import FormPage, change_page, form_page
from scrutiny.committees.navigation import desk_address, desk_committee_crumb, desk_frame
from scrutiny.committees.operations.committees import (
    change_committee,
    change_work,
    record_committee,
    record_work,
    set_seats,
)
from scrutiny.committees.operations.meetings import record_meeting
from scrutiny.committees.reading import committee_name
from scrutiny.models import Committee
from services.access import Grant
from services.views.answers import carried_out, done, status_of

GET_OR_POST = ["GET", "HEAD", "POST"]
COMMITTEE = (
    "name", "kind", "short_name", "parent", "remit", "procedure", "clerk_team", "clear_days", "ended_on",
)  # fmt: skip
WORK = ("title", "words", "state", "suggested_by", "meeting")


@require_safe
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for the clerk, and the committees."""
    grant = desk.desk_of(request.user, slug)
    context = {
        **desk_frame(grant),
        "waiting": desk.worklist(grant.council.pk, today=timezone.localdate()),
        "committees": desk.committees_of(grant.council.pk),
        "meetings": desk.meetings_of(grant.council.pk),
    }
    return render(request, "committees/desk.html", context)


@require_http_methods(GET_OR_POST)
def new_committee(request: HttpRequest, slug: str) -> HttpResponse:
    """Record a committee or a group."""
    grant = desk.desk_of(request.user, slug)
    form = CommitteeForm(request.POST or None, committees=_committees(grant))
    made: list[Committee] = []

    def keep(given: dict[str, Any]) -> Committee:
        given = {name: value for name, value in given.items() if name != "expected_version"}
        made.append(record_committee(by=grant.user, council=grant.council, **given))
        return made[-1]

    if carried_out(request, form, keep):
        address = desk_address(slug, "desk_committee", made[-1].slug) if made else desk_address(slug)
        return done(request, "The committee is recorded. Say next who sits on it.", address)
    page = FormPage(
        title="Add a committee or group",
        button="Add it",
        refused="The committee is not added",
        back=desk_address(slug),
    )
    return form_page(request, desk_frame(grant, Crumb("Add a committee")), form=form, page=page)


@require_safe
def committee(request: HttpRequest, slug: str, committee: str) -> HttpResponse:
    """One committee as its clerk sees it."""
    grant = desk.desk_of(request.user, slug)
    entry = desk.committee_entry(desk.committee_row(grant, committee))
    context = {
        **desk_frame(grant, Crumb(entry.name)),
        "committee": entry,
        "meetings": desk.meetings_of(grant.council.pk, committee_id=entry.id),
    }
    return render(request, "committees/desk_committee.html", context)


@require_http_methods(GET_OR_POST)
def edit_committee(request: HttpRequest, slug: str, committee: str) -> HttpResponse:
    """Change what is said of a committee."""
    grant = desk.desk_of(request.user, slug)
    row = desk.committee_row(grant, committee)
    others = _committees(grant).exclude(pk=row.pk)
    initial = {name: getattr(row, name) for name in COMMITTEE} | {"expected_version": row.version}
    form = CommitteeForm(request.POST or None, initial=initial, committees=others)
    back = desk_address(slug, "desk_committee", row.slug)
    page = FormPage(
        title=f"Change {row.name}",
        button="Save",
        refused="The committee is not changed",
        back=back,
        done="The committee is changed.",
    )
    frame = desk_frame(grant, desk_committee_crumb(grant, committee_name(row)), Crumb("Change"))
    return change_page(
        request,
        frame,
        form=form,
        page=page,
        operation=lambda given: change_committee(by=grant.user, committee=row, **given),
    )


@require_http_methods(GET_OR_POST)
def seats(request: HttpRequest, slug: str, committee: str) -> HttpResponse:
    """Say who sits on a committee, by role."""
    grant = desk.desk_of(request.user, slug)
    row = desk.committee_row(grant, committee)
    form = SeatsForm(
        request.POST or None, seats=tuple(row.seats.all()), initial={"expected_version": row.version}
    )
    back = desk_address(slug, "desk_committee", row.slug)

    def keep(given: dict[str, Any]) -> Committee:
        version = given["expected_version"]
        return set_seats(by=grant.user, committee=row, expected_version=version, seats=form.given(given))

    if carried_out(request, form, keep):
        return done(request, "The seats are saved.", back)
    context = {
        **desk_frame(grant, desk_committee_crumb(grant, committee_name(row)), Crumb("Who sits on it")),
        "form": form,
        "committee": row,
        "back": back,
    }
    return render(request, "committees/seats.html", context, status=status_of(form))


@require_http_methods(GET_OR_POST)
def new_work(request: HttpRequest, slug: str, committee: str) -> HttpResponse:
    """Put something on a committee's work programme."""
    grant = desk.desk_of(request.user, slug)
    row = desk.committee_row(grant, committee)
    form = WorkForm(request.POST or None, meetings=row.meetings.select_related("committee"))
    back = desk_address(slug, "desk_committee", row.slug)

    def keep(given: dict[str, Any]) -> object:
        given = {name: value for name, value in given.items() if name != "expected_version"}
        return record_work(by=grant.user, committee=row, **given)

    if carried_out(request, form, keep):
        return done(request, "It stands on the work programme.", back)
    page = FormPage(
        title=f"Add to the work programme of {row.name}",
        button="Add it",
        refused="Nothing is added",
        back=back,
    )
    frame = desk_frame(grant, desk_committee_crumb(grant, committee_name(row)), Crumb("Work programme"))
    return form_page(request, frame, form=form, page=page)


@require_http_methods(GET_OR_POST)
def edit_work(request: HttpRequest, slug: str, committee: str, work_id: int) -> HttpResponse:
    """Change an entry of a work programme."""
    grant = desk.desk_of(request.user, slug)
    row = desk.work_row(grant, committee, work_id)
    initial = {name: getattr(row, name) for name in WORK} | {"expected_version": row.version}
    meetings = row.committee.meetings.select_related("committee")
    form = WorkForm(request.POST or None, initial=initial, meetings=meetings)
    page = FormPage(
        title=f"Work programme: {row.title}",
        button="Save",
        refused="The entry is not changed",
        back=desk_address(slug, "desk_committee", row.committee.slug),
        done="The work programme is changed.",
    )
    way = desk_committee_crumb(grant, committee_name(row.committee))
    return change_page(
        request,
        desk_frame(grant, way, Crumb("Work programme")),
        form=form,
        page=page,
        operation=lambda given: change_work(by=grant.user, work=row, **given),
    )


@require_http_methods(GET_OR_POST)
def new_meeting(request: HttpRequest, slug: str, committee: str) -> HttpResponse:
    """Arrange a meeting of a committee."""
    grant = desk.desk_of(request.user, slug)
    row = desk.committee_row(grant, committee)
    form = MeetingForm(request.POST or None)
    back = desk_address(slug, "desk_committee", row.slug)

    def keep(given: dict[str, Any]) -> object:
        given = {name: value for name, value in given.items() if name != "expected_version"}
        return record_meeting(by=grant.user, committee=row, **given)

    if carried_out(request, form, keep):
        return done(
            request, "The meeting is arranged. Nobody but clerks sees it until its agenda is published.", back
        )
    page = FormPage(
        title=f"Arrange a meeting of {row.name}",
        button="Arrange the meeting",
        refused="The meeting is not arranged",
        back=back,
    )
    frame = desk_frame(grant, desk_committee_crumb(grant, committee_name(row)), Crumb("Arrange a meeting"))
    return form_page(request, frame, form=form, page=page)


def _committees(grant: Grant) -> Any:
    return Committee.objects.filter(council=grant.council)
