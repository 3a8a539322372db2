"""How many failed sign-ins are too many, and where a sign-in comes from."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

# Failures within the cool-off time, in the order of settings.AXES_LOCKOUT_PARAMETERS. One person mistyping is stopped first;
# an account tried from many places next; a source that tries many accounts last, because a whole council may share one address.
LIMITS = (10, 30, 100)


class SignInThrottle(AxesDatabaseHandler):  # type: ignore[misc]  # the package is untyped
    """Counts failures against three limits, where django-axes has one for all."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return AXES_FAILURE_LIMIT or more when any limit is reached, otherwise the failures of this account from this source."""
        counts = [
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        ]
        reached = any(count >= limit for count, limit in zip(counts, LIMITS, strict=True))
        return (
            max(counts[0], settings.AXES_FAILURE_LIMIT)
            if reached
            else min(counts[0], settings.AXES_FAILURE_LIMIT - 1)
        )


def source_address(request: HttpRequest) -> str:
    """Return the address a request came from.

    Behind our own proxy that is the last entry of X-Forwarded-For, the one the proxy itself wrote; the entries
    before it are whatever the sender claims. Without a proxy the header is not looked at.
    """
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return str(forwarded)
    return str(request.META.get("REMOTE_ADDR", ""))
