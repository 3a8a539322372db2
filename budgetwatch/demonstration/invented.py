"""Loads the invented council: three finished years with their outturns, and the current year up to an open month."""

from pathlib import Path

from django.db import transaction

from accounting.money import ZERO
from accounting.periods import Period
from accounts.models import User
from budgetwatch.demonstration import thamesmere
from budgetwatch.demonstration.invented_budgets import budget_moves, new_year, restructure
from budgetwatch.demonstration.invented_context import dsg, reasons, risks, support
from budgetwatch.demonstration.invented_recovery import recovery
from budgetwatch.demonstration.invented_savings import read_savings, savings, slippage
from budgetwatch.demonstration.ledger import map_codes
from budgetwatch.demonstration.loading import Thamesmere, is_ready
from budgetwatch.demonstration.sign_ins import ensure_roles_at
from scrutiny.operations import publish
from services.models import (
    Council,
    MonitoringPeriod,
)
from services.operations.councils import (
    add_directorate,
    add_division,
    add_service_line,
    create_council,
)
from services.operations.forecasts import ForecastEdit, save_forecasts
from services.operations.periods import open_period
from services.operations.reserves import add_reserve
from services.position import LinePosition, council_position


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
    loaded = Thamesmere(
        description=description,
        council=council,
        officer=people["finance"],
        head=people["head"],
        savings=read_savings(path.with_name(f"{path.stem}_savings.toml")),
    )
    _structure(loaded, by=by)
    ensure_roles_at(council, by=by, people=people)
    for period in thamesmere.periods(description):
        if last is not None and period > last:
            break
        opened = _month(loaded, period)
        if period != Period.parse(description["open_period"]):
            publish(by=loaded.officer, approved_by=loaded.head, council=council, period=opened)
    map_codes(council, by=loaded.officer)
    return council


def _structure(loaded: Thamesmere, *, by: User) -> None:
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


def _month(loaded: Thamesmere, period: Period) -> MonitoringPeriod:
    """One period as a finance officer goes through it."""
    opened = open_period(
        by=loaded.officer, council=loaded.council, period=period, carry_forward=period.number > 1
    )
    if period.number == 1:
        new_year(loaded, opened)
    restructure(loaded, opened)
    budget_moves(loaded, opened)
    is_open_month = period == Period.parse(loaded.description["open_period"])
    savings(loaded, opened, is_open_month=is_open_month)
    position = council_position(loaded.council, opened)
    edits = [
        _edit(loaded, line, period) for line in position.lines if is_ready(line, is_open_month=is_open_month)
    ]
    save_forecasts(by=loaded.officer, period=opened, edits=edits)
    support(loaded, opened)
    position = council_position(loaded.council, opened)
    dsg(loaded, opened, position)
    risks(loaded, opened)
    reasons(loaded, opened, position, slippage(loaded, opened), is_open_month=is_open_month)
    recovery(loaded, opened, position, is_open_month=is_open_month)
    return opened


def _edit(loaded: Thamesmere, line: LinePosition, period: Period) -> ForecastEdit:
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
