"""A workbook that comes back: every difference shown, conflicts chosen, everything saved or nothing."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from services.models import AuditEntry, Forecast
from services.operations.restructuring import restructure_line
from services.roles import Role
from tests.services.factories import (
    explain,
    make_approved,
    make_council,
    make_forecast,
    make_line,
    make_member_of,
    make_period,
    the_officer,
)
from tests.services.imports.support import fingerprint
from tests.services.pages import words
from tests.services.workbooks import (
    HERE,
    confirm,
    confirmation,
    differences,
    downloaded,
    edited,
    make_workbook_office,
    problems,
    remarks,
    send,
    with_xml,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_workbook_office()


@pytest.fixture
def officer(office):
    return office.client("officer")


@pytest.fixture
def content(officer):
    """The officer's workbook, as downloaded: Placements in row 2, Fostering in 3, Top-ups in 4."""
    return downloaded(officer)


def held(line) -> Forecast:
    return Forecast.objects.get(service_line=line)


def test_a_workbook_sent_back_as_it_was_has_no_difference(officer, content):
    before = fingerprint()
    for sent in (content, edited(content)):
        response = send(officer, sent)
        assert response.status_code == 200
        assert differences(response) == []
        assert "There is nothing to save" in words(response)
    assert fingerprint() == before


def test_one_penny_is_a_difference_and_is_saved_when_confirmed(office, officer, content):
    before = fingerprint()
    response = send(officer, edited(content, {"I2": 1300000.01}))
    assert differences(response) == [
        ("Placements", "Forecast outturn", "1,300,000.00", "unchanged", "1,300,000.01")
    ]
    assert "Nothing is saved yet" in words(response)
    assert fingerprint() == before
    response = confirm(officer, response)
    assert "Saved from figures.xlsx: 1 line changed." in words(response)
    assert (held(office.placements).forecast_outturn, held(office.placements).version) == (
        Decimal("1300000.01"),
        2,
    )
    assert held(office.placements).actual_to_date == 700_000


def test_a_blank_and_a_nil_are_not_the_same(office, officer, content):
    response = send(officer, edited(content, {"G2": None, "H2": 0, "I3": 0}))
    assert differences(response) == [
        ("Placements", "Actual to date", "700,000.00", "unchanged", "blank, not known"),
        ("Placements", "Commitments", "blank, not known", "unchanged", "0.00"),
        ("Fostering", "Forecast outturn", "blank, not known", "unchanged", "0.00"),
    ]
    confirm(officer, response)
    assert (held(office.placements).actual_to_date, held(office.placements).commitments) == (None, 0)
    assert held(office.fostering).forecast_outturn == 0


def test_a_figure_typed_as_text_is_read_by_the_one_grammar_and_marked(office, officer, content):
    """I16."""
    response = send(officer, edited(content, {"I2": "£1,234.50", "I4": "(5)"}))
    assert [row[-1] for row in differences(response)] == ["1,234.50", "−5.00"]
    assert words(response).count("would be saved, typed as text") == 2


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("tbc", "is not an amount of money"),
        ("n/a", "is not an amount of money"),
        ("-", "is not an amount of money"),
        ("1.5m", "is not an amount of money"),
        (12.345, "finer than a penny"),
        (1e11, "beyond any council's figure"),
        (True, "true or false"),
        ("1e5", "scientific notation"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_cell(officer, content, typed, why):
    before = fingerprint()
    response = send(officer, edited(content, {"H2": 5, "I2": typed}))
    assert response.status_code == 422
    (problem,) = problems(response)
    assert problem.startswith("sheet Lines, row 2, column “Forecast outturn”")
    assert why in problem
    assert "Save these figures" not in words(response)
    assert fingerprint() == before


def test_a_number_with_the_noise_of_a_double_is_the_amount_it_means(officer, content):
    response = send(officer, edited(content, {"I2": 0.1 + 0.2}))
    assert [row[-1] for row in differences(response)] == ["0.30"]


def test_a_formula_with_its_value_is_taken_and_marked(officer, content):
    """I10."""
    response = send(officer, with_xml(content, "I2", '<c r="I2"><f>1400000+1</f><v>1400001</v></c>'))
    assert [row[-1] for row in differences(response)] == ["1,400,001.00"]
    assert "would be saved, from a formula" in words(response)


def test_a_formula_without_its_value_is_a_problem_of_its_cell_and_never_a_blank(officer, content):
    """I11."""
    response = send(officer, edited(content, {"I2": "=1400000+1", "H4": "=A1"}))
    assert [problem.split(":")[0] for problem in problems(response)] == [
        "sheet Lines, row 2, column “Forecast outturn”",
        "sheet Lines, row 4, column “Commitments”",
    ]
    assert all("formula without a saved value" in problem for problem in problems(response))
    assert differences(response) == []


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_in_a_cell_is_a_problem_of_that_cell(officer, content, error):
    """I12."""
    response = send(officer, with_xml(content, "I2", f'<c r="I2" t="e"><v>{error}</v></c>'))
    (problem,) = problems(response)
    assert f"shows the error {error}" in problem
    assert problem.startswith("sheet Lines, row 2, column “Forecast outturn”")


def test_hidden_sheets_rows_and_filters_are_told_and_what_they_hold_is_not_read(officer, content):
    """I13."""

    def hide(book):
        book.create_sheet("Old").sheet_state = "veryHidden"
        book.create_sheet("Notes")
        book["Lines"].row_dimensions[2].hidden = True

    response = send(officer, edited(content, {"I2": 1, "I4": 2}, hide))
    assert [row[0] for row in differences(response)] == ["Top-ups"]
    told = remarks(response)
    assert "Sheet “Old” is very hidden" in told
    assert "Sheet “Notes” is not part of the workbook and was not read" in told
    assert "1 hidden rows with figures or words (2)" in told
    assert "1 of 3 lines that were downloaded are not in the file, and stay as they are: Placements" in told


def test_a_hidden_column_is_not_read_as_blanks(officer, content):
    def hide(book):
        book["Lines"].column_dimensions["G"].hidden = True

    response = send(officer, edited(content, edit=hide))
    assert "The column “Actual to date (£)” is missing or hidden" in problems(response)[0]
    assert differences(response) == []


def test_a_column_taken_out_is_not_read_as_blanks(officer, content):
    response = send(officer, edited(content, edit=lambda book: book["Lines"].delete_cols(7)))
    assert len(problems(response)) == 1
    assert "The column “Actual to date (£)” is missing or hidden" in problems(response)[0]


def test_merged_figures_are_a_problem_that_names_their_cells(officer, content):
    response = send(officer, edited(content, edit=lambda book: book["Lines"].merge_cells("I2:J2")))
    assert any("The cells I2:J2 are merged" in problem for problem in problems(response))


def test_lines_in_another_order_are_the_same_lines(office, officer, content):
    def turn(book):
        sheet = book["Lines"]
        rows = [[cell.value for cell in row] for row in sheet["A2:N4"]]
        for number, row in enumerate(reversed(rows), start=2):
            for place, value in enumerate(row, start=1):
                sheet[f"{get_column_letter(place)}{number}"].value = value

    response = send(officer, edited(content, {"I2": 7}, turn))
    assert [row[:2] for row in differences(response)] == [("Placements", "Forecast outturn")]
    assert "another order" in remarks(response)


def test_columns_sorted_by_themselves_are_noticed(officer, content):
    response = send(officer, edited(content, {"A2": "C02", "B2": "Fostering"}))
    assert "Rows have been mixed" in problems(response)[0]


def test_a_line_without_its_number_is_found_by_its_code(officer, content):
    response = send(officer, edited(content, {"N2": None, "I2": 7}))
    assert [row[0] for row in differences(response)] == ["Placements"]


def test_lines_added_and_lines_twice_are_problems_and_lines_taken_out_are_told(officer, content):
    def change(book):
        sheet = book["Lines"]
        sheet["B6"].value, sheet["I6"].value = "Extra", 5
        for place in "ABCDEFGHIJKLMN":
            sheet[f"{place}7"].value = sheet[f"{place}2"].value
        sheet.delete_rows(3)
        sheet["P9"].value = "a note to myself"

    response = send(officer, edited(content, edit=change))
    assert "“Extra” is not a line of this workbook" in problems(response)[0]
    assert "Placements is there twice, in rows 2 and 6" in problems(response)[1]
    assert (
        "1 of 3 lines that were downloaded are not in the file, and stay as they are: Fostering"
        in remarks(response)
    )
    assert "Row 9 of “Lines” holds nothing in the columns that are read" in remarks(response)


def tamper(content: bytes, change) -> bytes:
    def edit(book):
        cell = next(row[1] for row in book["About"].iter_rows() if row[0].value == "Key 1")
        cell.value = change(cell.value)

    return edited(content, {"I2": 5}, edit)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda key: key[:40] + ("A" if key[40] != "A" else "B") + key[41:], "has been changed"),
        (lambda key: key[:-3], "has been changed"),
        (lambda key: "x", "has been changed"),
        (lambda key: None, "has been changed"),
    ],
)
def test_a_key_that_was_touched_refuses_the_workbook(officer, content, change, why):
    response = send(officer, tamper(content, change))
    assert response.status_code == 422
    assert why in words(response)


def test_a_workbook_without_its_key_and_other_files_are_refused(officer, content):
    def drop(book):
        del book["About"]

    for sent, name, why in (
        (edited(content, edit=drop), "a.xlsx", "The sheet “About” is missing or hidden"),
        (b"Service line,Forecast outturn\r\nPlacements,5\r\n", "a.csv", "The file is a CSV"),
        (b"%PDF-1.7", "a.xlsx", "The file is a PDF"),
        (content[:400], "a.xlsx", "damaged"),
    ):
        response = send(officer, sent, name)
        assert response.status_code == 422
        assert why in words(response)


def test_a_hidden_sheet_of_lines_is_not_read(officer, content):
    def hide(book):
        book["Lines"].sheet_state = "hidden"
        book.active = 1

    response = send(officer, edited(content, {"I2": 5}, hide))
    assert response.status_code == 422
    assert "The sheet “Lines” is missing or hidden" in words(response)


@pytest.mark.parametrize(
    ("part", "why"),
    [("xl/vbaProject.bin", "holds macros"), ("xl/externalLinks/externalLink1.xml", "takes figures from other files")],
)  # fmt: skip
def test_a_workbook_that_holds_more_than_cells_is_refused(officer, content, part, why):
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(part, "<x/>")
    response = send(officer, file.getvalue())
    assert response.status_code == 422
    assert why in words(response)


def test_a_workbook_that_would_fill_the_memory_is_not_opened(officer, content):
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 30_000_000)
    response = send(officer, file.getvalue())
    assert response.status_code == 422
    assert "It was not opened" in words(response)


def test_a_workbook_of_another_period_or_council_is_refused(office, officer, content):
    make_period(office.council, "2023-24/p8")
    august = HERE.replace("p7", "p8")
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = officer.post(august, {"file": SimpleUploadedFile("a.xlsx", content)})
    assert response.status_code == 422
    assert "was downloaded for North Borough, Month 7, October 2023" in words(response)
    other = make_council("west-borough", "West Borough")
    make_line(other, "Placements", code="C01")
    make_period(other)
    from django.test import Client

    client = Client()
    client.force_login(the_officer(other))
    response = client.post(HERE.replace("north", "west"), {"file": SimpleUploadedFile("a.xlsx", content)})
    assert response.status_code == 422
    assert "and this page is West Borough" in words(response)


def test_a_budget_holder_cannot_change_another_directorate_by_editing_the_file(office, officer, content):
    before = fingerprint()
    holder = office.client("holder")
    mine = downloaded(holder)

    def borrow(book):
        sheet = book["Lines"]
        for place, value in {"A": "E01", "B": "Top-ups", "I": 1, "N": office.top_ups.pk}.items():
            sheet[f"{place}4"].value = value

    response = send(holder, edited(mine, edit=borrow))
    assert response.status_code == 422
    assert "“Top-ups” is not a line of this workbook" in problems(response)[0]
    response = send(holder, edited(content, {"I4": 1}))
    assert response.status_code == 422
    assert "holds lines of Education, whose figures your role does not let you enter" in words(response)
    shown = send(officer, edited(content, {"I4": 1}))
    assert holder.post(f"{HERE}confirm/", confirmation(shown), follow=True).redirect_chain
    assert fingerprint() == before


def test_a_figure_that_somebody_else_changed_too_must_be_chosen(office, officer, content):
    make_forecast(office.placements, office.period, "1350000", commitments="10")
    before = fingerprint()
    response = send(officer, edited(content, {"I2": 1400000, "G2": 710000}))
    assert differences(response) == [
        ("Placements", "Actual to date", "700,000.00", "unchanged", "710,000.00"),
        ("Placements", "Forecast outturn", "1,300,000.00", "1,350,000.00", "1,400,000.00"),
    ]
    assert "Theirs, held now: £1,350,000.00, saved by Finance officer" in words(response)
    key = f"choice_{office.placements.pk}_forecast_outturn"
    for wrong in ({}, {key: ""}, {key: "both"}):
        refused = confirm(officer, response, **wrong)
        assert refused.status_code == 422
        assert "Choose which figure stands" in words(refused)
    assert fingerprint() == before
    confirm(officer, response, **{key: "theirs"})
    kept = held(office.placements)
    assert (kept.forecast_outturn, kept.actual_to_date, kept.commitments) == (1_350_000, 710_000, 10)
    response = send(officer, edited(content, {"I2": 1400000, "G2": 710000}))
    confirm(officer, response, **{key: "mine"})
    assert held(office.placements).forecast_outturn == 1_400_000
    assert held(office.placements).commitments == 10


def test_a_figure_that_only_somebody_else_changed_stays_theirs_and_is_told(office, officer, content):
    make_forecast(office.placements, office.period, "1350000")
    response = send(officer, edited(content, {"G2": 710000}))
    assert "stay as others saved them: Placements." in remarks(response)
    assert [row[1] for row in differences(response)] == ["Actual to date"]
    confirm(officer, response)
    assert held(office.placements).forecast_outturn == 1_350_000


def test_a_figure_saved_between_the_preview_and_the_button_is_shown_first(office, officer, content):
    response = send(officer, edited(content, {"I2": 1400000, "I4": 5}))
    make_forecast(office.placements, office.period, "1350000")
    before = fingerprint()
    refused = confirm(officer, response)
    assert refused.status_code == 409
    assert "Changed by somebody else since you opened it: Placements" in words(refused)
    assert "Theirs, held now: £1,350,000.00" in words(refused)
    assert fingerprint() == before
    key = f"choice_{office.placements.pk}_forecast_outturn"
    assert "Saved from figures.xlsx: 2 lines changed." in words(confirm(officer, refused, **{key: "mine"}))
    assert (held(office.placements).forecast_outturn, held(office.top_ups).forecast_outturn) == (1_400_000, 5)


def test_a_choice_is_kept_only_while_the_figures_it_was_made_between_are_the_same(office, officer, content):
    make_forecast(office.placements, office.period, "1350000")
    make_forecast(office.top_ups, office.period, "6")
    response = send(officer, edited(content, {"I2": 1400000, "I4": 5}))
    make_forecast(office.top_ups, office.period, "7")
    keys = [f"choice_{line.pk}_forecast_outturn" for line in (office.placements, office.top_ups)]
    refused = confirm(officer, response, **dict.fromkeys(keys, "mine"))
    assert refused.status_code == 409
    form = refused.context["confirm"]
    assert [form[key].value() for key in keys] == ["mine", None]


def test_the_same_workbook_again_and_a_button_pressed_twice_have_one_effect(office, officer, content):
    sent = edited(content, {"I2": 1400000, "G4": 3})
    response = send(officer, sent)
    confirm(officer, response)
    before = fingerprint()
    assert "Saved from figures.xlsx: 2 lines changed." in words(confirm(officer, response))
    again = send(officer, sent)
    assert "There is nothing to save" in words(again)
    assert words(again).count("held already") >= 2
    assert fingerprint() == before


def test_all_is_saved_or_nothing(office, officer, content):
    make_forecast(office.fostering, office.period, "500000")
    response = send(officer, edited(downloaded(officer), {"I2": 1400000, "I3": 9}))
    make_forecast(office.fostering, office.period, "500001")
    assert confirm(officer, response).status_code == 409
    assert held(office.placements).forecast_outturn == 1_300_000


def test_a_best_case_above_the_forecast_is_a_problem_before_anything_is_confirmed(officer, content):
    response = send(officer, edited(content, {"J2": 1300000.01, "K4": 1}))
    assert [problem.split(": ", 1)[0] for problem in problems(response)] == [
        "sheet Lines, row 2, column “Best case”",
        "sheet Lines, row 4, column “Worst case”",
    ]


def test_a_best_case_above_the_figure_that_was_chosen_is_refused_and_nothing_is_saved(
    office, officer, content
):
    make_forecast(office.placements, office.period, "1100000")
    response = send(officer, edited(content, {"I2": 1400000, "J2": 1200000}))
    before = fingerprint()
    key = f"choice_{office.placements.pk}_forecast_outturn"
    refused = confirm(officer, response, **{key: "theirs"})
    assert refused.status_code == 422
    assert "best case (the lowest likely outturn) is more than the forecast outturn" in words(refused)
    assert fingerprint() == before
    assert "1 line changed" in words(confirm(officer, refused, **{key: "mine"}))


def test_what_looks_like_a_slip_is_saved_only_with_a_reason_which_is_kept(office, officer, content):
    response = send(officer, edited(content, {"I2": 13000000}))
    assert "Placements, forecast outturn: £13,000,000 is about ten times" in words(response)
    before = fingerprint()
    for reason in ("", "  "):
        refused = confirm(officer, response, reason=reason)
        assert refused.status_code == 422
        assert "Say why the figures that look odd are right" in words(refused)
    assert fingerprint() == before
    confirm(officer, refused, reason="A new contract, agreed in July.")
    assert held(office.placements).forecast_outturn == 13_000_000
    entry = AuditEntry.objects.filter(action="enter forecast").order_by("sequence").last()
    assert (entry.reason, entry.by) == ("A new contract, agreed in July.", "Finance officer")


def test_a_figure_that_looks_like_any_other_needs_no_reason(officer, content):
    response = send(officer, edited(content, {"I2": 1310000}))
    assert "to look at again" not in words(response)
    assert "1 line changed" in words(confirm(officer, response, reason=""))


def test_a_line_that_closed_or_was_submitted_since_the_download_says_so(office, officer, content):
    from services.operations.periods import submit_directorate

    restructure_line(
        by=office.people["officer"],
        line=office.fostering,
        successor=office.placements,
        from_period=office.period,
        reason="Teams were joined.",
    )
    explain(office.top_ups, office.period)
    submit_directorate(
        by=office.people["officer"], period=office.period, directorate=office.top_ups.division.directorate
    )
    response = send(officer, edited(content, {"I3": 5, "I4": 6}))
    assert response.status_code == 422
    assert "Fostering no longer reports in Month 7, October 2023" in problems(response)[0]
    assert "Education has submitted Month 7, October 2023 since the download" in problems(response)[1]


def test_a_locked_period_takes_no_workbook(office, officer, content):
    shown = send(officer, edited(content, {"I2": 1400000}))
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    before = fingerprint()
    response = send(officer, edited(content, {"I2": 1400000}))
    assert response.status_code == 409
    assert "ask a head of finance to reopen the period" in words(response)
    assert confirm(officer, shown).status_code in (409, 422)
    assert fingerprint() == before


@pytest.mark.parametrize("sent", ["", "x", "a:b:c"])
def test_a_confirmation_of_what_was_not_shown_is_refused(officer, sent):
    before = fingerprint()
    response = officer.post(f"{HERE}confirm/", {"proposal": sent}, follow=True)
    assert "what was sent is not what this page showed you" in words(response)
    assert fingerprint() == before


def test_a_confirmation_is_only_for_the_person_it_was_shown_to(office, officer, content):
    shown = send(officer, edited(content, {"I2": 5}))
    colleague = make_member_of(office.council, Role.FINANCE_OFFICER, username="colleague")
    office.people["colleague"] = colleague
    response = office.client("colleague").post(f"{HERE}confirm/", confirmation(shown), follow=True)
    assert "what was sent is not what this page showed you" in words(response)
    assert held(office.placements).forecast_outturn == 1_300_000


def test_an_address_left_in_the_bar_leads_back_to_the_upload(officer):
    assert officer.get(f"{HERE}confirm/", follow=True).redirect_chain == [(HERE, 302)]


def test_words_from_a_file_are_inert_on_the_page(officer, content):
    page = send(officer, edited(content, {"I2": "<script>alert(1)</script>", "I4": "{{7*7}}"}), "<b>.xlsx")
    text = page.content.decode()
    assert "<script>alert(1)" not in text
    assert "<b>.xlsx" not in text
    assert "{{7*7}}" in text


def test_a_workbook_of_openpyxl_is_the_one_that_was_downloaded(content):
    """The helper that edits keeps what the page depends on; otherwise these tests would prove little."""
    book = openpyxl.load_workbook(io.BytesIO(edited(content)))
    assert book["Lines"].protection.sheet
    assert book["Lines"].max_row == 4
