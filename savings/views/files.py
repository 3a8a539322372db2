"""Tables of officers' pages as files: each as CSV, all of a page as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.text import slugify

from accounting.money import Unit
from accounts.models import User
from presentation.exports import CSV_TYPE, XLSX_TYPE, table_csv, tables_xlsx
from presentation.tables import FigureTable


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLinks:
    """A table with the addresses of its files."""

    table: FigureTable
    csv_url: str
    xlsx_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSet:
    """The tables of one page. Those without rows are in no file."""

    title: str
    note: str
    tables: Sequence[FigureTable]

    def links(self, base: str) -> list[FileLinks]:
        """Each table that has rows, with the addresses of its files below `base`."""
        return [
            FileLinks(table=one, csv_url=f"{base}{one.key}.csv", xlsx_url=f"{base}tables.xlsx")
            for one in self.tables
            if one.row_count
        ]

    def by_key(self, base: str) -> dict[str, FileLinks | None]:
        """Each table by its key; `None` for one without rows."""
        shown = {one.table.key: one for one in self.links(base)}
        return {one.key: shown.get(one.key) for one in self.tables}


def table(
    kind: type[FigureTable], rows: Sequence[Any], *, key: str, caption: str, **options: Any
) -> FigureTable:
    """A table of savings: in whole pounds, whatever the council's unit, because savings are small beside budgets."""
    return kind(rows, caption=caption, unit=Unit.POUNDS, key=key, **options)


def csv_file(found: TableSet, key: str) -> HttpResponse:
    """One table as CSV, exact."""
    one = next((each for each in found.tables if each.key == key), None)
    if one is None:
        raise Http404("There is no such table.")
    return _file(table_csv(one), CSV_TYPE, f"{slugify(one.title)}.csv")


def xlsx_file(found: TableSet, *, by: User) -> HttpResponse:
    """Every table with rows as a workbook; one that has none is still a sheet where there is no other."""
    tables = [one for one in found.tables if one.row_count] or list(found.tables[:1])
    content = tables_xlsx(tables, title=found.title, properties={"State": found.note, "Exported by": str(by)})
    return _file(content, XLSX_TYPE, f"{slugify(found.title)}.xlsx")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
