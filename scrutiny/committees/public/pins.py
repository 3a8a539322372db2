"""A question's figure as it was published, and its later values. Only published rows are read."""

from dataclasses import replace

from django.db.models import QuerySet

from scrutiny.access import latest_publications
from scrutiny.committees.entries.pins import SAVING, Pin, PinnedValue, amount_of, value_words
from scrutiny.models import Publication, PublishedFigure, PublishedSaving
from scrutiny.published import content_from

Row = PublishedFigure | PublishedSaving
TOTALS = {
    "division": "total of the division",
    "directorate": "total of the directorate",
    "council": "whole council",
}


class NoSuchFigureError(ValueError):
    """The publication has no figure of that name."""

    def __init__(self) -> None:
        super().__init__("The publication has no such figure. Ask from a figure on a published page.")


def pinned_row(publication: Publication, pin: Pin) -> Row:
    """The published row that a pin names. Raises `NoSuchFigureError`. One query."""
    if not pin.label:
        raise NoSuchFigureError
    row = _rows(publication.council_id, pin).filter(publication_id=publication.pk).first()
    if row is None:
        raise NoSuchFigureError
    return row


def name_of(publication: Publication, row: Row, pin: Pin) -> str:
    """The line, total or saving in words, as published: two rows of one name are told apart."""
    if isinstance(row, PublishedSaving):
        savings = content_from(publication.content).savings.savings
        return next(one.proposal.heading for one in savings if one.proposal.key == pin.key)
    return f"{row.name} ({TOTALS[pin.scope]})" if pin.scope in TOTALS else row.name


def subject_of(publication: Publication, pin: Pin) -> str:
    """“Corporate Parenting: variance after reserves, £2.7m over (Month 7, October 2023, version 1)”. Raises `NoSuchFigureError`."""
    row = pinned_row(publication, pin)
    value, label = _value(row, pin, is_then=True), pin.label
    name = name_of(publication, row, pin)
    return f"{name}: {label[0].lower()}{label[1:]}, {value.words} ({publication})"[:300]


def figures_of(publication: Publication, pin: Pin) -> dict[str, PinnedValue]:
    """Every figure of the row that a pin names, as that publication has it. Raises `NoSuchFigureError`."""
    row = pinned_row(publication, pin)
    return {name: _value(row, replace(pin, figure=name), is_then=True) for name in pin.labels}


def values_since(publication: Publication, pin: Pin) -> tuple[PinnedValue, ...]:
    """The figure in the publication asked about and in the latest version of that period and of each later one, oldest first. Two queries.

    A period that was published without the line or saving is left out: nothing is guessed.
    """
    asked = (publication.period_year, publication.period_number)
    latest = [number for number, when in latest_publications(publication.council_id).items() if when >= asked]
    rows = _rows(publication.council_id, pin).filter(publication_id__in={*latest, publication.pk})
    return tuple(
        _value(row, pin, is_then=row.publication_id == publication.pk)
        for row in rows.order_by("period_year", "period_number", "version")
    )


def _value(row: Row, pin: Pin, *, is_then: bool) -> PinnedValue:
    amount = amount_of(row.figures, pin.figure)
    return PinnedValue(
        period=row.period,
        version=row.version,
        amount=amount,
        words=value_words(pin.figure, amount),
        is_then=is_then,
    )


def _rows(council_id: int, pin: Pin) -> "QuerySet[PublishedFigure] | QuerySet[PublishedSaving]":
    """The rows of one line, total or saving in all publications of a council."""
    if pin.scope == SAVING:
        return PublishedSaving.objects.filter(council_id=council_id, key=pin.key)
    return PublishedFigure.objects.filter(council_id=council_id, scope=pin.scope, key=pin.key, fund=pin.fund)
