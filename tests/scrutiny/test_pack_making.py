"""How a pack comes about: asked for once, made by the worker, cancelled, failed, begun again, sealed for good, supplemented."""

import hashlib
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from presentation.pdf import PdfError
from scrutiny import tasks
from scrutiny.committees.operations import packs as operations
from scrutiny.committees.operations.pack_work import MadeItem, MadePack
from scrutiny.committees.packs.making import asked_of, content_of
from scrutiny.models import Pack, PackItem
from services.operations.refusals import AlreadyDoneError, InvalidEntryError
from tests.scrutiny.meeting_records import make_committee, make_exempt, make_item, make_meeting, the_clerk
from tests.scrutiny.pack_records import make_document, make_pack, work

DIGEST = hashlib.sha256(b"%PDF-quick").hexdigest()


@pytest.fixture
def world(thorney) -> SimpleNamespace:
    meeting = make_meeting(make_committee(thorney.council), state="published")
    item = make_item(meeting, "4", "Budget monitoring")
    return SimpleNamespace(
        council=thorney.council, clerk=the_clerk(thorney.council), meeting=meeting, item=item
    )


@pytest.fixture
def quick(monkeypatch, world):
    """A pack made without printing, for tests of the steps around it."""

    def make(pack, *, on_progress, **options):
        on_progress(0, 2)
        on_progress(2, 2)
        parts = content_of(pack).items
        items = tuple(
            MadeItem(
                item_id=one.item_id,
                number=one.number,
                title=one.title,
                publication_id=None,
                digest=one.digest,
            )
            for one in parts
        )
        return MadePack(content=b"%PDF-quick", content_digest="c" * 64, pages=7, items=items)

    make_document(world.item)
    monkeypatch.setattr(tasks, "made_pack", make)


def ask(world, kind="public") -> Pack:
    return operations.ask_pack(by=world.clerk, meeting=world.meeting, kind=kind)


def fresh(pack) -> Pack:
    return Pack.objects.get(pk=pack.pk)


def sealed(world) -> Pack:
    pack = ask(world)
    work(pack)
    return operations.seal_pack(by=world.clerk, pack=fresh(pack), digest=fresh(pack).digest)


def test_a_pack_goes_from_waiting_over_preview_to_sealed_with_the_digest_of_its_file(world, quick):
    pack = ask(world)
    assert pack.state == "queued"
    work(pack)
    made = fresh(pack)
    assert (made.state, made.digest, made.sections_done, made.sections_total) == ("preview", DIGEST, 2, 2)
    assert operations.seal_pack(by=world.clerk, pack=made, digest=DIGEST).state == "sealed"


def test_a_sealed_pack_is_never_changed_made_again_or_deleted(world, quick):
    pack = sealed(world)
    for change in (
        lambda: Pack.objects.filter(pk=pack.pk).update(content=b"another"),
        lambda: Pack.objects.filter(pk=pack.pk).update(state="cancelled", content=None),
        lambda: PackItem.objects.filter(pack=pack).update(digest="0" * 64),
        lambda: Pack.objects.filter(pk=pack.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    work(pack)
    assert bytes(fresh(pack).content) == b"%PDF-quick"
    with pytest.raises(AlreadyDoneError):
        operations.cancel_pack(by=world.clerk, pack=pack)


def test_what_is_sealed_is_what_was_looked_at(world, quick):
    pack = ask(world)
    work(pack)
    with pytest.raises(InvalidEntryError, match="made again"):
        operations.seal_pack(by=world.clerk, pack=pack, digest="0" * 64)
    assert fresh(pack).state == "preview"


@pytest.mark.parametrize("state", ["queued", "running", "failed", "cancelled", "sealed"])
def test_only_a_pack_that_is_made_can_be_sealed(world, state):
    pack = make_pack(world.meeting, state=state)
    with pytest.raises(AlreadyDoneError):
        operations.seal_pack(by=world.clerk, pack=pack, digest=pack.digest)


def test_one_pack_is_made_at_a_time(world):
    ask(world)
    with pytest.raises(AlreadyDoneError, match="being made"):
        ask(world)
    Pack.objects.update(state="preview", content=b"%PDF-", digest="a" * 64)
    with pytest.raises(AlreadyDoneError, match="Seal it, or cancel it"):
        ask(world)


def test_a_pack_cancelled_while_it_is_made_is_left_alone_by_its_worker(world, monkeypatch):
    def make(pack, *, on_progress, **options):
        on_progress(1, 5)
        operations.cancel_pack(by=world.clerk, pack=pack)
        on_progress(2, 5)
        raise AssertionError("the work goes on after it was cancelled")

    monkeypatch.setattr(tasks, "made_pack", make)
    pack = ask(world)
    work(pack)
    assert (fresh(pack).state, fresh(pack).content, fresh(pack).error) == ("cancelled", None, "")


def test_a_pack_cancelled_in_the_last_moment_keeps_no_file(world, monkeypatch):
    def make(pack, **options):
        operations.cancel_pack(by=world.clerk, pack=pack)
        return MadePack(content=b"%PDF-late", content_digest="c" * 64, pages=1, items=())

    monkeypatch.setattr(tasks, "made_pack", make)
    pack = ask(world)
    work(pack)
    assert (fresh(pack).state, fresh(pack).content) == ("cancelled", None)


def test_a_failure_says_which_item_and_a_new_pack_can_be_asked_for(world, monkeypatch):
    def fail(*arguments, **options):
        raise PdfError("It has too many columns.", section="item-4", title="Item 4: Budget monitoring")

    monkeypatch.setattr(tasks, "made_pack", fail)
    pack = ask(world)
    work(pack)
    assert fresh(pack).state == "failed"
    assert "In “Item 4: Budget monitoring”" in fresh(pack).error
    assert ask(world).number == 0


def test_an_unforeseen_fault_is_told_without_its_insides(world, monkeypatch):
    def crash(*arguments, **options):
        raise RuntimeError("secret path /srv/x")

    monkeypatch.setattr(tasks, "made_pack", crash)
    pack = ask(world)
    work(pack)
    assert fresh(pack).state == "failed"
    assert "secret" not in fresh(pack).error


def test_a_pack_whose_worker_was_lost_is_begun_again_and_the_lost_worker_writes_nothing(world, quick):
    pack = ask(world)
    lost = tasks.begin_pack(pack_id=pack.pk)
    assert tasks.begin_pack(pack_id=pack.pk) is None, "a job that is given out twice is done once"
    before = timezone.now() - operations.ABANDONED_AFTER - timedelta(minutes=1)
    Pack.objects.filter(pk=pack.pk).update(started_at=before)
    lost.started_at = before
    again = ask(world)
    assert (again.pk, again.state) == (pack.pk, "queued")
    work(again)
    late = MadePack(content=b"%PDF-late", content_digest="0" * 64, pages=1, items=())
    assert not tasks.finish_pack(pack=lost, made=late)
    assert bytes(fresh(pack).content) == b"%PDF-quick"


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_no_pack_is_made_of_an_agenda_that_is_not_published(world, state):
    world.meeting.state = state
    world.meeting.agenda_published_at = None
    world.meeting.save()
    with pytest.raises(operations.NotPublishedError, match="publish it first"):
        ask(world)


def test_no_exempt_pack_is_made_without_an_exempt_item(world):
    with pytest.raises(operations.NotPublishedError, match="No item of this agenda is exempt"):
        ask(world, "exempt")
    make_exempt(world.meeting)
    assert ask(world, "exempt").state == "queued"


def test_a_supplement_has_the_next_number_goes_on_with_the_pages_and_holds_what_is_new(world, quick):
    first = sealed(world)
    late = make_item(world.meeting, "6", "Late report")
    make_document(late, title="Late annex")
    supplement = ask(world)
    assert (supplement.number, supplement.first_page) == (1, 8)
    content = content_of(supplement)
    assert [part.number for part in content.items] == ["6"]
    assert content.document.first_page == first.first_page + first.pages
    assert "Supplement 1 to the public document pack" in content.document.title
    work(supplement)
    operations.seal_pack(by=world.clerk, pack=fresh(supplement), digest=DIGEST)
    assert ask(world).first_page == 15


def test_an_item_that_changed_is_printed_again_in_the_supplement(world, quick):
    sealed(world)
    make_document(world.item, title="Corrected annex")
    assert [part.number for part in content_of(ask(world)).items] == ["4"]


def test_a_supplement_without_anything_new_is_refused_in_words(world, quick):
    sealed(world)
    supplement = ask(world)
    assert asked_of(supplement).held
    work(supplement)
    assert fresh(supplement).state == "failed"
    assert "Nothing of the agenda is new" in fresh(supplement).error


def build(world, tmp_path, **options):
    target, said = tmp_path / "pack.pdf", io.StringIO()
    call_command("build_pack", meeting=world.meeting.pk, output=target, stdout=said, **options)
    return target.read_bytes(), said.getvalue()


def test_the_command_seals_and_writes_what_the_site_serves_and_writes_it_again_as_it_is(
    world, quick, tmp_path
):
    content, said = build(world, tmp_path)
    pack = Pack.objects.get()
    assert (pack.state, bytes(pack.content)) == ("sealed", content)
    assert pack.digest in said
    assert build(world, tmp_path)[0] == content
    assert Pack.objects.count() == 1


def test_the_command_says_what_is_wrong(world, quick, tmp_path):
    with pytest.raises(CommandError, match="no meeting 99999"):
        call_command("build_pack", meeting=99999, output=tmp_path / "p.pdf")
    with pytest.raises(CommandError, match="No item of this agenda is exempt"):
        build(world, tmp_path, exempt=True)
    build(world, tmp_path)
    with pytest.raises(CommandError, match="Nothing of the agenda is new"):
        build(world, tmp_path, supplement=True)
    with pytest.raises(CommandError, match="could not be written"):
        call_command("build_pack", meeting=world.meeting.pk, output=tmp_path / "none" / "p.pdf")
