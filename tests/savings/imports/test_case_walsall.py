"""Walsall's savings 2026/27 to 2029/30: the published schedule comes back as it was printed, the £1 gap and the one-off with it."""

import pytest

from accounting.money import parse_money
from accounting.periods import FinancialYear
from accounting.phasing import PhaseKind
from savings.models import PhasingVersion, SavingsProposal
from tests.savings.imports.support import (
    amounts,
    case,
    csv_bytes,
    imported,
    newest,
    previewed,
    proposal,
    remarks_of,
    xlsx_bytes,
)
from tests.services.factories import make_council
from tests.services.imports.support import shared_case

WALSALL = case("walsall.json")
YEARS = [FinancialYear.parse(year) for year in WALSALL["columns"][:-1]]
PROFILE = """
units = "pounds"
savings = "negative"
[columns]
"label" = "title"
"2026/27" = "year:2026/27"
"2027/28" = "year:2027/28"
"2028/29" = "year:2028/29"
"2029/30" = "year:2029/30"
"total" = "total"
"""
POSITIVE = PROFILE.replace('savings = "negative"', 'savings = "positive"')


def printed(*, turned=False, columns=None):
    """The schedule as a CSV; with its signs turned round, as a council prints that gives savings without a sign."""
    order = columns or ["label", *WALSALL["columns"]]
    rows = []
    for row in WALSALL["rows"]:
        cells = {"label": row["label"]} | dict(zip(WALSALL["columns"], row["printed"], strict=True))
        if turned:
            cells |= {year: turn(cells[year]) for year in WALSALL["columns"]}
        rows.append([cells[name] for name in order])
    return csv_bytes(*rows, headings=order)


def turn(text):
    return text.strip("()") if text.startswith("(") else text if text == "0" else f"({text})"


@pytest.fixture
def walsall(db):
    return make_council("walsall", "Walsall Council")


def test_the_facts_are_those_of_the_shared_case():
    shared = shared_case("15_walsall_savings_2026-30.json")
    if shared is None:
        return
    rows = shared["table"]["rows"]
    assert [row["label"] for row in rows] == [row["label"] for row in WALSALL["rows"]]
    assert [list(row["printed"].values()) for row in rows] == [row["printed"] for row in WALSALL["rows"]]


@pytest.mark.parametrize(
    ("toml", "turned", "columns"),
    [
        (PROFILE, False, None),
        (POSITIVE, True, None),
        (None, False, None),
        (PROFILE, False, ["total", "2029/30", "2027/28", "label", "2026/27", "2028/29"]),
    ],
    ids=["as printed", "signs turned", "without a profile", "columns in another order"],
)
def test_every_year_and_every_printed_total_comes_back(walsall, toml, turned, columns):
    found = imported(walsall, printed(turned=turned, columns=columns), toml)
    assert (found.rows_read, found.rows_new) == (11, 11)
    for row in WALSALL["rows"]:
        *by_year, whole = (parse_money(text) for text in row["printed"])
        plan = newest(walsall, row["label"].split()[0])
        assert [plan.by_year[year] for year in YEARS] == by_year
        assert plan.total_as_printed == whole
    assert [one.title for one in SavingsProposal.objects.filter(council=walsall)] == [
        row["label"] for row in WALSALL["rows"]
    ]


def test_the_one_pound_of_op16_is_shown_and_not_mended(walsall):
    found = imported(walsall, printed(), PROFILE)
    (gap,) = found.reading.gaps
    assert gap.what.startswith("OP16 ")
    assert (gap.printed, gap.computed, gap.gap) == (-4440656, -4440657, 1)
    assert gap.holds
    plan = newest(walsall, "OP16")
    assert (plan.total, plan.total_as_printed, plan.gap_from_printed) == (-4440657, -4440656, -1)


def test_op18_puts_most_of_its_saving_back_the_year_after(walsall):
    found = imported(walsall, printed(), PROFILE)
    assert "puts £645,032.00 in 2027/28 back into the base" in remarks_of(found)
    plan = newest(walsall, "OP18")
    assert [(phase.amount, phase.kind) for phase in plan.phases[:2]] == [
        (-742032, PhaseKind.RECURRENT),
        (645032, PhaseKind.REVERSAL),
    ]
    assert plan.level(FinancialYear(2027)) == plan.total == -97000


def test_the_same_file_again_changes_nothing(walsall):
    imported(walsall, printed(), PROFILE)
    before = list(PhasingVersion.objects.values_list())
    again = imported(walsall, printed(), PROFILE)
    assert again.already_imported
    assert (again.rows_unchanged, again.rows_changed, again.rows_new) == (11, 0, 0)
    assert list(PhasingVersion.objects.values_list()) == before


def test_a_changed_amount_is_a_new_proposed_version_beside_the_old_one(walsall):
    imported(walsall, printed(), PROFILE)
    later = printed().replace(b"(437,369)", b"(400,000)")
    preview = previewed(walsall, later, PROFILE)
    (changed,) = preview.matches.changed
    assert [(str(one.year or "total"), one.before, one.after) for one in changed.differences] == [
        ("2026/27", -437369, -400000),
        ("total", -437369, -400000),
    ]
    imported(walsall, later, PROFILE)
    versions = proposal(walsall, "OP13").phasings.all()
    assert [(one.number, one.status, one.phases.first().amount) for one in versions] == [
        (1, "proposed", -437369),
        (2, "proposed", -400000),
    ]
    assert proposal(walsall, "OP12").phasings.count() == 1
    assert versions[1].note == "From the schedule “schedule.csv”."


def test_a_workbook_of_the_same_figures_reads_the_same(walsall):
    rows = [[row["label"], *row["value"]] for row in WALSALL["rows"]]
    content = xlsx_bytes(*rows, headings=["label", *WALSALL["columns"]])
    imported(walsall, content, PROFILE, name="savings.xlsx")
    assert amounts(walsall, "OP17")["2029/30"] == "-894004.00"


def test_in_thousands_the_same_schedule_is_a_thousand_times_more(walsall):
    imported(walsall, printed(), PROFILE.replace('"pounds"', '"thousands"'))
    assert amounts(walsall, "OP12")["2026/27"] == "-5000000.00"
