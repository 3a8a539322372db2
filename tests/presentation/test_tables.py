"""The table base: what a reader sees."""

from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import engines
from django.test import RequestFactory

from accounting.money import Unit
from presentation.tables import FigureTable, MoneyColumn, RowHeaderColumn
from tests.presentation.lines import Line, column, table


def page_of(one, query="", **context):
    template = engines["django"].from_string(
        '{% include "components/table.html" with table=table csv_url="/t.csv" xlsx_url="" only %}'
    )
    return template.render({"table": one, **context}, RequestFactory().get(f"/{query}"))


def test_money_is_printed_in_the_tables_unit_and_the_caption_names_it():
    line = Line()
    thousands, pounds = table(line), table(line, unit=Unit.POUNDS)
    assert column(thousands, "budget").cell_text(line) == "1,235"
    assert column(pounds, "budget").cell_text(line) == "1,234,568"
    assert thousands.caption.endswith("October 2023, £000")
    assert pounds.caption.endswith("October 2023, £")


def test_nil_is_nought_and_unknown_is_words():
    nil, unknown = (
        Line(variance=Decimal("-0.00")),
        Line(budget=None, percent=None, children=None, rag=None, reason=""),
    )
    assert column(table(nil), "variance").cell_text(nil) == "0"
    words = {one.name: one.cell_text(unknown) for one in table(unknown).figure_columns}
    assert words["budget"] == "not yet forecast"
    assert (words["percent"], words["children"], words["rag"]) == ("n/a", "not recorded", "not rated")
    assert words["reason"] == "none given"


def test_no_cell_is_ever_blank():
    unknown = Line(budget=None, variance=None, percent=None, children=None, rag=None, reason="")
    assert all(one.cell_text(unknown).strip() for one in table(unknown).figure_columns)
    assert "></td>" not in page_of(table(unknown))


def test_a_rating_is_a_shape_and_a_word_before_it_is_a_colour():
    line = Line()
    assert column(table(line), "rag").cell_text(line) == "▲ Amber"
    assert 'class="rag rag-amber"' in page_of(table(line))


def test_the_row_is_headed_by_its_name_and_totals_are_marked_by_kind():
    page = page_of(table(Line(), Line(name="Total", row_kind="total")))
    assert '<th scope="row" class="col-name">Corporate parenting</th>' in page
    assert '<tr class="row-total"><th scope="row" class="col-name">Total</th>' in page
    assert page.count('<th scope="col"') == 7


def test_the_name_leads_somewhere_only_where_the_row_has_an_address():
    linked = Line(address='/x/?a=1&b="2"')
    assert '<a href="/x/?a=1&amp;b=&quot;2&quot;">Corporate parenting</a>' in page_of(table(linked))
    assert "<a href=" not in table(linked, links=False).html_rows
    assert "<a href=" not in table(Line()).html_rows


def test_words_that_people_wrote_stay_words():
    page = page_of(table(Line(name="<b>Bold</b>", reason="<script>alert(1)</script>", row_kind='line"><i>')))
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_a_marked_figure_says_where_it_came_from():
    page = page_of(table(Line(marks={"budget": "illustrative", "variance": "printed"})))
    assert '1,235<sup class="mark" aria-hidden="true"' in page
    assert '<span class="visually-hidden"> (illustrative)</span>' in page
    assert "<li>i: illustrative, not in the source paper.</li>" in page
    assert "<li>p: printed in the source paper.</li>" in page
    assert "derived" not in page


def test_the_key_says_what_the_signs_of_variances_mean():
    class Budgets(FigureTable):
        name = table().base_columns["name"]
        budget = MoneyColumn("Revised budget")

    assert "overspend" in table().key_lines[0]
    assert Budgets((Line(),), caption="Budgets").key_lines == ()


def test_a_table_without_rows_says_so():
    page = page_of(type(table())((), caption="Virements"))
    assert "There are no lines to show." in page
    assert 'colspan="7"' in page


def test_a_long_table_shows_one_page_and_links_to_the_next_keeping_the_query():
    long = table(*(Line(name=f"Line {number}") for number in range(1, 402)))
    long.paginate(page=2, per_page=200)
    page = page_of(long, "?fund=general&page=2")
    assert page.count('scope="row"') == 200
    assert "Line 201" in page
    assert "Line 401" not in page
    assert 'href="?fund=general&amp;page=3"' in page
    assert 'href="?fund=general&amp;page=1"' in page
    assert long.row_count == 401


def test_the_scrolling_region_has_a_name_and_takes_the_keyboard():
    page = page_of(table(key="position"))
    assert 'role="region" aria-labelledby="position-caption" tabindex="0"' in page
    assert 'id="position-caption">Position, Thamesmere' in page


def test_a_table_without_a_row_header_is_refused():
    class Headless(FigureTable):
        budget = MoneyColumn("Revised budget")

    with pytest.raises(ImproperlyConfigured, match="exactly one RowHeaderColumn"):
        Headless((Line(),), caption="Budgets")


def test_a_column_can_be_left_out():
    slim = table(exclude=("rag", "reason"))
    assert [one.name for one in slim.figure_columns] == ["name", "budget", "variance", "percent", "children"]
    assert "Amber" not in slim.html_rows


def test_django_tables2_itself_prints_the_same_words():
    one = table()
    ours = [cell.cell_text(Line()) for cell in one.figure_columns]
    assert [str(cell) for cell in one.rows[0].cells] == ours


def test_a_column_can_read_a_figure_inside_the_row():
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Wrapped:
        line: Line

    class Nested(FigureTable):
        name = RowHeaderColumn("Service line", accessor="line.name")
        budget = MoneyColumn("Revised budget", accessor="line.budget")

    assert "1,235" in Nested((Wrapped(Line()),), caption="Budgets").html_rows
