"""Makes one section's tags fit to stand beside those of other sections.

Runs as WeasyPrint's finisher, on plain objects before the file is written, so that the result is cached with the part:
element IDs and link targets get the section's key in front, header cells get their Scope, and the part gets the
IDTree that ISO 32000-1 §14.7.2 asks for.
"""

from typing import Any
from urllib.parse import unquote

HEADINGS_ENTRY = "BudgetWatchHeadings"  # heading levels in reading order, for the check across sections

_CONTENTS_ROLES = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}


def target_name(key: str, anchor: str = "") -> str:
    """The name, in the merged file, of an anchor in a section (or of the section's start)."""
    return f"{key}#{anchor}"


def finish_part(document: Any, pdf: Any, *, key: str, headings: list[int], is_contents: bool) -> None:
    """Changes the tags, link targets and bookmarks of one part in place.

    `document` is WeasyPrint's laid-out document and `pdf` the pydyf file about to be written.
    """
    import pydyf

    elements = [entry for entry in pdf.objects if _is_element(entry)]
    _prefix_ids(pdf, elements, key)
    _add_scopes(pdf, elements)
    _pair_terms(pdf, elements)
    if is_contents:
        for element in elements:
            element["S"] = _CONTENTS_ROLES.get(element["S"], element["S"])
    _prefix_targets(pdf, key)
    _retarget_links(document, key)
    pdf.catalog[HEADINGS_ENTRY] = pydyf.Array(headings)


def _is_element(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("Type") == "/StructElem"


def _referred(pdf: Any, reference: str | bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _prefix_ids(pdf: Any, elements: list[Any], key: str) -> None:
    import pydyf

    names: list[tuple[str, Any]] = []
    for element in elements:
        if "ID" in element:
            element["ID"] = pydyf.String(f"{key}-{element['ID'].string}")
            names.append((element["ID"].string, element))
        headers = element.get("A", {}).get("Headers")
        if headers:
            element["A"]["Headers"] = pydyf.Array(
                pydyf.String(f"{key}-{header.string}") for header in headers
            )
    if names:
        flat = pydyf.Array()
        for name, element in sorted(names, key=lambda pair: pair[0]):
            flat.extend((pydyf.String(name), element.reference))
        root = _referred(pdf, pdf.catalog["StructTreeRoot"])
        root["IDTree"] = pydyf.Dictionary({"Names": flat})


def _add_scopes(pdf: Any, elements: list[Any]) -> None:
    """A header cell of the head heads its column, one of the body its row (`require_accessible` made that so)."""
    for element in elements:
        if element["S"] == "/TH":
            group = _referred(pdf, _referred(pdf, element["P"])["P"])
            element["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _pair_terms(pdf: Any, elements: list[Any]) -> None:
    """Makes each <div> of a <dl> one list item: the term its label, the words its body.

    WeasyPrint leaves the <div> between the list and its items, where ISO 32000-1 §14.8.4.3.3 allows none.
    """
    for element in elements:
        if element["S"] == "/Div" and _referred(pdf, element["P"])["S"] == "/L":
            element["S"] = "/LI"
            for position, item in enumerate(_kids(pdf, element)):
                item["S"] = "/Lbl" if position == 0 else "/LBody"
                for inner in _kids(pdf, item):
                    inner["S"] = "/NonStruct"


def _kids(pdf: Any, element: Any) -> list[Any]:
    """The structure elements directly below one; its other kids are marked content and links."""
    entries = [_referred(pdf, kid) for kid in element["K"] if not isinstance(kid, int)]
    return [entry for entry in entries if _is_element(entry)]


def _prefix_targets(pdf: Any, key: str) -> None:
    import pydyf

    names = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
    for index in range(0, len(names), 2):
        names[index] = pydyf.String(target_name(key, names[index].string))


def _retarget_links(document: Any, key: str) -> None:
    """Points links at the merged file's target names, and describes each by its words, not its address."""
    import pydyf

    for page in document.pages:
        for kind, target, _rectangle, box in page.links:
            annotation = box.link_annotation
            if annotation is None:
                continue
            if kind == "internal":
                annotation["Dest"] = pydyf.String(target_name(key, target))
            elif target.startswith("section:"):
                del annotation["A"]
                other, _, anchor = target.removeprefix("section:").partition("#")
                annotation["Dest"] = pydyf.String(target_name(other, unquote(anchor)))
            words = " ".join("".join(box.element.itertext()).split()) if box.element is not None else ""
            annotation["Contents"] = pydyf.String(words or target)
