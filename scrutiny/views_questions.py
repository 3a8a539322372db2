"""Members' questions about published figures: asking, all of a council's, one with its figure's later values, and its answers."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounting.periods import Period
from presentation.components import Crumb
from scrutiny import access
from scrutiny.committees import asking
from scrutiny.committees.entries.pins import FIGURES, Pin
from scrutiny.committees.forms.questions import AnswerForm, AskForm, lines_of
from scrutiny.committees.public import questions as public
from scrutiny.models import Publication, Question
from scrutiny.navigation import council_frame, publication_frame
from services.access import Grant, require
from services.roles import Permission
from services.views.answers import carried_out, done, status_of, without

ASK, ANSWER = Permission.ASK_QUESTIONS, Permission.ANSWER_QUESTIONS
DEFAULT_FIGURE = next(iter(FIGURES))


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str, period: Period, version: int | None = None) -> HttpResponse:
    """Ask about one figure of a publication, and read what has been asked of it. Who may not ask may read."""
    grant, published, _ = access.publication_for(request.user, slug, period, version)
    if request.method == "POST":
        require(grant, ASK)
    publication = access.publication_row(grant, published)
    figure = asking.figure_asked(publication, _named(request))
    form = AskForm(
        request.POST or None,
        figures=figure.choices,
        committees=asking.committees(grant.council.pk),
        initial={"figure": figure.pin.figure},
    )
    asked: list[Question] = []
    if carried_out(request, form, lambda given: _ask(grant, publication, figure.pin, given, asked)):
        words = "Your question is asked. It stands on the council’s list of questions."
        return done(request, words, reverse("scrutiny:questions", args=[slug]))
    context = {
        **publication_frame(grant, published, page="Ask"),
        "figure": figure,
        "published": published,
        "form": form,
        "may_ask": grant.allows_everywhere(ASK),
        "earlier": public.questions_about(publication.pk, scope=figure.pin.scope, key=figure.pin.key),
        "slug": slug,
    }
    return render(request, "committees/ask.html", context, status=status_of(form))


def _named(request: HttpRequest) -> Pin:
    """The figure that an address names; the publication says whether it is there."""
    given = {name: request.GET.get(name, "") for name in ("scope", "key", "fund", "figure")}
    return Pin(**given | {"figure": given["figure"] or DEFAULT_FIGURE})


def _ask(
    grant: Grant, publication: Publication, pin: Pin, given: dict[str, Any], asked: list[Question]
) -> Question:
    question = asking.ask(
        grant,
        publication,
        replace(pin, figure=given["figure"]),
        committee=given["committee"],
        words=given["words"],
        topic=given["topic"],
        parts=lines_of(given["parts"]),
    )
    asked.append(question)
    return question


@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public question of a council, by topic and state."""
    grant = access.council_of(request.user, slug)
    topic, state = request.GET.get("topic", ""), request.GET.get("state", "")
    states = [choice for choice in Question.State.choices if choice[0] != Question.State.WITHDRAWN]
    context = {
        **council_frame(grant, here="committees"),
        "questions": public.questions_of(grant.council.pk, topic=topic, state=state),
        "topics": [(name, name == topic) for name in public.topics_of(grant.council.pk)],
        "states": [(value, label, value == state) for value, label in states],
        "is_filtered": bool(topic or state),
        "is_illustration": grant.council.is_illustration,
        "slug": slug,
    }
    return render(request, "committees/questions.html", context)


@require_safe
def question(request: HttpRequest, slug: str, question_id: int) -> HttpResponse:
    """One question, its answers, what was agreed, and what became of its figure."""
    grant = access.council_of(request.user, slug)
    entry = public.question_entry(grant.council.pk, question_id)
    context = {
        **_frame(grant, Crumb(entry.heading)),
        "question": entry,
        "may_answer": grant.allows_everywhere(ANSWER) and entry.asked_at is not None,
        "slug": slug,
    }
    return render(request, "committees/question.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str, question_id: int) -> HttpResponse:
    """Answer a question as an officer."""
    grant = access.council_of(request.user, slug)
    entry = public.question_entry(grant.council.pk, question_id)
    require(grant, ANSWER)
    if entry.asked_at is None:
        raise Http404(
            access.NOTHING_HERE
        )  # what was asked at a meeting was answered there, and the clerk records it
    address = reverse("scrutiny:question", args=[slug, entry.id])
    form = AnswerForm(request.POST or None, initial={"by_role": grant.user.post})
    if carried_out(
        request,
        form,
        lambda given: asking.answer(
            grant, entry.id, points=lines_of(given["points"]), **without(given, "points", "key")
        ),
    ):
        return done(request, "The answer is given. Whoever reads the question sees it.", address)
    context = {
        **_frame(grant, Crumb(entry.heading, address), Crumb("Answer")),
        "question": entry,
        "form": form,
        "address": address,
    }
    return render(request, "committees/answer.html", context, status=status_of(form))


def _frame(grant: Grant, *crumbs: Crumb) -> dict[str, Any]:
    way = (Crumb("Questions", reverse("scrutiny:questions", args=[grant.council.slug])), *crumbs)
    return council_frame(grant, here="committees") | {"breadcrumbs": way}
