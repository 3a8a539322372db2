"""Figures that must not get in unnoticed: each row of the catalogue of faults, with what was there before unchanged."""

from datetime import date
from decimal import Decimal

import pytest

from accounting.money import money_from_number
from services.imports.cells import amount_in
from services.imports.profile import Field
from tests.services.factories import make_council, make_line
from tests.services.imports.support import (
    codes_of,
    csv_bytes,
    imported,
    position_of,
    problems_of,
    refused,
    remarks_of,
    xlsx_bytes,
)

TOTALS = 'total_rows = ["Total"]\n'


@pytest.fixture
def council(db):
    council = make_council()
    for name in ("Fostering", "Adoption", "Legal"):
        make_line(council, name)
    return council


def forecast_of(council, name="Fostering"):
    return next(line for line in position_of(council).lines if line.name == name).position.forecast_outturn


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("0012", "12"), ("1,234.50", "1234.50"), ("£1,234", "1234"), ("(1,234)", "-1234"), ("1,234-", "-1234"), ("1,234CR", "-1234"),
        ("−5", "-5"), ("-86", "-86"), ("(5)", "-5"), ("0.00", "0"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_i16_numbers_as_people_print_them_are_read(council, make, text, pounds):
    content = make(("Fostering", "1000", text))
    found = imported(council, content, name="return.xlsx" if make is xlsx_bytes else "return.csv")
    assert forecast_of(council) == Decimal(pounds)
    assert found.rows_changed == 1


@pytest.mark.parametrize(
    "text", ["1.234,50", "1 234", "1e5", "NaN", "inf", "0x10", "１２３", "٣", "1_000", "12,34", "--5", "=1+1"]
)
@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_i17_what_nobody_means_is_refused_with_an_example(council, make, text):
    content = make(("Fostering", "1000", text))
    (problem,) = refused(
        council, content, name="return.xlsx" if make is xlsx_bytes else "return.csv"
    ).problems
    assert problem.row == 2
    assert problem.column == "Forecast outturn"
    assert "1,234.50" in problem.what


def test_i18_what_is_finer_than_a_penny_is_refused_and_binary_noise_is_not(council):
    assert "finer than a penny" in problems_of(refused(council, csv_bytes(("Fostering", "1000", "12.345"))))
    imported(council, xlsx_bytes(("Fostering", 1000, 0.1 + 0.2)), name="return.xlsx")
    assert forecast_of(council) == Decimal("0.30")
    assert amount_in(Decimal("0.30000000000000004"), field=Field.FORECAST_OUTTURN, unit=_pounds()) == Decimal(
        "0.30"
    )
    assert money_from_number(Decimal("0.3")) == Decimal("0.30")


def _pounds():
    from accounting.money import Unit

    return Unit.POUNDS


@pytest.mark.parametrize("text", ["999,999,999,999.99", "-999,999,999,999.99", "9" * 40])
def test_i19_more_money_than_any_council_has_is_a_range_error(council, text):
    assert "beyond any council's figure" in problems_of(
        refused(council, csv_bytes(("Fostering", "1000", text)))
    )


def test_i20_a_file_in_pounds_read_as_thousands_is_asked_about(council):
    rows = (
        ("Fostering", "1000000", "1200000"),
        ("Adoption", "300000", "310000"),
        ("Legal", "50000", "45000"),
    )
    imported(council, csv_bytes(*rows), period="2023-24/p6")
    found = refused(council, csv_bytes(*rows), toml='units = "thousands"')
    assert codes_of(found) == {"scale"}
    assert "a thousand times those of the period before" in found.confirmations[0].question
    assert (
        imported(council, csv_bytes(*rows), toml='units = "thousands"', confirmed=["scale"]).rows_changed == 3
    )


def test_i21_income_without_its_minus_sign_is_asked_about(council):
    make_line(council, "Fees", kind="income")
    imported(council, csv_bytes(("Fees", "-500", "-480")), period="2023-24/p6")
    found = refused(council, csv_bytes(("Fees", "500", "480")))
    assert codes_of(found) == {"sign"}
    assert imported(council, csv_bytes(("Fees", "500", "480")), confirmed=["sign"]).rows_changed == 1


def test_i21_the_file_itself_may_say_that_a_line_is_income(council):
    headings = ("Service line", "Kind", "Revised budget", "Forecast outturn")
    found = refused(
        council,
        csv_bytes(("Fees", "income", "500", "480"), headings=headings),
        toml="create_missing_lines = true",
    )
    assert codes_of(found) == {"sign"}


def test_i24_two_rows_of_one_line_are_both_named(council):
    (problem,) = refused(
        council, csv_bytes(("Fostering", "1", "2"), ("Legal", "1", "2"), ("fostering ", "3", "4"))
    ).problems
    assert "rows 2 and 4" in problem.found


@pytest.mark.postgres
def test_i28_one_bad_row_in_many_and_nothing_is_written(council):
    rows = [(f"Line {number}", "100", "110") for number in range(3000)]
    rows[1234] = ("Line 1234", "100", "1.10,00")
    found = refused(council, csv_bytes(*rows), toml="create_missing_lines = true")
    (problem,) = found.problems
    assert problem.row == 1236
    assert not council.periods.exists()


def test_i28_every_problem_is_listed_at_once(council):
    found = refused(
        council,
        csv_bytes(("Fostering", "x", "2"), ("Adoption", "1", "y"), ("Nowhere", "1", "2"), ("Legal", "1", "")),
    )
    assert [(problem.row, problem.column) for problem in found.problems if problem.row] == [
        (2, "Revised budget"), (3, "Forecast outturn"), (5, "Forecast outturn"), (4, "service line"),
    ]  # fmt: skip


@pytest.mark.postgres
def test_i29_the_same_file_again_changes_nothing_and_says_when_it_came(council):
    content = csv_bytes(("Fostering", "1000", "1200"))
    assert imported(council, content).rows_changed == 1
    from tests.services.imports.support import fingerprint

    before = fingerprint()
    again = imported(council, content)
    assert again.already_imported
    assert again.rows_changed == 0
    assert again.applied_before.applied_by.username == "command-line"
    assert fingerprint() == before


@pytest.mark.postgres
def test_i30_one_penny_more_changes_exactly_one_line(council):
    imported(
        council, csv_bytes(("Fostering", "1000", "1200.00"), ("Adoption", "5", "6"), ("Legal", "7", "8"))
    )
    found = imported(
        council, csv_bytes(("Fostering", "1000", "1200.01"), ("Adoption", "5", "6"), ("Legal", "7", "8"))
    )
    assert found.rows_changed == 1
    ((line_id, (difference,)),) = found.changes.items()
    assert line_id == council.service_lines.get(name="Fostering").pk
    assert (difference.field, difference.before, difference.after) == (
        Field.FORECAST_OUTTURN,
        Decimal("1200.00"),
        Decimal("1200.01"),
    )


def test_i33_a_total_row_that_nobody_named_is_left_out_only_when_confirmed(council):
    content = csv_bytes(("Fostering", "100", "110"), ("Adoption", "5", "6"), ("Total services", "105", "116"))
    found = refused(council, content)
    assert codes_of(found) == {"total-row"}
    assert "Row 4" in found.confirmations[0].details[0]
    found = imported(council, content, confirmed=["total-row"])
    assert found.rows_changed == 2
    assert [check.gap for check in found.reading.totals] == [0, 0]


def test_i33_a_total_by_its_figures_alone_is_noticed(council):
    content = csv_bytes(("Fostering", "100", "110"), ("Adoption", "5", "6"), ("All services", "105", "116"))
    found = refused(council, content, toml="create_missing_lines = true")
    assert "the sums of the 2 lines above" in found.confirmations[0].details[0]


def test_a_line_that_the_council_holds_is_a_line_whatever_its_name(council):
    make_line(council, "Total Communication service")
    assert imported(council, csv_bytes(("Total Communication service", "100", "110"))).rows_changed == 1


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_i34_a_control_total_that_differs_by_a_penny_is_refused_with_both(council, make):
    rows = (("Fostering", 100.10, 110.10), ("Adoption", 5.25, 6.25), ("Total", 105.35, 116.36))
    rows = [(name, f"{a:.2f}", f"{b:.2f}") for name, a, b in rows] if make is csv_bytes else rows
    (problem,) = refused(
        council, make(*rows), name="return.xlsx" if make is xlsx_bytes else "return.csv", toml=TOTALS
    ).problems
    assert (problem.found, problem.expected) == ("£116.36", "£116.35")
    assert problem.row == 4


def test_a_gap_within_rounding_is_shown_and_allowed(council):
    found = imported(
        council,
        csv_bytes(("Fostering", "100", "110"), ("Adoption", "5", "6"), ("Total", "106", "115")),
        toml='units = "thousands"\n' + TOTALS,
    )
    assert [check.gap for check in found.reading.totals] == [Decimal(1000), Decimal(-1000)]
    assert [check.tolerance for check in found.reading.totals] == [Decimal(1500), Decimal(1500)]


@pytest.mark.parametrize("variance", ["201", "-200"])
def test_a_printed_variance_that_does_not_follow_is_refused_with_both(council, variance):
    headings = ("Service line", "Revised budget", "Forecast outturn", "Variance")
    found = refused(
        council, csv_bytes(("Fostering", "1000.00", "1200.00", variance + ".00"), headings=headings)
    )
    (problem,) = [problem for problem in found.problems if problem.row == 2]
    assert problem.expected == "£200.00"


def test_i35_a_date_is_no_figure(council):
    def dated(workbook, sheet):
        sheet.write_datetime("C2", date(2026, 2, 28), workbook.add_format({"num_format": "dd/mm/yyyy"}))

    content = xlsx_bytes(("Fostering", 1000), edit=dated)
    (problem,) = refused(council, content, name="return.xlsx").problems
    assert "formatted as a date" in problem.what
    assert problem.found == "2026-02-28"
    assert "is not an amount" in problems_of(refused(council, csv_bytes(("Fostering", "1000", "31/02/2026"))))


def test_a_true_is_no_figure(council):
    content = xlsx_bytes(("Fostering", 1000), edit=lambda _, sheet: sheet.write_boolean("C2", True))
    assert "true or false" in problems_of(refused(council, content, name="return.xlsx"))


def test_a_blank_forecast_is_never_nil(council):
    assert "A blank is not nil" in problems_of(refused(council, csv_bytes(("Fostering", "1000", ""))))
    assert "write 0 for nil" in problems_of(refused(council, csv_bytes(("Fostering", "1000", "-"))))


def test_a_command_line_control_total_is_checked(council):
    from services.imports.reading import Stated

    content = csv_bytes(("Fostering", "100.00", "110.10"), ("Adoption", "5.00", "6.10"))
    stated = Stated(amount=Decimal("116.21"), decimals=2)
    assert "£116.20" in problems_of(refused(council, content, stated=stated))
    assert imported(council, content, stated=Stated(amount=Decimal("116.20"), decimals=2)).rows_changed == 2


def test_drawdowns_printed_negative_are_asked_about(council):
    headings = ("Service line", "Revised budget", "Forecast outturn", "Drawdown", "Variance after reserves")
    content = csv_bytes(("Fostering", "1000", "1400", "(360)", "40"), headings=headings)
    assert codes_of(refused(council, content)) == {"drawdown-sign"}
    imported(council, content, confirmed=["drawdown-sign"])
    line = next(line for line in position_of(council).lines if line.name == "Fostering").position
    assert (line.drawdown, line.variance_after_reserves) == (Decimal("360.00"), Decimal("40.00"))


def test_slips_in_a_note_are_told_and_nothing_is_blocked(council):
    content = csv_bytes(("Fostering", "100", "110"), ("Net revenue budget of £86,748m", "", ""))
    found = imported(council, content)
    assert "£86,748m" in remarks_of(found)
