"""Log lines that can be found again and cannot be forged: each request has a reference, each event is one line."""

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Reference"


class RequestReferenceMiddleware:
    """Gives each request a reference, which its answer carries and its log lines begin with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the reference; it is our own, never the sender's."""
        request.META[HEADER] = secrets.token_hex(4)
        response = self.get_response(request)
        response[HEADER] = request.META[HEADER]
        return response


def reference_of(request: HttpRequest | None) -> str:
    """Return a request's reference, or `-` outside one."""
    return str(request.META.get(HEADER, "-")) if request is not None and hasattr(request, "META") else "-"


class OneLineFormatter(logging.Formatter):
    """Writes control characters of a message as escapes, so that what a person typed cannot look like a log line of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback, which is ours, keeps its lines."""
        record.reference = reference_of(getattr(record, "request", None))
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """Return the line without anything that ends or overwrites it."""
        line = super().formatMessage(record)
        return "".join(
            character if character.isprintable() else character.encode("unicode_escape").decode()
            for character in line
        )
