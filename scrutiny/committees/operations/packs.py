"""Packs: asked for, cancelled, sealed, fetched. What the worker writes meanwhile stands in `pack_work`."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scrutiny.committees.operations.held import noted
from scrutiny.models import AgendaItem, Meeting, Pack, PackFetch
from services import audit
from services.operations.authority import authorise
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, Refused
from services.roles import Permission

ABANDONED_AFTER = timedelta(minutes=15)
"""A pack still waiting or being made after so long lost its worker, and may be asked for again."""
_OPEN = (Pack.State.QUEUED, Pack.State.RUNNING, Pack.State.PREVIEW)


class NotPublishedError(Refused):
    """A pack of a meeting whose agenda is not published, or an exempt pack of a meeting without exempt items."""


@transaction.atomic
def ask_pack(*, by: User, meeting: Meeting, kind: str) -> Pack:
    """Ask the worker for a meeting's pack; once one is sealed, for the next supplement. A pack whose worker was lost is begun again.

    Raises `NotPublishedError`, and `AlreadyDoneError` while one is being made or waits to be looked at.
    """
    audit.hold(meeting.council_id)
    authorise(by=by, council=meeting.council, needs=Permission.KEEP_MEETINGS)
    now = Meeting.objects.select_related("council").get(pk=meeting.pk)
    _refuse_unpublished(now, kind)
    rows = Pack.objects.defer("content").filter(meeting=now, kind=kind)
    waiting = rows.filter(state__in=_OPEN).first()
    moment = timezone.now()
    if waiting is not None:
        return _ask_again(by=by, pack=waiting, moment=moment)
    last = rows.filter(state=Pack.State.SEALED).order_by("number").last()
    pack = Pack.objects.create(
        council=now.council,
        meeting=now,
        kind=kind,
        number=last.number + 1 if last else 0,
        first_page=last.first_page + (last.pages or 0) if last else 1,
        asked_by=by,
        asked_at=moment,
    )
    noted(
        by=by,
        council=now.council,
        action="ask for pack",
        subject=pack,
        after={"kind": kind, "number": pack.number},
    )
    _enqueue(pack)
    return pack


@transaction.atomic
def cancel_pack(*, by: User, pack: Pack) -> Pack:
    """Stop a pack that waits or is being made, or throw away one that was made and not sealed. Raises `AlreadyDoneError`."""
    now = _fresh(by=by, pack=pack)
    if now.state not in _OPEN:
        raise AlreadyDoneError(f"The pack is {now.get_state_display().lower()}: there is nothing to cancel.")
    before = now.state
    now.state, now.content, now.finished_at = Pack.State.CANCELLED, None, timezone.now()
    now.save(update_fields=["state", "content", "finished_at"])
    noted(
        by=by,
        council=now.council,
        action="cancel pack",
        subject=now,
        before={"state": before},
        after={"state": now.state},
    )
    return now


@transaction.atomic
def seal_pack(*, by: User, pack: Pack, digest: str) -> Pack:
    """Seal the pack that was looked at: from now on its bytes are served as they are. `digest` is that of the file that was looked at.

    Raises `AlreadyDoneError` if it is not there to be sealed, and `InvalidEntryError` if it is no longer that file.
    """
    now = _fresh(by=by, pack=pack)
    if now.state != Pack.State.PREVIEW:
        raise AlreadyDoneError(
            f"The pack is {now.get_state_display().lower()}: only one that is made and not yet sealed can be sealed."
        )
    if now.digest != digest:
        raise InvalidEntryError(
            "digest", "the pack was made again since you looked at it. Look at it as it is now, then seal it."
        )
    now.state, now.sealed_by, now.sealed_at = Pack.State.SEALED, by, timezone.now()
    now.save(update_fields=["state", "sealed_by", "sealed_at"])
    noted(
        by=by,
        council=now.council,
        action="seal pack",
        subject=now,
        before={"state": Pack.State.PREVIEW.value},
        after={
            "state": now.state,
            "digest": now.digest,
            "content_digest": now.content_digest,
            "pages": now.pages,
        },
    )
    return now


@transaction.atomic
def record_fetch(*, by: User, pack: Pack) -> PackFetch:
    """Write down that somebody takes an exempt pack. Raises `NotAllowedError` for somebody who may not read exempt papers."""
    authorise(by=by, council=pack.council, needs=Permission.VIEW_EXEMPT)
    fetch = PackFetch.objects.create(council=pack.council, pack=pack, by=by, at=timezone.now())
    noted(
        by=by, council=pack.council, action="fetch exempt pack", subject=pack, after={"digest": pack.digest}
    )
    return fetch


def _refuse_unpublished(meeting: Meeting, kind: str) -> None:
    if kind not in Pack.Kind.values:
        raise InvalidEntryError("kind", f"“{kind}” is not one of {', '.join(Pack.Kind.values)}.")
    if meeting.agenda_published_at is None or meeting.state == Meeting.State.CANCELLED:
        raise NotPublishedError(
            f"The agenda is {meeting.get_state_display().lower()}. A pack is made of a published agenda: publish it first."
        )
    exempt = meeting.items.filter(classification=AgendaItem.Classification.EXEMPT)
    if kind == Pack.Kind.EXEMPT and not exempt.exists():
        raise NotPublishedError("No item of this agenda is exempt, so there is no exempt pack to make.")


def _ask_again(*, by: User, pack: Pack, moment: datetime) -> Pack:
    if pack.state == Pack.State.PREVIEW:
        raise AlreadyDoneError(
            "The pack is made and waits to be looked at. Seal it, or cancel it and ask for it again."
        )
    if moment - (pack.started_at or pack.asked_at) <= ABANDONED_AFTER:
        raise AlreadyDoneError("The pack is being made. Wait for it, or cancel it and ask for it again.")
    before = pack.state
    pack.state, pack.started_at, pack.asked_at, pack.sections_done = Pack.State.QUEUED, None, moment, 0
    pack.save(update_fields=["state", "started_at", "asked_at", "sections_done"])
    noted(
        by=by,
        council=pack.council,
        action="ask for pack again",
        subject=pack,
        before={"state": before},
        after={"state": pack.state},
    )
    _enqueue(pack)
    return pack


def _fresh(*, by: User, pack: Pack) -> Pack:
    audit.hold(pack.council_id)
    authorise(by=by, council=pack.council, needs=Permission.KEEP_MEETINGS)
    return Pack.objects.select_related("council", "meeting__committee").defer("content").get(pk=pack.pk)


def _enqueue(pack: Pack) -> None:
    from scrutiny.tasks import render_pack  # the worker's side imports this module

    transaction.on_commit(lambda: render_pack.enqueue(pack.pk))
