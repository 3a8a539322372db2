"""What holds for every answer: kept by nobody, and plain words when nothing can be saved."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
security = logging.getLogger("budgetwatch.security")


class PrivateByDefaultMiddleware:
    """Adds `Cache-Control: no-store` to every answer that does not set its own, so that Back after signing out shows nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, privately."""
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


class RefusedWritesMiddleware:
    """Logs every change that a signed-in person was refused, by whom and where: a hidden field altered, an address tried, a right that ended.

    A foreign form is logged by Django itself, as `django.security.csrf`.
    """

    refused = (403, 404)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note a refusal."""
        response = self.get_response(request)
        if (
            response.status_code in self.refused
            and request.method not in ("GET", "HEAD")
            and request.user.is_authenticated
        ):
            security.warning(
                "Refused with %s: %s %s, sent by %s",
                response.status_code,
                request.method,
                request.path,
                request.user.get_username(),
                extra={"request": request},
            )
        return response


class StorageFaultMiddleware:
    """Turns a full disk or a database that cannot be reached into a 503 that says what became of the work."""

    # What SQLite and PostgreSQL say when the fault is in the machine, not in the code.
    passing = (
        "disk is full",
        "database is locked",
        "disk I/O error",
        "No space left",
        "connection",
        "server closed",
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a passing storage fault; leave every other exception to Django."""
        if not isinstance(exception, OperationalError) or not any(
            words in str(exception) for words in self.passing
        ):
            return None
        logger.error("The database refused: %s", exception)
        return HttpResponse(
            "BudgetWatch cannot save or read just now. What you sent was not saved; nothing saved earlier is lost.\n"
            "Use your browser's Back to return to what you typed, keep a copy, and try again in a minute.\n",
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "60"},
        )
