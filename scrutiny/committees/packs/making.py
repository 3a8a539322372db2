"""Makes a pack from beginning to end: its content, the gate, its pages. Only the worker and commands call it, never a request."""

import io
from pathlib import Path

from django.conf import settings

from presentation.pdf import PdfError, Progress, RenderLimits, build_pdf
from scrutiny.committees.operations.pack_work import MadeItem, MadePack
from scrutiny.committees.packs.content import PackAsked, PackContent
from scrutiny.committees.packs.exempt import exempt_pack
from scrutiny.committees.packs.gate import kept_from_public, require_clean
from scrutiny.committees.packs.public import public_pack
from scrutiny.models import Pack, PackItem

LIMITS = RenderLimits(seconds=110, megabytes=2048)
"""What one section of a pack may take."""


def asked_of(pack: Pack) -> PackAsked:
    """What a pack was asked for, with what the packs sealed before it hold. One query."""
    council = pack.council
    sealed = PackItem.objects.filter(
        pack__meeting_id=pack.meeting_id, pack__kind=pack.kind, pack__state=Pack.State.SEALED
    ).order_by("pack__number")
    return PackAsked(
        council_id=council.pk,
        council_slug=council.slug,
        council_name=council.name,
        is_illustration=council.is_illustration,
        meeting_id=pack.meeting_id,
        number=pack.number,
        first_page=pack.first_page,
        asked_at=pack.asked_at,
        site=settings.SITE_URL,
        held=dict(sealed.values_list("item_id", "digest")),
    )


def content_of(pack: Pack) -> PackContent:
    """What the pack will print. Raises `PdfError` if words that are kept from the public stand in a public pack, and `NothingNewError`."""
    asked = asked_of(pack)
    if pack.kind == Pack.Kind.EXEMPT:
        return exempt_pack(asked)
    content = public_pack(asked)
    require_clean(content.document, kept_from_public(pack.meeting_id))
    return content


def made_pack(pack: Pack, *, on_progress: Progress | None = None, cache_dir: Path | None = None) -> MadePack:
    """The pack as a file. Raises `PdfError`, naming the item, and whatever `on_progress` raises to stop it.

    Sections of an exempt pack are kept in no cache.
    """
    content = content_of(pack)
    kept_in = None if pack.kind == Pack.Kind.EXEMPT else cache_dir
    file = build_pdf(content.document, cache_dir=kept_in, limits=LIMITS, on_progress=on_progress)
    items = tuple(
        MadeItem(
            item_id=part.item_id,
            number=part.number,
            title=part.title,
            publication_id=part.publication_id,
            digest=part.digest,
        )
        for part in content.items
    )
    return MadePack(content=file, content_digest=content.content_digest, pages=_pages(file), items=items)


def _pages(file: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(file)) as pdf:
        return len(pdf.pages)


__all__ = ["PdfError", "asked_of", "content_of", "made_pack"]
