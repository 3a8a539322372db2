"""Checks of a PDF as its readers' software sees it: an independent PDF/UA-1 validator, and what validators do not ask."""

import io
import re
import subprocess
import tempfile
from pathlib import Path

import page
import pikepdf


def ua_failures(content: bytes) -> list[str]:
    """The PDF/UA-1 rules that page-validation finds broken."""
    return _failures(content, page.ValidationProfile.PDF_UA_1)


def archive_failures(content: bytes) -> list[str]:
    """The PDF/A-3a rules that page-validation finds broken.

    It takes the last byte of a stream for part of the line end when that byte happens to be a carriage return, and then
    calls the length wrong; lengths are therefore checked here, by what the file holds after so many bytes.
    """
    found = [
        line for line in _failures(content, page.ValidationProfile.PDF_A_3A) if "STREAM-LENGTH" not in line
    ]
    return found + _wrong_lengths(content)


def _wrong_lengths(content: bytes) -> list[str]:
    starts = list(re.finditer(rb"/Length (\d+)[^\n]*>>\nstream\n", content))
    wrong = [start for start in starts if content[start.end() + int(start[1]) :][:10] != b"\nendstream"]
    faults = [f"the stream at byte {start.start()} has a wrong length" for start in wrong]
    return faults if starts else ["no stream found"]


def _failures(content: bytes, profile: page.ValidationProfile) -> list[str]:
    report = page.validate_pdf_bytes(content, profile=profile)
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def accessibility_faults(content: bytes) -> list[str]:
    """Everything wrong with a file: the validator's findings, then our own, in words. An accessible file has none."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return ua_failures(content) + _document_faults(pdf) + _structure_faults(pdf)


def _document_faults(pdf: pikepdf.Pdf) -> list[str]:
    root = pdf.Root
    labels = [page.label for page in pdf.pages]
    checks = {
        "no language": bool(str(root.get("/Lang", ""))),
        "no title": bool(str(pdf.docinfo.get("/Title", ""))),
        "the title is not displayed": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
        "not marked as tagged": bool(root.get("/MarkInfo", {}).get("/Marked", False)),
        "no bookmarks": "/Outlines" in root and "/First" in root.Outlines,
        "page labels are not 1, 2, 3": "/PageLabels" in root
        and labels == [str(number) for number in range(1, len(labels) + 1)],
    }
    return [fault for fault, holds in checks.items() if not holds]


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every structure element in reading order."""
    if "/StructTreeRoot" not in pdf.Root:
        return []
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if "/S" in element:
            found.append(element)
        kids = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        dictionaries = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary)]
        waiting.extend(reversed([kid for kid in dictionaries if "/S" in kid]))
    return found


def _structure_faults(pdf: pikepdf.Pdf) -> list[str]:
    faults, level = [], 0
    named = set()
    identifiers = pdf.Root.get("/StructTreeRoot", {}).get("/IDTree", {}).get("/Names", [])
    known = {bytes(name) for name in list(identifiers)[::2]}
    if not elements(pdf):
        faults.append("no structure tree")
    for element in elements(pdf):
        kind = str(element.S)[1:]
        attributes = element.get("/A", {})
        if kind == "TH" and attributes.get("/Scope") not in (pikepdf.Name.Row, pikepdf.Name.Column):
            faults.append("a header cell has no Scope")
        if kind == "Figure" and not str(element.get("/Alt", "")).strip():
            faults.append("a figure has no Alt")
        if kind in ("H1", "H2", "H3", "H4", "H5", "H6"):
            if int(kind[1]) > level + 1:
                faults.append(f"{kind} follows level {level}")
            level = int(kind[1])
        if "/ID" in element:
            identifier = bytes(element.ID)
            if identifier in named:
                faults.append(f"two elements have the ID {identifier!r}")
            named.add(identifier)
        faults.extend(
            f"a cell names the header {bytes(header)!r}, which is not in the IDTree"
            for header in attributes.get("/Headers", [])
            if bytes(header) not in known
        )
    if named != known:
        faults.append("the IDTree does not list the elements that have IDs")
    return sorted(set(faults))


def text_of(content: bytes, *options: str) -> str:
    """The text as poppler extracts it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(content)
        return subprocess.run(
            ["pdftotext", *options, str(path), "-"], check=True, capture_output=True, text=True
        ).stdout


def fonts_of(content: bytes) -> list[dict[str, str]]:
    """Each font used, and whether it is embedded, as poppler reports it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(content)
        lines = subprocess.run(
            ["pdffonts", str(path)], check=True, capture_output=True, text=True
        ).stdout.splitlines()
    return [{"name": line.split()[0], "embedded": line.split()[-5]} for line in lines[2:]]
