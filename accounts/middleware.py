"""Nothing typed is lost when a sign-in runs out: the form waits through the next sign-in, and comes back to be looked at."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts import typed
from accounts.forms import SignInForm
from accounts.models import User
from presentation.refilling import ANCHOR, refill

_MAIN = '<main id="main" tabindex="-1">'


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's, but that a form which arrives unsigned is kept in the sign-in page instead of being thrown away."""

    # Django's answer is always a redirect, and is typed as no more.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """The sign-in page, with what was typed sealed in it; 403, because nothing was done."""
        found = typed.typed_in(request) if _is_kept(request) else None
        if found is None:
            return super().handle_no_permission(request, view_func)
        context = {"form": SignInForm(request), "next": found.page, "typed": typed.sealed(found)}
        return render(request, "accounts/sign_in.html", context, status=403)


def _is_kept(request: HttpRequest) -> bool:
    """Forms about sign-in itself are not: they hold passwords."""
    match = request.resolver_match
    return match is not None and "accounts" not in match.namespaces


class GiveBackTypedMiddleware:
    """Fills a form with what waits for it, on the page that it stood on, and says so; notes who uses this browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with what waits put back; once the form has been sent, nothing waits."""
        response = self.get_response(request)
        if not isinstance(request.user, User):
            return response
        if typed.last_person(request) != request.user.pk and typed.WHO_COOKIE not in response.cookies:
            remember_person(response, request.user)
        found = typed.waiting(request)
        if found is None:
            return response
        if request.method == "POST" and request.path == found.address and response.status_code != 403:
            typed.forget(request)
        elif request.method == "GET" and found.page in (request.path, request.get_full_path()):
            _give_back(request, response, found)
        return response


def remember_person(response: HttpResponse, person: User) -> None:
    """Note in the browser, signed, who uses it, so that what they type is given back to nobody else."""
    response.set_signed_cookie(
        typed.WHO_COOKIE,
        str(person.pk),
        salt=typed.SALT,
        max_age=typed.WHO_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _give_back(request: HttpRequest, response: HttpResponse, found: typed.Typed) -> None:
    """Fill the form, if the page has it still, and put the notice first in any case."""
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    page = response.content.decode()
    filled = refill(page, address=found.address, page_address=request.path, fields=found.fields)
    notice = render_to_string(
        "accounts/typed_before.html",
        {
            "typed": found,
            "is_filled": filled is not None,
            "unseen": filled.unseen if filled else (),
            "anchor": ANCHOR,
        },
        request,
    )
    page = filled.page if filled else page
    response.content = page.replace(_MAIN, f"{_MAIN}{notice}", 1).encode()
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
