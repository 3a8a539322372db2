"""Members' pages of committees and meetings: what is published of them, and the calendar of meetings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from presentation.components import Crumb
from scrutiny import access
from scrutiny.committees.calendar import calendar_of
from scrutiny.committees.listing import coming_and_past
from scrutiny.committees.navigation import committee_address, committees_frame
from scrutiny.committees.notice import notice_of
from scrutiny.committees.public import meetings as public
from scrutiny.committees.public.actions import actions_carried_to
from scrutiny.committees.public.packs import packs_of_meeting
from services.roles import Permission


@require_safe
def committees(request: HttpRequest, slug: str) -> HttpResponse:
    """The council's committees, and when they meet next."""
    grant = access.council_of(request.user, slug)
    coming, past = coming_and_past(public.meetings_of(grant.council.pk), today=timezone.localdate())
    context = {
        **committees_frame(grant),
        "committees": public.committees_of(grant.council.pk),
        "coming": coming,
        "past": past[:10],
    }
    return render(request, "committees/committees.html", context)


@require_safe
def committee(request: HttpRequest, slug: str, committee: str) -> HttpResponse:
    """One committee: who sits on it by role, what it means to look at, and its meetings."""
    grant = access.council_of(request.user, slug)
    entry = public.committee_entry(grant.council.pk, committee)
    meetings = public.meetings_of(grant.council.pk, committee_id=entry.id)
    coming, past = coming_and_past(meetings, today=timezone.localdate())
    context = {
        **committees_frame(grant, Crumb(entry.name)),
        "committee": entry,
        "coming": coming,
        "past": past,
    }
    return render(request, "committees/committee.html", context)


@require_safe
def meeting(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """One meeting: when, where, its clear days, and its agenda."""
    grant = access.council_of(request.user, slug)
    entry = public.meeting_entry(grant.council.pk, meeting_id)
    way = Crumb(entry.committee.name, committee_address(slug, entry.committee.slug))
    context = {
        **committees_frame(grant, way, Crumb(entry.day_words)),
        "meeting": entry,
        "notice": notice_of(entry, today=timezone.localdate()),
        "carried": actions_carried_to(grant.council.pk, entry.id),
        "packs": packs_of_meeting(grant.council.pk, entry.id),
        "may_read_exempt": grant.allows_everywhere(Permission.VIEW_EXEMPT),
    }
    return render(request, "committees/meeting.html", context)


@require_safe
def meetings_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The council's published meetings as a calendar file (RFC 5545)."""
    grant = access.council_of(request.user, slug)
    content = calendar_of(
        grant, public.meetings_of(grant.council.pk), address=request.build_absolute_uri("/")
    )
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-meetings.ics"'},
    )
