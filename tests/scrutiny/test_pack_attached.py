"""What is taken as a document and what is refused: each refusal says what is wrong and what to do."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from scrutiny.committees.packs import attached
from scrutiny.committees.packs.attached import DocumentRefusedError, pages_of_safe_pdf
from tests.scrutiny.pack_records import tagged_pdf


@pytest.fixture(scope="module")
def good() -> bytes:
    return tagged_pdf(title="Reserves", words="Reserves stand at £3m.")


def changed(content: bytes, change, **saving) -> bytes:
    """The file with something done to it."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        kept = io.BytesIO()
        pdf.save(kept, **saving)
    return kept.getvalue()


def test_a_tagged_pdf_with_title_and_language_is_taken(good):
    assert pages_of_safe_pdf(good) == 1


def script(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def hidden_script(pdf):
    """In an object that no page leads to."""
    pdf.Root.Spare = pdf.make_indirect(
        Array([Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String("x"))])
    )


def launch(pdf):
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[0, 0, 9, 9],
        A=Dictionary(S=Name.Launch, F=String("cmd.exe")),
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


def on_opening(pdf):
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.NextPage))


def carried_file(pdf):
    pdf.attachments["prices.csv"] = pikepdf.AttachedFileSpec(pdf, b"a,b", filename="prices.csv")


def pinned_file(pdf):
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9])
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def form_of_code(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def sends(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.SubmitForm, F=String("https://example.org"))


ACTIVE = {
    script: "runs JavaScript",
    hidden_script: "runs JavaScript",
    launch: "starts a program",
    on_opening: "acts by itself",
    carried_file: "carries",
    pinned_file: "carries files or moving pictures",
    form_of_code: "a form of a kind that runs code",
    sends: "sends what is typed into it elsewhere",
}


@pytest.mark.parametrize(("change", "words"), ACTIVE.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_file_that_acts_or_carries_files_is_refused_and_says_what_to_do(good, change, words):
    with pytest.raises(DocumentRefusedError) as refusal:
        pages_of_safe_pdf(changed(good, change))
    assert words in str(refusal.value)
    assert "Print it to a plain PDF" in str(refusal.value)


def untagged(pdf):
    del pdf.Root.StructTreeRoot


def unmarked(pdf):
    del pdf.Root.MarkInfo


def without_language(pdf):
    del pdf.Root.Lang


def without_title(pdf):
    del pdf.docinfo["/Title"]
    if "/Metadata" in pdf.Root:
        del pdf.Root.Metadata


UNREADABLE = {
    untagged: "not tagged",
    unmarked: "not tagged",
    without_language: "does not say its language",
    without_title: "no title of its own",
}


@pytest.mark.parametrize(
    ("change", "words"), UNREADABLE.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_a_file_that_a_screen_reader_cannot_read_is_refused(good, change, words):
    with pytest.raises(DocumentRefusedError, match=words):
        pages_of_safe_pdf(changed(good, change))


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_locked_file_is_refused(good, password):
    locked = changed(good, lambda pdf: None, encryption=pikepdf.Encryption(owner="owner", user=password))
    with pytest.raises(DocumentRefusedError, match=r"password|encrypted"):
        pages_of_safe_pdf(locked)


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\x00", b"<html>", b"PK\x03\x04", b"%PDF-1.7\nnothing more"],
    ids=lambda one: repr(one[:4]),
)
def test_what_is_no_pdf_is_refused(content):
    with pytest.raises(DocumentRefusedError, match=r"not a PDF|damaged"):
        pages_of_safe_pdf(content)


def test_a_file_too_large_or_too_long_is_refused_with_the_limit(good, monkeypatch):
    monkeypatch.setattr(attached, "MOST_PAGES", 0)
    with pytest.raises(DocumentRefusedError, match="Split it"):
        pages_of_safe_pdf(good)
    monkeypatch.setattr(attached, "MOST_BYTES", 100)
    with pytest.raises(DocumentRefusedError, match="at most"):
        pages_of_safe_pdf(good)


def test_a_file_of_endless_parts_is_refused(good, monkeypatch):
    monkeypatch.setattr(attached, "MOST_OBJECTS", 3)
    with pytest.raises(DocumentRefusedError, match="too many parts"):
        pages_of_safe_pdf(good)
