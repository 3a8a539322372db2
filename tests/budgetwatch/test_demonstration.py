"""The demonstration: the seed council's printed figures, and an invented council whose books balance."""

import io
import json
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounting.funds import Fund
from accounting.periods import Period
from accounts.models import User
from accounts.operations import command_line_user
from budgetwatch.demonstration import invented, papers, thamesmere
from budgetwatch.demonstration.sign_ins import SIGN_INS, ensure_people
from budgetwatch.management.commands.load_demo import PAPERS
from services.access import council_for
from services.audit import broken_chains
from services.models import Council, MonitoringPeriod, RoleAssignment
from services.position import Scope, council_position, period_context
from services.roles import Permission

pytestmark = pytest.mark.django_db
D = Decimal
FIXTURES = settings.BASE_DIR / "fixtures"
LAST = Period.parse("2024-25/p6")


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Both councils, the invented one up to the month of its restructure, loaded once for this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        by = command_line_user()
        people = ensure_people(by=by)
        for slug in PAPERS:
            papers.load(FIXTURES / f"{slug}.toml", by=by, people=people)
        description = thamesmere.read(FIXTURES / "demo.toml")
        invented.load(FIXTURES / "demo.toml", by=by, people=people, last=LAST)
        yield description
        transaction.set_rollback(True)


def position_json(council, period, **options):
    out = io.StringIO()
    call_command("position", council=council, period=period, format="json", stdout=out, **options)
    return json.loads(out.getvalue())


def hackney_json(**options):
    return position_json("hackney", "2023-24/p7", **options)


@pytest.fixture
def hackney(loaded):
    return hackney_json(published=True)


def total(position, scope, name, fund="general_fund"):
    return next(t for t in position["totals"] if (t["scope"], t["name"], t["fund"]) == (scope, name, fund))


def line(position, name):
    return next(row for row in position["lines"] if row["service_line"] == name)


def test_children_and_families_is_7_4_over_before_and_3_8_after_3_6_of_reserves(hackney):
    figures = total(hackney, "directorate", "Children and Families")
    assert figures["variance_before_reserves"] == "7400000.00"
    assert figures["drawdown"] == "3600000.00"
    assert figures["variance_after_reserves"] == "3800000.00"


@pytest.mark.parametrize(
    ("name", "figure", "printed"),
    [
        ("Corporate Parenting", "variance_before_reserves", "4000000.00"),
        ("Corporate Parenting", "variance_after_reserves", "2700000.00"),
        ("Family Intervention and Support", "variance_after_reserves", "1445000.00"),
        ("Looked After Children and Leaving Care", "variance_after_reserves", "943000.00"),
        ("Clinical Services", "variance_after_reserves", "-152000.00"),
        ("OBIS", "variance_after_reserves", "0.00"),
        ("Domestic Abuse Intervention Service", "virements", "394000.00"),
        ("Early Years", "variance_after_reserves", "666000.00"),
    ],
)
def test_the_minutes_figures_come_out(hackney, name, figure, printed):
    assert line(hackney, name)[figure] == printed


def test_family_intervention_is_20_per_cent_over(hackney):
    row = line(hackney, "Family Intervention and Support")
    assert D(row["variance_after_reserves"]) / D(row["revised_budget"]) == D("0.2")


def test_education_is_4_3_over_and_the_dsg_is_in_no_general_fund_total(hackney):
    assert total(hackney, "directorate", "Hackney Education")["variance_after_reserves"] == "4300000.00"
    assert (
        total(hackney, "directorate", "Hackney Education", "dsg")["variance_after_reserves"] == "-1130000.00"
    )
    council = total(hackney, "council", "London Borough of Hackney")
    assert council["variance_after_reserves"] == "8100000.00", "3.8 and 4.3, without the DSG's 1.13"


def test_the_send_deficit_is_another_measure(loaded):
    period = MonitoringPeriod.objects.get(council__slug="hackney", year=2023)
    (account,) = period_context(period.council, period).dsg
    assert account.balance.closing == D("21000000.00")
    assert account.balance.in_year is None
    assert account.fund is Fund.DSG_HIGH_NEEDS


def test_barking_and_dagenhams_projection_falls_as_printed(loaded):
    name = "London Borough of Barking and Dagenham"
    september, later = (position_json("lbbd", f"2014-15/p{number}", published=True) for number in (6, 8))
    care = "Children's Social Care and Complex Needs"
    assert line(september, care)["variance_before_reserves"] == "5466000.00"
    assert line(later, care)["variance_before_reserves"] == "4681000.00"
    assert total(september, "council", name)["variance_after_reserves"] == "4652000.00"
    assert total(later, "council", name)["variance_after_reserves"] == "3751000.00"
    assert total(later, "council", name)["movement"] == "-901000.00"


def test_barking_and_dagenhams_range_is_three_to_four_million(loaded):
    period = MonitoringPeriod.objects.get(council__slug="lbbd", number=8)
    whole = council_position(period.council, period).total(Scope.COUNCIL, Fund.GENERAL_FUND).position
    assert whole.best_case - whole.revised_budget == D("3000000.00")
    assert whole.worst_case - whole.revised_budget == D("4000000.00")


def test_the_unnamed_borough_is_2_8_over(loaded):
    found = position_json("borough-002", "2017-18/p8", published=True)
    assert line(found, "Children's services")["variance_after_reserves"] == "2800000.00"


def test_a_paper_without_a_forecast_is_published_with_its_budgets_and_savings(loaded):
    found = position_json("rbkc", "2011-12/p1", published=True)
    assert [row["revised_budget"] for row in found["lines"]] == ["3700000.00", "4600000.00"]
    assert all(row["forecast_outturn"] is None for row in found["lines"])


def test_proposals_of_an_earlier_year_are_published_without_the_lines_of_a_later_one(loaded):
    found = position_json("hackney", "2015-16/p8", published=True)
    assert found["lines"] == []


def test_working_and_published_agree(hackney):
    working = hackney_json()
    assert working["lines"] == hackney["lines"]
    assert working["totals"] == hackney["totals"]


def test_every_line_and_printed_total_says_where_its_figures_come_from(loaded):
    period = MonitoringPeriod.objects.get(council__slug="hackney", year=2023)
    position = council_position(period.council, period)
    for row in position.lines:
        marks = {mark.figure: mark.basis for mark in row.sources}
        assert marks["original_budget"] in {"illustrative", "derived"}, row.name
        assert "forecast_outturn" in marks, row.name
    printed = position.total(Scope.DIRECTORATE, Fund.GENERAL_FUND, "Children and Families")
    assert {mark.figure: mark.basis for mark in printed.sources}["variance_after_reserves"] == "printed"


def test_loading_again_changes_nothing(loaded):
    by = command_line_user()
    before = Council.objects.count(), User.objects.count(), RoleAssignment.objects.count()
    people = ensure_people(by=by)
    assert papers.load(FIXTURES / "hackney.toml", by=by, people=people) is None
    assert invented.load(FIXTURES / "demo.toml", by=by, people=people) is None
    assert (Council.objects.count(), User.objects.count(), RoleAssignment.objects.count()) == before


def test_the_demonstration_is_not_loaded_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="passwords are public"):
        call_command("load_demo")


def test_there_is_a_sign_in_for_each_role_and_the_member_sees_no_working_figure(loaded):
    assert len({sign_in.role for sign_in in SIGN_INS}) == 7
    member = User.objects.get(username="member")
    grant = council_for(member, "hackney", needs=Permission.VIEW_PUBLISHED)
    assert not grant.allows(Permission.VIEW_WORKING)


def demo_position(text):
    period = Period.parse(text)
    found = MonitoringPeriod.objects.get(
        council__slug="demo", year=period.year.first_year, number=period.number
    )
    return council_position(found.council, found)


def test_the_invented_council_has_forty_lines_in_two_directorates_and_five_funds(loaded):
    position = demo_position("2023-24/p1")
    assert len(position.lines) == 40
    assert len({row.directorate for row in position.lines}) == 2
    assert {row.position.fund for row in position.lines} == set(Fund) - {Fund.DSG, Fund.RING_FENCED_GRANT}


def test_the_same_figures_come_out_every_time(loaded):
    lines = thamesmere.lines_of(loaded)
    period = Period.parse("2025-26/p9")
    figures = [thamesmere.month(each, period, revised_budget=D("1000000.00")) for each in lines]
    assert figures == [thamesmere.month(each, period, revised_budget=D("1000000.00")) for each in lines]
    assert len(set(figures)) > 30, "lines differ from one another"


@pytest.mark.parametrize("text", ["2023-24/p1", "2023-24/p9", "2023-24/p13", "2024-25/p5", "2024-25/p6"])
def test_virements_are_nil_in_sum_and_parts_sum_to_the_whole(loaded, text):
    position = demo_position(text)
    whole = position.total(Scope.COUNCIL, Fund.GENERAL_FUND).position
    assert whole.virements == 0
    parts = [row.position for row in position.lines if row.position.fund is Fund.GENERAL_FUND]
    assert sum(part.variance_after_reserves for part in parts) == whole.variance_after_reserves
    assert whole.lines_without_forecast == 0


def test_a_restructure_in_the_year_keeps_the_years_original_budget(loaded):
    before, after = demo_position("2024-25/p5"), demo_position("2024-25/p6")
    originals = [p.total(Scope.COUNCIL, Fund.GENERAL_FUND).position.original_budget for p in (before, after)]
    assert originals[0] == originals[1]
    rows = {row.name: row for row in after.lines}
    hubs = rows["Family hubs"].position
    assert hubs.original_budget == 0
    assert hubs.revised_budget == sum(
        rows[name].position.original_budget for name in ("Children's centres", "Youth service")
    )
    assert all(
        rows[name].is_closed and rows[name].position.revised_budget == 0
        for name in ("Children's centres", "Youth service")
    )


def test_reserves_open_with_last_years_closing_balance_and_are_being_used_up(loaded):
    council = Council.objects.get(slug="demo")
    outturn = MonitoringPeriod.objects.get(council=council, year=2023, number=13)
    april = MonitoringPeriod.objects.get(council=council, year=2024, number=1)
    closing = {row.name: row.balance.closing for row in period_context(council, outturn).reserves}
    opening = {row.name: row.balance.opening for row in period_context(council, april).reserves}
    assert opening == closing
    assert closing["Placements reserve"] == D("6600000.00")


def test_the_high_needs_deficit_grows_and_rolls_forward(loaded):
    council = Council.objects.get(slug="demo")
    closings = []
    for year, number in ((2023, 13), (2024, 6)):
        period = MonitoringPeriod.objects.get(council=council, year=year, number=number)
        (account,) = period_context(council, period).dsg
        closings.append((account.balance.opening, account.balance.closing))
    assert closings[1][0] == closings[0][1]
    assert closings[0][0] < closings[0][1] < closings[1][1]


def test_every_material_variance_of_a_published_month_is_explained_to_the_penny(loaded):
    for row in demo_position("2024-25/p6").lines:
        assert not row.needs_reasons, row.name
        if row.reasons:
            assert sum(reason.amount for reason in row.reasons) == row.position.variance_before_reserves


def test_the_chains_hold(loaded):
    assert list(broken_chains()) == []


def test_the_invented_councils_ledger_has_two_codes_a_line_and_goes_in_whole(loaded, tmp_path):
    from budgetwatch.demonstration.ledger import control_total, ledger_csv, ledger_rows
    from services.models import LedgerCode, ServiceLine
    from services.operations.ledger_work import LedgerFile, preview_ledger

    council = Council.objects.get(slug="demo")
    lines = ServiceLine.objects.filter(council=council, closed_from__isnull=True)
    assert LedgerCode.objects.filter(council=council).count() == 2 * lines.count()
    period = MonitoringPeriod.objects.filter(council=council).order_by("-year", "-number").first()
    rows = list(ledger_rows(council, period))
    assert len(rows) == 2 * lines.count()
    file = LedgerFile(name="ledger.csv", content=ledger_csv(rows), stated=control_total(rows))
    found = preview_ledger(by=command_line_user(), council=council, period=period, file=file)
    assert (found.reading.problems, found.matches.problems) == ([], [])
    assert [check.is_exact for check in found.reading.totals] == [True]
    assert len(found.changes) == lines.count()
    path = tmp_path / "ledger.csv"
    out = io.StringIO()
    call_command("write_demo_ledger", str(path), stdout=out)
    assert path.read_bytes() == ledger_csv(rows)
    assert f"{control_total(rows):.2f}" in out.getvalue()
