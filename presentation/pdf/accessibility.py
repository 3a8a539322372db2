"""What a section must have before it is printed: what a validator cannot repair and a clerk can.

The rules run on the same tree that WeasyPrint lays out, so nothing is read one way here and another way there.
"""

import re
from collections.abc import Iterator
from typing import Any

_SVG = "{http://www.w3.org/2000/svg}"
_HEADING = re.compile(r"h([1-6])")
_HEAD_ONLY = {"meta", "title"}
_FORBIDDEN = {
    "applet", "audio", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input", "link", "object",
    "portal", "script", "select", "style", "textarea", "video",
}  # fmt: skip
_LINK_SCHEMES = ("#", "section:", "https:", "http:", "mailto:")
_DEEPEST = 120  # levels of nesting; some hundreds end WeasyPrint's recursion
_WIDEST = 60  # cells a colspan or rowspan may cover; a million takes all the memory there is


class SectionRefusedError(Exception):
    """A section that must not be printed as it is; the message says what to put right."""


def require_accessible(root: Any) -> list[int]:
    """Checks a parsed section and completes its header cells' scopes; returns its heading levels in reading order.

    Raises `SectionRefusedError` at the first thing that a reader would miss or that could harm the server.
    """
    identifiers = _identifiers(root)
    for element in _elements(root):
        _refuse_forbidden(element)
        _refuse_undescribed(element)
        _refuse_wild_span(element)
        if element.tag == "a" or element.get("href") is not None:
            _refuse_bad_link(element, identifiers)
    for link in root.iter("a"):
        _unwrap_link(link)
    for number, table in enumerate(root.iter("table"), start=1):
        _check_table(table, number)
    return _heading_levels(root)


def _elements(root: Any) -> Iterator[Any]:
    """Every element of the tree, refusing one nested too deep to lay out."""
    waiting = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        if not isinstance(element.tag, str):
            continue  # a comment
        if depth > _DEEPEST:
            raise SectionRefusedError("Its elements are nested too deeply to lay out. Simplify the text.")
        yield element
        waiting.extend((child, depth + 1) for child in reversed(list(element)))


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _identifiers(root: Any) -> set[str]:
    seen: set[str] = set()
    for element in root.iter():
        identifier = element.get("id")
        if identifier in seen:
            raise SectionRefusedError(
                f"Two elements share the id “{identifier}”. A link could not choose between them."
            )
        if identifier:
            seen.add(identifier)
    return seen


def _refuse_forbidden(element: Any) -> None:
    if element.tag in _FORBIDDEN:
        raise SectionRefusedError(
            f"It holds a <{element.tag}> element, which paper cannot show. Take it out."
        )
    if element.tag == "img" and not element.get("src", "").lower().startswith("data:"):
        raise SectionRefusedError(
            f"The picture “{_short(element.get('src', ''))}” is not part of the section. Embed it as a data: address."
        )


def _refuse_undescribed(element: Any) -> None:
    if element.tag == "img" and not element.get("alt", "").strip():
        raise SectionRefusedError(
            "A picture has no alternative text. Say in its alt what it shows, for readers who cannot see it."
        )
    if element.tag == f"{_SVG}svg" and not (element.findtext(f"{_SVG}title") or "").strip():
        raise SectionRefusedError("A drawing (svg) has no <title>. Give it one that says what it shows.")


def _refuse_wild_span(element: Any) -> None:
    for attribute in ("colspan", "rowspan", "span"):
        value = element.get(attribute, "1").strip()
        if not value.isdecimal() or not 1 <= int(value) <= _WIDEST:
            raise SectionRefusedError(
                f"A table cell has {attribute}={_short(value)}. Use a number from 1 to {_WIDEST}."
            )


def _refuse_bad_link(element: Any, identifiers: set[str]) -> None:
    target = element.get("href", "")
    if "attachment" in (element.get("rel") or "").lower().split() or element.get("download") is not None:
        raise SectionRefusedError("A link asks to attach a file. Attach files to the document instead.")
    if not target:
        return
    if not target.lower().startswith(_LINK_SCHEMES):
        raise SectionRefusedError(
            f"A link goes to “{_short(target)}”, which means nothing on paper. Give its whole https:// address."
        )
    if target.startswith("#") and target[1:] not in identifiers:
        raise SectionRefusedError(
            f"A link goes to “{_short(target)}”, which is not in this section. For another section write section:its-key."
        )
    if element.tag == "a" and not _words(element) and element.find(".//img") is None:
        raise SectionRefusedError(f"The link to “{_short(target)}” has no words. Say where it goes.")


def _unwrap_link(link: Any) -> None:
    """Leaves only words in a link: WeasyPrint makes each element inside one a second link, without its tag."""
    if len(link) == 0:
        return
    if any(child.tag in ("img", f"{_SVG}svg") for child in link.iter()):
        raise SectionRefusedError(
            "A picture is a link, which paper cannot show. Put the link in words beside it."
        )
    words = "".join(link.itertext())
    for child in list(link):
        link.remove(child)
    link.text = words


def _check_table(table: Any, number: int) -> None:
    """One row of column headers, then row headers: the only shape whose headers WeasyPrint associates rightly."""
    name = _short(_words(table.find("caption"))) if table.find("caption") is not None else str(number)
    heads = table.findall("thead")
    rows = [row for head in heads for row in head.findall("tr")]
    if len(rows) > 1:
        raise SectionRefusedError(
            f"Table “{name}” has {len(rows)} header rows. Use one: name each column in full."
        )
    for cell in (cell for row in rows for cell in row):
        if cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1":
            raise SectionRefusedError(
                f"Table “{name}” has a header over several columns. Name each column by itself."
            )
        if cell.tag == "th":
            cell.set("scope", "col")
    for cell in table.iter("th"):
        if cell.get("scope") != "col":
            cell.set("scope", "row")
        elif not any(cell in list(row) for row in rows):
            raise SectionRefusedError(
                f"Table “{name}” has a column header outside its <thead>. Move it there."
            )
    if not any(True for _ in table.iter("th")):
        raise SectionRefusedError(f"Table “{name}” has no header cells. Mark its headings as <th>.")


def _heading_levels(root: Any) -> list[int]:
    levels: list[int] = []
    for element in root.iter():
        match = _HEADING.fullmatch(element.tag) if isinstance(element.tag, str) else None
        if match is None:
            continue
        level, words = int(match[1]), _words(element)
        if not words:
            raise SectionRefusedError(
                f"A heading of level {level} is empty. Take it out or say what follows."
            )
        if levels and level > levels[-1] + 1:
            raise SectionRefusedError(
                f"The heading “{_short(words)}” is of level {level} and follows level {levels[-1]}. Skip no level."
            )
        levels.append(level)
    return levels


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
