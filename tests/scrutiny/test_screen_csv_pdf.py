"""Screen = CSV = PDF: every figure of every table, read back from the page, the files and the printed report.

What is compared is what came out: HTML as parsed, CSV as parsed, and the PDF's text as poppler extracts it. The table classes say only
which table and column to look at, and how the one formatter prints an exact figure.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.test import Client

from accounting.figures import Figures
from presentation.exports import table_csv
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, PercentColumn
from scrutiny import access, rendering
from scrutiny.published import PublishedPeriod
from scrutiny.reports.document import report_pdf
from scrutiny.tables import (
    Medium,
    appendix_tables,
    history_points,
    published_tables,
    range_tables,
    reasons_by_directorate,
)
from tests.scrutiny.council import open_month
from tests.scrutiny.pages import ReadTable, csv_of, publish_period, tables_of
from tests.support.pdf import text_of

NUMBERS = (MoneyColumn, NumberColumn, PercentColumn)
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Outputs:
    """One published period as it came out in each form, with the definitions that say how to read it."""

    published: PublishedPeriod
    history: tuple
    page: str
    files: dict[str, bytes]
    pdf: bytes

    def tables(self, medium: Medium) -> dict[str, FigureTable]:
        return published_tables(self.published, history=history_points(self.history), medium=medium)


@pytest.fixture
def outputs(thorney, tmp_path) -> Outputs:
    """The second of two published months, fetched as a member fetches it; the report as the worker makes it."""
    rendering.kept_pages.clear()
    publish_period(thorney)
    publication = publish_period(thorney, open_month(thorney, 8))
    published, history = access.publication_to_print(publication.pk)
    client = Client()
    client.force_login(thorney.member)
    names = published_tables(published, history=history_points(history))
    address = "/thorney/2023-24/p8/"
    return Outputs(
        published=published,
        history=history,
        page=client.get(address).content.decode(),
        files={name: client.get(f"{address}tables/{name}.csv").content for name in names},
        pdf=report_pdf(published, history=history, cache_dir=tmp_path),
    )


# --- Screen and CSV


def screen_against_csv(outputs: Outputs) -> list[str]:
    """Every cell on screen that is not what the CSV's exact value prints as; every table, row or column that one of them lacks."""
    read, faults = tables_of(outputs.page), []
    for name, table in outputs.tables(Medium.SCREEN).items():
        if name not in read:
            faults.append(f"{name} is not on the page")
            continue
        headings, rows = csv_of(outputs.files[name])
        if len(rows) != len(read[name].rows):
            faults.append(f"{name}: {len(read[name].rows)} rows on screen, {len(rows)} in the CSV")
        for shown, exact in zip(read[name].rows, rows, strict=False):
            faults += row_faults(table, read[name], shown, dict(zip(headings, exact, strict=True)))
    return faults


def row_faults(table: FigureTable, read: ReadTable, shown: list[str], exact: dict[str, str]) -> list[str]:
    faults = []
    for column, words in zip(table.figure_columns, shown, strict=True):
        printed = as_printed(column, exact[column.export_heading])
        if words != printed:
            faults.append(
                f"{table.key}, {shown[0]}, {column.verbose_name}: {words} on screen, {printed} from the CSV"
            )
    return faults


def as_printed(column, text: str) -> str:
    """A CSV cell as the page prints it: a number through the one formatter, words without the apostrophe that makes them inert."""
    if isinstance(column, NUMBERS) and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return column.text(Decimal(text))
    words = " ".join(text.removeprefix("'").split())
    return {"Red": "■ Red", "Amber": "▲ Amber", "Green": "● Green"}.get(words, words)


def test_every_figure_on_screen_is_the_csvs_rounded_once(outputs):
    assert screen_against_csv(outputs) == []
    read = tables_of(outputs.page)
    assert set(outputs.tables(Medium.SCREEN)) <= set(read)
    assert sum(len(row) for table in read.values() for row in table.rows) > 400

    # Controls: a figure changed in one place only is found, in either.
    changed = replace(outputs, page=outputs.page.replace(">8,670<", ">8,671<", 1))
    assert len(screen_against_csv(changed)) == 1
    less = {**outputs.files, "reserves": outputs.files["reserves"].replace(b"9000000.00", b"9001000.00")}
    assert len(screen_against_csv(replace(outputs, files=less))) == 1
    a_penny = {**outputs.files, "reserves": outputs.files["reserves"].replace(b"9000000.00", b"9000500.00")}
    assert len(screen_against_csv(replace(outputs, files=a_penny))) == 1  # half a display unit rounds away
    without = {
        **outputs.files,
        "position": b"\r\n".join(outputs.files["position"].split(b"\r\n")[:-2]) + b"\r\n",
    }
    assert any("rows on screen" in fault for fault in screen_against_csv(replace(outputs, files=without)))


def test_each_file_is_its_tables_own_export(outputs):
    for name, table in outputs.tables(Medium.FILE).items():
        assert outputs.files[name] == table_csv(table), name


# --- Screen and PDF


def paper_tables(outputs: Outputs) -> list[FigureTable]:
    """Every table that the report prints."""
    tables = outputs.tables(Medium.PAPER)
    elsewhere = {"lines", "reasons", "services"}  # in appendix A, and by directorate
    printed = [table for name, table in tables.items() if name not in elsewhere]
    return [
        *printed,
        *reasons_by_directorate(outputs.published).values(),
        *appendix_tables(outputs.published),
        *range_tables(outputs.published),
    ]


def words_of_pdf(pdf: bytes) -> str:
    """The PDF's words in reading order, marks of sources taken off the figures, one space between words and at each end."""
    text = re.sub(r"(?<=\d) ?[pdi](?=\s)", "", text_of(pdf, "-raw"))
    return f" {' '.join(text.split())} "


def cells_of(table: FigureTable, row) -> list[str]:
    return [" ".join(column.cell_text(row).split()) for column in table.figure_columns]


def missing_from_pdf(outputs: Outputs) -> list[str]:
    """Every row of every printed table whose cells do not follow one another in the PDF's text."""
    words = words_of_pdf(outputs.pdf)
    return [
        f"{table.key}: {' | '.join(cells_of(table, row))}"
        for table in paper_tables(outputs)
        for row in table.all_rows
        if f" {' '.join(cells_of(table, row))} " not in words
    ]


def screen_against_pdf(outputs: Outputs) -> list[str]:
    """Every figure on screen that no printed row of the same name has under the same heading; rows as found in the PDF only."""
    words, printed = words_of_pdf(outputs.pdf), set()
    for table in paper_tables(outputs):
        for row in table.all_rows:
            cells = cells_of(table, row)
            if f" {' '.join(cells)} " in words:
                printed |= {
                    (cells[0], str(column.verbose_name), cell)
                    for column, cell in zip(table.figure_columns, cells, strict=True)
                }
    read = tables_of(outputs.page)
    return [
        f"{name}, {row[0]}, {column.verbose_name}: {cell}"
        for name, table in outputs.tables(Medium.SCREEN).items()
        for row in read[name].rows
        for column, cell in zip(table.figure_columns, row, strict=True)
        if isinstance(column, NUMBERS)
        and (row[0], str(column.verbose_name), cell) not in printed
        and not unknown_throughout(outputs.published, column.name)
    ]


def unknown_throughout(published: PublishedPeriod, name: str) -> bool:
    """Whether no line has this figure: appendix A leaves such a column out."""
    return name in Figures.__slots__ and all(getattr(line.figures, name) is None for line in published.lines)


def test_every_figure_on_screen_is_in_the_pdf(outputs, tmp_path):
    assert missing_from_pdf(outputs) == []
    assert screen_against_pdf(outputs) == []

    # Control: a report of figures that differ by £1,000 on one line is found, from both sides.
    other = replace(
        outputs,
        pdf=report_pdf(with_another_forecast(outputs.published), history=outputs.history, cache_dir=tmp_path),
    )
    assert any("Family support" in fault for fault in missing_from_pdf(other))
    assert any(
        fault.startswith("position, Family support, Forecast outturn") for fault in screen_against_pdf(other)
    )


def with_another_forecast(published: PublishedPeriod) -> PublishedPeriod:
    lines = tuple(
        replace(line, figures=replace(line.figures, forecast_outturn=line.figures.forecast_outturn + 1000))
        if line.name == "Family support"
        else line
        for line in published.lines
    )
    return replace(published, lines=lines)
