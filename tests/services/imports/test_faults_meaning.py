"""Rows, headings and words that may not mean what they seem to: the rest of the catalogue's imports."""

import pytest

from services.models import AuditEntry
from services.operations import periods
from services.roles import Role
from tests.services.factories import (
    make_council,
    make_directorate,
    make_line,
    make_member_of,
    make_period,
    the_head,
    the_officer,
)
from tests.services.imports.support import (
    HEADINGS,
    codes_of,
    csv_bytes,
    imported,
    position_of,
    problems_of,
    refused,
    remarks_of,
    xlsx_bytes,
)

CODED = ("Code", "Service line", "Revised budget", "Forecast outturn")
CREATE = "create_missing_lines = true\n"


@pytest.fixture
def council(db):
    council = make_council()
    make_line(council, "Fostering", code="00123")
    make_line(council, "Adoption", code="100000")
    return council


def test_i22_a_code_is_text_and_a_spreadsheets_number_is_not_taken_for_it(council):
    told = problems_of(
        refused(council, xlsx_bytes((123, "Foster care", 1, 2), headings=CODED), name="return.xlsx")
    )
    assert "No line has the code “123”" in told
    assert "nearest code is “00123”" in told
    assert "“100000”" in problems_of(
        refused(council, csv_bytes(("1E05", "Adopting", "1", "2"), headings=CODED))
    )
    assert imported(council, csv_bytes(("00123", "Any name", "1", "2"), headings=CODED)).rows_matched == 1


def test_i23_an_unknown_line_is_named_with_the_nearest(council):
    (problem,) = refused(council, csv_bytes(("Fosterring", "1", "2"))).problems
    assert problem.row == 2
    assert "The nearest is “Fostering”" in problem.what


def test_i23_a_closed_line_names_its_successor(council):
    from services.operations import councils

    successor = make_line(council, "Family homes")
    later = make_period(council, "2023-24/p5")
    councils.restructure_line(
        by=the_officer(council),
        line=council.service_lines.get(name="Fostering"),
        successor=successor,
        from_period=later,
        reason="Merged",
    )
    told = problems_of(refused(council, csv_bytes(("Fostering", "1", "2"))))
    assert "is closed from" in told
    assert "“Family homes”" in told


def test_i23_a_name_that_two_lines_have_is_refused_with_both_places(council):
    make_line(council, "Fostering", division="Elsewhere")
    told = problems_of(refused(council, csv_bytes(("Fostering", "1", "2"))))
    assert "the name of 2 lines" in told
    headings = ("Division", *HEADINGS)
    assert (
        imported(council, csv_bytes(("Elsewhere", "Fostering", "1", "2"), headings=headings)).rows_matched
        == 1
    )


def test_i25_columns_in_any_order_are_read_by_their_headings(council):
    headings = ("Forecast  OUTTURN", "service line", "Comments", "Revised Budget (£)")
    imported(council, csv_bytes(("110", "Fostering", "", "100"), headings=headings))
    line = position_of(council).lines[1]
    assert (line.position.revised_budget, line.position.forecast_outturn) == (100, 110)


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (("Service line", "Revised budget"), "do not give a forecast outturn"),
        (
            ("Service line", "Forecast outturn", "Forecast outturn"),
            "More than one column holds the forecast outturn",
        ),
        (
            ("Service line", "Current budget", "Latest budget", "Forecast"),
            "More than one column holds the revised budget",
        ),
        (("Area", "Money", "Other"), "No row of headings was found"),
        (("Service line", "Budget (£000)", "Forecast (£)"), "different units"),
    ],
)
def test_i25_headings_that_leave_a_doubt_are_refused(council, headings, says):
    row = ["Fostering", "100", "110", "120"][: len(headings)]
    assert says in problems_of(refused(council, csv_bytes(row, headings=headings)))


def test_i25_a_renamed_column_is_noticed(council):
    toml = '[columns]\nLine = "service_line"\nLatest = "revised_budget"\nProjected = "forecast_outturn"\n"Use of reserves" = "drawdown"\n'
    headings = ("Line", "Latest", "Projected", "Reserves used")
    told = problems_of(
        refused(council, csv_bytes(("Fostering", "1", "2", "0"), headings=headings), toml=toml)
    )
    assert "“Reserves used”" in told
    assert "“Use of reserves”" in told


def test_i25_an_extra_column_is_told_and_not_read(council):
    found = imported(council, csv_bytes(("Fostering", "1", "2", "9"), headings=(*HEADINGS, "Weather")))
    assert "nothing says what they hold: “Weather”" in remarks_of(found)


@pytest.mark.parametrize(
    ("encoding", "delimiter", "says"),
    [
        ("utf-8", ",", "UTF-8, columns separated by commas"),
        ("utf-8-sig", ";", "byte-order mark, columns separated by semicolons"),
        ("utf-16", "\t", "UTF-16, columns separated by tabs"),
        ("cp1252", ",", "Windows-1252"),
        ("utf-8", "|", "upright bars"),
    ],
)
def test_i26_encoding_and_delimiter_are_found_and_told(council, encoding, delimiter, says):
    make_line(council, "Children – “at risk” £")
    content = csv_bytes(("Children – “at risk” £", "£1", "£2"), encoding=encoding, delimiter=delimiter)
    found = imported(council, content)
    assert says in found.reading.facts[0]
    assert found.rows_matched == 1


def test_i26_line_ends_may_be_mixed_and_are_told(council):
    found = imported(
        council, b"Service line,Revised budget,Forecast outturn\rFostering,1,2\nAdoption,3,4\r\n"
    )
    assert found.rows_matched == 2
    assert "line ends of different kinds" in found.reading.facts[0]


def test_i26_a_nul_is_refused_with_its_line(council):
    (problem,) = refused(council, csv_bytes(("Fostering\x00", "1", "2"))).problems
    assert problem.row == 2


@pytest.mark.parametrize(
    "title", ["2022/23 month 6, September 2022", "Monitoring at P6 2021-22", "September 2022"]
)
def test_i31_a_file_of_another_period_is_asked_about(council, title):
    content = csv_bytes((title, "", ""), HEADINGS, ("Fostering", "1", "2"), headings=None)
    assert codes_of(refused(council, content)) == {"other-period"}


def test_i31_a_title_with_a_slip_in_its_year_is_told_and_kept(council):
    title = "2022/23 (month 7, October 2023)"
    found = imported(council, csv_bytes((title, "", ""), HEADINGS, ("Fostering", "1", "2"), headings=None))
    assert "October 2023 lies in 2023/24, not in 2022/23" in remarks_of(found)
    assert council.periods.get().title_as_printed == title


def test_i31_a_file_of_another_council_is_asked_about(council):
    make_council("south-borough", "South Borough")
    content = csv_bytes(
        ("South Borough monitoring", "", ""), HEADINGS, ("Fostering", "1", "2"), headings=None
    )
    assert codes_of(refused(council, content)) == {"other-council"}
    assert "another council" in problems_of(
        refused(council, csv_bytes(("Fostering", "1", "2")), toml='council = "south-borough"')
    )
    assert "another period" in problems_of(
        refused(council, csv_bytes(("Fostering", "1", "2")), toml='period = "2023-24/p6"')
    )


@pytest.mark.postgres
def test_i32_a_locked_period_is_refused_with_the_way_to_correct_it(council):
    content = csv_bytes(("Fostering", "100", "101"), ("Adoption", "100", "101"))
    imported(council, content)
    month = council.periods.get()
    periods.submit_period(by=the_officer(council), period=month)
    assert "has submitted" in problems_of(refused(council, csv_bytes(("Fostering", "100", "102"))))
    periods.approve_period(by=the_head(council), period=month)
    told = problems_of(refused(council, csv_bytes(("Fostering", "100", "102"))))
    assert "is approved" in told
    assert "reopen" in told


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "{% load x %}",
        "\tTab",
        "a\rb",
    ],
)
def test_i36_words_from_a_file_stay_words(council, text):
    imported(council, csv_bytes((text, "1", "2", text), headings=(*HEADINGS, "Reason")), toml=CREATE)
    line = position_of(council).lines[-1]
    expected = " ".join(text.split())
    assert line.name == expected
    assert line.reasons[0].words.replace("\n", " ") == expected


def test_i37_what_cannot_be_seen_is_refused_in_codes_and_shown_in_names(council):
    assert "This is not a code" in problems_of(
        refused(council, csv_bytes(("0\u200b0123", "x", "1", "2"), headings=CODED))
    )
    assert "This is not a code" in problems_of(
        refused(council, csv_bytes(("А1", "x", "1", "2"), headings=CODED))
    )
    found = imported(council, csv_bytes(("Foster\u202eing", "1", "2"), ("Аdoption", "3", "4")), toml=CREATE)
    assert "Foster⟨U+202E⟩ing" in {line.name for line in council.service_lines.all()}
    assert "letters of two alphabets" in remarks_of(found)


@pytest.mark.parametrize(
    "words",
    ["Child DOB 3/4/2015", "NHS no. 943 476 5919", "placement 9434765919", "3 young people", "Mr Smith"],
)
def test_i38_words_that_may_tell_who_a_child_is_are_asked_about(council, words):
    content = csv_bytes(("Fostering", "1", "2", words), headings=(*HEADINGS, "Reason"))
    assert codes_of(refused(council, content)) == {"personal-details"}


@pytest.mark.postgres
def test_every_changed_line_is_in_the_audit_trail_with_what_it_was(council):
    imported(council, csv_bytes(("Fostering", "100", "110"), ("Adoption", "5", "6")))
    imported(council, csv_bytes(("Fostering", "100", "111"), ("Adoption", "5", "6")))
    entries = AuditEntry.objects.filter(council_id=council.pk, action="import return").order_by("sequence")
    assert entries.count() == 3
    last = entries.last()
    assert (last.before, last.after) == ({"forecast_outturn": "110.00"}, {"forecast_outturn": "111.00"})
    assert last.reason == "Return “return.csv”"


def test_a_person_may_import_only_for_their_own_directorate(council):
    make_line(council, "Schools", directorate="Education", division="Schools")
    officer = make_member_of(
        council, Role.FINANCE_OFFICER, directorate=make_directorate(council, "Education")
    )
    make_period(council)
    told = problems_of(refused(council, csv_bytes(("Fostering", "1", "2")), by=officer))
    assert "import figures of Children and Families" in told


def test_a_line_with_an_original_budget_has_the_files_budget_checked(council):
    make_line(council, "Legal", budget="1000")
    told = problems_of(refused(council, csv_bytes(("Legal", "1500.00", "1200.00"))))
    assert "Post the virement or funding change first" in told
    assert "£1,000.00" in told
    imported(council, csv_bytes(("Legal", "1000.00", "1200.00")))
    line = next(line for line in position_of(council).lines if line.name == "Legal")
    assert line.position.variance_before_reserves == 200


def test_a_forecast_alone_is_enough_where_the_budget_is_held(council):
    make_line(council, "Legal", budget="1000")
    headings = ("Service line", "Forecast outturn")
    assert imported(council, csv_bytes(("Legal", "1200"), headings=headings)).rows_changed == 1
    assert "There is no budget for this line" in problems_of(
        refused(council, csv_bytes(("Fostering", "1200"), headings=headings))
    )


@pytest.mark.parametrize(
    ("headings", "figures"),
    [
        (("Revised budget", "Forecast outturn"), ("100", "110")),
        (("Original budget", "Virements", "Forecast outturn"), ("90", "10", "110")),
        (("Forecast outturn", "Variance"), ("110", "10")),
        (("Revised budget", "Variance"), ("100", "10")),
        (("Original budget", "Virements", "Variance"), ("90", "10", "10")),
        (("Forecast outturn", "Drawdown", "Variance after reserves"), ("110", "4", "6")),
    ],
)
def test_any_columns_that_give_budget_and_forecast_are_enough(council, headings, figures):
    imported(council, csv_bytes(("Fostering", *figures), headings=("Service line", *headings)))
    line = next(line for line in position_of(council).lines if line.name == "Fostering").position
    assert (line.revised_budget, line.forecast_outturn, line.variance_before_reserves) == (100, 110, 10)
    assert line.original_budget == (90 if "Original budget" in headings else None)


@pytest.mark.postgres
def test_a_use_of_reserves_in_a_return_replaces_that_of_the_return_before(council):
    headings = (*HEADINGS, "Drawdown", "Contribution", "One-off funding")
    imported(council, csv_bytes(("Fostering", "100", "150", "30", "", "5"), headings=headings))
    imported(council, csv_bytes(("Fostering", "100", "150", "20", "4", "5"), headings=headings))
    line = next(line for line in position_of(council).lines if line.name == "Fostering").position
    assert (line.drawdown, line.contribution, line.other_one_off_funding) == (20, 4, 5)
    assert line.variance_after_reserves == 29
