"""The component gallery: every component in each of its states, on one page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from presentation.gallery import gallery_context


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show the gallery, in development only."""
    if settings.PRODUCTION:
        raise Http404("The gallery is not part of a council's site.")
    page = Paginator(range(400), 200).page(1)
    return render(request, "components/gallery.html", {**gallery_context(), "page": page})
