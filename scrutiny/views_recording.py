"""The clerk records a meeting: its minutes, questions and answers."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from presentation.components import Crumb
from scrutiny.committees import reading
from scrutiny.committees.desk import meetings as desk
from scrutiny.committees.desk import minutes as desk_minutes
from scrutiny.committees.desk import questions as desk_questions
from scrutiny.committees.forms.pages import FormPage, change_page
from scrutiny.committees.forms.questions import lines_of
from scrutiny.committees.forms.recording import ParagraphForm, QuestionForm, RecordedAnswerForm
from scrutiny.committees.navigation import desk_address, desk_committee_crumb, desk_frame, desk_meeting_crumb
from scrutiny.committees.operations import answers, minutes, questions
from scrutiny.models import AgendaItem, Answer, Meeting, MinuteParagraph, Question
from services.access import Grant, record_for
from services.views.answers import act, without

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def record(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Everything that is recorded of a meeting, and what may be added."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    context = {
        **frame(grant, row),
        "meeting": reading.meeting_entry(row),
        "items": desk_minutes.minutes_of(row),
        "carried": desk_questions.actions_carried_to(row),
        "raised": desk_questions.actions_raised_at(row),
        "recommendations": desk_questions.recommendations_of_meeting(row),
        "waiting": desk_questions.questions_waiting(grant.council.pk),
        "choices": items_of(row),
        "slug": slug,
    }
    return render(request, "committees/record.html", context)


@require_http_methods(GET_OR_POST)
def new_paragraph(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Add a paragraph or a heading."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    form = ParagraphForm(request.POST or None, items=items_of(row), initial=_begun(request))

    def keep(given: dict[str, Any]) -> MinuteParagraph:
        item = item_of(row, given["item"])
        return minutes.record_paragraph(
            by=grant.user, item=item, **without(given, "item", "expected_version")
        )

    return _page(request, grant, row, form, keep, "Add a paragraph to the minutes", "It is in the minutes.")


@require_http_methods(GET_OR_POST)
def edit_paragraph(request: HttpRequest, slug: str, meeting_id: int, paragraph_id: int) -> HttpResponse:
    """Correct a paragraph; what somebody else wrote meanwhile is shown."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    paragraph = record_for(grant, MinuteParagraph, paragraph_id)
    names = ("number", "heading", "words")
    begun = {name: getattr(paragraph, name) for name in names} | {"expected_version": 0}
    form = ParagraphForm(request.POST or None, items=items_of(row), initial=begun)
    del form.fields["item"]

    def keep(given: dict[str, Any]) -> MinuteParagraph:
        seen = {name: str(form.started_from(name) or "") for name in names}
        return minutes.change_paragraph(
            by=grant.user, paragraph=paragraph, seen=_as_kept(seen), **without(given, "expected_version")
        )

    return _page(
        request, grant, row, form, keep, f"Change paragraph {paragraph}", "The paragraph is changed."
    )


def _as_kept(seen: dict[str, str]) -> dict[str, str]:
    """What a browser sent back of a text, with the line ends that are kept."""
    return {name: words.replace("\r\n", "\n").strip() for name, words in seen.items()}


@require_http_methods(GET_OR_POST)
def new_question(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Record a question that was asked at the meeting."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    form = QuestionForm(request.POST or None, items=items_of(row), initial=_begun(request))

    def keep(given: dict[str, Any]) -> Question:
        said = without(given, "item", "parts", "expected_version")
        parts = lines_of(given["parts"])
        return questions.record_question(by=grant.user, item=item_of(row, given["item"]), parts=parts, **said)

    return _page(request, grant, row, form, keep, "Record a question", "The question is recorded.")


@require_http_methods(GET_OR_POST)
def edit_question(request: HttpRequest, slug: str, meeting_id: int, question_id: int) -> HttpResponse:
    """Correct how a question was recorded."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    question = record_for(grant, Question, question_id)
    begun = {
        **{name: getattr(question, name) for name in ("number", "asked_by", "words", "topic")},
        "parts": "\n".join(part.words for part in question.parts.all()),
        "expected_version": question.version,
    }
    form = QuestionForm(request.POST or None, items=items_of(row), initial=begun)
    del form.fields["item"]

    def keep(given: dict[str, Any]) -> Question:
        parts = lines_of(given["parts"])
        return questions.change_question(
            by=grant.user, question=question, parts=parts, **without(given, "parts")
        )

    return _page(
        request, grant, row, form, keep, f"Change question {question.number}", "The question is changed."
    )


@require_http_methods(["POST"])
def take_question(request: HttpRequest, slug: str, meeting_id: int, question_id: int) -> HttpResponse:
    """Put a question that a member asked here to an item of this meeting."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    question = record_for(grant, Question, question_id)
    item = item_of(row, request.POST.get("item", ""))
    return act(
        request,
        lambda: questions.put_to_meeting(
            by=grant.user, question=question, item=item, expected_version=question.version
        ),
        words=f"The question is put to item {item.number}.",
        address=record_address(row),
    )


@require_http_methods(GET_OR_POST)
def new_answer(request: HttpRequest, slug: str, meeting_id: int, question_id: int) -> HttpResponse:
    """Record one role's answer."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    question = record_for(grant, Question, question_id)
    form = RecordedAnswerForm(request.POST or None, initial={"given_on": row.day})

    def keep(given: dict[str, Any]) -> Answer:
        points = lines_of(given["points"])
        said = without(given, "points", "expected_version")
        return answers.record_answer(by=grant.user, question=question, points=points, **said)

    return _page(
        request, grant, row, form, keep, "Record an answer", "The answer is recorded.", intro=question.words
    )


@require_http_methods(GET_OR_POST)
def edit_answer(request: HttpRequest, slug: str, meeting_id: int, answer_id: int) -> HttpResponse:
    """Correct a recorded answer."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    found = record_for(grant, Answer, answer_id)
    names = ("by_role", "code", "number", "is_declined", "will_write", "given_on")
    begun = {name: getattr(found, name) for name in names} | {
        "points": "\n".join(found.points),
        "expected_version": found.version,
    }
    form = RecordedAnswerForm(request.POST or None, initial=begun)

    def keep(given: dict[str, Any]) -> Answer:
        points = lines_of(given["points"])
        return answers.change_answer(by=grant.user, answer=found, points=points, **without(given, "points"))

    words = found.question.words
    return _page(request, grant, row, form, keep, "Change an answer", "The answer is changed.", intro=words)


def _page(
    request: HttpRequest,
    grant: Grant,
    row: Meeting,
    form: Any,
    operation: Callable[[dict[str, Any]], object],
    title: str,
    done: str,
    *,
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


def _begun(request: HttpRequest) -> dict[str, Any]:
    return {"item": request.GET.get("item", ""), "expected_version": 0}


def frame(grant: Grant, row: Meeting, *crumbs: Crumb) -> dict[str, Any]:
    """The frame of a page below the record of a meeting."""
    entry = reading.meeting_entry(row)
    way = (Crumb("Record", record_address(row) if crumbs else ""), *crumbs)
    return desk_frame(
        grant, desk_committee_crumb(grant, entry.committee), desk_meeting_crumb(grant, entry), *way
    )


def record_address(row: Meeting) -> str:
    """Where a meeting is recorded."""
    return desk_address(row.council.slug, "desk_record", row.pk)


def items_of(row: Meeting) -> list[tuple[int, str]]:
    """The meeting's items to choose from."""
    return [(item.pk, f"{item.number}. {item.title}") for item in row.items.all()]


def item_of(row: Meeting, chosen: str) -> AgendaItem:
    """The item chosen; `Http404` for one of another meeting."""
    found = row.items.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdigit() else None
    if found is None:
        raise Http404(desk.NOT_HERE)
    return found
