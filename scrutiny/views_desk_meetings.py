"""One meeting on the clerk's desk: its agenda put together, published in time, held, minuted or cancelled."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from presentation.components import Crumb
from scrutiny.committees import reading
from scrutiny.committees.desk import meetings as desk
from scrutiny.committees.forms.meetings import (
    CancelForm,
    ClassifyForm,
    ItemForm,
    MeetingForm,
    PublishForm,
    WithdrawForm,
)
from scrutiny.committees.forms.pages import FormPage, change_page, form_page
from scrutiny.committees.navigation import (
    desk_address,
    desk_committee_crumb,
    desk_frame,
    desk_meeting_crumb,
)
from scrutiny.committees.notice import notice_of
from scrutiny.committees.operations import agenda
from scrutiny.committees.operations import meetings as operations
from scrutiny.models import AgendaItem, Meeting
from services.access import Grant
from services.views.answers import act, carried_out, done
from services.views.conflicts import seen_version

GET_OR_POST = ["GET", "HEAD", "POST"]
MEETING = ("day", "starts_at", "place", "title", "note")
ITEM = (
    "number", "title", "start_time", "purpose", "words", "lead_role", "publication", "paper", "late_reason", "late_agreed_by",
)  # fmt: skip
STEPS: dict[str, tuple[Callable[..., Meeting], str]] = {
    "held": (operations.mark_held, "The meeting is marked as held."),
    "recorded": (operations.record_as_held, "The record of the meeting is public."),
    "minutes": (operations.publish_minutes, "The minutes are published."),
}
"""The steps that a button takes, each with what is said when it is done."""


@require_safe
def meeting(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """The meeting with its whole agenda, and what can be done with it now."""
    grant = desk.desk_of(request.user, slug)
    entry = desk.meeting_entry(desk.meeting_row(grant, meeting_id))
    today = timezone.localdate()
    context = {
        **_frame(grant, entry.committee, Crumb(entry.day_words)),
        "meeting": entry,
        "notice": notice_of(entry, today=today),
        "is_over": entry.day is None or entry.day < today,
        "has_come": entry.day is not None and entry.day <= today,
    }
    return render(request, "committees/desk_meeting.html", context)


@require_http_methods(GET_OR_POST)
def edit_meeting(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Change when or where it is."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    initial = {name: getattr(row, name) for name in MEETING} | {"expected_version": row.version}
    return change_page(
        request,
        _below(grant, row, "Change"),
        form=MeetingForm(request.POST or None, initial=initial),
        page=FormPage(
            title=f"Change the meeting: {row}",
            button="Save",
            refused="The meeting is not changed",
            back=_address(row),
            done="The meeting is changed.",
        ),
        operation=lambda given: operations.change_meeting(by=grant.user, meeting=row, **given),
    )


@require_http_methods(GET_OR_POST)
def publish(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Publish the agenda; where it is late, with the chair's reason."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    notice = notice_of(reading.meeting_entry(row), today=timezone.localdate())
    form = PublishForm(request.POST or None, initial={"expected_version": row.version})
    if not notice.is_late:
        _leave_out(form, "late_reason", "late_agreed_by")
    page = FormPage(
        title=f"Publish the agenda: {row}",
        button="Publish the agenda",
        refused="The agenda is not published",
        back=_address(row),
        done="The agenda is published: everybody who may read what is published sees it.",
        intro=notice.sentence,
    )
    return change_page(
        request,
        _below(grant, row, "Publish the agenda"),
        form=form,
        page=page,
        operation=lambda given: operations.publish_agenda(by=grant.user, meeting=row, **given),
    )


@require_POST
def step(request: HttpRequest, slug: str, meeting_id: int, step: str) -> HttpResponse:
    """Take one of the steps that need no form."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    if step not in STEPS:
        raise Http404(desk.NOT_HERE)
    operation, words = STEPS[step]
    return act(
        request,
        lambda: operation(by=grant.user, meeting=row, expected_version=seen_version(request) or 0),
        words=words,
        address=_address(row),
    )


@require_http_methods(GET_OR_POST)
def cancel(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Cancel it, with a reason."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    return change_page(
        request,
        _below(grant, row, "Cancel"),
        form=CancelForm(request.POST or None, initial={"expected_version": row.version}),
        page=FormPage(
            title=f"Cancel the meeting: {row}",
            button="Cancel the meeting",
            refused="The meeting is not cancelled",
            back=_address(row),
            done="The meeting is cancelled.",
            intro="Readers of a published agenda see that it is cancelled, and why.",
        ),
        operation=lambda given: operations.cancel_meeting(by=grant.user, meeting=row, **given),
    )


@require_http_methods(GET_OR_POST)
def new_item(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """Put an item on the agenda."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    form = ItemForm(request.POST or None, **_choices(grant))

    def keep(given: dict[str, Any]) -> AgendaItem:
        given = {name: value for name, value in given.items() if name != "expected_version"}
        return agenda.add_item(by=grant.user, meeting=row, **given)

    if carried_out(request, form, keep):
        return done(request, "The item stands at the end of the agenda.", _address(row))
    page = FormPage(
        title=f"Add an item: {row}",
        button="Add the item",
        refused="The item is not added",
        back=_address(row),
    )
    return form_page(request, _below(grant, row, "Add an item"), form=form, page=page)


@require_http_methods(GET_OR_POST)
def edit_item(request: HttpRequest, slug: str, meeting_id: int, item_id: int) -> HttpResponse:
    """Change an item."""
    grant = desk.desk_of(request.user, slug)
    row = desk.item_row(grant, meeting_id, item_id)
    initial = {name: getattr(row, name) for name in ITEM} | {"expected_version": row.version}
    return change_page(
        request,
        _below(grant, row.meeting, f"Item {row.number}"),
        form=ItemForm(request.POST or None, initial=initial, **_choices(grant)),
        page=FormPage(
            title=f"Change item {row.number}: {row.title}",
            button="Save",
            refused="The item is not changed",
            back=_address(row.meeting),
            done=f"Item {row.number} is changed.",
        ),
        operation=lambda given: agenda.change_item(by=grant.user, item=row, **given),
    )


@require_http_methods(GET_OR_POST)
def classify(request: HttpRequest, slug: str, meeting_id: int, item_id: int) -> HttpResponse:
    """Say whether an item is open to the public or exempt, and why."""
    grant = desk.desk_of(request.user, slug)
    row = desk.item_row(grant, meeting_id, item_id)
    initial = {
        "classification": row.classification,
        "paragraph": row.exemption_paragraph,
        "reason": row.exemption_reason,
        "expected_version": row.version,
    }
    return change_page(
        request,
        _below(grant, row.meeting, f"Item {row.number}"),
        form=ClassifyForm(request.POST or None, initial=initial),
        page=FormPage(
            title=f"Open or exempt: item {row.number}, {row.title}",
            button="Save",
            refused="The classification is not changed",
            back=_address(row.meeting),
            done=f"The classification of item {row.number} is saved.",
            intro="Of an exempt item the public sees its number, title, paragraph and reason, and nothing else.",
        ),
        operation=lambda given: agenda.classify_item(by=grant.user, item=row, **given),
    )


@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, slug: str, meeting_id: int, item_id: int) -> HttpResponse:
    """Take an item off an agenda that is not published."""
    grant = desk.desk_of(request.user, slug)
    row = desk.item_row(grant, meeting_id, item_id)
    return change_page(
        request,
        _below(grant, row.meeting, f"Item {row.number}"),
        form=WithdrawForm(request.POST or None, initial={"expected_version": row.version}),
        page=FormPage(
            title=f"Take off the agenda: item {row.number}, {row.title}",
            button="Take it off",
            refused="The item is not taken off",
            back=_address(row.meeting),
            done="The item is taken off the agenda. The audit trail keeps what it said.",
        ),
        operation=lambda given: agenda.withdraw_item(by=grant.user, item=row, **given),
    )


@require_POST
def move_item(request: HttpRequest, slug: str, meeting_id: int, item_id: int) -> HttpResponse:
    """Put an item at another place of the agenda."""
    grant = desk.desk_of(request.user, slug)
    row = desk.item_row(grant, meeting_id, item_id)
    text = request.POST.get("to", "")
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return act(
        request,
        lambda: agenda.move_item(
            by=grant.user, item=row, expected_version=seen_version(request) or 0, to=place
        ),
        words=f"Item {row.number} is moved. The numbers stay as they were.",
        address=_address(row.meeting),
    )


def _address(meeting: Meeting) -> str:
    return desk_address(meeting.council.slug, "desk_meeting", meeting.pk)


def _frame(grant: Grant, committee: Any, *crumbs: Crumb) -> dict[str, Any]:
    return desk_frame(grant, desk_committee_crumb(grant, committee), *crumbs)


def _below(grant: Grant, row: Meeting, page: str) -> dict[str, Any]:
    entry = reading.meeting_entry(row)
    return _frame(grant, entry.committee, desk_meeting_crumb(grant, entry), Crumb(page))


def _choices(grant: Grant) -> dict[str, Any]:
    return {
        "publications": desk.publications_to_choose(grant.council.pk),
        "papers": desk.papers_to_choose(grant.council.pk),
    }


def _leave_out(form: forms.Form, *names: str) -> None:
    for name in names:
        del form.fields[name]
