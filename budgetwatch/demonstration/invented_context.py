"""What stands around the invented council's forecasts: approvals, the DSG, risks and reasons."""

from collections.abc import Mapping
from decimal import Decimal

from accounting.funds import Fund
from accounting.money import ZERO
from budgetwatch.demonstration import thamesmere
from budgetwatch.demonstration.loading import Thamesmere, is_ready
from services.models import (
    DsgAccount,
    MonitoringPeriod,
    OneOffFunding,
    ReserveUse,
    UseState,
)
from services.operations.dsg import set_dsg_account
from services.operations.forecasts import ReasonEntry, set_reasons
from services.operations.one_off_funding import add_one_off_funding, approve_one_off_funding
from services.operations.risks import record_risk
from services.operations.uses import approve_use, request_use
from services.position import CouncilPosition, period_context

APPROVED_FROM = 4
"""Uses of reserves are planned in the spring and approved from month 4."""


def support(loaded: Thamesmere, opened: MonitoringPeriod) -> None:
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
            amount=Decimal(row["amounts"][loaded.years_on(opened.period.year)]),
            purpose=row["purpose"],
            ends_on=opened.period.year.end,
        )
        approve_one_off_funding(by=loaded.head, funding=funding)


def dsg(loaded: Thamesmere, opened: MonitoringPeriod, position: CouncilPosition) -> None:
    """The High Needs deficit's roll-forward; a year opens with the closing balance of the year before."""
    row, years_on = loaded.description["dsg"], loaded.years_on(opened.period.year)
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


def risks(loaded: Thamesmere, opened: MonitoringPeriod) -> None:
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


def reasons(
    loaded: Thamesmere,
    opened: MonitoringPeriod,
    position: CouncilPosition,
    slippage: Mapping[int, Decimal],
    *,
    is_open_month: bool,
) -> None:
    """Reasons for every material variance: savings that fall short, by line, and the rest split among the line's drivers to the penny."""
    for line in position.lines:
        if not line.needs_reasons or not is_ready(line, is_open_month=is_open_month):
            continue
        variance = line.position.variance_before_reserves or ZERO
        slipped = slippage.get(line.line_id, ZERO)
        parts = [("savings", slipped)] if slipped else []
        parts += thamesmere.split(variance - slipped, loaded.invented[line.name].drivers)
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
