"""What is named on a command line: a council, a period, a person, a file. What is not there is refused, with what is there instead."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from django.core.management.base import CommandError

from accounting.money import MoneyFormatError, parse_money
from accounting.periods import FinancialYear, Period, PeriodFormatError
from accounts.models import User
from services.imports.profile import Profile, ProfileError, parse_profile
from services.models import Council, MonitoringPeriod

SHOWN = 12
"""How many names a refusal lists."""


def council_named(slug: str) -> Council:
    """The council of that short name."""
    council = Council.objects.filter(slug=slug).first()
    if council is None:
        slugs = Council.objects.order_by("slug").values_list("slug", flat=True)
        raise CommandError(f"There is no council “{slug}”. {_those('Councils here', slugs)}")
    return council


def period_named(text: str) -> Period:
    """A period written like 2023-24/p7, whether or not any council has opened it."""
    try:
        return Period.parse(text)
    except PeriodFormatError as error:
        raise CommandError(str(error)) from error


def year_named(text: str) -> FinancialYear:
    """A financial year written like 2025-26."""
    try:
        return FinancialYear.parse(text)
    except PeriodFormatError as error:
        raise CommandError(str(error)) from error


def period_opened(council: Council, text: str) -> MonitoringPeriod:
    """The council's period written like 2023-24/p7, if it has been opened."""
    period = period_named(text)
    opened = MonitoringPeriod.objects.filter(council=council)
    found = opened.filter(year=period.year.first_year, number=period.number).first()
    if found is None:
        latest = opened.order_by("-year", "-number")[:SHOWN]
        slugs = [row.period.slug for row in latest]
        raise CommandError(
            f"{period.label} ({period.slug}) has not been opened for {council}. {_those('The latest that have', slugs)}"
        )
    found.council = council
    return found


def person_named(username: str) -> User:
    """The person with that user name, who can still sign in."""
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise CommandError(f"There is no user “{username}”. Give the name that they sign in with.")
    if not user.is_active:
        raise CommandError(f"“{username}” can no longer sign in, so nothing can be done in their name.")
    return user


def file_content(path: Path) -> bytes:
    """The bytes of a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def profile_in(path: Path | None) -> Profile:
    """The import profile written in a TOML file; without one, headings are matched by their words."""
    if path is None:
        return Profile()
    try:
        return parse_profile(file_content(path).decode("utf-8-sig"))
    except (ProfileError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error


def pounds_stated(option: str, text: str | None) -> Decimal | None:
    """An amount in pounds given to an option, such as `--control-total`; `None` where it was not given."""
    try:
        return parse_money(text) if text is not None else None
    except MoneyFormatError as error:
        raise CommandError(f"{option}: {error}") from error


def _those(what: str, names: Iterable[str]) -> str:
    found = list(names)
    if not found:
        return f"{what}: none yet."
    more = f" and {len(found[SHOWN:])} more" if found[SHOWN:] else ""
    return f"{what}: {', '.join(found[:SHOWN])}{more}."
