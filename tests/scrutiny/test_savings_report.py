"""Savings, recovery and the medium term in the period's printed report."""

import io
import re

import pikepdf
import pytest

from scrutiny import access
from scrutiny.reports.document import report_document, report_pdf
from scrutiny.reports.recommendations import points_to_note
from scrutiny.savings.tables import savings_tables
from scrutiny.tables.medium import Medium
from services.models import Forecast
from tests.scrutiny import savings_records as of
from tests.scrutiny.council_savings import add_savings
from tests.scrutiny.pages import publish_period
from tests.scrutiny.records import period
from tests.support.pdf import accessibility_faults, archive_failures, text_of


@pytest.fixture
def published(thorney):
    add_savings(thorney)
    return access.publication_to_print(publish_period(thorney).pk)


def html_of(document):
    return " ".join(re.sub(r"<[^>]+>", " ", document.sections[0].html).replace("&#x27;", "'").split())


def test_the_report_has_its_three_sections_whatever_was_published():
    words = html_of(report_document(period(savings=of.content()), history=()))
    for said in (
        "10. Savings",
        "This publication follows no saving with a target in its year.",
        "11. Recovery",
        "No recovery plan was published with this period.",
        "12. Medium-term strategy",
        "No medium-term strategy was published with this period.",
    ):
        assert said in words


def test_the_committee_is_asked_to_note_savings_and_each_plan():
    points = list(points_to_note(period(savings=of.everything())))
    assert "the year's savings: £250k of this year's £1.2m target is rated amber; none is red" in points
    assert "Financial recovery: 1 action is to bring in £1,120,000 in 2014/15" in points


def test_the_report_of_a_period_without_a_forecast_reads_sensibly(thorney):
    Forecast.objects.update(forecast_outturn=None, best_case=None, worst_case=None)
    add_savings(thorney)
    published, history = access.publication_to_print(publish_period(thorney).pk)
    words = html_of(report_document(published, history=history))
    assert "No service line is forecast in this period, so there is no position to report." in words
    assert "an outturn that is not yet known" not in words
    assert "the year's savings:" in words


@pytest.mark.slow
def test_every_figure_of_savings_is_in_the_pdf_and_the_pdf_is_accessible(published, tmp_path):
    content, history = published
    pdf = report_pdf(content, history=history, cache_dir=tmp_path)
    assert accessibility_faults(pdf) == []
    assert archive_failures(pdf) == []
    words = " ".join(re.sub(r"(?<=\d) ?[pdi](?=\s)", "", text_of(pdf, "-raw")).split())
    missing = [
        f"{name}: {' | '.join(cells)}"
        for name, table in savings_tables(content, medium=Medium.PAPER).items()
        for cells in (
            [" ".join(column.cell_text(row).split()) for column in table.figure_columns]
            for row in table.all_rows
        )
        if " ".join(cells) not in words
    ]
    assert missing == []
    assert "It is reviewed every quarter" in words
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert any(name.endswith("-savings.csv") for name in opened.attachments)


@pytest.mark.slow
def test_no_amount_of_savings_is_broken_over_two_lines_however_large(tmp_path):
    big = of.figures("123456789", "112345678", "98765432 10000000 4691357 10000000", mitigation="1234567")
    savings = of.content(of.saving(its=big), whole=big, by_rating={of.Rag.AMBER: "123456789"})
    made = report_pdf(period(savings=savings), history=(), cache_dir=tmp_path)
    words = text_of(made, "-raw")
    for amount in ("123,456,789", "112,345,678", "98,765,432"):
        assert amount in words
    assert not re.search(r"\d,\d\d?\n\d", words)
