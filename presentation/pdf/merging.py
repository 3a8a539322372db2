"""Joins tagged parts into one file and keeps what makes each accessible: its tags, ids, links and bookmarks.

pypdf's append and qpdf's `--pages` drop the structure tree; here each part's tree is moved whole under one Document.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from presentation.pdf.document import PdfDocument, PdfError, PdfSection
from presentation.pdf.tagging import HEADINGS_ENTRY, target_name


class Part:
    """A section and its rendered, tagged file, opened once: to count its pages and then to take them."""

    def __init__(self, section: PdfSection, content: bytes) -> None:
        import pikepdf

        self.section = section
        self.source: Any = pikepdf.open(io.BytesIO(content))

    @property
    def page_count(self) -> int:
        """How many pages the section fills."""
        return len(self.source.pages)


@dataclass
class _Tree:
    """The structure tree, name trees and bookmarks as they grow from part to part."""

    document: Any
    kids: list[Any] = field(default_factory=list)
    parents: list[Any] = field(default_factory=list)  # key, value, key, value: the ParentTree
    next_key: int = 0
    identifiers: list[tuple[bytes, Any]] = field(default_factory=list)
    targets: list[tuple[bytes, Any]] = field(default_factory=list)
    bookmarks: list[Any] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    links: list[tuple[PdfSection, bytes]] = field(default_factory=list)
    sections: list[PdfSection] = field(default_factory=list)  # of each page, for its running head


def merge_parts(parts: Sequence[Part], document: PdfDocument) -> tuple[Any, list[PdfSection]]:
    """Returns a pikepdf file of all the parts' pages, and the section that each page belongs to.

    Raises `PdfError` for a heading that skips a level between sections and for a link to a section that is not there.
    """
    import pikepdf
    from pikepdf import Dictionary, Name

    pdf = pikepdf.Pdf.new()
    tree = _Tree(pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document)))
    for part in parts:
        with part.source as source:
            _check_headings(tree, part.section, source)
            _add_part(pdf, tree, part.section, source)
            if "/OutputIntents" not in pdf.Root:
                _copy_output_intents(pdf, source)
    _check_links(tree)
    _write_structure(pdf, tree)
    _write_catalog(pdf, tree, document)
    return pdf, tree.sections


def _check_headings(tree: _Tree, section: PdfSection, source: Any) -> None:
    levels = [int(level) for level in source.Root.get(f"/{HEADINGS_ENTRY}", [])]
    if levels:
        before = tree.headings[-1] if tree.headings else 0
        if levels[0] > before + 1:
            after = (
                f"follows level {before} of the section before it"
                if before
                else "is the first of the document"
            )
            problem = f"Its first heading is of level {levels[0]} and {after}. Skip no level."
            raise PdfError(problem, section=section.key, title=section.title)
    tree.headings.extend(levels)


def _add_part(pdf: Any, tree: _Tree, section: PdfSection, source: Any) -> None:
    from pikepdf import Array, Dictionary, Name, String

    first = len(pdf.pages)
    for page in source.pages:
        pdf.pages.append(page)
    pages = [page.obj for page in list(pdf.pages)[first:]]
    tree.sections.extend([section] * len(pages))
    _add_bookmarks(tree, section, source, pages)
    _add_targets(pdf, tree, section, source, pages)

    structure = pdf.copy_foreign(source.Root.StructTreeRoot)
    whole = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Part, P=tree.document, T=String(section.title))
    )
    kids = list(structure.K[0].K)
    for kid in kids:
        kid.P = whole
    whole.K = Array(kids)
    tree.kids.append(whole)
    _renumber(tree, structure, section, pages)
    names = list(structure.IDTree.Names) if "/IDTree" in structure else []
    tree.identifiers.extend((bytes(names[index]), names[index + 1]) for index in range(0, len(names), 2))


def _renumber(tree: _Tree, structure: Any, section: PdfSection, pages: list[Any]) -> None:
    """Shifts the part's keys of the ParentTree, in the tree and on its pages and links, past those before it."""
    numbers = list(structure.ParentTree.Nums)
    for index in range(0, len(numbers), 2):
        tree.parents.extend((int(numbers[index]) + tree.next_key, numbers[index + 1]))
    for page in pages:
        page.StructParents = int(page.StructParents) + tree.next_key
        for annotation in page.get("/Annots", []):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + tree.next_key
            if "/Dest" in annotation:
                tree.links.append((section, bytes(annotation.Dest)))
    tree.next_key += max((int(number) for number in numbers[::2]), default=-1) + 1


def _add_targets(pdf: Any, tree: _Tree, section: PdfSection, source: Any, pages: list[Any]) -> None:
    from pikepdf import Array, Name

    top = pages[0].MediaBox[3]
    tree.targets.append((target_name(section.key).encode(), Array([pages[0], Name.XYZ, 0, top, 0])))
    names = source.Root.get("/Names", {}).get("/Dests", {}).get("/Names", [])
    positions = _positions(source)
    for index in range(0, len(names), 2):
        place = names[index + 1]
        moved = Array([pages[positions[place[0].objgen]], *list(place)[1:]])
        tree.targets.append((bytes(names[index]), moved))


def _positions(source: Any) -> dict[tuple[int, int], int]:
    return {page.obj.objgen: position for position, page in enumerate(source.pages)}


def _add_bookmarks(tree: _Tree, section: PdfSection, source: Any, pages: list[Any]) -> None:
    """The part's own bookmarks, moved to the merged pages; a part without headings gets one with its title."""
    from pikepdf import Array, Name, OutlineItem

    positions = _positions(source)

    def moved(items: list[Any]) -> list[Any]:
        copies = []
        for item in items:
            place = list(item.destination)
            copy = OutlineItem(item.title, Array([pages[positions[place[0].objgen]], *place[1:]]))
            copy.children.extend(moved(item.children))
            copies.append(copy)
        return copies

    with source.open_outline() as outline:
        own = moved(outline.root)
    start = Array([pages[0], Name.XYZ, 0, pages[0].MediaBox[3], 0])
    tree.bookmarks.extend(own or [OutlineItem(section.title, start)])


def _copy_output_intents(pdf: Any, source: Any) -> None:
    from pikepdf import Array

    intents = [pdf.copy_foreign(source.make_indirect(intent)) for intent in source.Root.OutputIntents]
    pdf.Root.OutputIntents = Array(intents)


def _check_links(tree: _Tree) -> None:
    known = {name for name, _place in tree.targets}
    for section, target in tree.links:
        if target not in known:
            key, _, anchor = target.decode(errors="replace").partition("#")
            place = f"“{anchor}” in section “{key}”" if anchor else f"section “{key}”"
            problem = f"A link goes to {place}, which is not in this document. Correct it or take it out."
            raise PdfError(problem, section=section.key, title=section.title)


def _write_structure(pdf: Any, tree: _Tree) -> None:
    from pikepdf import Array, Dictionary, Name

    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    tree.document.P = root
    tree.document.K = Array(tree.kids)
    root.K = Array([tree.document])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(tree.parents)))
    root.ParentTreeNextKey = tree.next_key
    if tree.identifiers:
        root.IDTree = _name_tree(pdf, tree.identifiers)
    pdf.Root.StructTreeRoot = root


def _name_tree(pdf: Any, entries: list[tuple[bytes, Any]]) -> Any:
    """A name tree of one node, sorted as readers search it: by the bytes of its names."""
    from pikepdf import Array, Dictionary, String

    names = Array()
    for name, value in sorted(entries, key=lambda entry: entry[0]):
        names.append(String(name))
        names.append(value)
    return pdf.make_indirect(Dictionary(Names=names))


def _write_catalog(pdf: Any, tree: _Tree, document: PdfDocument) -> None:
    from pikepdf import Array, Dictionary, Name, String

    pdf.Root.Lang = String(document.language)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, St=document.first_page)]))
    pdf.Root.Names = Dictionary(Dests=_name_tree(pdf, tree.targets))
    pdf.Root.PageMode = Name.UseOutlines
    with pdf.open_outline() as outline:
        outline.root.extend(tree.bookmarks)
