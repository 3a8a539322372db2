"""The invented council's budgets: each year's originals and reserves, virements, a pay award and a restructure."""

from decimal import Decimal
from typing import Any

from accounting.money import ZERO
from accounting.periods import FinancialYear, Period
from budgetwatch.demonstration import thamesmere
from budgetwatch.demonstration.loading import Thamesmere
from services.models import (
    MonitoringPeriod,
    Reserve,
    ReserveUse,
)
from services.operations.budgets import approve_funding_change, request_funding_change, set_original_budgets
from services.operations.councils import (
    add_service_line,
)
from services.operations.reserves import set_reserve_opening
from services.operations.restructuring import restructure_line
from services.operations.uses import plan_use
from services.operations.virements import approve_virement, post_virement, request_virement
from services.position import council_position, period_context


def new_year(loaded: Thamesmere, opened: MonitoringPeriod) -> None:
    """Original budgets, reserves brought forward from last year's closing balances, and the year's planned uses."""
    year = opened.period.year
    years_on = loaded.years_on(year)
    amounts = {
        line: thamesmere.original_budget(loaded.invented[name], years_on=years_on)
        for name, line in loaded.lines.items()
        if line.closed_from_id is None
    }
    set_original_budgets(by=loaded.officer, council=loaded.council, year=year, amounts=amounts)
    for row in loaded.description["reserves"]:
        reserve = loaded.reserves[row["name"]]
        amount = Decimal(row["opening"]) if years_on == 0 else last_closing(loaded, year, reserve)
        set_reserve_opening(by=loaded.officer, reserve=reserve, year=year, amount=amount)
        for name, draws in row["draws"].items():
            plan_use(
                by=loaded.officer,
                period=opened,
                line=loaded.lines[name],
                reserve=reserve,
                kind=ReserveUse.Kind.DRAWDOWN,
                amount=Decimal(draws[years_on]),
                purpose=row["purpose"],
            )


def last_closing(loaded: Thamesmere, year: FinancialYear, reserve: Reserve) -> Decimal:
    outturn = MonitoringPeriod.objects.get(council=loaded.council, year=year.previous.first_year, number=13)
    lines = period_context(loaded.council, outturn).reserves
    closing = next(line.balance.closing for line in lines if line.reserve_id == reserve.pk)
    return ZERO if closing is None else closing


def restructure(loaded: Thamesmere, opened: MonitoringPeriod) -> None:
    """Merge lines mid-year: the successor opens with no original budget, and a virement brings it theirs."""
    row = loaded.description["restructure"]
    if opened.period != Period.parse(row["period"]):
        return
    closing = [loaded.lines[name] for name in row["closes"]]
    invented = [loaded.invented[name] for name in row["closes"]]
    successor = add_service_line(
        by=loaded.head,
        division=loaded.divisions[row["division"]],
        name=row["name"],
        code=row["code"],
        opened_in=opened,
    )
    year = opened.period.year
    set_original_budgets(by=loaded.officer, council=loaded.council, year=year, amounts={successor: ZERO})
    budgets = {
        line.line_id: line.position.revised_budget or ZERO
        for line in council_position(loaded.council, opened).lines
    }
    legs = [(line, -budgets[line.pk]) for line in closing]
    _post(
        loaded,
        opened,
        reference=f"V{year.slug}/R",
        reason=row["reason"],
        type_="technical",
        is_permanent=True,
        legs=[*legs, (successor, -sum((amount for _, amount in legs), ZERO))],
    )
    for line in closing:
        restructure_line(
            by=loaded.head, line=line, successor=successor, from_period=opened, reason=row["reason"]
        )
        line.refresh_from_db()
    loaded.lines[row["name"]] = successor
    loaded.invented[row["name"]] = thamesmere.merged(invented, name=row["name"], code=row["code"])


def budget_moves(loaded: Thamesmere, opened: MonitoringPeriod) -> None:
    """The year's virements and its pay award, in their months."""
    year = opened.period.year
    for row in loaded.description["virements"]:
        if row["number"] == opened.number:
            legs = [(loaded.lines[name], Decimal(thousands * 1000)) for name, thousands in row["legs"]]
            _post(
                loaded,
                opened,
                reference=f"V{year.slug}/{opened.number:02d}",
                reason=row["reason"],
                type_=row["type"],
                is_permanent=row["is_permanent"],
                legs=legs,
            )
    award = loaded.description["pay_award"]
    if award["number"] != opened.number:
        return
    for name in award["lines"]:
        line = loaded.lines[name]
        original = thamesmere.original_budget(loaded.invented[name], years_on=loaded.years_on(year))
        change = request_funding_change(
            by=loaded.officer,
            line=line,
            effective=opened,
            type="corporate",
            amount=thamesmere.pay_award(original, share=award["share"]),
            reason="The line's share of the pay award held centrally when the budget was set.",
            is_permanent=True,
            reference=f"F{year.slug}/{line.code}",
        )
        approve_funding_change(by=loaded.head, change=change)


def _post(loaded: Thamesmere, opened: MonitoringPeriod, *, type_: str, **virement: Any) -> None:
    requested = request_virement(
        by=loaded.officer, council=loaded.council, effective=opened, type=type_, **virement
    )
    post_virement(by=loaded.officer, virement=approve_virement(by=loaded.head, virement=requested))
