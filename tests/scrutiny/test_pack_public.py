"""The public pack: what a committee meets with, what nobody may find in it, and that a scanner finds what is planted."""

import io
from dataclasses import replace
from types import SimpleNamespace

import pikepdf
import pytest

from presentation.pdf import PdfAttachment, PdfError, PdfSection, build_pdf
from scrutiny.committees.packs.gate import kept_from_public, require_clean
from scrutiny.committees.packs.making import asked_of, content_of
from scrutiny.committees.packs.public import public_pack
from scrutiny.models import Pack, Paper, PaperParagraph, PaperSection
from tests.scrutiny.meeting_records import make_item, make_paragraph
from tests.scrutiny.pack_records import CANARIES, made, make_document, make_pack_meeting, opened
from tests.support.leaks import leaks_in
from tests.support.pdf import accessibility_faults, archive_failures, text_of

PRESENTED = "Budget monitoring"


@pytest.fixture
def world(thorney) -> SimpleNamespace:
    return make_pack_meeting(thorney)


@pytest.fixture
def pack(world, settings, tmp_path) -> Pack:
    settings.PDF_CACHE_DIR = tmp_path
    pack = made(world)
    assert pack.state == "preview", pack.error
    return pack


@pytest.mark.slow
def test_the_public_pack_is_what_a_committee_meets_with(world, pack):
    content = bytes(pack.content)
    assert accessibility_faults(content) == []
    assert archive_failures(content) == []
    words = " ".join(text_of(content).split())
    for sentence in (
        "Public document pack",
        "Committee Room 1",
        "Democratic Services",
        "Apologies for absence",
        "The figures closed on the day.",
        "Agreed by The Chair",
        "That under section 100A(4) of the Local Government Act 1972",
        "Placement contracts. Paragraph 3: information relating to the financial or business affairs",
        "Prices are still being agreed.",
        "4. Budget monitoring",
        "Children's services budget monitoring, Month 7 (October 2023)",
        "Appendix A: all figures by line",
        "Action tracker",
        "Report on agency staff.",
        pack.content_digest,
    ):
        assert sentence in words, sentence
    assert f"Content digest {pack.content_digest[:16]}" in words


@pytest.mark.slow
def test_printed_page_numbers_are_the_labels_of_the_pages_and_those_of_the_contents(pack):
    with opened(bytes(pack.content)) as pdf:
        labels, count = [page.label for page in pdf.pages], len(pdf.pages)
    assert pack.pages == count
    text = text_of(bytes(pack.content), "-layout").split("\f")
    assert [f"Page {label} of {count}" in page for label, page in zip(labels, text, strict=False)] == [
        True
    ] * count
    contents = next(page for page in text if page.lstrip().splitlines()[0:1] and "Contents" in page)
    item = next(line for line in contents.splitlines() if "Item 4: Budget monitoring" in line)
    assert "4. Budget monitoring" in text[int(item.split()[-1]) - 1]


@pytest.mark.slow
def test_the_pack_carries_the_figures_as_files_and_a_bookmark_for_every_part(pack, world):
    with opened(bytes(pack.content)) as pdf:
        assert set(pdf.attachments) == {
            f"thorney-2023-24-p7-v{world.publication.version}-{name}.csv" for name in ("position", "lines")
        }
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert {"Contents", "Agenda", "Notices", "4. Budget monitoring", "Action tracker"} <= set(titles)


@pytest.mark.slow
def test_nothing_that_is_kept_from_the_public_stands_anywhere_in_the_public_pack(pack):
    content = bytes(pack.content)
    assert leaks_in(content, CANARIES.values(), file_name="thorney-public-pack.pdf") == []
    for presented in (PRESENTED, "Placement contracts"):
        places = " ".join(leaks_in(content, [presented]))
        assert "as poppler reads it" in places
        assert "the glyphs of page object" in places, (
            "both extractors read the pack, or the silence above says nothing"
        )


@pytest.mark.slow
def test_the_same_content_is_the_same_file(world, pack, tmp_path):
    again = public_pack(asked_of(pack))
    assert again.content_digest == pack.content_digest
    assert build_pdf(again.document, cache_dir=tmp_path / "other") == bytes(pack.content)


def small_document(world):
    """A pack's document with one short section in place of its report, quick to print."""
    pack = Pack(
        council=world.council, meeting=world.meeting, kind="public", asked_at=world.publication.published_at
    )
    document = content_of(pack).document
    return replace(
        document,
        sections=(document.sections[0], PdfSection("item-1", "<h1>Open</h1><p>Words.</p>", "Open")),
        attachments=(),
    )


CANARY = "Zarquon-tender-1234"


def in_text(html):
    return lambda document: _with_section(document, html)


def _with_section(document, html, title="Open"):
    return replace(document, sections=(document.sections[0], PdfSection("item-1", html, title)))


PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PLANTED = {
    "as plain words": in_text(f"<h1>Open</h1><p>{CANARY}</p>"),
    "in white on white": in_text(f'<h1>Open</h1><p style="color: white">{CANARY}</p>'),
    "clear as glass": in_text(f'<h1>Open</h1><p style="opacity: 0">{CANARY}</p>'),
    "off the page": in_text(f'<h1>Open</h1><p style="position: absolute; left: -900mm">{CANARY}</p>'),
    "under a black box": in_text(f'<h1>Open</h1><p style="background: black">{CANARY}</p>'),
    "broken over two lines": in_text(f'<h1>Open</h1><p style="width: 12mm">{CANARY}</p>'),
    "as a bookmark": in_text(f"<h1>{CANARY}</h1>"),
    "as alternative text": in_text(f'<h1>Open</h1><p><img src="{PICTURE}" alt="{CANARY}"></p>'),
    "in the address of a link": in_text(
        f'<h1>Open</h1><p><a href="https://example.org/{CANARY}">more</a></p>'
    ),
    "as the name of an anchor": in_text(f'<h1 id="{CANARY}">Open</h1><p><a href="#{CANARY}">up</a></p>'),
    "in the contents": lambda document: _with_section(document, "<h1>Open</h1>", CANARY),
    "as the title": lambda document: replace(document, title=CANARY),
    "as the author": lambda document: replace(document, author=CANARY),
    "at the foot": lambda document: replace(document, footer=CANARY),
    "in a file it carries": lambda document: replace(
        document, attachments=(PdfAttachment("a.csv", f"a,{CANARY}\n".encode(), "Figures"),)
    ),
    "as the name of a file it carries": lambda document: replace(
        document, attachments=(PdfAttachment(f"{CANARY}.csv", b"a\n", "Figures"),)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_the_scanner_finds_what_is_planted(world, plant):
    clean = small_document(world)
    assert leaks_in(build_pdf(plant(clean)), [CANARY]) != []


@pytest.mark.slow
def test_the_scanner_finds_a_page_that_was_taken_out(world):
    document = _with_section(small_document(world), f"<h1>Shut</h1><p>{CANARY}</p>")
    with pikepdf.open(io.BytesIO(build_pdf(document))) as pdf:
        del pdf.pages[-1]
        kept = io.BytesIO()
        pdf.save(kept)
    assert leaks_in(kept.getvalue(), [CANARY]) != []
    assert leaks_in(build_pdf(small_document(world)), [CANARY]) == []


@pytest.mark.slow
def test_the_scanner_finds_a_file_named_after_what_is_exempt(world):
    clean = build_pdf(small_document(world))
    assert leaks_in(clean, [CANARY], file_name="pack.pdf") == []
    assert leaks_in(clean, [CANARY], file_name=f"pack-{CANARY}.pdf") != []


def test_no_page_stands_in_the_file_that_is_not_in_the_pack(world):
    with opened(build_pdf(small_document(world))) as pdf:
        pages = [
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.Page
        ]
        assert len(pages) == len(pdf.pages)


@pytest.mark.parametrize("name", ["exempt words", "exempt document", "exempt paper", "exempt minutes"])
def test_exempt_words_typed_into_an_open_item_stop_the_public_pack_and_name_it(world, name):
    world.item.words = f"Members will recall: {CANARIES[name]} a week."
    world.item.save()
    pack = made(world)
    assert pack.state == "failed"
    assert "Item 4: Budget monitoring" in pack.error or "“Agenda”" in pack.error
    assert "exempt item 9" in pack.error
    assert pack.content is None


def test_exempt_words_in_a_file_stop_the_public_pack(world):
    document = replace(
        small_document(world),
        attachments=(PdfAttachment("a.csv", f"x\n{CANARIES['exempt words']} a week.\n".encode(), "Figures"),),
    )
    with pytest.raises(PdfError, match="exempt item 9"):
        require_clean(document, kept_from_public(world.meeting.pk))


def test_a_document_of_an_open_item_is_named_with_its_pages_and_address_and_a_withdrawn_one_is_not(world):
    kept = make_document(world.item, title="Reserves in detail")
    make_document(world.item, title="Withdrawn annex", is_withdrawn=True)
    html = " ".join(section.html for section in content_of(_asked(world)).document.sections)
    assert "Reserves in detail (2 pages, language en-GB)" in html
    assert f"/thorney/documents/{kept.pk}/file.pdf" in html
    assert "Withdrawn annex" not in html


def test_a_final_report_is_printed_with_its_item_and_a_draft_is_not(world):
    item = make_item(world.meeting, "6", "Savings", paper=Paper.objects.get(title=CANARIES["draft paper"]))
    assert "Item 6" not in " ".join(section.title for section in content_of(_asked(world)).document.sections)
    item.paper = make_report(world, "What became of the savings")
    item.save()
    sections = content_of(_asked(world)).document.sections
    html = next(section.html for section in sections if section.title == "Item 6: Savings")
    assert "What became of the savings" in html
    assert "Members welcome the plan." in html


def test_a_report_that_an_exempt_item_has_too_is_kept_out(world):
    shared = make_report(world, "Shared with the exempt item")
    make_item(world.meeting, "6", "Savings", paper=shared)
    world.exempt.paper = shared
    world.exempt.save()
    html = " ".join(section.html for section in content_of(_asked(world)).document.sections)
    assert "Shared with the exempt item" not in html
    assert "Members welcome the plan." not in html


def test_the_last_published_minutes_stand_in_the_pack_without_what_was_said_of_exempt_items(world):
    old = world.committee.meetings.get(state="minuted")
    make_paragraph(make_item(old, "2", "Placements"), "The Director explained the rise.")
    make_paragraph(old.items.get(classification="exempt"), "Members heard the price of the Ostravian bid.")
    sections = content_of(_asked(world)).document.sections
    minutes = next(section for section in sections if section.key == "minutes")
    assert "The Director explained the rise." in minutes.html
    assert "Taken without the public. Paragraph 3" in minutes.html
    assert "Ostravian" not in minutes.html


def make_report(world, title):
    """A final report of one section."""
    paper = Paper.objects.create(council=world.council, title=title, state="final", background_papers="None")
    section = PaperSection.objects.create(council=world.council, paper=paper, heading="Summary", number="1")
    PaperParagraph.objects.create(
        council=world.council, section=section, number="1.1", words="Members welcome the plan."
    )
    return paper


def test_figures_that_two_items_share_are_printed_once(world):
    make_item(world.meeting, "5", "Savings", publication=world.publication)
    sections = content_of(_asked(world)).document.sections
    second = next(section for section in sections if section.title == "Item 5: Savings")
    assert "are printed with Item 4" in second.html
    assert sum("all figures by line" in section.html for section in sections) == 1


def _asked(world):
    return Pack(
        council=world.council, meeting=world.meeting, kind="public", asked_at=world.publication.published_at
    )
