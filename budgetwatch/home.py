"""What the home page says of each council."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import User
from services.access import grant_for
from services.models import Council
from services.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilLink:
    """A council, and the ways in that this person has; `working_url` and `desk_url` are empty for those who have no business there."""

    name: str
    roles: str
    published_url: str
    working_url: str
    desk_url: str


def council_links(user: User | AnonymousUser, councils: Iterable[Council]) -> tuple[CouncilLink, ...]:
    """The councils with their addresses. One query a council: nobody has many."""
    grants = [grant for council in councils if (grant := grant_for(user, council))]
    return tuple(
        CouncilLink(
            name=grant.council.name,
            roles=grant.role_names,
            published_url=reverse("scrutiny:council", args=[grant.council.slug]),
            working_url=reverse("services:home", args=[grant.council.slug])
            if grant.allows(Permission.VIEW_WORKING)
            else "",
            desk_url=reverse("scrutiny:desk", args=[grant.council.slug])
            if grant.allows_everywhere(Permission.KEEP_MEETINGS)
            else "",
        )
        for grant in grants
    )
