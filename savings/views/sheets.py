"""A page that is one form, with or without lists of rows: shown, sent, refused with nothing lost, and compared where somebody else was first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from presentation.components import Conflict
from savings.forms.rows import Row, RowSet, held_words, row_set
from services.forms.compared import ComparedForm
from services.operations.accepted_words import note_accepted_words
from services.operations.refusals import StaleVersionError
from services.views.answers import carried_out, done, signed_in, status_of
from services.views.conflicts import Place, compared_page

VERSION = "expected_version"
Lists = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKind:
    """One list on the page."""

    name: str
    title: str
    kind: type[Row]
    one: str
    """What a row is called: “Part”, “Year”."""
    lead: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held now: the record's version, its entries, and the rows of each list."""

    version: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One form on its way. `put` gets the form's entries and each list's rows, and returns the record that it saved."""

    title: str
    button: str
    refused: str
    said: str
    back: str
    form: type[ComparedForm]
    put: Callable[[dict[str, Any], Lists], object]
    held: Callable[[], Held] = Held
    options: Mapping[str, Any] = field(default_factory=dict)
    lists: tuple[RowKind, ...] = ()
    lead: str = ""
    after: Callable[[object], str] | None = None
    """Where to go on, given the saved record; otherwise `back`."""
    more: Mapping[str, Any] = field(default_factory=dict)
    template: str = "savings/sheet.html"


def sheet_page(request: HttpRequest, frame: dict[str, Any], sheet: Sheet) -> HttpResponse:
    """Show the form, or carry it out. 422 for a mistake, 409 where somebody else saved meanwhile."""
    held = sheet.held()
    sent = request.POST if request.method == "POST" else None
    form = sheet.form(sent, initial={**held.values, VERSION: held.version}, **sheet.options)
    rows = {
        one.name: row_set(
            one.kind, sent, prefix=one.name, held=held.rows.get(one.name, ()), options=one.options
        )
        for one in sheet.lists
    }
    saved: list[object] = []
    wants_rows = sent is not None and "more" in sent
    if sent is not None and not wants_rows and all(each.is_valid() for each in rows.values()):
        try:
            if carried_out(request, form, lambda given: _put(request, sheet, given, rows, saved)):
                address = sheet.after(saved[0]) if sheet.after and saved else sheet.back
                return done(request, sheet.said, address)
        except StaleVersionError as refusal:
            return _conflict(request, frame, sheet, form, rows, refusal)
    context = {**frame, **sheet.more, "sheet": sheet, "form": form, "lists": _shown(sheet, rows)}
    return render(
        request, sheet.template, context, status=200 if wants_rows else status_of(form, *rows.values())
    )


def _put(
    request: HttpRequest,
    sheet: Sheet,
    given: dict[str, Any],
    rows: Mapping[str, RowSet],
    saved: list[object],
) -> object:
    """Do the operation; what was ticked in the rows is noted with it, in one transaction."""
    record = sheet.put(given, {name: each.given for name, each in rows.items()})
    saved.append(record)
    for each in rows.values():
        note_accepted_words(by=signed_in(request), record=record, passages=each.words_accepted)
    return record


def _shown(sheet: Sheet, rows: Mapping[str, RowSet]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "title": one.title, "lead": one.lead, "one": one.one, "rows": rows[one.name]}
        for one in sheet.lists
    ]


def _conflict(
    request: HttpRequest,
    frame: dict[str, Any],
    sheet: Sheet,
    form: ComparedForm,
    rows: Mapping[str, RowSet],
    refusal: StaleVersionError,
) -> HttpResponse:
    """Yours, theirs and what both began from; yours to be sent again."""
    now = sheet.held()
    compared = [*form.comparison(now.values)]
    for one in sheet.lists:
        mine = rows[one.name]
        theirs = held_words(one.kind, now.rows.get(one.name, ()), one.options)
        every = zip_longest(mine.words_given, theirs, mine.words_started_from, fillvalue="")
        compared += [
            Conflict(f"{one.one} {number}", yours or "none", held or "none", base or "none", yours == held)
            for number, (yours, held, base) in enumerate(every, start=1)
            if not yours == held == base
        ]
    return compared_page(
        request,
        frame,
        place=Place(what=sheet.title, address=request.path, back=sheet.back, button="Save mine over theirs"),
        refusal=refusal,
        conflicts=tuple(compared),
        form=form.again(held=now.values, version=now.version),
        template="savings/sheet_conflict.html",
        lists=_shown(sheet, rows),
    )
