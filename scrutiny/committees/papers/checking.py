"""What a report's words may quote: every reference found in its publication before it is kept, or refused with the place named."""

from collections.abc import Iterable

from scrutiny.access import publication_to_print
from scrutiny.committees.papers.lines import ParagraphGiven, Style
from scrutiny.committees.papers.references import UnknownReferenceError, quoted, references_in
from scrutiny.downloads import all_tables
from scrutiny.published import PublishedPeriod
from services.operations.refusals import InvalidEntryError


class Quotable:
    """The figures and tables of one publication, or of none, for the time of one check."""

    def __init__(self, publication_id: int | None) -> None:
        self._published: PublishedPeriod | None = None
        self._tables: frozenset[str] = frozenset()
        if publication_id is not None:
            self._published, history = publication_to_print(publication_id)
            self._tables = frozenset(all_tables(self._published, history=history))

    def check_words(self, field: str, words: str, *, place: str) -> None:
        """Refuse words with a reference that the publication has not; `place` says where they stand."""
        try:
            for written in references_in(words):
                quoted(written, self._published)
        except UnknownReferenceError as error:
            raise InvalidEntryError(field, f"{place}: {error}") from error

    def check_paragraphs(self, field: str, paragraphs: Iterable[ParagraphGiven]) -> None:
        """Refuse a paragraph with an unknown reference, or a table that the publication has not."""
        for number, paragraph in enumerate(paragraphs, start=1):
            place = f"Paragraph {paragraph.number}" if paragraph.number else f"Line {number}"
            if paragraph.style == Style.TABLE:
                self._check_table(field, paragraph.words, place=place)
            else:
                self.check_words(field, paragraph.words, place=place)

    def _check_table(self, field: str, name: str, *, place: str) -> None:
        if self._published is None:
            problem = "the report quotes no publication. Choose one in its header first."
        elif name not in self._tables:
            problem = f"the publication has no such table. There are: {', '.join(sorted(self._tables))}."
        else:
            return
        raise InvalidEntryError(field, f"{place}: “{{{{ table {name} }}}}”: {problem}")
