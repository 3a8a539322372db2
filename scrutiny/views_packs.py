"""Packs as readers find them: those of a meeting, one pack with its state and its file, documents beside it, and the check of a digest."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from presentation.components import Crumb
from scrutiny import access
from scrutiny.committees.desk import packs as desk
from scrutiny.committees.entries.packs import PackEntry
from scrutiny.committees.navigation import committees_frame, meeting_address
from scrutiny.committees.operations.packs import record_fetch
from scrutiny.committees.public import meetings as public_meetings
from scrutiny.committees.public import packs as public
from services.access import Grant
from services.roles import Permission

PDF = "application/pdf"
KEPT_NOWHERE = "private, no-store"
KEPT = "private, max-age=31536000, immutable"
"""Sealed public bytes never change; each reader's own browser may keep them."""


@require_safe
def packs(request: HttpRequest, slug: str, meeting_id: int) -> HttpResponse:
    """A meeting's sealed packs; the exempt ones for those who may read exempt papers."""
    grant = access.council_of(request.user, slug)
    meeting = public_meetings.meeting_entry(grant.council.pk, meeting_id)
    context = {
        **committees_frame(
            grant, Crumb(meeting.day_words, meeting_address(slug, meeting_id)), Crumb("Packs")
        ),
        "meeting": meeting,
        "packs": public.packs_of_meeting(grant.council.pk, meeting_id),
        "exempt_packs": desk.exempt_packs_of(grant, meeting_id),
        "may_read_exempt": grant.allows_everywhere(Permission.VIEW_EXEMPT),
        "documents": public.documents_of_meeting(grant.council.pk, meeting_id),
        "exempt_documents": desk.exempt_documents_of(grant, meeting_id),
    }
    return render(request, "committees/packs.html", context)


@require_safe
def pack(request: HttpRequest, slug: str, pack_id: int) -> HttpResponse:
    """One pack: how far it has got, or what it is, what it quotes, and its digests."""
    grant = access.council_of(request.user, slug)
    entry = _entry(grant, pack_id)
    when = Crumb(entry.meeting_when, meeting_address(slug, entry.meeting_id))
    context = {
        **committees_frame(grant, when, Crumb(entry.title)),
        "pack": entry,
        "is_clerk": grant.allows_everywhere(Permission.KEEP_MEETINGS),
    }
    return render(request, "committees/pack.html", context)


@require_safe
def pack_progress(request: HttpRequest, slug: str, pack_id: int) -> HttpResponse:
    """How far the worker is, for the page's script."""
    grant = access.council_of(request.user, slug)
    entry = _entry(grant, pack_id)
    told = {
        "state": entry.state,
        "done": entry.sections_done,
        "all": entry.sections_total,
        "words": entry.progress_words,
    }
    return JsonResponse(told, headers={"Cache-Control": KEPT_NOWHERE})


@require_safe
def pack_file(request: HttpRequest, slug: str, pack_id: int) -> HttpResponse:
    """The pack's bytes as they were made. Who takes an exempt pack is written down before it is given."""
    grant = access.council_of(request.user, slug)
    entry = _entry(grant, pack_id)
    if entry.is_sealed and not entry.is_exempt:
        return _pdf(public.pack_file(grant.council.pk, pack_id), entry.file_name, kept=KEPT)
    row = desk.pack_row(grant, pack_id)
    content = desk.pack_file(row)
    if entry.is_exempt and request.method == "GET":
        record_fetch(by=grant.user, pack=row)
    return _pdf(content, entry.file_name, kept=KEPT_NOWHERE)


@require_safe
def document(request: HttpRequest, slug: str, document_id: int) -> HttpResponse:
    """A document beside the pack, as it was attached."""
    grant = access.council_of(request.user, slug)
    try:
        entry, content = public.document_file(grant.council.pk, document_id)
    except Http404:
        entry, content, _ = desk.document_file(grant, document_id)
        return _pdf(content, entry.file_name, kept=KEPT_NOWHERE, attached=True)
    return _pdf(content, entry.file_name, kept="private, no-cache", attached=True)


@login_not_required
@require_safe
def verify(request: HttpRequest, digest: str) -> HttpResponse:
    """Whether a sealed public pack has this digest. Of exempt packs it says nothing, not even that there are any."""
    entry = public.pack_with_digest(digest.casefold()) if len(digest) == 64 else None
    context = {
        "pack": entry,
        "asked": digest[:128],
        "is_file": entry is not None and entry.digest == digest.casefold(),
    }
    return render(request, "committees/verify.html", context, status=200 if entry else 404)


def _entry(grant: Grant, pack_id: int) -> PackEntry:
    try:
        return public.pack_entry(grant.council.pk, pack_id)
    except Http404:
        return desk.pack_entry(desk.pack_row(grant, pack_id))


def _pdf(content: bytes, name: str, *, kept: str, attached: bool = False) -> HttpResponse:
    """Somebody else's file is saved and not shown, so that the reader's own software opens it, apart from this site."""
    disposition = content_disposition_header(attached, name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": kept, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=PDF, headers=headers)
