"""What the worker writes of a pack while it makes it: begun, how far, made, or why not. It acts for whoever asked."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from scrutiny.models import Pack, PackItem


class PackStoppedError(Exception):
    """The pack was cancelled, or begun again, while this worker was making it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeItem:
    """What a pack holds of one item."""

    item_id: int
    number: str
    title: str
    publication_id: int | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePack:
    """A pack as the worker made it."""

    content: bytes
    content_digest: str
    pages: int
    items: tuple[MadeItem, ...]


def begin_pack(*, pack_id: int) -> Pack | None:
    """Say that the worker has begun; `None` where the pack no longer waits, so that a repeated job does nothing.

    One that is being made already is taken over: its worker was lost, for jobs are given out once.
    """
    now = timezone.now()
    waiting = Pack.objects.filter(pk=pack_id, state=Pack.State.QUEUED)
    if not waiting.update(
        state=Pack.State.RUNNING, started_at=now, finished_at=None, error="", sections_done=0
    ):
        return None
    return Pack.objects.select_related("council", "meeting__committee").defer("content").get(pk=pack_id)


def note_progress(*, pack: Pack, done: int, total: int) -> None:
    """Say how many sections there are. Raises `PackStoppedError` if the pack was cancelled or begun again meanwhile."""
    if not _mine(pack).update(sections_done=done, sections_total=total):
        raise PackStoppedError


@transaction.atomic
def finish_pack(*, pack: Pack, made: MadePack) -> bool:
    """Keep the file, to be looked at; false if the pack was cancelled or begun again meanwhile."""
    kept = _mine(pack).update(
        state=Pack.State.PREVIEW,
        content=made.content,
        digest=hashlib.sha256(made.content).hexdigest(),
        content_digest=made.content_digest,
        pages=made.pages,
        finished_at=timezone.now(),
    )
    if not kept:
        return False
    PackItem.objects.bulk_create(
        PackItem(
            council_id=pack.council_id,
            pack_id=pack.pk,
            item_id=item.item_id,
            number=item.number,
            title=item.title,
            publication_id=item.publication_id,
            digest=item.digest,
        )
        for item in made.items
    )
    return True


def fail_pack(*, pack: Pack, error: str) -> None:
    """Say why it could not be made."""
    _mine(pack).update(state=Pack.State.FAILED, error=error, finished_at=timezone.now())


def _mine(pack: Pack) -> QuerySet[Pack]:
    """The pack, as long as it is this worker that makes it."""
    return Pack.objects.filter(pk=pack.pk, state=Pack.State.RUNNING, started_at=pack.started_at)
