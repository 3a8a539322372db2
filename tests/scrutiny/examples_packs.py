"""Every operation on packs and attached documents with an example of it and who may do it."""

from types import SimpleNamespace
from typing import Any

from scrutiny.committees.operations import documents, packs
from services.roles import Role
from tests.scrutiny.meeting_records import make_committee, make_exempt, make_item, make_meeting
from tests.scrutiny.pack_records import make_document, make_pack, tagged_pdf
from tests.services.catalogue import Example

CLERKS = frozenset({Role.CLERK})
READERS_OF_EXEMPT = frozenset({Role.CLERK, Role.SCRUTINY_MEMBER, Role.HEAD_OF_FINANCE})


def _item(w: SimpleNamespace) -> Any:
    return make_item(make_meeting(make_committee(w.council), state="published"))


def _exempt(w: SimpleNamespace) -> Any:
    return make_exempt(make_meeting(make_committee(w.council), state="published"))


EXAMPLES = (
    Example(packs.ask_pack, CLERKS, lambda w: {"meeting": _item(w).meeting, "kind": "public"}),
    Example(packs.cancel_pack, CLERKS, lambda w: {"pack": make_pack(_item(w).meeting, state="queued")}),
    Example(packs.seal_pack, CLERKS, lambda w: {"pack": make_pack(_item(w).meeting), "digest": "a" * 64}),
    Example(
        packs.record_fetch,
        READERS_OF_EXEMPT,
        lambda w: {"pack": make_pack(_exempt(w).meeting, kind="exempt", state="sealed")},
    ),
    Example(
        documents.attach_document,
        CLERKS,
        lambda w: {
            "item": _item(w),
            "title": "Reserves in detail",
            "language": "en-GB",
            "file_name": "reserves.pdf",
            "content": tagged_pdf(),
        },
    ),
    Example(
        documents.withdraw_document,
        CLERKS,
        lambda w: {"document": make_document(_item(w)), "reason": "Replaced by a later one."},
    ),
)
