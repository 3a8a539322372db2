"""The catalogue of faults, its rows on forms, walked through every way in which a forecast is entered: row, cell, block, workbook, line."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from services.models import AuditEntry, Forecast, RequestKey, ServiceLine
from services.operations.forecasts import ForecastEdit, save_forecasts
from services.operations.refusals import PeriodClosedError
from tests.services.factories import (
    make_approved,
    make_division,
    make_forecast,
    pounds,
)
from tests.services.imports.support import fingerprint
from tests.services.pages import BASE, figures, make_office, words
from tests.services.test_grid_saving import held, post_row, row_form, send
from tests.services.workbooks import HERE as WORKBOOK
from tests.services.workbooks import confirmation, downloaded, edited
from tests.services.workbooks import send as upload

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ODD = {
    "ten times too much": ("forecast_outturn", "13,000,000"),
    "a tenth": ("forecast_outturn", "130,000"),
    "the other sign": ("forecast_outturn", "-1,300,000"),
    "below what is spent": ("forecast_outturn", "650,000"),
}


@pytest.fixture
def office(db):
    return make_office()


def paste(office, text, *, apply=False, who="officer", **more):
    line = office.fostering
    sent = {"text": text, "line": line.pk, "column": "forecast_outturn", "key": "block", **more}
    sent.setdefault("lines", list(ServiceLine.objects.order_by("order", "pk").values_list("pk", flat=True)))
    where = f"{BASE}grid/paste/{'apply/' if apply else ''}"
    return office.client(who).post(where, json.dumps(sent), content_type="application/json")


# --- F01 ---------------------------------------------------------------------------------------------------------------


def test_f01_a_row_saved_too_late_shows_yours_theirs_and_what_both_began_from(office):
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    make_forecast(office.placements, office.period, "1290000")
    before = fingerprint()
    response = post_row(office, office.placements, sent)
    assert response.status_code == 409
    assert "Forecast outturn: yours 1,310,000, theirs 1,290,000, before both 1,300,000." in words(response)
    assert fingerprint() == before


def test_f01_what_was_left_alone_in_a_late_row_is_not_put_back_by_a_second_try(office):
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    make_forecast(office.placements, office.period, "1300000", actual_to_date="720000", commitments="5000")
    page = post_row(office, office.placements, sent).content.decode()
    names = dict(re.findall(rf'name="(line-{office.placements.pk}-\w+)"[^>]*? value="([^"]*)"', page))
    assert names[f"line-{office.placements.pk}-actual_to_date"] == "720,000"
    assert "Actual to date: yours" not in words(post_row(office, office.placements, sent))
    again = post_row(office, office.placements, sent | names | {"version": "2", "key": "second"})
    assert again.status_code == 302
    saved = held(office)
    assert (saved.forecast_outturn, saved.actual_to_date, saved.commitments) == (1310000, 720000, 5000)


def test_f01_a_version_that_a_return_wrote_is_told_without_what_both_began_from(office):
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    Forecast.objects.filter(pk=held(office).pk).update(forecast_outturn=pounds("1295000"), version=2)
    response = post_row(office, office.placements, sent)
    assert response.status_code == 409
    assert "yours 1,310,000, theirs 1,295,000." in words(response)


# --- F02, M5 -----------------------------------------------------------------------------------------------------------


def test_f02_a_row_sent_twice_or_sent_again_after_back_has_one_effect(office):
    """M5 too: what was stored and not acknowledged is not stored a second time."""
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    answers = [post_row(office, office.placements, sent) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert held(office).version == 2
    assert AuditEntry.objects.filter(action="enter forecast", after__version=2).count() == 1
    assert RequestKey.objects.filter(key=sent["key"]).count() == 1


def test_f02_a_block_sent_twice_has_one_effect(office):
    answers = [paste(office, "C01\t1,310,000\n", apply=True).json()["state"] for _ in range(2)]
    assert answers == ["saved", "saved"]
    assert held(office).version == 2


# --- F04, M21 ----------------------------------------------------------------------------------------------------------


def test_f04_a_grid_of_1500_fields_saves_row_by_row(office):
    """M21: with a thousand fields in one form Django answers 400 and everything typed is lost. Here no form has more than ten."""
    division = make_division(office.council)
    ServiceLine.objects.bulk_create(
        ServiceLine(council=office.council, division=division, name=f"Line {number:03d}", order=number)
        for number in range(297)
    )
    page = office.client("officer").get(f"{BASE}grid/").content.decode()
    assert len(re.findall(r'<input type="text" name="line-', page)) == 300 * 5
    assert (
        max(page.count(f'form="form-{pk}"') for pk in ServiceLine.objects.values_list("pk", flat=True)) == 5
    )
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    assert post_row(office, office.placements, sent).status_code == 302


@pytest.mark.parametrize("fields", [1_001, 1_200, 4_900])
def test_f04_a_form_of_many_fields_is_answered_like_any_other(office, fields):
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    many = {f"line-999-{number}": "5" for number in range(fields)}
    assert post_row(office, office.placements, sent | many).status_code == 302
    assert held(office).forecast_outturn == 1310000


@pytest.mark.parametrize("page", ["workbook/", "import/", "ledger/"])
def test_m21_a_file_above_the_limit_is_refused_before_it_is_read(office, page):
    """M21: Django itself takes a file of any size."""
    name = "large.xlsx" if page == "workbook/" else "large.csv"
    before = fingerprint()
    sent = {"file": SimpleUploadedFile(name, b"a,b\n" * (5 * 1024 * 1024 + 1))}
    answer = office.client("officer").post(f"{BASE}{page}", sent)
    assert answer.status_code == 422
    assert "more than 20 MB" in words(answer)
    assert fingerprint() == before


# --- F05 ---------------------------------------------------------------------------------------------------------------


def test_f05_a_month_closed_while_typing_is_refused_inside_the_transaction_and_by_the_database(office):
    make_forecast(office.fostering, office.period, "500000")
    row = row_form(office, office.placements, forecast_outturn="1,310,000")
    line = figures(
        office.client("officer"), office.line_address(office.placements), forecast_outturn="1310000"
    )
    book = upload(office.client("officer"), edited(downloaded(office.client("officer")), {"I2": 1310000}))
    make_approved(office.period)
    before = fingerprint()
    in_row = post_row(office, office.placements, row)
    in_cell = send(office, "1,310,000")
    in_block = paste(office, "C01\t1,310,000\n", apply=True)
    on_line = office.client("officer").post(office.line_address(office.placements), line)
    in_book = office.client("officer").post(f"{WORKBOOK}confirm/", confirmation(book) | {"reason": "Agreed."})
    answers = (in_row, in_cell, in_block, on_line, in_book)
    assert [answer.status_code for answer in answers] == [409] * 5
    assert 'value="1,310,000"' in in_row.content.decode()
    assert "kept in the cell, to be copied" in in_cell.json()["words"]
    assert on_line.context["figures"]["forecast_outturn"].value() == "1310000"
    with pytest.raises(PeriodClosedError):
        save_forecasts(
            by=office.people["officer"],
            period=office.period,  # as it was read before it was closed
            edits=[
                ForecastEdit(line_id=office.placements.pk, expected_version=1, forecast_outturn=pounds("1"))
            ],
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Forecast.objects.filter(service_line=office.placements).update(forecast_outturn=pounds("1"))
    assert fingerprint() == before


# --- F07 ---------------------------------------------------------------------------------------------------------------


def test_f07_a_blank_forecast_is_unknown_in_its_row_and_in_every_total_and_nil_is_nil(office):
    answer = send(office, "0", line=office.fostering, reason="Closed.").json()
    assert answer["rows"][0]["exact"]["forecast_outturn"] == "0"
    assert all("not yet forecast" not in total["cells"] for total in answer["totals"])
    answer = send(office, "", line=office.fostering, key="k2").json()
    assert answer["rows"][0]["exact"]["forecast_outturn"] == ""
    assert all(row["cells"][6] == "not yet forecast" for row in (*answer["rows"], *answer["totals"]))
    assert held(office, office.fostering).forecast_outturn is None


# --- F08 ---------------------------------------------------------------------------------------------------------------


def by_cell(office, column, typed, reason=""):
    answer = send(office, typed, column=column, reason=reason, key=f"k{reason}")
    return answer.status_code, answer.json()["words"]


def by_row(office, column, typed, reason=""):
    sent = row_form(office, office.placements, **{column: typed})
    answer = post_row(office, office.placements, sent | {"reason": reason})
    return answer.status_code, words(answer)


def by_block(office, column, typed, reason=""):
    if reason:
        answer = paste(office, f"C01\t{typed}\n", apply=True, reason=reason)
        return answer.status_code, answer.json()["words"]
    answer = paste(office, f"C01\t{typed}\n")
    return 422, " ".join(finding["words"] for finding in answer.json()["findings"])


def by_workbook(office, column, typed, reason=""):
    client = office.client("officer")
    content = downloaded(client)
    row = next(place for place in (2, 3, 4) if _code(content, place) == "C01")
    shown = upload(client, edited(content, {f"I{row}": typed}))
    answer = client.post(f"{WORKBOOK}confirm/", confirmation(shown) | {"reason": reason})
    return answer.status_code, words(answer)


def _code(content, row):
    import io

    import openpyxl

    cells = openpyxl.load_workbook(io.BytesIO(content))["Lines"][row]
    return next((str(cell.value) for cell in cells if re.fullmatch(r"[CE]\d\d", str(cell.value))), "")


def by_line(office, column, typed, reason=""):
    client, address = office.client("officer"), office.line_address(office.placements)
    more = {"why": reason} if reason else {}
    answer = client.post(address, figures(client, address, **{column: typed}, **more))
    return answer.status_code, words(answer)


WAYS = {"cell": by_cell, "row": by_row, "block": by_block, "workbook": by_workbook, "line": by_line}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ODD)
def test_f08_what_looks_like_a_slip_is_asked_about_and_saved_with_a_reason_which_is_kept(office, way, kind):
    column, typed = ODD[kind]
    status, told = WAYS[way](office, column, typed)
    assert (status, held(office).version) == (422, 1), told
    assert typed.lstrip("-") in told
    status, told = WAYS[way](office, column, typed, "It was moved from another line.")
    assert status in (200, 302), told
    assert held(office).version == 2
    entry = AuditEntry.objects.filter(action="enter forecast").latest("sequence")
    assert entry.reason == "It was moved from another line."


# --- F16 ---------------------------------------------------------------------------------------------------------------


def test_f16_without_script_every_open_figure_has_a_labelled_field_and_every_row_its_button(office):
    """Slow and broken connections are met in the browser: tests/browser/test_grid.py."""
    page = office.client("officer").get(f"{BASE}grid/").content.decode()
    for line in (office.placements, office.fostering, office.top_ups):
        assert len(re.findall(rf'aria-label="[^"]+, {line.name}"', page)) == 5
        assert f'<form id="form-{line.pk}" method="post"' in page
        assert f'Save<span class="visually-hidden"> {line.name}</span>' in page
        assert f'href="{office.line_address(line)}"' in page


# --- F17, I16, I17 -----------------------------------------------------------------------------------------------------

GRAMMAR = (
    "1,234.50",
    "£1,234.50",
    "(1,234.50)",
    "1,234.50-",
    "1,234.50CR",
    "\u22121,234.50",
    "1234.50",
    " 1,234.50 ",
)
MEANT = ("1234.50", "1234.50", "-1234.50", "-1234.50", "-1234.50", "-1234.50", "1234.50", "1234.50")


def two_hundred(office):
    division = make_division(office.council)
    return ServiceLine.objects.bulk_create(
        ServiceLine(
            council=office.council,
            division=division,
            name=f"Line {number:03d}",
            code=f"N{number:03d}",
            order=number,
        )
        for number in range(200)
    )


def test_f17_a_block_of_200_rows_is_read_as_people_print_figures_and_previewed(office):
    lines = two_hundred(office)
    text = "".join(f"N{number:03d}\t{GRAMMAR[number % len(GRAMMAR)]}\n" for number in range(200))
    before = fingerprint()
    shown = paste(office, text).json()
    assert (shown["state"], len(shown["changes"]), shown["problems"]) == ("preview", 200, [])
    assert fingerprint() == before
    with_reason = {"versions": shown["versions"], "reason": "As agreed with each service."}
    assert paste(office, text, apply=True, **with_reason).json()["state"] == "saved"
    saved = dict(Forecast.objects.values_list("service_line_id", "forecast_outturn"))
    assert [saved[line.pk] for line in lines[:8]] == [pounds(amount) for amount in MEANT]


@pytest.mark.parametrize("typed", ["1.234,50", "1 234", "1e5", "NaN", "inf", "0x10", "１２３", "٣", "1_000"])
def test_f17_one_cell_that_nobody_means_stops_a_block_and_is_named(office, typed):
    two_hundred(office)
    text = "".join(f"N{number:03d}\t{typed if number == 77 else '1,000'}\n" for number in range(200))
    shown = paste(office, text).json()
    assert len(shown["problems"]) == 1
    assert "Line 077" in shown["problems"][0]
    before = fingerprint()
    assert paste(office, text, apply=True, reason="Agreed.").status_code == 422
    assert fingerprint() == before


# --- M1 ----------------------------------------------------------------------------------------------------------------


def test_m1_sums_in_the_database_are_exact_where_a_column_of_doubles_is_not(office):
    """Two hundred ledgers that come to nothing, each summed by the database: every one is nil to the penny."""
    from django.db.models import Sum

    lines = two_hundred(office)
    amounts = [pounds("0.10"), pounds("0.20"), pounds("-0.30"), pounds("99999999.99"), pounds("-99999999.99")]
    Forecast.objects.bulk_create(
        Forecast(
            council=office.council,
            service_line=line,
            period=office.period,
            forecast_outturn=amounts[place % 5],
        )
        for place, line in enumerate(lines)
    )
    sums = Forecast.objects.filter(service_line__in=[line.pk for line in lines])
    assert sums.aggregate(total=Sum("forecast_outturn"))["total"] == 0
    with connection.cursor() as cursor:
        kind = (
            "pg_typeof(forecast_outturn)::text"
            if connection.vendor == "postgresql"
            else "typeof(forecast_outturn)"
        )
        cursor.execute(f"SELECT DISTINCT {kind} FROM services_forecast WHERE forecast_outturn IS NOT NULL")
        assert cursor.fetchall()[0][0] in ("integer", "bigint")
