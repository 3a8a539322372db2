"""A meeting with something of everything, for packs: open and exempt items, figures, actions, and words that no public pack may say."""

import io
from types import SimpleNamespace
from typing import Any

import pikepdf
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from scrutiny.committees.operations import packs as operations
from scrutiny.models import ItemDocument, Meeting, Pack, Paper
from tests.scrutiny.meeting_records import (
    in_days,
    make_committee,
    make_exempt,
    make_item,
    make_meeting,
    make_paragraph,
    the_clerk,
)
from tests.scrutiny.pages import publish_period
from tests.scrutiny.question_records import make_action, make_question

CANARIES = {
    "exempt words": "The provider offers nine hundred pounds zarquon",
    "exempt document": "Vexillary contract annex",
    "exempt file name": "quoxley-prices.pdf",
    "exempt paper": "Grimbold report on placement prices",
    "exempt lead": "Director of Yttermost",
    "draft meeting": "Fandangle closure plan",
    "draft paper": "Plumbottom draft of the savings",
    "exempt question": "Is the Wexcombe provider insolvent?",
    "exempt minutes": "Members heard of the Ostravian tender",
    "exempt action": "Close the Marzipan contract quietly",
    "unpublished minutes": "Members regretted the Tollgate memo",
}
"""Words that stand in drafts and in exempt records, and nowhere else."""


def make_pack_meeting(thorney: Any) -> SimpleNamespace:
    """A published meeting about published figures, with canaries wherever the public may not look."""
    publication = publish_period(thorney)
    council = thorney.council
    committee = make_committee(council, clerk_team="Democratic Services")
    earlier = make_meeting(committee, state="held", day=in_days(-40), note="From the minutes.")
    about = make_item(earlier, "3", "Savings")
    make_paragraph(about, CANARIES["unpublished minutes"])
    meeting = make_meeting(committee, state="published", place="Committee Room 1")
    draft_paper = Paper.objects.create(council=council, title=CANARIES["draft paper"])
    make_item(meeting, "1", "Apologies for absence", purpose="procedure")
    item = make_item(
        meeting,
        "4",
        "Budget monitoring",
        words="To consider the position.",
        publication=publication,
        paper=draft_paper,
        late_reason="The figures closed on the day.",
        late_agreed_by="The Chair",
    )
    paper = Paper.objects.create(council=council, title=CANARIES["exempt paper"], state="final")
    exempt = make_exempt(
        meeting,
        "9",
        words=f"{CANARIES['exempt words']} a week.",
        lead_role=CANARIES["exempt lead"],
        paper=paper,
    )
    make_document(exempt, title=CANARIES["exempt document"], file_name=CANARIES["exempt file name"])
    make_question(exempt, CANARIES["exempt question"])
    make_paragraph(exempt, CANARIES["exempt minutes"])
    hidden = make_meeting(committee, day=in_days(90))
    make_item(hidden, "1", CANARIES["draft meeting"])
    old = make_meeting(committee, state="minuted", day=in_days(-70), minutes_published_at=timezone.now())
    shut = make_exempt(old, "7", title="Contracts")
    make_action(committee, "Report on agency staff.", raised_at=old)
    make_action(committee, CANARIES["exempt action"], raised_at=old, item=shut)
    return SimpleNamespace(
        thorney=thorney,
        council=council,
        publication=publication,
        committee=committee,
        meeting=meeting,
        item=item,
        exempt=exempt,
        clerk=the_clerk(council),
    )


def tagged_pdf(*, title: str = "Annex", language: str = "en-GB", words: str = "") -> bytes:
    """A small tagged PDF as a word processor would export it."""
    from weasyprint import HTML

    page = f'<html lang="{language}"><head><title>{title}</title></head><body><h1>{title}</h1><p>{words or "Words."}</p></body></html>'
    content: bytes = HTML(string=page).write_pdf(pdf_tags=True)
    return content


def make_document(
    item: Any, *, title: str = "Annex", file_name: str = "annex.pdf", **fields: Any
) -> ItemDocument:
    """A document attached to an item, past its checks."""
    return ItemDocument.objects.create(
        council=item.council,
        item=item,
        title=title,
        file_name=file_name,
        pages=2,
        digest="d" * 64,
        added_by=the_clerk(item.council),
        added_at=timezone.now(),
        content=b"%PDF-",
        **fields,
    )


def make_pack(meeting: Meeting, *, kind: str = "public", state: str = "preview", **fields: Any) -> Pack:
    """A pack that stands in the database in the state asked for, with a file that is no PDF."""
    clerk = the_clerk(meeting.council)
    if state in {"preview", "sealed"}:
        fields = {
            "content": b"%PDF-made",
            "digest": "a" * 64,
            "content_digest": "c" * 64,
            "pages": 4,
        } | fields
    if state == "sealed":
        fields = {"sealed_by": clerk, "sealed_at": timezone.now()} | fields
    if state == "failed":
        fields = {"error": "In “Item 4”: it could not be laid out."} | fields
    return Pack.objects.create(
        council=meeting.council,
        meeting=meeting,
        kind=kind,
        state=state,
        asked_by=clerk,
        asked_at=fields.pop("asked_at", timezone.now()),
        **fields,
    )


def made(world: SimpleNamespace, kind: str = "public") -> Pack:
    """A pack asked for and made by the worker, to be looked at."""
    pack = operations.ask_pack(by=world.clerk, meeting=world.meeting, kind=kind)
    work(pack)
    return Pack.objects.get(pk=pack.pk)


def sealed(world: SimpleNamespace, kind: str = "public") -> Pack:
    """A pack asked for, made and sealed."""
    pack = made(world, kind)
    assert pack.state == "preview", pack.error
    operations.seal_pack(by=world.clerk, pack=pack, digest=pack.digest)
    return Pack.objects.get(pk=pack.pk)


def work(pack: Pack) -> None:
    """What the job worker does with a pack that waits."""
    from scrutiny.tasks import render_pack

    render_pack.func(pack.pk)


def waiting_jobs() -> int:
    """How many jobs wait for the worker."""
    return DBTaskResult.objects.filter(status="READY").count()


def opened(content: bytes) -> pikepdf.Pdf:
    """The file, opened."""
    return pikepdf.open(io.BytesIO(content))
