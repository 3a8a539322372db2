"""What was typed into a form when the sign-in had run out: kept through the next sign-in, and given back to be looked at.

It travels sealed in the sign-in page, so that a stranger's request keeps nothing here, and waits in the session of the person who typed it.
Nothing of it is saved until that person sends the form again. Passwords and tokens are never part of it.
"""

import json
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User

KEPT_FIELD: Final = "typed"
WHO_COOKIE: Final = "last_person"
WHO_AGE: Final = 36 * 60 * 60
"""In seconds; longer than a session lasts, because it says whose session it was that ran out."""
AT_MOST: Final = 200_000
"""In characters of its text: twice the longest form, and far below what a browser or a session takes."""
WAITS: Final = 60 * 60
"""In seconds: how long after the sign-in it is offered."""
SALT: Final = "budgetwatch.typed"
_SESSION: Final = "typed"
_FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_SECRET: Final = ("password", "passwd", "secret", "csrfmiddlewaretoken", "otp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form that did not arrive: where it was being sent, the page it stood on, its entries, and whose it was."""

    address: str
    page: str
    fields: tuple[tuple[str, str], ...]
    person: int
    at: float = 0.0

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """What a person would want to copy: entries with words or figures in them, by name."""
        return tuple(
            (name.replace("-", " ").replace("_", " "), value)
            for name, value in self.fields
            if value.strip() and not _is_machinery(name)
        )


def _is_machinery(name: str) -> bool:
    """Whether an entry is the form's own: where it began, which version it saw, how many rows it has."""
    last = name.rsplit("-", 1)[-1]
    machinery = {"key", "version", "expected_version", "seen", "seen_words", "forecast_version", "what"}
    return name.startswith("initial-") or last in machinery or last.endswith(("_FORMS", "_seen"))


def typed_in(request: HttpRequest) -> Typed | None:
    """What a form that arrived after the sign-in ran out holds; `None` where it is no form, holds nothing, or is nobody's that is known.

    Files cannot be kept: a browser must choose them again.
    """
    person = last_person(request)
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    if request.method != "POST" or request.content_type not in _FORM_TYPES or mode != "navigate":
        return None
    fields = tuple(
        (name, str(value))
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in _SECRET)
        for value in values
    )
    if person is None or not fields:
        return None
    found = Typed(address=request.path, page=_page_of(request), fields=fields, person=person)
    return found if len(json.dumps(fields)) <= AT_MOST else None


def _page_of(request: HttpRequest) -> str:
    """The page that the form stood on, as the browser says; where it does not, the address it was sent to."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return request.path
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def sealed(typed: Typed) -> str:
    """As the sign-in page carries it."""
    return signing.dumps(asdict(typed), salt=SALT, compress=True)


def unsealed(text: str) -> Typed | None:
    """Read what `sealed` wrote; `None` if it is anything else, or older than a day."""
    try:
        found = signing.loads(text, salt=SALT, max_age=24 * 60 * 60)
    except signing.BadSignature:
        return None
    return _from(found)


def _from(found: dict[str, object]) -> Typed:
    fields = tuple((str(name), str(value)) for name, value in found["fields"])  # type: ignore[attr-defined]
    return Typed(**(found | {"fields": fields}))  # type: ignore[arg-type]


def keep(request: HttpRequest, typed: Typed) -> None:
    """Let it wait in the session of the person who has just signed in."""
    request.session[_SESSION] = asdict(typed) | {"at": timezone.now().timestamp()}


def waiting(request: HttpRequest) -> Typed | None:
    """What waits in this session, if it is not too old."""
    held = request.session.get(_SESSION)
    if held is None:
        return None
    typed = _from(held)
    if timezone.now().timestamp() - typed.at > WAITS:
        forget(request)
        return None
    return typed


def forget(request: HttpRequest) -> None:
    """It has been sent again, or is not wanted."""
    request.session.pop(_SESSION, None)


def last_person(request: HttpRequest) -> int | None:
    """Who was last signed in to this browser and has not signed out; `None` if that is not known."""
    try:
        found = request.get_signed_cookie(WHO_COOKIE, default="", salt=SALT, max_age=WHO_AGE) or ""
    except signing.BadSignature:
        return None
    return int(found) if found.isdigit() else None


def is_of(typed: Typed, person: User) -> bool:
    """Whether it was this person who typed it."""
    return typed.person == person.pk
