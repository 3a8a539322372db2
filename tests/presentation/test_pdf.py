"""A PDF can be read by everyone, says the same each time, and carries its figures."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from presentation.pdf import PdfSection, build_pdf
from tests.presentation.papers import document, figures_table, quick_workers, whole_document  # noqa: F401
from tests.support.pdf import accessibility_faults, archive_failures, elements, fonts_of, text_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def content() -> bytes:
    return build_pdf(whole_document())


@pytest.fixture
def pdf(content):
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def test_a_whole_report_is_accessible_and_fit_for_the_archive(content):
    assert accessibility_faults(content) == []
    assert archive_failures(content) == []


def test_the_file_says_that_it_is_pdf_ua_1_and_pdf_a_3a(pdf):
    packet = pdf.Root.Metadata.read_bytes().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert str(pdf.docinfo["/Title"]) == "Children’s budget, month 7"
    assert str(pdf.docinfo["/CreationDate"]) == "D:20251114093000Z"
    assert "/OutputIntents" in pdf.Root


def test_every_page_shows_its_number_its_section_and_the_published_digest(content, pdf):
    pages = text_of(content).split("\f")[:-1]
    assert len(pages) == len(pdf.pages) >= 6
    for number, (words, page) in enumerate(zip(pages, pdf.pages, strict=True), start=1):
        assert f"Page {number} of {len(pages)}" in words
        assert page.label == str(number)
        assert "Thamesmere Council · Month 7" in words
        assert "digest abc123" in words


def test_running_words_are_artifacts_outside_the_structure(pdf):
    for page in pdf.pages:
        operators = [str(operator) for _operands, operator in pikepdf.parse_content_stream(page)]
        assert operators[-6:] == ["BDC", "q", "Do", "Q", "EMC"][-6:] or operators[-5:] == [
            "BDC",
            "q",
            "Do",
            "Q",
            "EMC",
        ]
        begin = [
            operands for operands, operator in pikepdf.parse_content_stream(page) if str(operator) == "BDC"
        ][-1]
        assert begin[0] == "/Artifact"
        assert begin[1] == pikepdf.Dictionary(Type=pikepdf.Name.Pagination)


def test_contents_list_each_section_with_the_page_it_starts_on(content, pdf):
    listed = dict(re.findall(r"^(.+?) +(\d+)$", text_of(content, "-l", "1", "-layout"), re.MULTILINE))
    titles = ["Budget monitoring report", "Service lines", "Appendix: a wide table"]
    pages = text_of(content).split("\f")
    for title in titles:
        assert (
            title in pages[int(listed[title]) - 1].splitlines()[1:6] or title in pages[int(listed[title]) - 1]
        )
    targets = [bytes(link.Dest) for link in pdf.pages[0].obj.Annots]
    assert sorted(set(targets)) == [b"report#", b"service-lines#", b"wide#"]


def test_a_link_leads_to_the_page_of_its_section_or_heading(pdf):
    names = list(pdf.Root.Names.Dests.Names)
    places = {bytes(name): place[0].objgen for name, place in zip(names[::2], names[1::2], strict=True)}
    position = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    links = {
        str(link.Contents): position[places[bytes(link.Dest)]]
        for page in list(pdf.pages)[1:]
        for link in page.obj.get("/Annots", [])
        if "/Dest" in link
    }
    assert links == {"this part": 2, "service lines": 3}


def test_bookmarks_follow_the_headings_of_all_sections_in_order(pdf):
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Contents",
            "Budget monitoring report",
            "Service lines",
            "A wide table",
        ]
        assert [item.title for item in outline.root[1].children] == ["Residential placements"]


def test_every_header_cell_says_what_it_heads_and_every_cell_finds_its_headers(pdf):
    headers = [element for element in elements(pdf) if element.S == "/TH"]
    scopes = {str(element.A.Scope) for element in headers}
    assert scopes == {"/Row", "/Column"}
    assert all(str(element.A.Scope) == "/Column" for element in headers if element.P.P.S == "/THead")
    cells = [element for element in elements(pdf) if element.S == "/TD"]
    assert len(cells) == 3 * (90 + 1 + 3 + 1)
    assert all(len(cell.A.Headers) == 2 for cell in cells)


def test_a_long_table_repeats_its_headings_on_every_page(content):
    pages = [page for page in text_of(content).split("\f") if "Line " in page and "Thamesmere" in page]
    assert len(pages) >= 4
    assert all("Revised budget" in " ".join(page.split()) for page in pages)


def test_a_landscape_section_stands_on_wide_pages(pdf):
    sizes = [(round(float(page.mediabox[2])), round(float(page.mediabox[3]))) for page in pdf.pages]
    assert set(sizes[:-1]) == {(595, 842)}
    assert sizes[-1] == (842, 595)


def test_the_figures_travel_inside_the_file_as_its_data(pdf):
    attached = pdf.attachments["service-lines.csv"]
    assert attached.get_file().read_bytes() == b"service,budget\r\nLine 1,1000\r\n"
    assert attached.obj.AFRelationship == "/Data"
    assert [str(entry.UF) for entry in pdf.Root.AF] == ["service-lines.csv"]


def test_identical_content_gives_identical_bytes_in_another_process(content):
    program = (
        "import sys, django; django.setup()\n"
        "from presentation.pdf import build_pdf\n"
        "from tests.presentation.papers import whole_document\n"
        "if __name__ == '__main__': sys.stdout.buffer.write(build_pdf(whole_document(), processes=1))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    assert other.stdout == content


def test_a_changed_figure_changes_the_file_and_its_identity(content, pdf):
    changed = build_pdf(replace(whole_document(), footer="another digest"))
    with pikepdf.open(io.BytesIO(changed)) as other:
        assert bytes(other.trailer.ID[0]) != bytes(pdf.trailer.ID[0])


def test_sections_may_use_the_same_ids_and_each_links_to_its_own():
    html = '<h1>{0}</h1><p><a href="#here">to {0}</a></p><h2 id="here">Here</h2>' + figures_table(2)
    built = build_pdf(document(*(PdfSection(key, html.format(key), key) for key in ("first", "second"))))
    assert accessibility_faults(built) == []
    with pikepdf.open(io.BytesIO(built)) as pdf:
        assert [bytes(page.obj.Annots[0].Dest) for page in pdf.pages] == [b"first#here", b"second#here"]


def test_contents_stand_after_a_cover_and_count_their_own_pages():
    sections = [PdfSection("cover", "<h1>Pack</h1>", "Cover")]
    sections += [
        PdfSection(f"item-{number}", f"<h1>Item {number}</h1>", f"Item {number}") for number in range(1, 51)
    ]
    built = build_pdf(document(*sections, contents=True))
    pages = [" ".join(page.split()) for page in text_of(built).split("\f")]
    first = next(number for number, page in enumerate(pages, start=1) if "Item 1 Item 1" in page)
    assert first == 4  # cover, two pages of contents, then the first item
    assert f"Item 1 {first} Item 2 {first + 1} Item 3" in pages[1]
    assert accessibility_faults(built) == []


def test_welsh_polish_shapes_and_minus_signs_are_printed_from_embedded_fonts():
    words = "Gŵyl, Łódź, ■ Red ▲ Amber ● Green, −£5 ½ ≤ ₤"
    built = build_pdf(document(PdfSection("words", f"<h1>Words</h1><p>{words}</p>", "Words")))
    assert words in text_of(built)
    assert {font["embedded"] for font in fonts_of(built)} == {"yes"}
    assert any("Source-Sans" in font["name"] for font in fonts_of(built))
    assert accessibility_faults(built) == []


def test_a_character_that_no_font_has_is_printed_as_its_name():
    built = build_pdf(
        document(PdfSection("words", "<h1>Words</h1><p>Ask \U00012000 and \ue000.</p>", "Words"))
    )
    assert "Ask [cuneiform sign a] and [character u+e000]." in text_of(built)
    assert accessibility_faults(built) == []


def test_long_words_and_long_numbers_stay_on_the_page():
    long = "<p>" + "Llanfairpwllgwyngyll" * 12 + " 123456789012</p>"
    cells = '<td class="col-figure">−£123,456,789,012</td>' * 8
    head = '<th class="col-name">Name</th>' + '<th class="col-figure">Drawdown from reserves</th>' * 8
    table = (
        f"<table><thead><tr>{head}</tr></thead><tbody><tr><th>{'Name' * 30}</th>{cells}</tr></tbody></table>"
    )
    built = build_pdf(document(PdfSection("long", f"<h1>Long</h1>{long}{table}", "Long")))
    edges = [float(edge) for edge in re.findall(r'<word .*?xMax="([\d.]+)"', text_of(built, "-bbox"))]
    margin = 20 / 25.4 * 72
    assert len(edges) > 20
    assert max(edges) <= 595.3 - margin + 0.5


def test_a_minus_sign_never_parts_from_its_amount_at_the_end_of_a_line():
    words = " ".join("x" * length + " −£3.6m" for length in range(1, 60))
    built = build_pdf(document(PdfSection("signs", f"<h1>Signs</h1><p>{words}</p>", "Signs")))
    lines = [line for line in text_of(built).splitlines() if line.strip()]
    assert sum(line.count("−£3.6m") for line in lines) == 59


def test_the_paper_style_sheet_has_no_rule_that_weasyprint_ignores(caplog):
    from weasyprint import CSS

    from presentation.pdf.fetching import FontFetcher
    from presentation.pdf.style import paper_css, paper_fonts

    with caplog.at_level("WARNING", logger="weasyprint"):
        CSS(string=paper_css(), url_fetcher=FontFetcher(dict(paper_fonts())))
    assert caplog.messages == []
