"""The position: its equations on records, funds kept apart, movement, and queries that do not grow with the lines."""

from decimal import Decimal

import pytest

from accounting.figures import figures_of
from accounting.funds import Fund
from accounting.rag import Rag
from accounting.reserves import ReserveKind
from services.models import Forecast, OriginalBudget, ReserveUse, ServiceLine, SourceNote, VarianceReason
from services.operations import budgets, councils, dsg, reserves, risks, sources
from services.position import Scope, council_position, period_context
from tests.services.factories import (
    explain,
    make_council,
    make_division,
    make_forecast,
    make_funding_change,
    make_line,
    make_one_off_funding,
    make_period,
    make_published,
    make_reserve,
    make_use,
    make_virement,
    pounds,
    the_head,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
GENERAL = Fund.GENERAL_FUND


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def period(council):
    return make_period(council)


def position_of(line, period):
    found = council_position(line.council, period).lines
    return next(entry for entry in found if entry.line_id == line.pk)


def figures(line, period):
    return figures_of(position_of(line, period).position)


def total(council, period, scope=Scope.COUNCIL, fund=GENERAL, name=None):
    return council_position(council, period).total(scope, fund, name)


# --- The equations ----------------------------------------------------------------------------------------------------


def test_revised_budget_is_original_and_posted_virements_and_approved_funding_changes(council, period):
    line, other = make_line(council, budget="1000"), make_line(council, "Early help", budget="500")
    make_virement(period, (line, "30.10"), (other, "-30.10"))
    make_virement(period, (line, "400"), (other, "-400"), posted=False)
    make_funding_change(line, period, "7.05")
    make_funding_change(line, period, "900", approved=False)
    now = figures(line, period)
    assert (now.original_budget, now.virements, now.funding_changes) == (
        pounds("1000"),
        pounds("30.10"),
        pounds("7.05"),
    )
    assert now.revised_budget == pounds("1037.15")
    whole = figures_of(total(council, period).position)
    assert (whole.virements, whole.revised_budget) == (pounds("0"), pounds("1507.05"))


def test_a_virement_counts_from_its_own_period_on(council):
    line, other = make_line(council, budget="1000"), make_line(council, "Early help", budget="500")
    may, june, july = (make_period(council, f"2023-24/p{number}") for number in (2, 3, 4))
    make_virement(june, (line, "10"), (other, "-10"))
    assert [figures(line, month).revised_budget for month in (may, june, july)] == [
        pounds(amount) for amount in ("1000", "1010", "1010")
    ]


def test_hackneys_month_7_is_7_4_over_before_reserves_and_3_8_after(council, period):
    # Seed paper 001: £3.6m of reserves bring a £7.4m overspend down to £3.8m.
    line = make_line(council, budget="60000000")
    make_forecast(line, period, "67400000")
    make_use(line, period, "3600000")
    now = figures(line, period)
    assert now.variance_before_reserves == pounds("7400000")
    assert (now.drawdown, now.variance_after_reserves) == (pounds("3600000"), pounds("3800000"))
    assert now.underlying_variance == pounds("7400000")


def test_warwickshires_remaining_variance_is_what_is_left_of_501_thousand(council, period):
    # Net variation 501 = investment funding 0 + reserves 0 + grant 522 + remaining service variance −21 (£000).
    line = make_line(council, budget="10000000")
    make_forecast(line, period, "10501000")
    make_one_off_funding(line, period, "522000")
    now = figures(line, period)
    assert now.variance_before_reserves == pounds("501000")
    assert now.variance_after_reserves == pounds("-21000")
    assert now.underlying_variance == pounds("501000")


def test_a_contribution_adds_to_the_overspend(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1000")
    make_use(line, period, "80", kind="contribution")
    now = figures(line, period)
    assert (now.contribution, now.variance_after_reserves) == (pounds("80"), pounds("80"))
    assert now.underlying_variance == pounds("0")


def test_recurrent_funding_is_there_again_next_year(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    make_one_off_funding(line, period, "60", is_recurrent=True)
    make_one_off_funding(line, period, "10")
    now = figures(line, period)
    assert (now.variance_after_reserves, now.underlying_variance) == (pounds("30"), pounds("40"))


def test_a_drawdown_in_the_budget_is_no_mitigation(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    make_use(line, period, "100", included_in_budget=True)
    now = figures(line, period)
    assert (now.drawdown, now.variance_after_reserves) == (pounds("0"), pounds("100"))


def test_a_drawdown_in_the_forecast_is_not_deducted_twice_and_is_one_off_all_the_same(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    make_use(line, period, "250", included_in_forecast=True)
    now = figures(line, period)
    assert (now.drawdown, now.variance_after_reserves) == (pounds("0"), pounds("100"))
    assert now.underlying_variance == pounds("350")


def test_one_off_funding_in_the_forecast_is_one_off_and_a_contribution_in_it_too(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    make_one_off_funding(line, period, "40", included_in_forecast=True)
    make_one_off_funding(line, period, "500", included_in_forecast=True, is_recurrent=True)
    make_use(line, period, "15", kind="contribution", included_in_forecast=True)
    now = figures(line, period)
    assert (now.variance_after_reserves, now.underlying_variance) == (pounds("100"), pounds("125"))


@pytest.mark.parametrize(
    ("state", "after", "if_all_approved"),
    [("planned", "100", "40"), ("requested", "100", "40"), ("approved", "40", "40"), ("applied", "40", "40")],
)
def test_only_approved_and_applied_uses_change_the_headline(council, period, state, after, if_all_approved):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    make_use(line, period, "60", state=state)
    now = figures(line, period)
    assert (now.variance_after_reserves, now.variance_if_all_approved) == (
        pounds(after),
        pounds(if_all_approved),
    )


def test_a_refused_use_counts_nowhere(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    use = make_use(line, period, "60", state="requested")
    reserves.refuse_use(by=the_head(council), use=use, reason="No need")
    now = figures(line, period)
    assert now.variance_after_reserves == now.variance_if_all_approved == pounds("100")


def test_income_that_falls_short_is_an_overspend(council, period):
    # Oxfordshire, £000: forecast −47,810 against −48,132 is 322 over.
    line = make_line(council, budget="-48132000", kind="income")
    make_forecast(line, period, "-47810000")
    assert figures(line, period).variance_after_reserves == pounds("322000")


def test_a_reported_budget_stands_until_later_movements_are_added_to_it(council):
    july, august = make_period(council, "2023-24/p4"), make_period(council, "2023-24/p5")
    line, other = make_line(council), make_line(council, "Early help", budget="50")
    returned = budgets.ReturnedBudget(
        line=line, revised=pounds("900"), original=pounds("880"), virements=pounds("20")
    )
    budgets.set_reported_budgets(by=the_officer(council), period=july, budgets=[returned])
    make_virement(august, (line, "5"), (other, "-5"))
    assert figures(line, july).revised_budget == pounds("900")
    then = figures(line, august)
    assert (then.original_budget, then.virements, then.revised_budget) == (
        pounds("880"),
        pounds("25"),
        pounds("905"),
    )


# --- Unknown stays unknown --------------------------------------------------------------------------------------------


def test_a_line_without_a_forecast_has_no_variance_and_neither_has_its_total(council, period):
    line, other = make_line(council, budget="1000"), make_line(council, "Early help", budget="500")
    make_forecast(line, period, "1100")
    entry = position_of(other, period)
    assert (entry.position.forecast_outturn, entry.position.variance_after_reserves, entry.rag) == (
        None,
        None,
        None,
    )
    assert (entry.forecast_version, entry.needs_reasons) == (0, False)
    whole = total(council, period).position
    assert (whole.forecast_outturn, whole.variance_after_reserves) == (None, None)
    assert (whole.revised_budget, whole.lines_without_forecast) == (pounds("1500"), 1)


def test_a_forecast_of_nil_is_a_forecast(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "0")
    assert figures(line, period).variance_after_reserves == pounds("-1000")


def test_a_line_without_a_budget_has_no_variance_and_no_percentage(council, period):
    """T10: an absent budget is unknown, not nil."""
    line = make_line(council)
    make_forecast(line, period, "1100")
    now = figures(line, period)
    assert (now.revised_budget, now.variance_after_reserves, now.variance_percent) == (None, None, None)


def test_a_nil_budget_has_no_percentage(council, period):
    """T10: a percentage of nil is not applicable, and nothing is divided."""
    line = make_line(council, budget="0")
    make_forecast(line, period, "5")
    now = figures(line, period)
    assert (now.variance_after_reserves, now.variance_percent) == (pounds("5"), None)


# --- Funds and scopes -------------------------------------------------------------------------------------------------


def test_the_dsg_is_in_no_general_fund_total_and_its_blocks_add_up_in_its_own(council, period):
    line = make_line(council, budget="1000")
    needs = make_line(council, "Top-ups", budget="300", fund=Fund.DSG_HIGH_NEEDS)
    early = make_line(council, "Nurseries", budget="200", fund=Fund.DSG_EARLY_YEARS)
    grant = make_line(council, "Supporting families", budget="40", fund=Fund.RING_FENCED_GRANT)
    for one, outturn in ((line, "1100"), (needs, "350"), (early, "190"), (grant, "40")):
        make_forecast(one, period, outturn)
    found = council_position(council, period)
    variances = {
        entry.fund: entry.position.variance_after_reserves
        for entry in found.totals
        if entry.scope is Scope.COUNCIL
    }
    assert variances == {
        Fund.GENERAL_FUND: pounds("100"),
        Fund.DSG: pounds("40"),
        Fund.DSG_HIGH_NEEDS: pounds("50"),
        Fund.DSG_EARLY_YEARS: pounds("-10"),
        Fund.RING_FENCED_GRANT: pounds("0"),
    }


def test_divisions_add_up_to_directorates_and_directorates_to_the_council(council, period):
    places = (
        ("Looked after children", "Social Care", "Children and Families", "1200"),
        ("Early help", "Early Help", "Children and Families", "990"),
        ("Transport", "Inclusion", "Education", "1005"),
    )
    for name, division, directorate, outturn in places:
        line = make_line(council, name, budget="1000", division=division, directorate=directorate)
        make_forecast(line, period, outturn)
    found = council_position(council, period)

    def variance(scope, name=None):
        return found.total(scope, GENERAL, name).position.variance_after_reserves

    assert variance(Scope.COUNCIL) == pounds("195")
    assert variance(Scope.DIRECTORATE, "Children and Families") == pounds("190")
    assert variance(Scope.DIRECTORATE, "Education") == variance(Scope.DIVISION, "Inclusion") == pounds("5")
    assert variance(Scope.DIVISION, "Social Care") == pounds("200")


def test_two_divisions_of_one_name_in_two_directorates_are_two(council, period):
    for directorate, outturn in (("Children and Families", "1200"), ("Education", "1005")):
        division = make_division(council, "Commissioning", directorate)
        line = make_line(council, "Contracts", budget="1000", division=division)
        make_forecast(line, period, outturn)
    found = [entry for entry in council_position(council, period).totals if entry.scope is Scope.DIVISION]
    assert sorted(entry.position.variance_after_reserves for entry in found) == [pounds("5"), pounds("200")]


def test_a_budget_holder_of_one_directorate_sees_its_lines_alone(council, period):
    make_line(council, "Looked after children", budget="1000")
    line = make_line(council, "Transport", budget="70", division="Inclusion", directorate="Education")
    seen = council_position(council, period, directorate_ids=frozenset({line.division.directorate_id}))
    assert [entry.name for entry in seen.lines] == ["Transport"]
    assert seen.total(Scope.DIRECTORATE, GENERAL).position.revised_budget == pounds("70")


def test_another_councils_lines_are_not_in_it(council, period):
    make_line(council, budget="1000")
    other = make_council("south-borough", "South Borough")
    make_line(other, budget="5")
    make_period(other)
    assert total(council, period).position.revised_budget == pounds("1000")


def test_a_rating_follows_the_councils_rules(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1030")
    assert position_of(line, period).rag is Rag.AMBER
    councils.set_rag_rules(by=the_head(council), council=council, rules=[])
    assert position_of(line, period).rag is Rag.AMBER  # an empty table falls back on the default


def test_a_material_variance_needs_a_reason_until_one_is_confirmed(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    assert position_of(line, period).needs_reasons
    explain(line, period)
    entry = position_of(line, period)
    assert not entry.needs_reasons
    assert [reason.words for reason in entry.reasons] == ["More children than planned."]
    VarianceReason.objects.update(confirmed_by=None, confirmed_at=None)
    assert position_of(line, period).needs_reasons


def test_sources_are_shown_beside_what_they_are_of(council, period):
    line = make_line(council, budget="1000")
    make_forecast(line, period, "1100")
    sources.note_sources(
        by=the_officer(council),
        period=period,
        notes=[
            sources.SourceEntry(line=line, figure="forecast_outturn", basis="printed", citation="Minute 4.2"),
            sources.SourceEntry(
                subject="council:North Borough:general_fund", figure="drawdown", basis="derived"
            ),
        ],
    )
    assert [mark.citation for mark in position_of(line, period).sources] == ["Minute 4.2"]
    assert [mark.basis for mark in total(council, period).sources] == ["derived"]


# --- Movement, and restructured lines ---------------------------------------------------------------------------------


def test_movement_is_against_the_last_published_period_and_its_newest_version(council):
    line = make_line(council, budget="1000")
    april, may, june = (make_period(council, f"2023-24/p{number}") for number in (1, 2, 3))
    make_forecast(line, april, "1010")
    assert figures(line, april).movement is None
    make_published(april)
    from services.operations import periods

    periods.reopen_period(
        by=the_head(council), asked_by=the_officer(council), period=april, reason="A wrong accrual"
    )
    make_forecast(line, april, "1020")
    make_published(april)
    make_forecast(line, may, "1500")  # never published: movement passes it over
    make_forecast(line, june, "1045")
    found = council_position(council, june)
    assert (found.last_published.period, found.last_published.version) == (april.period, 2)
    assert figures(line, june).movement == pounds("25")
    assert total(council, june).position.movement == pounds("25")


def test_last_years_publications_are_not_this_years(council):
    line = make_line(council, budget="1000", year=2022)
    march = make_period(council, "2022-23/p12")
    make_forecast(line, march, "1010")
    make_published(march)
    april = make_period(council, "2023-24/p1")
    make_forecast(line, april, "1010")
    assert figures(line, april).movement is None


def restructured(council):
    """Two lines published at month 3; one closes from month 4, its budget and forecast gone to a new line."""
    old, stays = make_line(council, "Old team", budget="1000"), make_line(council, "Early help", budget="500")
    june = make_period(council, "2023-24/p3")
    make_forecast(old, june, "1100")
    make_forecast(stays, june, "500")
    make_published(june)
    july = make_period(council, "2023-24/p4")
    new = make_line(council, "New team", budget="0", opened_in=july)  # known to be nil, not unknown
    councils.restructure_line(
        by=the_officer(council), line=old, successor=new, from_period=july, reason="Merged"
    )
    make_virement(july, (old, "-1000"), (new, "1000"), is_permanent=True)
    make_forecast(new, july, "1130")
    make_forecast(stays, july, "500")
    return old, new, june, july


def test_after_a_restructure_budget_and_movement_still_add_up(council):
    """T08: the totals before and after the move are the same."""
    _, _, june, july = restructured(council)
    before, after = total(council, june).position, total(council, july).position
    assert before.revised_budget == after.revised_budget == pounds("1500")
    assert (before.variance_after_reserves, after.variance_after_reserves) == (pounds("100"), pounds("130"))
    assert after.movement == pounds("30")


def test_after_a_restructure_the_past_is_as_it_was(council):
    """T08: the line that closed keeps its past; the one that took over has none."""
    old, new, june, july = restructured(council)
    assert figures(old, june).variance_after_reserves == pounds("100")
    assert new.pk not in {line.line_id for line in council_position(council, june).lines}
    closed = position_of(old, july)
    assert closed.is_closed
    assert (closed.position.revised_budget, closed.position.variance_after_reserves) == (
        pounds("0"),
        pounds("0"),
    )


def test_a_closed_line_is_gone_the_year_after(council):
    old, new, *_ = restructured(council)
    april = make_period(council, "2024-25/p1")
    ids = {line.line_id for line in council_position(council, april).lines}
    assert old.pk not in ids
    assert new.pk in ids


# --- What stands around -----------------------------------------------------------------------------------------------


def test_a_reserve_rolls_forward_on_approved_uses_and_says_what_is_still_planned(council, period):
    line = make_line(council, budget="1000")
    reserve, other = make_reserve(council, opening="1000"), make_reserve(council, "Winter", opening="10")
    make_use(line, period, "300", reserve=reserve, state="applied", included_in_forecast=True)
    make_use(line, period, "50", reserve=reserve, kind="contribution")
    make_use(line, period, "200", reserve=reserve, state="planned")
    reserves.transfer_between_reserves(
        by=the_head(council),
        period=period,
        from_reserve=reserve,
        to_reserve=other,
        amount=pounds("25"),
        decision_reference="Cabinet",
    )
    first, second = period_context(council, period).reserves
    assert (first.name, first.balance.closing) == ("Children's transformation", pounds("725"))
    assert first.balance.closing_if_all_approved == pounds("525")
    assert (second.name, second.balance.closing) == ("Winter", pounds("35"))
    assert first.runway_years == pounds("725") / pounds("250")


def test_a_reserve_of_unknown_opening_has_an_unknown_closing(council, period):
    line = make_line(council, budget="1000")
    reserve = make_reserve(council)
    make_use(line, period, "300", reserve=reserve)
    make_use(line, period, "20")
    known, unnamed = period_context(council, period).reserves
    assert (known.balance.closing, known.runway_years) == (None, None)
    assert (unnamed.reserve_id, unnamed.balance.drawdown) == (None, pounds("20"))


def test_the_context_holds_the_dsg_virements_and_risks(council, period):
    line, other = make_line(council, budget="1000"), make_line(council, "Early help", budget="500")
    make_virement(period, (line, "394000"), (other, "-394000"), reference="V1")
    make_funding_change(line, period, "7")
    dsg.set_dsg_account(
        by=the_officer(council),
        period=period,
        fund=Fund.DSG_HIGH_NEEDS,
        name="Cumulative SEND deficit",
        opening=pounds("8600000"),
        in_year=pounds("7800000"),
    )
    risks.record_risk(
        by=the_officer(council), period=period, kind="risk", title="A tribunal", amount=pounds("5")
    )
    context = period_context(council, period)
    assert context.dsg[0].balance.closing == pounds("16400000")
    assert [(entry.reference, entry.moved, entry.is_virement) for entry in context.virements] == [
        ("V1", pounds("394000"), True),
        ("F2023-001", pounds("7"), False),
    ]
    assert [(risk.title, risk.amount) for risk in context.risks] == [("A tribunal", pounds("5"))]


# --- Queries ----------------------------------------------------------------------------------------------------------


def filled(council, period, lines):
    """A council of many lines, each with a budget, a forecast, a use, a reason and a source."""
    division = make_division(council)
    made = ServiceLine.objects.bulk_create(
        ServiceLine(council=council, division=division, name=f"Line {number}") for number in range(lines)
    )
    shared = {"council": council, "period": period}
    OriginalBudget.objects.bulk_create(
        OriginalBudget(council=council, service_line=line, year=2023, amount=Decimal(10)) for line in made
    )
    Forecast.objects.bulk_create(
        Forecast(service_line=line, forecast_outturn=Decimal(11), **shared) for line in made
    )
    reserve = make_reserve(council, kind=ReserveKind.GENERAL)
    ReserveUse.objects.bulk_create(
        ReserveUse(
            service_line=line, reserve=reserve, kind="drawdown", amount=Decimal(1), state="approved", **shared
        )
        for line in made
    )
    VarianceReason.objects.bulk_create(
        VarianceReason(service_line=line, driver="demand", words="More", **shared) for line in made
    )
    SourceNote.objects.bulk_create(
        SourceNote(service_line=line, figure="forecast_outturn", basis="printed", **shared) for line in made
    )
    if lines > 1:
        make_virement(period, *((line, "1") for line in made[:-1]), (made[-1], f"-{lines - 1}"))
    else:
        other = make_line(council, "Beside", budget="1")
        make_virement(period, (made[0], "1"), (other, "-1"))
    risks.record_risk(by=the_officer(council), period=period, kind="risk", title="A tribunal")
    return council


@pytest.mark.parametrize("lines", [1, 300])
def test_a_position_takes_eight_queries_however_many_lines(council, period, django_assert_num_queries, lines):
    filled(council, period, lines)
    with django_assert_num_queries(8):
        found = council_position(council, period)
    assert len(found.lines) == max(lines, 2)  # one line alone has a second to vire to


@pytest.mark.parametrize("lines", [1, 300])
def test_a_periods_context_takes_ten_queries_however_many_lines(
    council, period, django_assert_num_queries, lines
):
    filled(council, period, lines)
    with django_assert_num_queries(10):
        context = period_context(council, period)
    assert len(context.reserves[0].uses) == lines


def test_totals_of_300_lines_are_exact(council, period):
    filled(council, period, 300)
    assert total(council, period).position.variance_after_reserves == pounds("0")
    assert total(council, period).position.revised_budget == pounds("3000")
