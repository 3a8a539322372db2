"""What is named on a command line: a council, a period of it, a person. A name that is not there is refused with those that are."""

from collections.abc import Iterable

from django.core.management.base import CommandError

from accounting.periods import Period, PeriodFormatError
from accounts.models import User
from services.models import Council, MonitoringPeriod

SHOWN = 12
"""How many names a refusal lists."""


def council_named(slug: str) -> Council:
    """The council of that short name."""
    council = Council.objects.filter(slug=slug).first()
    if council is None:
        raise CommandError(f"There is no council “{slug}”. {_those('Councils here', _slugs())}")
    return council


def period_opened(council: Council, text: str) -> MonitoringPeriod:
    """The council's period written like 2023-24/p7, if it has been opened."""
    try:
        period = Period.parse(text)
    except PeriodFormatError as error:
        raise CommandError(str(error)) from error
    opened = MonitoringPeriod.objects.filter(council=council)
    found = opened.filter(year=period.year.first_year, number=period.number).select_related("council").first()
    if found is None:
        latest = opened.order_by("-year", "-number")[:SHOWN]
        slugs = [row.period.slug for row in latest]
        raise CommandError(
            f"{period.label} ({period.slug}) has not been opened for {council}. {_those('The latest that have', slugs)}"
        )
    return found


def person_named(username: str) -> User:
    """The person with that user name, who can still sign in."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise CommandError(f"There is no user “{username}”. Give the name that they sign in with.")
    if not user.is_active:
        raise CommandError(f"“{username}” can no longer sign in, so nothing can be done in their name.")
    return user


def _slugs() -> list[str]:
    return list(Council.objects.order_by("slug").values_list("slug", flat=True))


def _those(what: str, names: Iterable[str]) -> str:
    found = list(names)
    if not found:
        return f"{what}: none yet."
    more = f" and {len(found[SHOWN:])} more" if found[SHOWN:] else ""
    return f"{what}: {', '.join(found[:SHOWN])}{more}."
