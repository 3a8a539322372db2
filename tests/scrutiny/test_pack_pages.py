"""Packs on their pages: who finds which, what is written down, and what anybody may check."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from scrutiny.models import ItemDocument, Pack, PackFetch, PackItem
from services.models import AuditEntry
from services.roles import Role
from tests.scrutiny.council import make_person
from tests.scrutiny.meeting_records import make_committee, make_exempt, make_item, make_meeting, the_clerk
from tests.scrutiny.pack_records import make_document, make_pack, tagged_pdf, waiting_jobs
from tests.scrutiny.pages import publish_period


@pytest.fixture
def world(thorney) -> SimpleNamespace:
    meeting = make_meeting(make_committee(thorney.council), state="published")
    return SimpleNamespace(
        thorney=thorney,
        council=thorney.council,
        meeting=meeting,
        item=make_item(meeting, "4", "Budget monitoring"),
        exempt=make_exempt(meeting),
    )


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def clerk(world) -> Client:
    return signed_in(the_clerk(world.council))


@pytest.fixture
def member(world) -> Client:
    return signed_in(world.thorney.member)


@pytest.fixture
def officer(world) -> Client:
    """Somebody who may read what is published, and no exempt paper."""
    return signed_in(make_person("an-officer", world.council, Role.FINANCE_OFFICER))


def address(pack: Pack, page: str = "") -> str:
    return f"/thorney/packs/{pack.pk}/{page}"


def test_a_sealed_public_pack_is_served_as_the_bytes_that_were_sealed(world, officer):
    pack = make_pack(world.meeting, state="sealed")
    response = officer.get(address(pack, "pack.pdf"))
    assert response.content == b"%PDF-made"
    assert response["Content-Type"] == "application/pdf"
    assert (
        f'filename="thorney-{world.meeting.day:%Y-%m-%d}-public-pack.pdf"' in response["Content-Disposition"]
    )
    assert "immutable" in response["Cache-Control"]
    assert not PackFetch.objects.exists()


@pytest.mark.parametrize("state", ["queued", "running", "preview", "failed", "cancelled"])
def test_a_pack_that_is_not_sealed_is_the_clerks_alone(world, clerk, member, state):
    pack = make_pack(world.meeting, state=state)
    assert clerk.get(address(pack)).status_code == 200
    for page in ("", "progress/", "pack.pdf"):
        assert member.get(address(pack, page)).status_code == 404


def test_an_exempt_pack_is_for_those_alone_who_may_read_exempt_papers_and_each_fetch_is_written_down(
    world, member, officer
):
    pack = make_pack(world.meeting, kind="exempt", state="sealed")
    for page in ("", "progress/", "pack.pdf"):
        refused, nowhere = officer.get(address(pack, page)), officer.get(f"/thorney/packs/999999/{page}")
        assert (refused.status_code, nowhere.status_code) == (404, 404)
        assert len(refused.content) == len(nowhere.content)
    response = member.get(address(pack, "pack.pdf"))
    assert response.content == b"%PDF-made"
    assert response["Cache-Control"] == "private, no-store"
    assert [(fetch.pack_id, fetch.by_id) for fetch in PackFetch.objects.all()] == [
        (pack.pk, world.thorney.member.pk)
    ]
    assert AuditEntry.objects.filter(action="fetch exempt pack").count() == 1


def test_the_packs_of_a_meeting_show_exempt_ones_only_to_those_who_may_read_them(world, member, officer):
    public, shut = (
        make_pack(world.meeting, state="sealed"),
        make_pack(world.meeting, kind="exempt", state="sealed"),
    )
    make_document(world.exempt, title="Annex of prices")
    page = f"/thorney/meetings/{world.meeting.pk}/packs/"
    seen, hidden = member.get(page).content.decode(), officer.get(page).content.decode()
    assert address(public, "pack.pdf") in seen
    assert address(shut, "pack.pdf") in seen
    assert "Annex of prices" in seen
    assert address(public, "pack.pdf") in hidden
    assert address(shut) not in hidden
    assert "Annex of prices" not in hidden
    assert "Exempt: not for publication" not in hidden


def test_a_version_published_later_is_named_beside_the_pack_and_the_pack_stays(world, officer):
    publication = publish_period(world.thorney)
    pack = make_pack(world.meeting, state="preview")
    PackItem.objects.create(
        council=world.council, pack=pack, item=world.item, number="4", title="Budget monitoring",
        publication=publication, digest="e" * 64,
    )  # fmt: skip
    Pack.objects.filter(pk=pack.pk).update(
        state="sealed", sealed_at=timezone.now(), sealed_by=the_clerk(world.council)
    )
    page = f"/thorney/meetings/{world.meeting.pk}/"
    assert "superseded" not in officer.get(page).content.decode()
    publication.pk, publication.version = None, 2
    publication.save(force_insert=True)
    for place in (page, address(pack), f"/thorney/meetings/{world.meeting.pk}/packs/"):
        assert "superseded by version 2" in officer.get(place).content.decode()
    assert officer.get(address(pack, "pack.pdf")).content == b"%PDF-made"


def test_the_worker_shows_how_far_it_is(world, clerk):
    pack = make_pack(
        world.meeting, state="running", started_at=timezone.now(), sections_done=3, sections_total=8
    )
    assert clerk.get(address(pack, "progress/")).json() == {
        "state": "running", "done": 3, "all": 8, "words": "3 of 8 sections are made",
    }  # fmt: skip
    page = clerk.get(address(pack)).content.decode()
    assert '<progress id="pack-' in page
    assert 'max="8" value="3"' in page
    assert 'http-equiv="refresh"' in page, "without script the page refreshes itself"


def test_a_failure_names_the_item_on_the_clerks_page(world, clerk):
    make_pack(world.meeting, state="failed")
    page = clerk.get(f"/thorney/desk/meetings/{world.meeting.pk}/pack/").content.decode()
    assert "In “Item 4”: it could not be laid out." in page
    assert "Make the public pack" in page


def test_a_clerk_asks_looks_and_seals_and_readers_find_it(
    world, clerk, officer, django_capture_on_commit_callbacks, monkeypatch
):
    from scrutiny import tasks
    from scrutiny.committees.operations.pack_work import MadePack
    from tests.scrutiny.pack_records import work

    made = MadePack(content=b"%PDF-quick", content_digest="c" * 64, pages=7, items=())
    monkeypatch.setattr(tasks, "made_pack", lambda *arguments, **options: made)
    desk = f"/thorney/desk/meetings/{world.meeting.pk}/pack/"
    with django_capture_on_commit_callbacks(execute=True):
        assert clerk.post(desk, {"kind": "public"}, follow=True).status_code == 200
    assert waiting_jobs() == 1
    pack = Pack.objects.get()
    work(pack)
    page = clerk.get(desk).content.decode()
    pack.refresh_from_db()
    assert pack.digest in page
    assert "Seal this pack" in page
    assert "Make the public pack" not in page, "it is made, and waits to be looked at"
    assert officer.get(address(pack, "pack.pdf")).status_code == 404
    clerk.post(f"/thorney/desk/packs/{pack.pk}/seal/", {"digest": pack.digest})
    assert officer.get(address(pack, "pack.pdf")).content == b"%PDF-quick"
    assert "pages 1 to 7" in officer.get(f"/thorney/meetings/{world.meeting.pk}/").content.decode()


def test_a_member_may_neither_ask_nor_seal_nor_cancel_nor_attach(world, member):
    pack = make_pack(world.meeting)
    for place in (
        f"/thorney/desk/meetings/{world.meeting.pk}/pack/",
        f"/thorney/desk/packs/{pack.pk}/seal/",
        f"/thorney/desk/packs/{pack.pk}/cancel/",
        f"/thorney/desk/meetings/{world.meeting.pk}/items/{world.item.pk}/documents/new/",
    ):
        assert member.post(place, {"kind": "public", "digest": pack.digest}).status_code == 404
    pack.refresh_from_db()
    assert pack.state == "preview"


def test_anybody_may_check_a_digest_without_signing_in(world):
    pack = make_pack(world.meeting, state="sealed")
    by_file, by_content = (
        Client().get(f"/verify/{digest}/") for digest in (pack.digest, pack.content_digest)
    )
    assert by_file.status_code == by_content.status_code == 200
    assert "to the last byte" in by_file.content.decode()
    assert "which is printed in the pack" in by_content.content.decode()
    assert "Scrutiny Commission" in by_file.content.decode()


@pytest.mark.parametrize(("kind", "state"), [("exempt", "sealed"), ("public", "preview")])
def test_the_check_says_nothing_of_a_pack_that_is_not_public(world, kind, state):
    pack = make_pack(world.meeting, kind=kind, state=state)
    response, unknown = Client().get(f"/verify/{pack.digest}/"), Client().get(f"/verify/{'b' * 64}/")
    assert (response.status_code, unknown.status_code) == (404, 404)
    assert len(response.content) == len(unknown.content)


def test_a_document_is_attached_named_and_served_beside_the_pack(world, clerk, officer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    place = f"/thorney/desk/meetings/{world.meeting.pk}/items/{world.item.pk}/documents/new/"
    content = tagged_pdf(title="Reserves")
    given = {"title": "Reserves in detail", "language": "en-GB"}
    clerk.post(place, given | {"file": SimpleUploadedFile("reserves.pdf", content)})
    document = ItemDocument.objects.get()
    response = officer.get(f"/thorney/documents/{document.pk}/file.pdf")
    assert response.content == content
    assert response["Content-Disposition"] == 'attachment; filename="reserves.pdf"'
    assert (
        "Reserves in detail" in officer.get(f"/thorney/meetings/{world.meeting.pk}/packs/").content.decode()
    )
    refused = clerk.post(place, given | {"file": SimpleUploadedFile("a.pdf", b"MZ\x90 a program")})
    assert refused.status_code == 422
    assert "The file is not a PDF." in refused.content.decode()


def test_a_document_of_an_exempt_item_is_for_those_alone_who_may_read_exempt_papers(world, member, officer):
    document = make_document(world.exempt)
    place = f"/thorney/documents/{document.pk}/file.pdf"
    assert officer.get(place).status_code == 404
    response = member.get(place)
    assert response.content == b"%PDF-"
    assert response["Cache-Control"] == "private, no-store"


def test_a_withdrawn_document_is_gone_for_everybody(world, clerk, officer):
    document = make_document(world.item)
    clerk.post(f"/thorney/desk/documents/{document.pk}/withdraw/", {"reason": "Replaced."})
    for client in (clerk, officer):
        assert client.get(f"/thorney/documents/{document.pk}/file.pdf").status_code == 404
    assert timezone.now() - AuditEntry.objects.latest("pk").at < timedelta(minutes=1)
