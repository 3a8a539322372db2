"""Published periods and what a reader's browser makes of a page: headings, tables, their files."""

import csv
import io
from dataclasses import dataclass, field
from html.parser import HTMLParser

from scrutiny.operations import publish
from tests.scrutiny.council import open_month


def publish_period(thorney, period=None):
    """Publish a period by two people."""
    return publish(
        by=thorney.officer, approved_by=thorney.head, council=thorney.council, period=period or thorney.period
    )


def publish_two_months(thorney):
    """Month 7 and then month 8; the second is returned."""
    publish_period(thorney)
    return publish_period(thorney, open_month(thorney, 8))


@dataclass
class ReadTable:
    """A table as read off a page: its id, its headings, and its rows of cells' words."""

    key: str
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class TableReader(HTMLParser):
    """Reads a page's tables of figures; marks and what only screen readers get are not part of a cell's words."""

    def __init__(self):
        super().__init__()
        self.tables, self._cell, self._hidden, self._skipping = [], None, 0, False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "table":
            self.tables.append(ReadTable(given.get("id", "")))
        if tag == "tr" and self.tables:
            self._skipping = "row-why" in given.get("class", "")
            self._head = False
            if not self._skipping:
                self.tables[-1].rows.append([])
        if tag in ("td", "th") and self.tables:
            self._cell, self._is_heading = [], given.get("scope") == "col"
        if (self._cell is not None and (tag == "sup" or "visually-hidden" in given.get("class", ""))) or (
            self._hidden and tag not in ("br",)
        ):
            self._hidden += 1

    def handle_endtag(self, tag):
        if self._hidden:
            self._hidden -= 1
            return
        if tag in ("td", "th") and self._cell is not None:
            words = " ".join("".join(self._cell).split())
            if self._is_heading:
                self.tables[-1].headings.append(words)
            elif not self._skipping:
                self.tables[-1].rows[-1].append(words)
            self._cell = None
        if tag == "table" and self.tables:
            self.tables[-1].rows = [row for row in self.tables[-1].rows if row]

    def handle_data(self, words):
        if self._cell is not None and not self._hidden:
            self._cell.append(words)


def tables_of(page: str) -> dict[str, ReadTable]:
    """Every table of a page by its id."""
    reader = TableReader()
    reader.feed(page)
    return {table.key: table for table in reader.tables}


def csv_of(content: bytes) -> tuple[list[str], list[list[str]]]:
    """A CSV file's headings and rows."""
    headings, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return headings, rows
