"""Looks for words that must not be in a PDF, wherever a PDF can hold words: its text by two extractors, and every object of the raw file."""

import io
import re
from collections.abc import Iterable, Iterator

import pikepdf

from tests.support.pdf import text_of


def leaks_in(content: bytes, canaries: Iterable[str], *, file_name: str = "") -> list[str]:
    """Where each canary stands: “canary in bookmarks …”. An empty list is a clean file."""
    places = list(_places(content, file_name))
    return [
        f"{canary} in {place}"
        for canary in canaries
        for place, words in places
        if _squeezed(canary) in _squeezed(words)
    ]


def _squeezed(words: str) -> str:
    """Letters and digits only: a hyphen or a line break must not hide a word."""
    return re.sub(r"[\W_]+", "", words.casefold())


def _places(content: bytes, file_name: str) -> Iterator[tuple[str, str]]:
    yield "the file name", file_name
    yield "the text as poppler reads it", text_of(content)
    yield "the raw text as poppler reads it", text_of(content, "-raw")
    yield "the raw bytes", content.decode("latin-1")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in _every_page(pdf):
            yield f"the glyphs of page object {page.objgen[0]}", words_drawn(page)
        with pdf.open_outline() as outline:
            yield "the bookmarks", " ".join(_titles(outline.root))
        for name, file in pdf.attachments.items():
            yield (
                f"the attachment {name}",
                f"{name} {file.description} {file.get_file().read_bytes().decode(errors='replace')}",
            )
        yield from _objects(pdf)


def _titles(items: Iterable[pikepdf.OutlineItem]) -> Iterator[str]:
    for item in items:
        yield str(item.title)
        yield from _titles(item.children)


def _objects(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """Every object of the file, reached from a page or not: its strings, names and decoded streams."""
    for value in [pdf.trailer, *pdf.objects]:
        number = value.objgen[0]
        dictionary = value.stream_dict if isinstance(value, pikepdf.Stream) else value
        yield f"object {number}", " ".join(_strings(dictionary))
        if isinstance(value, pikepdf.Stream):
            try:
                decoded = value.read_bytes(pikepdf.StreamDecodeLevel.all)
            except pikepdf.PdfError:
                continue
            yield f"the stream of object {number}", decoded.decode("latin-1")
            yield f"the stream of object {number} as UTF-8", decoded.decode("utf-8", errors="replace")
            yield f"the stream of object {number} as UTF-16", decoded.decode("utf-16-be", errors="replace")


def _strings(value: pikepdf.Object, depth: int = 0) -> Iterator[str]:
    """The strings and names directly in an object; other objects that it names are walked for themselves."""
    if depth > 50:
        return
    if isinstance(value, pikepdf.Dictionary):
        for key, inner in value.items():
            yield str(key)
            yield from _inner(inner, depth)
    elif isinstance(value, pikepdf.Array):
        for inner in value:
            yield from _inner(inner, depth)
    elif isinstance(value, pikepdf.String | pikepdf.Name):
        yield str(value)


def _inner(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, pikepdf.Object) and not (
        value.is_indirect and isinstance(value, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream)
    ):
        yield from _strings(value, depth + 1)
    elif isinstance(value, str):
        yield value


def _every_page(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every page object, one that was taken out of the order of pages as well."""
    for value in pdf.objects:
        if isinstance(value, pikepdf.Dictionary) and value.get("/Type") == pikepdf.Name.Page:
            yield value


def words_drawn(page: pikepdf.Object) -> str:
    """The second extractor: the glyphs that the page and its forms draw, by each font's own table to Unicode, whatever their place or colour."""
    return "".join(_drawn(page, page.get("/Resources", pikepdf.Dictionary()), depth=0))


def _drawn(content: pikepdf.Object, resources: pikepdf.Object, *, depth: int) -> Iterator[str]:
    fonts = {name: _unicode_table(font) for name, font in resources.get("/Font", {}).items()}
    table: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(content):
        kind = str(operator)
        if kind == "Tf":
            table = fonts.get(str(operands[0]), {})
        elif kind in {"Tj", "'", '"'}:
            yield _read(operands[-1], table)
        elif kind == "TJ":
            yield "".join(_read(one, table) for one in operands[0] if isinstance(one, pikepdf.String))
        elif kind == "Do" and depth < 5:
            form = resources.get("/XObject", {}).get(str(operands[0]))
            if form is not None and form.get("/Subtype") == pikepdf.Name.Form:
                yield from _drawn(form, form.get("/Resources", resources), depth=depth + 1)
        elif kind in {"BDC", "DP"}:
            yield " ".join(
                _strings(pikepdf.Array([one for one in operands[1:] if isinstance(one, pikepdf.Object)]))
            )


def _read(value: pikepdf.Object, table: dict[int, str]) -> str:
    raw = bytes(value)
    if not table:
        return raw.decode("latin-1")
    codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
    return "".join(table.get(code, "") for code in codes)


_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def _unicode_table(font: pikepdf.Object) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    cmap, table = font.ToUnicode.read_bytes(), {}
    for block in _BLOCK.findall(cmap):
        for code, text in _PAIR.findall(block):
            table[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", errors="replace")
    for block in _RANGES.findall(cmap):
        for first, last, text in _RANGE.findall(block):
            start = int(text, 16)
            for offset in range(int(last, 16) - int(first, 16) + 1):
                table[int(first, 16) + offset] = chr(start + offset)
    return table
