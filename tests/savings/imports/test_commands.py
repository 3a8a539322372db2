"""`import_savings` and `mtfs` as a person runs them from what the design says: what they print, and how they end."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounting.periods import FinancialYear
from accounting.phasing import SpanMeaning, SpanReading
from accounts.operations import command_line_user
from savings.models import SavingsProposal, ScheduleImport
from savings.operations.phasing import propose_phasing
from tests.savings.factories import make_proposal, one_off, recurrent
from tests.savings.imports.support import fingerprint
from tests.savings.imports.test_case_walsall import PROFILE, WALSALL, printed
from tests.services.factories import make_council, the_officer

GROWTH = """
units = "thousands"
kind = "growth"
savings = "negative"
total_rows = ["Total growth"]
[columns]
"Pressure" = "proposal"
"2026/27" = "year:2026-27"
"2027/28" = "year:2027-28"
"""
GROWTH_FILE = b"2027/28,Pressure,2026/27\r\n100,Demand,250\r\n0,Pay,40.5\r\n100,Total growth,290.5\r\n"


@pytest.fixture
def walsall(db):
    command_line_user()
    return make_council("walsall", "Walsall Council")


def told(command, *options):
    """What a command prints, and its exit code."""
    out = io.StringIO()
    try:
        call_command(command, *options, stdout=out)
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0


def run(tmp_path, content, *options, profile=PROFILE, council="walsall"):
    (tmp_path / "schedule.csv").write_bytes(content)
    if profile:
        (tmp_path / "profile.toml").write_text(profile)
        options += ("--profile", str(tmp_path / "profile.toml"))
    return told("import_savings", str(tmp_path / "schedule.csv"), "--council", council, *options)


def mtfs(council="walsall"):
    return json.loads(told("mtfs", "--council", council, "--format", "json")[0])


def test_the_published_schedule_is_imported_and_printed_again(walsall, tmp_path):
    said, status = run(tmp_path, printed())
    assert status == 0
    assert "Rows read: 11, matched: 0, new: 11, changed: 0, unchanged: 0" in said
    assert "gap £1.00, tolerance £2.50: within rounding" in said
    assert said.rstrip().endswith("Written.")
    found = mtfs()
    assert found["years"] == ["2026/27", "2027/28", "2028/29", "2029/30"]
    assert [one["title"] for one in found["proposals"]] == [row["label"] for row in WALSALL["rows"]]
    for proposal, row in zip(found["proposals"], WALSALL["rows"], strict=True):
        *years, whole = row["value"]
        assert proposal["reference"] == row["label"].split()[0]
        assert list(proposal["amounts"].values()) == [f"{amount}.00" for amount in years]
        assert proposal["total"] == f"{whole}.00"
    assert found["totals"] == {
        year: f"{sum(row['value'][place] for row in WALSALL['rows'])}.00"
        for place, year in enumerate(WALSALL["columns"][:-1])
    }


def test_the_schedule_shows_the_pound_of_op16_beside_the_printed_total(walsall, tmp_path):
    run(tmp_path, printed())
    op16 = next(one for one in mtfs()["proposals"] if one["reference"] == "OP16")
    assert (op16["total"], op16["total_of_years"], op16["gap"]) == ("-4440656.00", "-4440657.00", "-1.00")
    assert "a difference of −£1.00" in told("mtfs", "--council", "walsall")[0]


def test_a_dry_run_writes_nothing_at_all(walsall, tmp_path):
    before = fingerprint()
    said, status = run(tmp_path, printed(), "--dry-run")
    assert (status, fingerprint()) == (0, before)
    assert "New: row 2, OP12 Admissions" in said
    assert "nothing written" in said


def test_the_same_file_again_is_no_error_and_no_change(walsall, tmp_path):
    run(tmp_path, printed())
    before = mtfs()
    said, status = run(tmp_path, printed())
    assert status == 0
    assert "Already imported on" in said
    assert "unchanged: 11" in said
    assert "0 changes" in said
    assert mtfs() == before
    assert ScheduleImport.objects.count() == 1


def test_a_changed_file_says_what_was_and_what_is(walsall, tmp_path):
    run(tmp_path, printed())
    said, status = run(tmp_path, printed().replace(b"(24,007)", b"(20,000)"))
    assert status == 0
    assert (
        "Changed: row 12, OP22 Maximisation of supporting families grant: 2026/27 −£24,007.00 → −£20,000.00; "
        "total as printed −£24,007.00 → −£20,000.00" in said
    )
    assert mtfs()["proposals"][-1]["amounts"]["2026/27"] == "-20000.00"


def test_problems_end_it_with_1_and_nothing_written(walsall, tmp_path):
    before = fingerprint()
    said, status = run(tmp_path, printed().replace(b"(24,007)", b"lots", 1).replace(b"OP21 ", b"OP20 "))
    assert (status, fingerprint()) == (1, before)
    assert "Problem: Row 12, column “2026/27”: “lots” is not an amount of money" in said
    assert (
        "Problem: Row 11, column “label”: Rows of the schedule have the same reference: row 10 and row 11"
        in said
    )
    assert "2 problems. Nothing written." in said


def test_a_finding_is_confirmed_by_its_code(walsall, tmp_path):
    content = printed() + b"Total,0,0,0,0,0\r\n"
    content = content.replace(
        b"Total,0,0,0,0,0", b'Total,"(4,107,567)","(1,750,476)","(2,356,694)","(894,004)","(9,108,740)"'
    )
    said, status = run(tmp_path, content)
    assert status == 1
    assert "--confirm total-row" in said
    said, status = run(tmp_path, content, "--confirm", "total-row")
    assert status == 0
    assert "Total: 2026/27: printed −£4,107,567.00, sum −£4,107,567.00, gap £0.00" in said


def test_growth_is_imported_the_same_way_and_stands_beside_savings(walsall, tmp_path):
    run(tmp_path, printed())
    said, status = run(tmp_path, GROWTH_FILE, profile=GROWTH)
    assert status == 0
    assert "Total growth: 2026/27: printed 290.5, sum 290.5, gap 0" in said
    found = mtfs()
    growth = {one["title"]: one for one in found["proposals"] if one["kind"] == "growth"}
    assert growth["Demand"]["amounts"]["2026/27"] == "250000.00"
    assert growth["Pay"]["total"] == "40500.00"
    assert found["growth"]["2026/27"] == "290500.00"
    assert found["totals"]["2026/27"] == "-3817067.00"


def test_a_council_with_growth_only_has_a_schedule(db, tmp_path):
    make_council("g", "Growth Council")
    assert run(tmp_path, GROWTH_FILE, profile=GROWTH, council="g")[1] == 0
    found = mtfs("g")
    assert (found["years"], found["totals"]["2027/28"]) == (["2026/27", "2027/28"], "100000.00")
    assert found["savings"] == {"2026/27": "0.00", "2027/28": "0.00"}


def test_a_council_with_nothing_recorded_has_an_empty_schedule(walsall):
    assert mtfs()["years"] == []
    assert mtfs()["proposals"] == []
    assert "No saving and no growth is recorded." in told("mtfs", "--council", "walsall")[0]


@pytest.mark.parametrize("command", [("mtfs",), ("import_savings", "x.csv")])
def test_a_council_that_is_not_there_is_said_with_those_that_are(walsall, command):
    said, status = told(*command, "--council", "nowhere")
    assert status == 1
    assert "There is no council “nowhere”. Councils here: walsall." in said


def test_a_file_that_is_not_there_and_a_profile_that_is_none_are_said(walsall, tmp_path):
    assert "cannot be read" in told("import_savings", str(tmp_path / "x.csv"), "--council", "walsall")[0]
    said, status = run(tmp_path, printed(), profile='overspend = "positive"')
    assert status == 1
    assert "“overspend” is not a setting" in said


def test_csv_holds_exact_pounds_and_no_formula(walsall, tmp_path):
    content = b'label,2026/27\r\n"=HYPERLINK(""x"")",(10.50)\r\n'
    run(tmp_path, content, profile='savings = "negative"')
    rows = list(csv.DictReader(io.StringIO(told("mtfs", "--council", "walsall", "--format", "csv")[0])))
    assert rows[0]["2026/27"] == "-10.50"
    assert not rows[0]["title"].startswith("=")
    assert rows[-1]["title"] == "Of which agreed"


def test_a_proposal_without_an_amount_is_unknown_in_every_year_and_one_without_a_change_is_nil(walsall):
    make_proposal(walsall, "Review of contracts")
    make_proposal(walsall, "Agency staff", recurrent(2026, "-100"), recurrent(2028, "-5"))
    first, second = mtfs()["proposals"]
    without, with_amounts = (first, second) if first["title"] == "Review of contracts" else (second, first)
    assert set(without["amounts"].values()) == {None}
    assert without["total"] is None
    assert with_amounts["amounts"]["2028/29"] == "-5.00"


def test_a_one_off_comes_back_in_the_schedule(walsall):
    make_proposal(walsall, "Grant", one_off(2026, "-100"))
    (grant,) = mtfs()["proposals"]
    assert grant["amounts"] == {"2026/27": "-100.00", "2027/28": "100.00"}
    assert grant["total"] == "0.00"


def test_imported_proposals_are_proposed_and_not_agreed(walsall, tmp_path):
    run(tmp_path, printed())
    assert set(SavingsProposal.objects.values_list("stage", flat=True)) == {"proposal"}
    assert set(mtfs()["agreed"].values()) == {"0.00"}


def test_an_amount_whose_years_a_paper_leaves_open_is_printed_beside_the_years_and_counted_in_none(walsall):
    held = make_proposal(walsall, "Restructure")
    span = SpanReading(
        first=FinancialYear(2026),
        last=FinancialYear(2027),
        amount=Decimal(-500000),
        meaning=SpanMeaning.NOT_STATED,
        words="£500k for 2026/27 and 2027/28",
    )
    propose_phasing(by=the_officer(walsall), proposal=held, phases=[], spans=[span], as_printed=True)
    (found,) = mtfs()["proposals"]
    assert found["spans"] == [
        {
            "words": "£500k for 2026/27 and 2027/28", "first_year": "2026/27", "last_year": "2027/28", "amount": "-500000.00",
            "is_counted": False, "if_each_year": "-1000000.00", "if_in_total": "-500000.00",
        }
    ]  # fmt: skip
    assert set(mtfs()["totals"].values()) <= {"0.00"}
