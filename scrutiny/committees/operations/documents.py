"""PDFs attached to items: checked when they come, kept as they are, withdrawn with a reason."""

import hashlib
import re
from pathlib import PurePath
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scrutiny.committees.operations.held import noted
from scrutiny.committees.packs.attached import DocumentRefusedError, pages_of_safe_pdf
from scrutiny.models import AgendaItem, ItemDocument, Meeting
from services import audit
from services.operations.authority import authorise
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError
from services.roles import Permission

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_OPEN: Final = (Meeting.State.DRAFT, Meeting.State.PUBLISHED)


@transaction.atomic
def attach_document(
    *, by: User, item: AgendaItem, title: str, language: str, file_name: str, content: bytes
) -> ItemDocument:
    """Attach a PDF to an item of a meeting that is not held yet. Raises `InvalidEntryError` with what is wrong with the file or its title."""
    authorise(by=by, council=item.council, needs=Permission.KEEP_MEETINGS)
    title = checked_name("title", title, required=True)
    if not _LANGUAGE.fullmatch(language):
        raise InvalidEntryError("language", "is a code such as en-GB or cy.")
    try:
        pages = pages_of_safe_pdf(content)
    except DocumentRefusedError as error:
        raise InvalidEntryError("file", str(error)) from error
    audit.hold(item.council_id)
    now = AgendaItem.objects.select_related("meeting", "council").get(pk=item.pk)
    if now.meeting.state not in _OPEN:
        raise AlreadyDoneError(
            f"The meeting is {now.meeting.get_state_display().lower()}: its papers can no longer change."
        )
    digest = hashlib.sha256(content).hexdigest()
    if now.documents.filter(digest=digest, is_withdrawn=False).exists():
        raise AlreadyDoneError(f"This very file is attached to item {now.number} already.")
    document = ItemDocument.objects.create(
        council=now.council,
        item=now,
        title=title,
        language=language,
        file_name=checked_name(
            "file_name", PurePath(file_name.replace("\\", "/")).name[-200:], required=True
        ),
        pages=pages,
        digest=digest,
        added_by=by,
        added_at=timezone.now(),
        content=content,
    )
    said = {
        "title": title,
        "language": language,
        "file_name": document.file_name,
        "pages": pages,
        "digest": digest,
    }
    noted(by=by, council=now.council, action="attach document", subject=document, after=said)
    return document


@transaction.atomic
def withdraw_document(*, by: User, document: ItemDocument, reason: str) -> ItemDocument:
    """Withdraw an attached document, with a reason; its file is kept, and sealed packs name it as before. Raises `AlreadyDoneError`."""
    reason = checked_words("reason", reason, required=True)
    audit.hold(document.council_id)
    authorise(by=by, council=document.council, needs=Permission.KEEP_MEETINGS)
    now = ItemDocument.objects.select_related("council").defer("content").get(pk=document.pk)
    if now.is_withdrawn:
        raise AlreadyDoneError("The document is withdrawn already.")
    now.is_withdrawn = True
    now.save(update_fields=["is_withdrawn"])
    noted(
        by=by,
        council=now.council,
        action="withdraw document",
        subject=now,
        before={"is_withdrawn": False},
        after={"is_withdrawn": True},
        reason=reason,
    )
    return now
