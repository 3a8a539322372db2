"""What a page that refuses a form shows of it, so that nothing typed is lost with the right to save it."""

import re
from typing import Final, NamedTuple

from django.http import HttpRequest

_UNSHOWN: Final = frozenset(
    {
        *("csrfmiddlewaretoken", "key", "version", "what", "next"),
        *("expected_version", "forecast_version", "seen", "seen_words", "reasons_seen", "outturn_seen"),
    }
)
_PREFIX: Final = re.compile(r"^(?:[a-z_]+-\d+-|[a-z]+-)")


class Kept(NamedTuple):
    """One thing that was typed, and what it was typed into."""

    label: str
    text: str


def kept(request: HttpRequest) -> tuple[Kept, ...]:
    """What was typed into a form that was then refused; never a password, and nothing that came from another site."""
    # Only a form whose origin has been checked is shown again: a foreign page must not put its words on ours.
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return ()
    return tuple(
        Kept(_label(name), text)
        for name in request.POST
        for text in request.POST.getlist(name)
        if text.strip()
        and name not in _UNSHOWN
        and not name.startswith("initial-")
        and "password" not in name
    )


def _label(name: str) -> str:
    """“line-12-forecast_outturn” is “Forecast outturn”."""
    return _PREFIX.sub("", name).replace("_", " ").replace("-", " ").strip().capitalize()
