"""Where pages of committees lie: the frame of members' pages and of the clerk's desk, and their addresses."""

from typing import Any

from django.urls import reverse

from presentation.components import Crumb
from scrutiny.committees.entries.meetings import CommitteeName, MeetingEntry
from scrutiny.navigation import council_frame
from services.access import Grant
from services.roles import Permission


def committee_address(slug: str, committee: str) -> str:
    """A committee's page."""
    return reverse("scrutiny:committee", args=[slug, committee])


def meeting_address(slug: str, meeting_id: int) -> str:
    """A meeting's page."""
    return reverse("scrutiny:meeting", args=[slug, meeting_id])


def desk_address(slug: str, page: str = "desk", *parts: object) -> str:
    """A page of the clerk's desk."""
    return reverse(f"scrutiny:{page}", args=[slug, *parts])


def committees_frame(grant: Grant, *crumbs: Crumb) -> dict[str, Any]:
    """The frame of a members' page about committees; the clerk gets a way to the desk."""
    way = (Crumb("Committees", reverse("scrutiny:committees", args=[grant.council.slug])), *crumbs)
    return council_frame(grant, here="committees") | {
        "council": grant.council,
        "breadcrumbs": way if crumbs else (),
        "is_clerk": grant.allows_everywhere(Permission.KEEP_MEETINGS),
    }


def desk_frame(grant: Grant, *crumbs: Crumb) -> dict[str, Any]:
    """The frame of a page of the clerk's desk."""
    way = (Crumb("Clerk’s desk", desk_address(grant.council.slug)), *crumbs)
    return council_frame(grant, here="desk") | {
        "council": grant.council,
        "breadcrumbs": way if crumbs else (),
    }


def desk_committee_crumb(grant: Grant, committee: CommitteeName) -> Crumb:
    """The way to a committee's page on the desk."""
    return Crumb(committee.name, desk_address(grant.council.slug, "desk_committee", committee.slug))


def desk_meeting_crumb(grant: Grant, meeting: MeetingEntry) -> Crumb:
    """The way to a meeting's page on the desk."""
    return Crumb(meeting.day_words, desk_address(grant.council.slug, "desk_meeting", meeting.id))
