"""What the pages on which members ask and officers answer need: the figure in words, its choices, and the way to the operations."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from scrutiny.committees.entries.pins import Pin
from scrutiny.committees.operations import answers as answering
from scrutiny.committees.operations import questions as questioning
from scrutiny.committees.public.pins import NoSuchFigureError, figures_of, name_of, pinned_row
from scrutiny.models import Answer, Committee, Publication, Question
from services.access import Grant

NOT_HERE = "There is no such figure, or it is not for you."


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureAsked:
    """One row of a publication, and the figure of it that the address names."""

    pin: Pin
    name: str
    words: str
    choices: list[tuple[str, str]]
    """Each figure of the row with its value: “Variance after reserves: £2.7m over”."""

    @property
    def label(self) -> str:
        """“Variance after reserves”."""
        return self.pin.label


def figure_asked(publication: Publication, pin: Pin) -> FigureAsked:
    """The figure in words; `Http404` if the publication has none of that name."""
    try:
        row, values = pinned_row(publication, pin), figures_of(publication, pin)
    except NoSuchFigureError as error:
        raise Http404(NOT_HERE) from error
    known = {name: value for name, value in values.items() if value.amount is not None or name == pin.figure}
    return FigureAsked(
        pin=pin,
        name=name_of(publication, row, pin),
        words=values[pin.figure].words,
        choices=[(name, f"{pin.labels[name]}: {value.words}") for name, value in known.items()],
    )


def committees(council_id: int) -> list[tuple[str, str]]:
    """The committees that stand, to ask for. One query."""
    rows = Committee.objects.filter(council_id=council_id, ended_on__isnull=True)
    return [(row.slug, row.name) for row in rows]


def ask(grant: Grant, publication: Publication, pin: Pin, *, committee: str, **said: Any) -> Question:
    """Ask, for the committee of that short name if one is given."""
    chosen = get_object_or_404(Committee, council=grant.council, slug=committee) if committee else None
    return questioning.ask(by=grant.user, publication=publication, pin=pin, committee=chosen, **said)


def answer(grant: Grant, question_id: int, *, given_on: date, **said: Any) -> Answer:
    """Answer a question that the person has been shown."""
    question = Question.objects.get(council=grant.council, pk=question_id)
    return answering.answer(by=grant.user, question=question, given_on=given_on, **said)
