"""Packs on the clerk's desk: documents attached to items, a pack asked for, looked at, sealed or cancelled."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from presentation.components import Crumb
from scrutiny.committees import reading
from scrutiny.committees.desk import meetings as desk
from scrutiny.committees.desk import packs as desk_packs
from scrutiny.committees.forms.packs import DocumentForm, WithdrawForm
from scrutiny.committees.navigation import (
    desk_address,
    desk_committee_crumb,
    desk_frame,
    desk_meeting_crumb,
)
from scrutiny.committees.operations import documents as documents
from scrutiny.committees.operations import packs as operations
from scrutiny.models import Meeting
from services.access import Grant
from services.views.answers import act, carried_out, done, status_of

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def meeting_packs(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """The meeting's packs and documents; POST asks for a pack."""
    grant = desk.desk_of(request.user, slug)
    row = desk.meeting_row(grant, meeting_id)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        return act(
            request,
            lambda: operations.ask_pack(by=grant.user, meeting=row, kind=kind),
            words=f"The {kind} pack is being made.",
            address=_address(row),
        )
    meeting, packs = desk.meeting_entry(row), desk_packs.packs_of(row)
    documents_of = desk_packs.documents_of_meeting(row.pk)
    context = {
        **_below(grant, row, "Packs"),
        "meeting": meeting,
        "items": [(item, [one for one in documents_of if one.item_id == item.id]) for item in meeting.items],
        "kinds": [(kind, _of_kind(packs, kind)) for kind in ("public", "exempt")],
        "has_exempt": any(item.is_exempt for item in meeting.items),
        "may_change": meeting.state in (Meeting.State.DRAFT, Meeting.State.PUBLISHED),
    }
    return render(request, "committees/desk_packs.html", context)


def _of_kind(packs: Any, kind: str) -> dict[str, Any]:
    own = [pack for pack in packs if pack.kind == kind]
    return {
        "packs": own,
        "is_waiting": any(pack.is_waiting for pack in own),
        "is_made": any(pack.is_preview for pack in own),
        "is_sealed": any(pack.is_sealed for pack in own),
    }


@require_POST
def cancel(request: HttpRequest, slug: str, pack_id: int) -> HttpResponse:
    """Stop making a pack, or throw away one that is not sealed."""
    grant = desk.desk_of(request.user, slug)
    row = desk_packs.pack_row(grant, pack_id)
    return act(
        request,
        lambda: operations.cancel_pack(by=grant.user, pack=row),
        words="The pack is cancelled.",
        address=_address(row.meeting),
    )


@require_POST
def seal(request: HttpRequest, slug: str, pack_id: int) -> HttpResponse:
    """Seal the pack whose file was looked at."""
    grant = desk.desk_of(request.user, slug)
    row = desk_packs.pack_row(grant, pack_id)
    return act(
        request,
        lambda: operations.seal_pack(by=grant.user, pack=row, digest=request.POST.get("digest", "")),
        words="The pack is sealed. From now on its file is served as it is.",
        address=_address(row.meeting),
    )


@require_http_methods(GET_OR_POST)
def attach(request: HttpRequest, slug: str, meeting_id: int, item_id: int) -> HttpResponse:
    """Attach a PDF to an item."""
    grant = desk.desk_of(request.user, slug)
    item = desk.item_row(grant, meeting_id, item_id)
    form = DocumentForm(request.POST or None, request.FILES or None)

    def keep(given: dict[str, Any]) -> object:
        file = given.pop("file")
        return documents.attach_document(
            by=grant.user, item=item, file_name=file.name, content=file.read(), **given
        )

    if carried_out(request, form, keep):
        return done(request, f"The document is attached to item {item.number}.", _address(item.meeting))
    context = {
        **_below(grant, item.meeting, f"Item {item.number}: attach a document"),
        "form": form,
        "item": item,
        "back": _address(item.meeting),
    }
    return render(request, "committees/attach.html", context, status=status_of(form))


@require_http_methods(GET_OR_POST)
def withdraw_document(request: HttpRequest, slug: str, document_id: int) -> HttpResponse:
    """Withdraw a document, with a reason."""
    grant = desk.desk_of(request.user, slug)
    row = desk_packs.document_row(grant, document_id)
    form = WithdrawForm(request.POST or None)
    back = _address(row.item.meeting)
    if carried_out(
        request, form, lambda given: documents.withdraw_document(by=grant.user, document=row, **given)
    ):
        return done(request, "The document is withdrawn. Its file is kept with the record.", back)
    context = {
        **_below(grant, row.item.meeting, "Withdraw a document"),
        "form": form,
        "document": row,
        "back": back,
    }
    return render(request, "committees/withdraw_document.html", context, status=status_of(form))


def _address(meeting: Meeting) -> str:
    return desk_address(meeting.council.slug, "desk_packs", meeting.pk)


def _below(grant: Grant, row: Meeting, page: str) -> dict[str, Any]:
    entry = reading.meeting_entry(row)
    way = (desk_committee_crumb(grant, entry.committee), desk_meeting_crumb(grant, entry))
    return desk_frame(grant, *way, Crumb(page))
