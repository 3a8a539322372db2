"""What a PDF must be before it may be attached to an item: a real one, of bounded size, that runs nothing and that a screen reader can read.

The file is read by qpdf through pikepdf and never opened by anything that would act on it.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_PAGES: Final = 400
MOST_OBJECTS: Final = 300_000
_ACTIONS: Final = {
    "/JavaScript": "runs JavaScript",
    "/Launch": "starts a program",
    "/SubmitForm": "sends what is typed into it elsewhere",
    "/ImportData": "reads data from elsewhere",
    "/GoToE": "opens a file embedded in it",
    "/GoToR": "opens another file",
    "/Rendition": "plays sound or video",
    "/Movie": "plays video",
    "/Sound": "plays sound",
}
_KEYS: Final = {
    "/JS": "runs JavaScript",
    "/AA": "acts by itself when it is opened or read",
    "/EmbeddedFiles": "carries files inside it",
    "/XFA": "is a form of a kind that runs code",
    "/EF": "carries a file inside it",
}


class DocumentRefusedError(Exception):
    """A file that must not be attached; the message says why, and what to do."""


def pages_of_safe_pdf(content: bytes) -> int:
    """How many pages it has. Raises `DocumentRefusedError` for anything but a safe, tagged PDF with title and language."""
    if len(content) > MOST_BYTES:
        raise DocumentRefusedError(
            f"The file has {len(content) / 1_048_576:.0f} MB; at most {MOST_BYTES // 1_048_576} MB are taken. Make its pictures smaller."
        )
    if not content.startswith(b"%PDF-"):
        raise DocumentRefusedError(
            "The file is not a PDF. Save or export the document as PDF and attach that."
        )
    with _opened(content) as pdf:
        pages = len(pdf.pages)
        if not 1 <= pages <= MOST_PAGES:
            raise DocumentRefusedError(
                f"The file has {pages:,} pages; a document has 1 to {MOST_PAGES}. Split it."
            )
        _refuse_active(pdf)
        _refuse_unreadable(pdf)
    return pages


def _opened(content: bytes) -> Any:
    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise DocumentRefusedError(
            "The file is locked with a password, so that nobody could check or read it. Save it without one."
        ) from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise DocumentRefusedError(
            "The file is damaged: it cannot be read as a PDF. Export the document again."
        ) from error
    if pdf.is_encrypted:
        pdf.close()
        raise DocumentRefusedError(
            "The file is encrypted, so that screen readers may be shut out. Save it without protection."
        )
    return pdf


def _refuse_active(pdf: Any) -> None:
    """Every object is looked at, however deep: what is not reached from a page is in the file all the same."""
    import pikepdf

    if len(pdf.objects) > MOST_OBJECTS:
        raise DocumentRefusedError(
            "The file is made of too many parts to be checked. Export it again, or split it."
        )
    waiting, seen = [pdf.trailer, *pdf.objects], 0
    while waiting:
        value = waiting.pop()
        seen += 1
        if seen > MOST_OBJECTS * 10:
            raise DocumentRefusedError(
                "The file is made of too many parts to be checked. Export it again, or split it."
            )
        if isinstance(value, pikepdf.Stream):
            value = value.stream_dict
        if isinstance(value, pikepdf.Dictionary):
            _refuse_acting(value)
            waiting.extend(_direct(value.values()))
        elif isinstance(value, pikepdf.Array):
            waiting.extend(_direct(value))


def _direct(values: Any) -> Iterator[Any]:
    """The values that stand inside another; those that are objects of their own are looked at as such."""
    import pikepdf

    return (value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect)


def _refuse_acting(value: Any) -> None:
    import pikepdf

    action = value.get("/S")
    found = _ACTIONS.get(str(action)) if isinstance(action, pikepdf.Name) else None
    found = found or next((words for key, words in _KEYS.items() if key in value), None)
    if value.get("/Subtype") in (pikepdf.Name.FileAttachment, pikepdf.Name.RichMedia, pikepdf.Name("/3D")):
        found = "carries files or moving pictures inside it"
    if value.get("/Type") == pikepdf.Name.EmbeddedFile:
        found = "carries a file inside it"
    if found:
        raise DocumentRefusedError(
            f"The file {found}, which no paper of a committee may. Print it to a plain PDF and attach that."
        )


def _refuse_unreadable(pdf: Any) -> None:
    root = pdf.Root
    structure = root.get("/StructTreeRoot")
    if not root.get("/MarkInfo", {}).get("/Marked", False) or structure is None or "/K" not in structure:
        raise DocumentRefusedError(
            "The file is not tagged, so that a screen reader cannot read it in order. Export it again as an accessible (tagged) PDF."
        )
    if not str(root.get("/Lang", "")).strip():
        raise DocumentRefusedError(
            "The file does not say its language. Set it in the document, and export it again."
        )
    if not _title(pdf).strip():
        raise DocumentRefusedError(
            "The file has no title of its own. Set it in the document’s properties, and export it again."
        )


def _title(pdf: Any) -> str:
    in_information = str(pdf.docinfo.get("/Title", ""))
    if in_information.strip():
        return in_information
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        return str(metadata.get("dc:title", "") or "")
