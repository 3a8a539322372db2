"""How a schedule and its profile may be written, and what is read from them."""

import pytest

from accounting.phasing import PhaseKind
from savings.imports.phases import new_phases
from savings.imports.profile import parse_schedule_profile
from services.imports.profile import ProfileError
from tests.savings.imports.support import FIRST, SECOND, case, problems_of, read, remarks_of, schedule

ROW = ("A1", "Contracts", "(1,000)", "(500)", "(1,500)")


def changes(reading, row=0):
    return [str(amount) for amount in reading.lines[row].changes.values()]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Saving", "title"), ("Saving", "label"), ("Saving", "proposal"), ("Saving", "name"), ("Saving", "service_line"), ("Saving", "Title"),
    ],
)  # fmt: skip
def test_a_profile_may_name_the_title_in_several_ways(heading, meaning):
    toml = f'savings = "negative"\n[columns]\n"{heading}" = "{meaning}"\n"Year one" = "year:2026/27"'
    reading = read(schedule(("Contracts", "(10)"), headings=("Saving", "Year one")), toml)
    assert not reading.problems
    assert reading.lines[0].title == "Contracts"


@pytest.mark.parametrize(
    "year",
    [
        "year:2026/27",
        "year:2026-27",
        "year:2026/2027",
        "year: 2026/27",
        "2026/27",
        "Year:2026–27",
        "year:FY27",
    ],
)
def test_a_profile_may_write_a_year_in_several_ways(year):
    toml = f'savings = "negative"\n[columns]\nsaving = "title"\n"Year one" = "{year}"'
    reading = read(schedule(("Contracts", "(10)"), headings=("saving", "Year one")), toml)
    assert reading.years == (FIRST,)
    assert changes(reading) == ["-10.00"]


def test_headings_are_matched_by_their_words_without_a_profile():
    reading = read(schedule(ROW, headings=("Ref.", "Proposal", "2026/27 (£)", "2027-28", "Total £")))
    assert not reading.problems
    line = reading.lines[0]
    assert (line.reference, line.title, line.total_as_printed) == ("A1", "Contracts", -1500)
    assert list(line.changes) == [FIRST, SECOND]


def test_a_year_that_the_profile_does_not_name_is_read_by_its_own_heading():
    toml = 'savings = "negative"\n[columns]\nTitle = "title"\n"2026/27" = "year:2026/27"'
    assert changes(read(schedule(ROW), toml)) == ["-1000.00", "-500.00"]


def test_a_column_that_is_to_be_ignored_is_not_read():
    toml = 'savings = "negative"\n[columns]\nTitle = "title"\n"2026/27" = "year:2026/27"\n"2027/28" = "ignore"\nTotal = "ignore"'
    assert changes(read(schedule(ROW), toml)) == ["-1000.00"]


@pytest.mark.parametrize(
    ("units", "says"),
    [("pounds", "-1.50"), ("thousands", "-1500.00"), ("millions", "-1500000.00"), ("£000", "-1500.00")],
)
def test_the_unit_belongs_to_the_whole_schedule(units, says):
    toml = f'units = "{units}"\nsavings = "negative"'
    assert changes(read(schedule(("Contracts", "(1.5)"), headings=("Title", "2026/27")), toml)) == [says]


def test_a_heading_may_state_the_unit():
    reading = read(schedule(("Contracts", "(15)"), headings=("Title", "2026/27 (£000)")))
    assert changes(reading) == ["-15000.00"]


def test_a_heading_that_states_another_unit_than_the_profile_is_a_problem():
    reading = read(schedule(("Contracts", "(15)"), headings=("Title", "2026/27 (£000)")), 'units = "pounds"')
    assert "states another unit" in problems_of(reading)


@pytest.mark.parametrize(
    ("toml", "printed", "says"),
    [
        ('kind = "growth"', "2,000", "2000.00"),
        ('kind = "growth"\nsavings = "negative"', "2,000", "2000.00"),
        ('kind = "growth"\nsavings = "positive"', "2,000", "2000.00"),
        ('kind = "growth"\nsavings = "positive"', "(2,000)", "2000.00"),
        ('kind = "growth"\ngrowth = "negative"', "(2,000)", "2000.00"),
        ('kind = "pressures"', "2,000", "2000.00"),
        ('savings = "positive"', "2,000", "-2000.00"),
        ('savings = "negative"', "(2,000)", "-2000.00"),
    ],
)
def test_growth_adds_to_the_budget_and_savings_take_from_it_however_they_are_printed(toml, printed, says):
    reading = read(schedule(("Demand", printed), headings=("Title", "2026/27")), toml)
    assert not reading.problems
    assert not reading.confirmations
    assert changes(reading) == [says]


def test_signs_that_go_the_other_way_round_need_confirming():
    reading = read(schedule(("Contracts", "2,000"), headings=("Title", "2026/27")), 'savings = "negative"')
    assert [one.code for one in reading.confirmations] == ["sign"]


def test_savings_without_a_sign_and_without_a_profile_are_not_guessed():
    assert 'savings = "positive"' in problems_of(
        read(schedule(("Contracts", "2,000"), headings=("Title", "2026/27")))
    )


def test_growth_that_falls_away_again_is_an_earlier_amount_taken_back_out():
    reading = read(schedule(("A1", "Demand", "2,000", "(500)", "1,500")), 'kind = "growth"')
    kinds = [phase.kind for phase in new_phases(reading.lines[0], reading.years, None)]
    assert kinds == [PhaseKind.RECURRENT, PhaseKind.REVERSAL]


def test_a_blank_year_is_no_change_and_is_told():
    reading = read(schedule(("A1", "Contracts", "(1,000)", "", "(1,000)")))
    assert changes(reading) == ["-1000.00"]
    assert "A blank cell under a year is read as no change to the base in that year: rows 2." in remarks_of(
        reading
    )


def test_a_dash_is_nil():
    assert changes(read(schedule(("A1", "Contracts", "(1,000)", "–", "(1,000)")))) == ["-1000.00", "0.00"]


def test_a_proposal_without_any_figure_is_legal_and_a_heading_within_the_schedule_is_none():
    reading = read(
        schedule(("", "Operational savings", "", "", ""), ROW, ("A2", "Review of transport", "", "", ""))
    )
    assert [line.reference for line in reading.lines] == ["A1", "A2"]
    assert not reading.lines[1].changes
    told = remarks_of(reading)
    assert "“A2 Review of transport” has no figure in any year" in told
    assert "row 2 “Operational savings”" in told


def test_a_leading_code_is_the_reference_where_most_titles_have_one():
    rows = (("CHS/SAV/34: Agency staff", "(10)"), ("FS-2 Contact centre", "(5)"), ("Vacancy factor", "(1)"))
    reading = read(schedule(*rows, headings=("Proposal", "2026/27")))
    assert [line.reference for line in reading.lines] == ["CHS/SAV/34", "FS-2", ""]
    assert reading.lines[0].title == "CHS/SAV/34: Agency staff"


def test_a_word_that_looks_like_a_code_is_none_where_the_others_have_none():
    rows = (("KS4 alternative provision", "(10)"), ("Contact centre", "(5)"), ("Vacancy factor", "(1)"))
    reading = read(schedule(*rows, headings=("Proposal", "2026/27")))
    assert {line.reference for line in reading.lines} == {""}


def test_total_rows_are_checked_and_not_imported():
    toml = 'savings = "negative"\ntotal_rows = ["Total *"]'
    rows = (ROW, ("A2", "Fees", "(200)", "0", "(200)"), ("", "Total savings", "(1,200)", "(500)", "(1,700)"))
    reading = read(schedule(*rows), toml)
    assert [line.reference for line in reading.lines] == ["A1", "A2"]
    assert [(check.what, check.gap) for check in reading.totals] == [
        ("Total savings: 2026/27", 0), ("Total savings: 2027/28", 0), ("Total savings: total", 0),
    ]  # fmt: skip
    assert not reading.problems


def test_subtotals_and_a_grand_total_each_cover_their_own():
    toml = 'savings = "negative"\ntotal_rows = ["Subtotal*", "Grand total"]'
    rows = (
        ROW, ("", "Subtotal A", "(1,000)", "(500)", "(1,500)"), ("B1", "Fees", "(200)", "0", "(200)"),
        ("", "Subtotal B", "(200)", "0", "(200)"), ("", "Grand total", "(1,200)", "(500)", "(1,700)"),
    )  # fmt: skip
    reading = read(schedule(*rows), toml)
    assert len(reading.totals) == 9
    assert all(check.is_exact for check in reading.totals)


def test_a_total_row_that_differs_by_more_than_rounding_is_a_problem_that_shows_both():
    toml = 'savings = "negative"\ntotal_rows = ["Total"]'
    reading = read(schedule(ROW, ("", "Total", "(1,010)", "(500)", "(1,510)")), toml)
    assert "found −£1,010.00; expected −£1,000.00" in problems_of(reading)


def test_a_row_that_looks_like_a_total_is_asked_about():
    reading = read(schedule(ROW, ("", "Total savings", "(1,000)", "(500)", "(1,500)")))
    assert [one.code for one in reading.confirmations] == ["total-row"]
    assert len(reading.lines) == 1


def test_a_title_above_the_schedule_and_rows_to_pass_over_are_no_proposals():
    content = b"Appendix 1: savings\r\n\r\n" + schedule(ROW, ("n/a", "Note: to be reviewed", "1", "2", "3"))
    reading = read(content, 'savings = "negative"\nignore_rows = ["n/a"]')
    assert reading.title == "Appendix 1: savings"
    assert len(reading.lines) == 1


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('overspend = "positive"', "“overspend” is not a setting"),
        ('savings = "brackish"', "savings is “brackish”"),
        ('units = "pence"', "units is “pence”"),
        ('[columns]\nA = "wobble"', "“wobble” is not a field"),
        ('[columns]\nA = "year:2026"', "names no financial year"),
        ('[columns]\nA = "year:2026/28"', "the year after 2026 is 2027"),
        ('[columns]\nA = "title"\na = "total"', "is given two meanings"),
        ("total_rows = [1]", "must be a list of row labels"),
        ('stage = "agreed"', "decided_by must say who decided"),
        ('stage = "maybe"', "stage is “maybe”"),
        ('decided_on = "31/02/2026"', "decided_on must be a date"),
        ("skip = -1", "skip must be a number"),
        ('first_year_is_level = "yes"', "must be true or false"),
        ('[defaults]\nfund = "x"', "“fund” is not a default"),
        ("columns = 1", "columns must be a table"),
        ("[columns", "is not TOML"),
    ],
)
def test_a_mistake_in_a_profile_is_said(toml, says):
    with pytest.raises(ProfileError, match=says.replace("[", r"\[").replace("(", r"\(")):
        parse_schedule_profile(toml)


def test_every_mistake_of_a_profile_is_said_at_once():
    with pytest.raises(ProfileError) as caught:
        parse_schedule_profile('units = "pence"\nsavings = "odd"\nkind = "other"')
    assert len(caught.value.reasons) == 3


def test_the_published_schedule_reads_without_a_problem():
    rows = [[row["label"], *row["printed"]] for row in case("walsall.json")["rows"]]
    reading = read(schedule(*rows, headings=["label", *case("walsall.json")["columns"]]))
    assert not reading.problems
    assert not reading.confirmations
