"""What kind of file was sent, by its content, and whether a workbook is safe to open, from its directory alone."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath
from typing import Final

from services.imports.problems import UnreadableFileError

FILE_LIMIT: Final = 20 * 1024 * 1024
ENTRY_LIMIT: Final = 1_000
INFLATED_LIMIT: Final = 200 * 1024 * 1024
RATIO_LIMIT: Final = 100
"""How many times a large part may grow. A sheet of 50,000 real rows grows about tenfold; a file made to fill the memory, hundredfold."""
RATIO_APPLIES_ABOVE: Final = 1024 * 1024
ROW_LIMIT: Final = 50_000
COLUMN_LIMIT: Final = 200
CELL_LIMIT: Final = 10_000
ACCEPTED: Final = "Send a CSV file, or an Excel workbook (.xlsx)."

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LOCAL_HEADER: Final = 30


class Kind(Enum):
    """The two kinds of file that are read."""

    CSV = "CSV"
    XLSX = "XLSX"


def sniff(content: bytes, *, file_name: str) -> Kind:
    """The kind of a file by its content; a name that says otherwise is refused, and so is everything that is not one of the two."""
    if not content.strip():
        raise UnreadableFileError(f"The file is empty. {ACCEPTED}")
    if len(content) > FILE_LIMIT:
        raise UnreadableFileError(
            f"The file has {len(content) // 1024 // 1024} MB, and at most {FILE_LIMIT // 1024 // 1024} MB are read. "
            "Send only the sheet with the monitoring table."
        )
    named_xlsx = PurePath(file_name).suffix.casefold() in (".xlsx", ".xlsm")
    if content.startswith(b"PK"):
        _require_workbook(content)
        if not named_xlsx and PurePath(file_name).suffix:
            raise UnreadableFileError(
                "The file is an Excel workbook and its name says otherwise. Rename it to end in .xlsx."
            )
        return Kind.XLSX
    _refuse_other_kinds(content)
    if named_xlsx:
        raise UnreadableFileError(
            f"The file's name says Excel workbook, but it holds plain text. Save it as a workbook, or rename it to end in .csv. {ACCEPTED}"
        )
    return Kind.CSV


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UnreadableFileError(
                "The workbook is protected with a password. Remove the password, save it, and send it again."
            )
        raise UnreadableFileError(
            f"The file is an old Excel or Word file (.xls, .doc). Save it as .xlsx. {ACCEPTED}"
        )
    for mark, what in ((b"%PDF", "a PDF"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"\x1f\x8b", "a compressed file"),
                       (b"{\\rtf", "a text document"), (b"Rar!", "a compressed file"), (b"7z\xbc\xaf", "a compressed file"),
                       (b"MZ", "a program"), (b"\x7fELF", "a program")):  # fmt: skip
        if content.startswith(mark):
            raise UnreadableFileError(f"The file is {what}, not a table. {ACCEPTED}")
    if content.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise UnreadableFileError(f"The file is a web page or XML, not a table. {ACCEPTED}")


def _require_workbook(content: bytes) -> None:
    """Refuse a zip archive that is not a workbook, or not a plain one."""
    names = {entry.filename for entry in _directory(content)}
    if "xl/workbook.xml" in names:
        return
    for mark, what in (("word/document.xml", "a Word document"), ("ppt/presentation.xml", "a presentation"),
                       ("content.xml", "an OpenDocument file (.ods)"), ("xl/workbook.bin", "a binary workbook (.xlsb)")):  # fmt: skip
        if mark in names:
            raise UnreadableFileError(f"The file is {what}. Save it as .xlsx or .csv. {ACCEPTED}")
    raise UnreadableFileError(f"The file is a zip archive, not a workbook. {ACCEPTED}")


def _directory(content: bytes) -> list[zipfile.ZipInfo]:
    """The archive's directory, within limits; nothing is inflated."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise UnreadableFileError(
            "The workbook is damaged and cannot be opened. Open it in Excel, save it again, and send that."
        ) from error
    if len(entries) > ENTRY_LIMIT:
        raise UnreadableFileError(
            f"The workbook has {len(entries):,} parts inside; a monitoring return has a few dozen. It was not opened."
        )
    for entry in entries:
        _check_entry(entry)
    inflated = sum(entry.file_size for entry in entries)
    if inflated > INFLATED_LIMIT:
        raise UnreadableFileError(
            f"The workbook would unpack to {inflated // 1024 // 1024} MB; at most {INFLATED_LIMIT // 1024 // 1024} MB are read. It was not opened."
        )
    _refuse_overlaps(entries)
    return entries


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise UnreadableFileError(
            "The workbook is protected with a password. Remove the password, save it, and send it again."
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableFileError(
            "The workbook is packed in a way that Excel does not use. Save it again from Excel."
        )
    if entry.file_size > RATIO_APPLIES_ABOVE and entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1):
        raise UnreadableFileError(
            f"A part of the workbook would grow {entry.file_size // max(entry.compress_size, 1)}-fold when unpacked, to "
            f"{entry.file_size // 1024 // 1024} MB. Real returns do not. It was not opened."
        )


def _refuse_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse parts that lie inside one another, by which a small archive pretends to be many large ones."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise UnreadableFileError(
                "The workbook's parts overlap one another. Real workbooks do not. It was not opened."
            )
        end = entry.header_offset + _LOCAL_HEADER + len(entry.filename.encode()) + entry.compress_size


@dataclass(frozen=True, slots=True)
class Parts:
    """A workbook's parts, inflated under a cap and checked for what a return has no need of."""

    xml: dict[str, bytes]


_REFUSED_PARTS: Final = (
    ("vbaproject", "The workbook holds macros. Save it as a plain workbook (.xlsx) without them."),
    ("xl/externallinks/", "The workbook takes figures from other files. Break its links (Data, Edit links) so that it holds the figures themselves."),
    ("xl/embeddings/", "The workbook has other files embedded in it. Remove them; a return holds only its table."),
    ("xl/activex/", "The workbook holds controls that can run. Save it as a plain workbook (.xlsx) without them."),
    ("xl/ctrlprops/", "The workbook holds form controls. Save it as a plain workbook (.xlsx) without them."),
)  # fmt: skip


def workbook_parts(content: bytes) -> Parts:
    """Inflate a workbook's parts, each no further than its directory says, and refuse what a return has no need of."""
    entries = _directory(content)
    for entry in entries:
        name = entry.filename.casefold()
        for mark, what in _REFUSED_PARTS:
            if mark in name:
                raise UnreadableFileError(what)
        if name.endswith((".zip", ".xlsx", ".xlsm", ".docx", ".jar", ".exe", ".dll")):
            raise UnreadableFileError(
                "The workbook has another file packed inside it. Remove it; a return holds only its table."
            )
    xml = {}
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            xml[entry.filename] = _inflate(content, entry)
    for part in xml.values():
        _refuse_entities(part)
    return Parts(xml)


def _inflate(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part's bytes; a part longer than the directory says stops at what it says, and is refused."""
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    start = (
        entry.header_offset
        + _LOCAL_HEADER
        + int.from_bytes(header[26:28], "little")
        + int.from_bytes(header[28:30], "little")
    )
    packed = content[start : start + entry.compress_size]
    lies = "A part of the workbook is not what its directory says. The file is damaged or was made to mislead; it was not read."
    if entry.compress_type == zipfile.ZIP_STORED:
        inflated = packed
    else:
        stream = zlib.decompressobj(-15)
        try:
            inflated = stream.decompress(packed, entry.file_size + 1)
        except zlib.error as error:
            raise UnreadableFileError(lies) from error
    if len(inflated) != entry.file_size or zlib.crc32(inflated) != entry.CRC:
        raise UnreadableFileError(lies)
    return inflated


def _refuse_entities(part: bytes) -> None:
    """Refuse a document type or an entity before any parser sees it; workbooks have neither."""
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in part[:64]:
        raise UnreadableFileError(
            "A part of the workbook is written in an encoding that Excel does not use. Save it again from Excel."
        )
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise UnreadableFileError(
            "The workbook declares entities, by which a file can reach for others. Real workbooks do not; it was not read."
        )
