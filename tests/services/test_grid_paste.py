"""A block from a spreadsheet: matched, shown with every change, and applied whole or not at all."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import audit
from services.models import AuditEntry, Forecast, ServiceLine
from tests.services.factories import make_approved, make_division, make_forecast
from tests.services.pages import BASE, make_office

pytestmark = pytest.mark.django_db
PREVIEW, APPLY = f"{BASE}grid/paste/", f"{BASE}grid/paste/apply/"


@pytest.fixture
def office():
    return make_office()


def lines_of(office):
    return [office.fostering.pk, office.placements.pk, office.top_ups.pk]  # as the page has them


def block(office, text, *, address=PREVIEW, who="officer", line=None, column="forecast_outturn", **more):
    sent = {
        "text": text,
        "line": (line or office.fostering).pk,
        "column": column,
        "lines": lines_of(office) if who != "holder" else lines_of(office)[:2],
        **more,
    }
    return office.client(who).post(address, json.dumps(sent), content_type="application/json")


def changes(answer):
    return [(c["name"], c["column"], c["old"], c["new"]) for c in answer.json()["changes"]]


def outturns():
    return dict(Forecast.objects.values_list("service_line__name", "forecast_outturn"))


def test_lines_are_matched_by_code_in_any_order_and_unknown_ones_are_named(office):
    answer = block(office, "C02\t510,000\nC01\t1,310,000\nZ9\t5\n")
    assert answer.json()["words"] == "2 matched, 1 unknown; 2 figures would change."
    assert answer.json()["unknown"] == ["Z9"]
    assert changes(answer) == [
        ("Fostering", "forecast_outturn", "not yet forecast", "510,000"),
        ("Placements", "forecast_outturn", "1,300,000", "1,310,000"),
    ]
    assert outturns() == {"Placements": 1300000, "Top-ups": 2050000}


def test_columns_are_matched_by_their_headings(office):
    text = "Code\tService\tWorst case\tForecast outturn (£)\nC01\tPlacements\t(5)\t1,310,000\n"
    answer = block(office, text.replace("(5)", "1,400,000"), column="commitments")
    assert {(column, new) for _, column, _, new in changes(answer)} == {
        ("forecast_outturn", "1,310,000"),
        ("worst_case", "1,400,000"),
    }


def test_without_codes_or_headings_a_block_lies_where_it_was_put(office):
    answer = block(office, "710,000\t20,000\r\n720,000\t30,000\r\n", column="actual_to_date")
    assert [(name, column, new) for name, column, _, new in changes(answer)] == [
        ("Fostering", "actual_to_date", "710,000"),
        ("Fostering", "commitments", "20,000"),
        ("Placements", "actual_to_date", "720,000"),
        ("Placements", "commitments", "30,000"),
    ]


def test_figures_over_columns_that_are_worked_out_are_left_alone_and_counted(office):
    answer = block(office, "500,000\t710,000\t20,000\n", column="revised_budget")
    assert answer.json()["passed_over"] == 1
    assert {column for _, column, _, _ in changes(answer)} == {"actual_to_date", "commitments"}


def test_a_blank_cell_leaves_its_figure_and_a_block_below_the_last_line_is_unknown(office):
    answer = block(office, "\n1\n2\n3\n", line=office.placements)
    assert (answer.json()["matched"], answer.json()["unknown"]) == (2, ["row 3"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("C01\t1.3m\n", "Row 1: Placements, forecast outturn: “1.3m” is not an amount of money"),
        ("C01\t1\nC01\t2\n", "Row 2: Placements is there twice."),
    ],
)
def test_one_problem_stops_the_whole_block(office, text, said):
    answer = block(office, "C02\t510,000\n" + text)
    assert any(said.split(": ", 1)[1] in problem for problem in answer.json()["problems"])
    applied = block(office, "C02\t510,000\n" + text, address=APPLY, key="k")
    assert applied.status_code == 422
    assert "Nothing was saved" in applied.json()["words"]
    assert outturns() == {"Placements": 1300000, "Top-ups": 2050000}


def test_a_block_is_applied_as_it_was_shown_and_stands_in_the_trail(office):
    text = "C02\t510,000\nC01\t1,310,000\n"
    shown = block(office, text).json()
    answer = block(office, text, address=APPLY, key="k", versions=shown["versions"])
    assert answer.json()["words"] == "Saved: 2 lines from the block."
    assert outturns() == {"Placements": 1310000, "Fostering": 510000, "Top-ups": 2050000}
    assert AuditEntry.objects.filter(action="enter forecast").count() == 4
    again = block(office, text, address=APPLY, key="k", versions=shown["versions"])
    assert AuditEntry.objects.filter(action="enter forecast").count() == 4
    assert again.status_code in {200, 422}
    assert list(audit.broken_chains()) == []


def test_nothing_of_a_block_is_applied_when_one_line_was_saved_by_somebody_else_meanwhile(office):
    text = "C02\t510,000\nC01\t1,310,000\n"
    shown = block(office, text).json()
    make_forecast(office.placements, office.period, "1290000")
    answer = block(office, text, address=APPLY, key="k", versions=shown["versions"])
    assert (answer.status_code, answer.json()["state"]) == (409, "conflict")
    assert outturns() == {"Placements": 1290000, "Top-ups": 2050000}


def test_odd_figures_in_a_block_need_one_reason(office):
    text = "C01\t13,000,000\n"
    shown = block(office, text).json()
    assert any("about ten times" in finding["words"] for finding in shown["findings"])
    refused = block(office, text, address=APPLY, key="k", versions=shown["versions"])
    assert refused.json()["state"] == "questioned"
    saved = block(office, text, address=APPLY, key="k", versions=shown["versions"], reason="A second home")
    assert saved.json()["state"] == "saved"


def test_a_locked_line_stops_the_block(office):
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    assert block(office, "C01\t1,310,000\n").json()["problems"] == ["Row 1: Placements: locked: approved."]
    answer = block(office, "C01\t1,310,000\n", address=APPLY, key="k")
    assert (answer.status_code, answer.json()["state"]) == (409, "closed")


def test_a_holder_pastes_into_their_own_directorate_only(office):
    assert block(office, "C01\t1,310,000\n", who="holder").json()["matched"] == 1
    assert block(office, "E01\t1,310,000\n", who="holder").json()["unknown"] == ["E01"]
    assert block(office, "C01\t1\n", who="holder", lines=lines_of(office)).status_code == 404
    assert block(office, "C01\t1\n", who="stranger").status_code == 404


def test_a_code_is_text_and_a_formula_is_not_a_figure(office):
    ServiceLine.objects.filter(pk=office.placements.pk).update(code="00123")
    assert block(office, "123\t1\n00123\t1,310,000\n").json()["unknown"] == ["123"]
    assert block(office, "00123\t=1+1\n").json()["problems"]


def test_too_large_a_block_is_refused_in_words(office):
    answer = block(office, "C01\t1\n" * 1001)
    assert answer.status_code == 422
    assert "paste at most 1,000 at once" in answer.json()["words"]


def test_a_hundred_lines_are_applied_in_as_many_queries_as_two(office):
    division = make_division(office.council)
    ServiceLine.objects.bulk_create(
        ServiceLine(council=office.council, division=division, name=f"Line {number:03d}", code=f"L{number}")
        for number in range(200)
    )
    made = list(ServiceLine.objects.filter(code__startswith="L").values_list("pk", flat=True))
    counts = []
    for first, last in ((0, 2), (2, 102)):
        text = "".join(f"L{number}\t{1000 + number}\n" for number in range(first, last))
        block(office, text, lines=made)
        with CaptureQueriesContext(connection) as captured:
            assert block(office, text, address=APPLY, key=f"k{first}", lines=made).json()["state"] == "saved"
        counts.append(len(captured))
    assert counts[0] == counts[1]
