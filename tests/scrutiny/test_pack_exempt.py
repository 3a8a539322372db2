"""The exempt pack: the exempt items alone, every page marked, and nothing of it in the public pack."""

from types import SimpleNamespace

import pytest

from presentation.pdf import build_pdf
from scrutiny.committees.packs.making import content_of
from scrutiny.models import Pack
from tests.scrutiny.meeting_records import make_exempt
from tests.scrutiny.pack_records import CANARIES, made, make_pack_meeting
from tests.support.pdf import accessibility_faults, text_of


@pytest.fixture
def world(thorney) -> SimpleNamespace:
    return make_pack_meeting(thorney)


def asked(world, kind="exempt") -> Pack:
    return Pack(
        council=world.council, meeting=world.meeting, kind=kind, asked_at=world.publication.published_at
    )


@pytest.mark.slow
def test_every_page_of_the_exempt_pack_says_by_which_paragraph_and_why(world):
    pack = made(world, "exempt")
    assert pack.state == "preview", pack.error
    content = bytes(pack.content)
    assert accessibility_faults(content) == []
    pages = text_of(content).split("\f")[:-1]
    assert len(pages) == pack.pages
    for page in pages:
        words = " ".join(page.split())
        assert "EXEMPT by paragraph 3" in words
        assert "Prices are still being agreed." in words


def test_the_exempt_pack_holds_what_the_public_pack_may_not(world):
    html = " ".join(section.html for section in content_of(asked(world)).document.sections)
    for name in ("exempt words", "exempt document", "exempt lead", "exempt paper"):
        assert CANARIES[name] in html, name
    assert "/verify/" not in html, "the check that anybody may make says nothing of exempt packs"
    assert "Budget monitoring" not in html


def test_two_grounds_stand_on_the_pages_that_belong_to_both(world):
    shut = make_exempt(world.meeting, "10", title="Restructure")
    shut.exemption_paragraph, shut.exemption_reason = 4, "Talks with unions go on. " * 20
    shut.save()
    document = content_of(asked(world)).document
    assert document.mark.startswith("EXEMPT by paragraphs 3 and 4")
    assert len(document.mark) <= 232, "two lines at the head of a page"
    assert document.mark.endswith(" …")
    item = next(section for section in document.sections if section.title == "Item 10: Restructure")
    assert item.mark.startswith("EXEMPT by paragraph 4")
    assert ("Talks with unions go on. " * 20).strip() in item.html, (
        "the whole reason stands on the item's first page"
    )


def test_a_draft_report_is_not_in_the_exempt_pack_either(world):
    world.exempt.paper.state = "draft"
    world.exempt.paper.save()
    html = " ".join(section.html for section in content_of(asked(world)).document.sections)
    assert CANARIES["exempt paper"] not in html


@pytest.mark.slow
def test_parts_of_an_exempt_pack_are_kept_in_no_cache(world, settings, tmp_path):
    settings.PDF_CACHE_DIR = tmp_path
    assert made(world, "exempt").state == "preview"
    assert list(tmp_path.iterdir()) == []
    build_pdf(content_of(asked(world, "public")).document, cache_dir=tmp_path)
    assert list(tmp_path.iterdir()) != []
