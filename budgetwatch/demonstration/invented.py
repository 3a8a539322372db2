"""Loads the invented council: three finished years with their outturns, and the current year up to an open month."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounting.funds import Fund
from accounting.money import ZERO
from accounting.periods import FinancialYear, Period
from accounts.models import User
from budgetwatch.demonstration import thamesmere
from budgetwatch.demonstration.sign_ins import ensure_roles_at
from scrutiny.operations import publish
from services.models import (
    Council,
    Division,
    DsgAccount,
    MonitoringPeriod,
    OneOffFunding,
    Reserve,
    ReserveUse,
    ServiceLine,
    UseState,
)
from services.operations.budgets import approve_funding_change, request_funding_change, set_original_budgets
from services.operations.councils import (
    add_directorate,
    add_division,
    add_service_line,
    create_council,
)
from services.operations.dsg import set_dsg_account
from services.operations.forecasts import ForecastEdit, ReasonEntry, save_forecasts, set_reasons
from services.operations.one_off_funding import add_one_off_funding, approve_one_off_funding
from services.operations.periods import open_period
from services.operations.reserves import add_reserve, set_reserve_opening
from services.operations.restructuring import restructure_line
from services.operations.risks import record_risk
from services.operations.uses import approve_use, plan_use, request_use
from services.operations.virements import approve_virement, post_virement, request_virement
from services.position import CouncilPosition, LinePosition, council_position, period_context

APPROVED_FROM = 4
"""Uses of reserves are planned in the spring and approved from month 4."""


@dataclass(slots=True)
class _Thamesmere:
    """The council being loaded, and what has been made of it so far."""

    description: Mapping[str, Any]
    council: Council
    officer: User
    head: User
    invented: dict[str, thamesmere.Line] = field(default_factory=dict)
    lines: dict[str, ServiceLine] = field(default_factory=dict)
    divisions: dict[str, Division] = field(default_factory=dict)
    reserves: dict[str, Reserve] = field(default_factory=dict)


@transaction.atomic
def load(path: Path, *, by: User, people: dict[str, User], last: Period | None = None) -> Council | None:
    """Load the council period by period, publishing all but the open one; `None` if it is there already.

    All of it or none, so that a load cut short can be repeated.

    `last` stops earlier, and publishes that period too: tests need one year, not four.
    """
    description = thamesmere.read(path)
    if Council.objects.filter(slug=description["slug"]).exists():
        return None
    council = create_council(
        by=by,
        slug=description["slug"],
        name=description["name"],
        remit=description["remit"],
        source_note=description["source_note"],
        is_illustration=True,
    )
    loaded = _Thamesmere(
        description=description, council=council, officer=people["finance"], head=people["head"]
    )
    _structure(loaded, by=by)
    ensure_roles_at(council, by=by, people=people)
    for period in thamesmere.periods(description):
        if last is not None and period > last:
            break
        opened = _month(loaded, period)
        if period != Period.parse(description["open_period"]):
            publish(by=loaded.officer, approved_by=loaded.head, council=council, period=opened)
    return council


def _structure(loaded: _Thamesmere, *, by: User) -> None:
    directorates = {}
    for order, line in enumerate(thamesmere.lines_of(loaded.description)):
        if line.directorate not in directorates:
            directorates[line.directorate] = add_directorate(
                by=by, council=loaded.council, name=line.directorate, order=order
            )
        if line.division not in loaded.divisions:
            loaded.divisions[line.division] = add_division(
                by=by, directorate=directorates[line.directorate], name=line.division, order=order
            )
        loaded.invented[line.name] = line
        loaded.lines[line.name] = add_service_line(
            by=by,
            division=loaded.divisions[line.division],
            name=line.name,
            code=line.code,
            fund=line.fund,
            is_statutory=line.is_statutory,
            is_demand_led=line.is_demand_led,
            is_controllable=line.is_controllable,
            order=order,
        )
    for order, row in enumerate(loaded.description["reserves"]):
        loaded.reserves[row["name"]] = add_reserve(
            by=loaded.officer,
            council=loaded.council,
            name=row["name"],
            kind=row["kind"],
            purpose=row["purpose"],
            order=order,
        )


def _month(loaded: _Thamesmere, period: Period) -> MonitoringPeriod:
    """One period as a finance officer goes through it."""
    opened = open_period(
        by=loaded.officer, council=loaded.council, period=period, carry_forward=period.number > 1
    )
    if period.number == 1:
        _new_year(loaded, opened)
    _restructure(loaded, opened)
    _budget_moves(loaded, opened)
    position = council_position(loaded.council, opened)
    is_open_month = period == Period.parse(loaded.description["open_period"])
    edits = [
        _edit(loaded, line, period) for line in position.lines if _is_ready(line, is_open_month=is_open_month)
    ]
    save_forecasts(by=loaded.officer, period=opened, edits=edits)
    _support(loaded, opened)
    position = council_position(loaded.council, opened)
    _dsg(loaded, opened, position)
    _risks(loaded, opened)
    _reasons(loaded, opened, position, is_open_month=is_open_month)
    return opened


def _years_on(loaded: _Thamesmere, year: FinancialYear) -> int:
    return year.first_year - int(loaded.description["first_year"])


def _new_year(loaded: _Thamesmere, opened: MonitoringPeriod) -> None:
    """Original budgets, reserves brought forward from last year's closing balances, and the year's planned uses."""
    year = opened.period.year
    years_on = _years_on(loaded, year)
    amounts = {
        line: thamesmere.original_budget(loaded.invented[name], years_on=years_on)
        for name, line in loaded.lines.items()
        if line.closed_from_id is None
    }
    set_original_budgets(by=loaded.officer, council=loaded.council, year=year, amounts=amounts)
    for row in loaded.description["reserves"]:
        reserve = loaded.reserves[row["name"]]
        amount = Decimal(row["opening"]) if years_on == 0 else _last_closing(loaded, year, reserve)
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


def _last_closing(loaded: _Thamesmere, year: FinancialYear, reserve: Reserve) -> Decimal:
    outturn = MonitoringPeriod.objects.get(council=loaded.council, year=year.previous.first_year, number=13)
    lines = period_context(loaded.council, outturn).reserves
    closing = next(line.balance.closing for line in lines if line.reserve_id == reserve.pk)
    return ZERO if closing is None else closing


def _restructure(loaded: _Thamesmere, opened: MonitoringPeriod) -> None:
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


def _budget_moves(loaded: _Thamesmere, opened: MonitoringPeriod) -> None:
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
        original = thamesmere.original_budget(loaded.invented[name], years_on=_years_on(loaded, year))
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


def _post(loaded: _Thamesmere, opened: MonitoringPeriod, *, type_: str, **virement: Any) -> None:
    requested = request_virement(
        by=loaded.officer, council=loaded.council, effective=opened, type=type_, **virement
    )
    post_virement(by=loaded.officer, virement=approve_virement(by=loaded.head, virement=requested))


def _is_ready(line: LinePosition, *, is_open_month: bool) -> bool:
    """Whether the line's forecast is made. In the open month the second directorate has only last month's, carried forward."""
    return not line.is_closed and not (is_open_month and line.directorate == "Education and Inclusion")


def _edit(loaded: _Thamesmere, line: LinePosition, period: Period) -> ForecastEdit:
    month = thamesmere.month(
        loaded.invented[line.name], period, revised_budget=line.position.revised_budget or ZERO
    )
    return ForecastEdit(
        line_id=line.line_id,
        expected_version=line.forecast_version,
        actual_to_date=month.actual_to_date,
        commitments=month.commitments,
        forecast_outturn=month.forecast_outturn,
        best_case=month.best_case,
        worst_case=month.worst_case,
    )


def _support(loaded: _Thamesmere, opened: MonitoringPeriod) -> None:
    """From month 4 the planned uses are approved; the grant is added in month 5 and carried forward."""
    if opened.number == APPROVED_FROM:
        for use in ReserveUse.objects.filter(period=opened, state=UseState.PLANNED).order_by("pk"):
            requested = request_use(by=loaded.officer, use=use)
            approve_use(by=loaded.head, use=requested, decision_reference="Cabinet, July (invented)")
    if opened.number != APPROVED_FROM + 1:
        return
    for row in loaded.description["funding"]:
        funding = add_one_off_funding(
            by=loaded.officer,
            period=opened,
            line=loaded.lines[row["line"]],
            source=OneOffFunding.Source(row["source"]),
            amount=Decimal(row["amounts"][_years_on(loaded, opened.period.year)]),
            purpose=row["purpose"],
            ends_on=opened.period.year.end,
        )
        approve_one_off_funding(by=loaded.head, funding=funding)


def _dsg(loaded: _Thamesmere, opened: MonitoringPeriod, position: CouncilPosition) -> None:
    """The High Needs deficit's roll-forward; a year opens with the closing balance of the year before."""
    row, years_on = loaded.description["dsg"], _years_on(loaded, opened.period.year)
    variance = next(
        (line.position.variance_before_reserves for line in position.lines if line.name == row["line"]), None
    )
    opening = Decimal(row["opening"])
    if years_on:
        outturn = MonitoringPeriod.objects.get(council=loaded.council, year=opened.year - 1, number=13)
        opening = next(entry.balance.closing or ZERO for entry in period_context(loaded.council, outturn).dsg)
    held = DsgAccount.objects.filter(period=opened, name=row["name"]).first()
    set_dsg_account(
        by=loaded.officer,
        period=opened,
        fund=Fund.DSG_HIGH_NEEDS,
        name=row["name"],
        expected_version=held.version if held else 0,
        opening=opening,
        in_year=thamesmere.high_needs_in_year(row["budgeted_in_year"][years_on], variance or ZERO),
        budgeted_in_year=Decimal(row["budgeted_in_year"][years_on]),
        funding_received=Decimal(row["funding_received"][years_on]),
        planned_closing=Decimal(row["planned_closing"][years_on]),
        override_ends_on=row["override_ends_on"][years_on],
        note=row["note"],
    )


def _risks(loaded: _Thamesmere, opened: MonitoringPeriod) -> None:
    """The same risks each year, until they have become certain by the winter."""
    if opened.number != 1:
        return
    for row in loaded.description["risks"]:
        record_risk(
            by=loaded.officer,
            period=opened,
            line=loaded.lines[row["line"]],
            kind=row["kind"],
            title=row["title"],
            words=row["words"],
            amount=Decimal(row["amount"]),
            likelihood=row["likelihood"],
        )


def _reasons(
    loaded: _Thamesmere, opened: MonitoringPeriod, position: CouncilPosition, *, is_open_month: bool
) -> None:
    """Reasons for every material variance, split among the line's drivers to the penny."""
    for line in position.lines:
        if not line.needs_reasons or not _is_ready(line, is_open_month=is_open_month):
            continue
        variance = line.position.variance_before_reserves or ZERO
        parts = thamesmere.split(variance, loaded.invented[line.name].drivers)
        entries = [
            ReasonEntry(
                driver=driver,
                amount=amount,
                words=loaded.description["words"][driver][0],
                action=loaded.description["words"][driver][1],
                is_recurrent=driver not in {"vacancies", "grant", "other"},
            )
            for driver, amount in parts
        ]
        set_reasons(by=loaded.officer, line=loaded.lines[line.name], period=opened, reasons=entries)
