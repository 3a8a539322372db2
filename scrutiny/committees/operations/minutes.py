"""Paragraphs of minutes that are neither question nor answer, with the numbers that the minutes print."""

from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from scrutiny.committees.operations.held import fields_of, next_place, noted
from scrutiny.models import AgendaItem, MinuteParagraph
from services.operations.authority import authorise
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    StaleVersionError,
    WrongCouncilError,
)
from services.operations.staleness import last_saved, theirs
from services.roles import Permission

FIELDS = ("number", "heading", "words", "order")


@transaction.atomic
def record_paragraph(
    *,
    by: User,
    item: AgendaItem,
    words: str = "",
    heading: str = "",
    number: str = "",
    order: int | None = None,
) -> MinuteParagraph:
    """Add a paragraph or a heading to an item's minutes. Its number is text as minuted: 6.22 may be followed by 6.33."""
    authorise(by=by, council=item.council, needs=Permission.KEEP_MEETINGS)
    made = MinuteParagraph(
        council=item.council,
        item=item,
        **_checked(
            number=number,
            heading=heading,
            words=words,
            order=next_place(item) if order is None else order,
        ),
    )
    _save(made)
    noted(by=by, council=item.council, action="record minute", subject=made, after=fields_of(made, FIELDS))
    return made


@transaction.atomic
def change_paragraph(
    *, by: User, paragraph: MinuteParagraph, seen: dict[str, Any], **given: Any
) -> MinuteParagraph:
    """Correct a paragraph. `seen` is what it said when the person opened it (number, heading, words): `StaleVersionError` if it says otherwise."""
    now = _fresh(by=by, paragraph=paragraph, seen=seen)
    before = fields_of(now, FIELDS)
    for name, value in _checked(**before | given).items():
        setattr(now, name, value)
    after = {name: value for name, value in fields_of(now, FIELDS).items() if value != before[name]}
    if not after:
        return now
    _save(now)
    was = {name: before[name] for name in after}
    noted(by=by, council=now.council, action="change minute", subject=now, before=was, after=after)
    return now


@transaction.atomic
def remove_paragraph(*, by: User, paragraph: MinuteParagraph, seen: dict[str, Any], reason: str) -> None:
    """Take a paragraph out of draft minutes, with a reason; the audit trail keeps what it said."""
    reason = checked_words("reason", reason, required=True)
    now = _fresh(by=by, paragraph=paragraph, seen=seen)
    if now.item.meeting.minutes_published_at:
        raise AlreadyDoneError(
            "The minutes are published. Correct the paragraph instead; readers have seen it."
        )
    noted(
        by=by,
        council=now.council,
        action="remove minute",
        subject=now,
        before=fields_of(now, FIELDS),
        reason=reason,
    )
    now.delete()


def _fresh(*, by: User, paragraph: MinuteParagraph, seen: dict[str, Any]) -> MinuteParagraph:
    now = MinuteParagraph.objects.select_related("council", "item__meeting").filter(pk=paragraph.pk).first()
    if now is None:
        raise WrongCouncilError("The paragraph is not there any more.")
    authorise(by=by, council=now.council, needs=Permission.KEEP_MEETINGS)
    held = fields_of(now, FIELDS)
    if any(held[name] != value for name, value in seen.items()):
        entry = last_saved(council_id=now.council_id, kind="minuteparagraph", ids=[now.pk]).get(now.pk)
        raise StaleVersionError(
            [
                theirs(
                    subject=str(now),
                    record_id=now.pk,
                    expected_version=0,
                    version=0,
                    values=held,
                    entry=entry,
                )
            ]
        )
    return now


def _save(paragraph: MinuteParagraph) -> None:
    try:
        with transaction.atomic():
            paragraph.save()
    except IntegrityError as error:
        raise AlreadyDoneError(
            f"Item {paragraph.item.number} has a paragraph {paragraph.number} already. Numbers are as minuted, and unique."
        ) from error


def _checked(*, number: str, heading: str, words: str, order: int) -> dict[str, Any]:
    said = {
        "number": checked_name("number", number, required=False, limit=12),
        "heading": checked_name("heading", heading, required=False),
        "words": checked_words("words", words, limit=20_000),
        "order": order,
    }
    if not said["heading"] and not said["words"]:
        raise InvalidEntryError("words", "a paragraph has words, a heading, or both.")
    return said
