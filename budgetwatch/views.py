"""The pages that belong to no app: home, those that refuse, and the one that says the server is up."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgetwatch.home import council_links
from budgetwatch.logs import reference_of
from budgetwatch.refusals import kept
from services.access import councils_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The councils where the person has a role; straight on to the only one."""
    councils = councils_for(request.user)
    if len(councils) == 1:
        return redirect(reverse("scrutiny:council", args=[councils[0].slug]))
    return render(request, "home.html", {"councils": council_links(request.user, councils)})


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say why, and show what was typed: a right can end while a form is being filled in."""
    return render(request, "403.html", {"said": str(exception), "kept": kept(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, whatever the reason; what was typed into a form of one that was there is shown."""
    return render(request, "404.html", {"kept": kept(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong, with the reference under which the log has the rest; no detail reaches the reader."""
    page = loader.get_template("500.html").render({"reference": reference_of(request)})
    return HttpResponse(page, status=500)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer `ok` when the database answers; anything else is Django's 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
