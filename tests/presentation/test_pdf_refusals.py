"""What would leave a reader out is refused, and the validation that guards it can fail."""

import io
from datetime import datetime

import pikepdf
import pytest

from presentation.pdf import PdfAttachment, PdfError, PdfSection, build_pdf
from tests.presentation.papers import DRAWING, document, figures_table, quick_workers, whole_document  # noqa: F401
from tests.support.pdf import accessibility_faults, ua_failures

PICTURE = f"data:image/svg+xml;base64,{DRAWING}"

BAD_SECTIONS = {
    "a picture without alternative text": (f'<h1>A</h1><img src="{PICTURE}">', "no alternative text"),
    "a picture with an empty alternative": (
        f'<h1>A</h1><img alt=" " src="{PICTURE}">',
        "no alternative text",
    ),
    "a picture that cannot be read": (
        '<h1>A</h1><img alt="x" src="data:image/png;base64,AAAA">',
        "cannot be read",
    ),
    "a heading that skips a level": ("<h1>A</h1><h3>Deep</h3>", "“Deep” is of level 3 and follows level 1"),
    "a first heading that is not the first level": ("<h2>A</h2>", "first heading is of level 2"),
    "an empty heading": ("<h1> </h1>", "heading of level 1 is empty"),
    "a drawing without a title": (
        '<h1>A</h1><svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "has no <title>",
    ),
    "a table with two rows of headings": (
        "<h1>A</h1><table><thead><tr><th>a</th></tr><tr><th>b</th></tr></thead><tr><td>1</td></tr></table>",
        "2 header rows",
    ),
    "a heading over two columns": (
        "<h1>A</h1><table><thead><tr><th colspan=2>a</th></tr></thead><tr><td>1</td><td>2</td></tr></table>",
        "over several columns",
    ),
    "a table without headings": ("<h1>A</h1><table><tr><td>1</td></tr></table>", "no header cells"),
    "a link to nowhere in the section": ('<h1>A</h1><a href="#gone">x</a>', "not in this section"),
    "a link to a missing section": (
        '<h1>A</h1><a href="section:gone">x</a>',
        "section “gone”, which is not in",
    ),
    "a link without words": ('<h1>A</h1><a href="https://example.org/"> </a>', "has no words"),
    "a link that means nothing on paper": ('<h1>A</h1><a href="/hackney/">x</a>', "means nothing on paper"),
    "a script link": ('<h1>A</h1><a href="javascript:alert(1)">x</a>', "means nothing on paper"),
    "two elements with one id": ('<h1 id="x">A</h1><p id="x">b</p>', "share the id “x”"),
    "a style sheet of its own": ("<h1>A</h1><style>@page{size:1mm}</style>", "<style>"),
    "a script": ("<h1>A</h1><script>1</script>", "<script>"),
    "text nested five hundred deep": ("<h1>A</h1>" + "<div>" * 500, "nested too deeply"),
    "a cell over a million columns": (
        "<h1>A</h1><table><tr><th>a</th><td colspan=1000000>b</td></tr></table>",
        "colspan",
    ),
    "type of a billion pixels": ('<h1>A</h1><p style="font-size:1e9px">x</p>', "could not be laid out"),
}


@pytest.mark.parametrize("name", BAD_SECTIONS)
def test_a_section_is_refused_by_name_for(name):
    html, reason = BAD_SECTIONS[name]
    with pytest.raises(PdfError) as refusal:
        build_pdf(document(PdfSection("item-4", html, "Agenda item 4")), processes=1)
    assert str(refusal.value).startswith("In “Agenda item 4” (section item-4): ")
    assert reason in str(refusal.value)
    assert refusal.value.section == "item-4"


GOOD = PdfSection("good", "<h1>Good</h1>", "Good")
BAD_DOCUMENTS = {
    "without a title": ({"title": " "}, "no title"),
    "in no language": ({"language": ""}, "not a language code"),
    "dated without a time zone": ({"dated": datetime(2025, 11, 14)}, "no time zone"),  # noqa: DTZ001
    "without sections": ({"sections": ()}, "no sections"),
    "with control characters in its title": ({"title": "A\x00B"}, "control characters"),
    "with two sections of one name": ({"sections": (GOOD, GOOD)}, "Two sections have this name"),
    "with a section of no title": ({"sections": (PdfSection("a", "", ""),)}, "no title"),
    "with a section named in capitals": (
        {"sections": (PdfSection("Item 4", "", "x"),)},
        "cannot name a section",
    ),
    "with an attachment in a folder": (
        {"attachments": (PdfAttachment("../a.csv", b"", "x"),)},
        "cannot name an attached",
    ),
    "with an undescribed attachment": ({"attachments": (PdfAttachment("a.csv", b"", ""),)}, "no description"),
}


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_a_document_is_refused(name):
    changes, reason = BAD_DOCUMENTS[name]
    with pytest.raises(PdfError, match=reason):
        build_pdf(document(GOOD, **changes))


KNOWN_BAD = {
    "missing alt": f'<html lang="en"><title>T</title><h1>A</h1><img src="{PICTURE}">',
    "heading skip": '<html lang="en"><title>T</title><h1>A</h1><h3>B</h3>',
    "no title": '<html lang="en"><h1>A</h1>',
    "no lang": "<html><title>T</title><h1>A</h1>",
    "inline svg without title": (
        '<html lang="en"><title>T</title><h1>A</h1><svg xmlns="http://www.w3.org/2000/svg" aria-label="x" '
        'width="9" height="9"><rect width="9" height="9"/></svg>'
    ),
}


@pytest.mark.parametrize("name", KNOWN_BAD)
def test_the_validator_reports_a_file_that_only_calls_itself_accessible(name):
    from weasyprint import HTML

    assert ua_failures(HTML(string=KNOWN_BAD[name]).write_pdf(pdf_variant="pdf/ua-1"))


def _drop_scope(pdf):
    next(entry for entry in pdf.objects if _is_element(entry, "/TH")).A.__delitem__("/Scope")


def _drop_alt(pdf):
    del next(entry for entry in pdf.objects if _is_element(entry, "/Figure"))["/Alt"]


def _skip_heading(pdf):
    next(entry for entry in pdf.objects if _is_element(entry, "/H2")).S = pikepdf.Name.H4


def _drop_id_tree(pdf):
    del pdf.Root.StructTreeRoot["/IDTree"]


def _is_element(entry, kind):
    return isinstance(entry, pikepdf.Dictionary) and entry.get("/S") == kind


DAMAGE = {
    "a header cell has no Scope": _drop_scope,
    "a figure has no Alt": _drop_alt,
    "H4 follows level 1": _skip_heading,
    "the IDTree does not list the elements that have IDs": _drop_id_tree,
    "no language": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "no title": lambda pdf: pdf.trailer.Info.__delitem__("/Title"),
    "the title is not displayed": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "not marked as tagged": lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
    "no bookmarks": lambda pdf: pdf.Root.__delitem__("/Outlines"),
    "page labels are not 1, 2, 3": lambda pdf: pdf.Root.__delitem__("/PageLabels"),
    "no structure tree": lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return build_pdf(whole_document())


@pytest.mark.parametrize("fault", DAMAGE)
def test_our_own_checks_notice(fault, sound):
    with pikepdf.open(io.BytesIO(sound)) as pdf:
        DAMAGE[fault](pdf)
        damaged = io.BytesIO()
        pdf.save(damaged)
    assert fault in accessibility_faults(damaged.getvalue())


def test_a_skip_between_two_sections_names_the_second():
    deep = PdfSection("annex", f"<h3>Deep</h3>{figures_table(1)}", "Annex")
    with pytest.raises(PdfError, match=r"In “Annex”.*level 3 and follows level 1 of the section before it"):
        build_pdf(document(GOOD, deep))
