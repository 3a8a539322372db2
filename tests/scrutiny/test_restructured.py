"""A line closes and another takes it over in the middle of a year (T08): what was published stays, and the totals agree in both views."""

from decimal import Decimal

import pytest

from accounting.funds import Fund
from accounting.periods import FinancialYear
from scrutiny.models import Publication
from scrutiny.operations import publish
from scrutiny.published import COUNCIL, content_from
from services.operations.budgets import set_original_budgets
from services.operations.councils import add_service_line
from services.operations.forecasts import ForecastEdit, ReasonEntry, save_forecasts, set_reasons
from services.operations.restructuring import restructure_line
from services.operations.virements import approve_virement, post_virement, request_virement
from tests.scrutiny.council import make_thorney, open_month

pytestmark = pytest.mark.django_db


def test_t08_a_line_moved_in_the_year_leaves_what_was_published_and_both_views_agree():
    thorney = make_thorney()
    first = publish(
        by=thorney.officer, approved_by=thorney.head, council=thorney.council, period=thorney.period
    )
    before = first.content
    old = thorney.lines["Family support"]
    november = open_month(thorney, 8)
    new = add_service_line(by=thorney.officer, division=old.division, name="Family hubs", opened_in=november)
    set_original_budgets(
        by=thorney.officer,
        council=thorney.council,
        year=FinancialYear(2023),
        amounts={new: Decimal("0.00")},
    )
    held = content_from(before)
    moved = next(line for line in held.lines if line.name == "Family support").figures
    restructure_line(
        by=thorney.officer, line=old, successor=new, from_period=november, reason="Teams were merged"
    )
    virement = request_virement(
        by=thorney.officer,
        council=thorney.council,
        effective=november,
        legs=[(old, -moved.revised_budget), (new, moved.revised_budget)],
        reason="Budget follows the teams",
    )
    approve_virement(by=thorney.head, virement=virement)
    post_virement(by=thorney.officer, virement=virement)
    edit = ForecastEdit(line_id=new.pk, expected_version=0, forecast_outturn=moved.forecast_outturn)
    save_forecasts(by=thorney.officer, period=november, edits=[edit])
    reason = ReasonEntry(driver="demand", words="More families need help than planned.")
    set_reasons(by=thorney.officer, line=new, period=november, reasons=[reason])
    second = publish(by=thorney.officer, approved_by=thorney.head, council=thorney.council, period=november)
    assert Publication.objects.get(pk=first.pk).content == before
    then, now = (
        held.total(COUNCIL, Fund.GENERAL_FUND),
        content_from(second.content).total(COUNCIL, Fund.GENERAL_FUND),
    )
    assert then.figures.revised_budget == now.figures.revised_budget
    assert then.figures.forecast_outturn == now.figures.forecast_outturn
    assert "Family hubs" not in {line.name for line in held.lines}
    assert "Family hubs" in {line.name for line in content_from(second.content).lines}
