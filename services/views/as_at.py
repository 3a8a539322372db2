"""The position as at any past moment."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounting.periods import Period
from services.forms.as_at import FIGURE_CHOICES, AsAtForm, asked_of, moment_words
from services.position.as_at import position_as_at
from services.roles import Permission
from services.tables.as_at import as_at_table
from services.views.desk import desk_for, frame


@require_safe
def as_at(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """One figure of each line this person may see: then, now, and who changed it."""
    desk = desk_for(request, council, period)
    form = AsAtForm(asked_of(request.GET))
    context = {**frame(desk, here="as_at"), "form": form, "found": None}
    if not form.is_valid():
        return render(request, "services/as_at.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    figure = form.cleaned_data["figure"]
    allowed = desk.grant.directorates(Permission.VIEW_WORKING)
    found = position_as_at(
        desk.council, desk.period, moment=form.cleaned_data["moment"], directorate_ids=allowed
    )
    context |= {
        "found": found,
        "moment_words": moment_words(found.moment),
        "table": as_at_table(
            found,
            figure=figure,
            label=dict(FIGURE_CHOICES)[figure],
            council=desk.council,
            line_base=desk.address("line", 0).removesuffix("0/"),
        ),
    }
    return render(request, "services/as_at.html", context)
