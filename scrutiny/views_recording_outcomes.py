"""The clerk records what a meeting agreed: actions raised, looked at and closed; recommendations with their responses."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from presentation.components import Crumb
from scrutiny.committees.desk import meetings as desk
from scrutiny.committees.forms.pages import FormPage, change_page
from scrutiny.committees.forms.questions import lines_of
from scrutiny.committees.forms.recording import (
    ActionForm,
    ExecutiveResponseForm,
    ImplementationForm,
    LookedAtForm,
    ReceiptForm,
    RecommendationForm,
    RecordedResponseForm,
)
from scrutiny.committees.operations import actions, recommendations
from scrutiny.models import CommitteeAction, Meeting, Question, Recommendation
from scrutiny.views_recording import GET_OR_POST, frame, record_address
from services.access import Grant, record_for
from services.views.answers import without

LOOKED: dict[str, tuple[Callable[..., CommitteeAction], str, str]] = {
    "close": (actions.close_action, "Close the action", "The action is closed."),
    "keep": (actions.keep_open, "Keep the action open", "The action stays on the next agenda."),
}
_ACTION = ("reference", "words", "type", "forum", "due_on", "is_due_next_meeting", "due_words")
_OUTCOME = ("number", "words", "addressee", "timescale")


@require_http_methods(GET_OR_POST)
def new_action(
    request: HttpRequest, slug: str, meeting_id: int, question_id: int | None = None
) -> HttpResponse:
    """Record an action; upon a question, what was agreed of it."""
    grant, row = _asked(request, slug, meeting_id)
    question = record_for(grant, Question, question_id) if question_id else None
    form = ActionForm(request.POST or None, initial={"expected_version": 0})

    def keep(given: dict[str, Any]) -> CommitteeAction:
        said = without(given, "owners", "expected_version")
        return actions.raise_action(
            by=grant.user,
            committee=row.committee,
            raised_at=row,
            item=question.item if question else None,
            question=question,
            owners=lines_of(given["owners"]),
            **said,
        )

    intro = f"Agreed upon: {question.words}" if question else ""
    return _page(request, grant, row, form, keep, "Record an action", intro=intro)


@require_http_methods(GET_OR_POST)
def edit_action(request: HttpRequest, slug: str, meeting_id: int, action_id: int) -> HttpResponse:
    """Correct how an action was recorded."""
    grant, row = _asked(request, slug, meeting_id)
    found = record_for(grant, CommitteeAction, action_id)
    begun = _begun(found, _ACTION) | {"owners": "\n".join(found.owners)}

    def keep(given: dict[str, Any]) -> CommitteeAction:
        owners = lines_of(given["owners"])
        return actions.change_action(by=grant.user, action=found, owners=owners, **without(given, "owners"))

    return _page(
        request, grant, row, ActionForm(request.POST or None, initial=begun), keep, "Change an action"
    )


@require_http_methods(GET_OR_POST)
def look_at_action(
    request: HttpRequest, slug: str, meeting_id: int, action_id: int, step: str
) -> HttpResponse:
    """Record that the committee closed an action at this meeting, or keeps it open."""
    grant, row = _asked(request, slug, meeting_id)
    found = record_for(grant, CommitteeAction, action_id)
    operation, title, done = LOOKED[step]
    form = LookedAtForm(request.POST or None, initial=_begun(found, ()))

    def keep(given: dict[str, Any]) -> CommitteeAction:
        return operation(by=grant.user, action=found, meeting=row, **given)

    return _page(request, grant, row, form, keep, title, done=done, intro=str(found.words))


@require_http_methods(GET_OR_POST)
def action_response(request: HttpRequest, slug: str, meeting_id: int, action_id: int) -> HttpResponse:
    """Record a response that came at the meeting or in a letter."""
    grant, row = _asked(request, slug, meeting_id)
    found = record_for(grant, CommitteeAction, action_id)
    form = RecordedResponseForm(request.POST or None, initial=_begun(found, ("response", "evidence")))

    def keep(given: dict[str, Any]) -> CommitteeAction:
        return actions.record_response(by=grant.user, action=found, **given)

    return _page(request, grant, row, form, keep, "Record a response", intro=str(found.words))


@require_http_methods(GET_OR_POST)
def new_recommendation(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Record one outcome."""
    grant, row = _asked(request, slug, meeting_id)
    form = RecommendationForm(request.POST or None, initial={"expected_version": 0})

    def keep(given: dict[str, Any]) -> Recommendation:
        said = without(given, "expected_version")
        return recommendations.make_recommendation(
            by=grant.user, committee=row.committee, meeting=row, **said
        )

    return _page(request, grant, row, form, keep, "Record an outcome")


@require_http_methods(GET_OR_POST)
def edit_recommendation(
    request: HttpRequest, slug: str, meeting_id: int, recommendation_id: int
) -> HttpResponse:
    """Correct how an outcome was recorded. Its kind stays."""
    grant, row = _asked(request, slug, meeting_id)
    found = record_for(grant, Recommendation, recommendation_id)
    form = RecommendationForm(request.POST or None, initial=_begun(found, _OUTCOME))
    del form.fields["kind"]

    def keep(given: dict[str, Any]) -> Recommendation:
        return recommendations.change_recommendation(by=grant.user, recommendation=found, **given)

    return _page(request, grant, row, form, keep, "Change an outcome")


@require_http_methods(GET_OR_POST)
def receipt(request: HttpRequest, slug: str, meeting_id: int, recommendation_id: int) -> HttpResponse:
    """Record when the executive received a recommendation."""
    grant, row = _asked(request, slug, meeting_id)
    found = record_for(grant, Recommendation, recommendation_id)
    form = ReceiptForm(request.POST or None, initial=_begun(found, ("sent_on", "received_on")))

    def keep(given: dict[str, Any]) -> Recommendation:
        return recommendations.note_receipt(by=grant.user, recommendation=found, **given)

    intro = "The executive must respond within two months of receiving it."
    return _page(request, grant, row, form, keep, "Record receipt", intro=intro)


@require_http_methods(GET_OR_POST)
def executive_response(
    request: HttpRequest, slug: str, meeting_id: int, recommendation_id: int
) -> HttpResponse:
    """Record the executive's response."""
    grant, row = _asked(request, slug, meeting_id)
    found = record_for(grant, Recommendation, recommendation_id)
    begun = _begun(found, ("response", "responded_on")) | {"words": found.response_words}
    form = ExecutiveResponseForm(request.POST or None, initial=begun)

    def keep(given: dict[str, Any]) -> Recommendation:
        return recommendations.record_executive_response(by=grant.user, recommendation=found, **given)

    return _page(request, grant, row, form, keep, "Record the executive’s response", intro=str(found.words))


@require_http_methods(GET_OR_POST)
def implementation(request: HttpRequest, slug: str, meeting_id: int, recommendation_id: int) -> HttpResponse:
    """Record what came of a recommendation."""
    grant, row = _asked(request, slug, meeting_id)
    found = record_for(grant, Recommendation, recommendation_id)
    begun = _begun(found, ("implementation",)) | {"words": found.implementation_words}
    form = ImplementationForm(request.POST or None, initial=begun)

    def keep(given: dict[str, Any]) -> Recommendation:
        return recommendations.report_implementation(by=grant.user, recommendation=found, **given)

    return _page(request, grant, row, form, keep, "Record what came of it", intro=str(found.words))


def _asked(request: HttpRequest, slug: str, meeting_id: int) -> tuple[Grant, Meeting]:
    grant = desk.desk_of(request.user, slug)
    return grant, desk.meeting_row(grant, meeting_id)


def _begun(record: CommitteeAction | Recommendation, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names} | {"expected_version": record.version}


def _page(
    request: HttpRequest,
    grant: Grant,
    row: Meeting,
    form: Any,
    operation: Any,
    title: str,
    *,
    done: str = "It is recorded.",
    intro: str = "",
) -> HttpResponse:
    page = FormPage(
        title=title,
        button="Save",
        refused="It is not saved",
        back=record_address(row),
        done=done,
        intro=intro,
    )
    return change_page(request, frame(grant, row, Crumb(title)), form=form, page=page, operation=operation)
