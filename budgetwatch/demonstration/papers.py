"""Loads a council whose figures are in one file, each marked printed, derived or illustrative."""

import tomllib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounting.funds import Fund
from accounting.periods import Period
from accounting.reserves import ReserveKind
from accounts.models import User
from budgetwatch.demonstration import savings_proposals, savings_recovery
from budgetwatch.demonstration.savings_proposals import Setting
from budgetwatch.demonstration.savings_tables import read_periods
from budgetwatch.demonstration.sign_ins import ensure_roles_at
from scrutiny.operations import publish
from services.models import Council, MonitoringPeriod, ReserveUse, ServiceLine
from services.operations.budgets import set_original_budgets
from services.operations.councils import add_directorate, add_division, add_service_line, create_council
from services.operations.dsg import set_dsg_account
from services.operations.forecasts import ForecastEdit, ReasonEntry, save_forecasts, set_reasons
from services.operations.periods import open_period
from services.operations.reserves import add_reserve
from services.operations.sources import SourceEntry, note_sources
from services.operations.uses import approve_use, plan_use, request_use
from services.operations.virements import approve_virement, post_virement, request_virement

EARLIER = 100
"""The place from which proposals of an earlier year are listed."""


@transaction.atomic
def load(path: Path, *, by: User, people: dict[str, User]) -> Council | None:
    """Load and publish the council of a file; `None` if it is there already.

    All of it or none, so that a load cut short can be repeated. One person enters, another approves.
    """
    with path.open("rb") as file:
        data = tomllib.load(file)
    if Council.objects.filter(slug=data["slug"]).exists():
        return None
    council = create_council(
        by=by, slug=data["slug"], name=data["name"], remit=data["remit"], source_note=data["source_note"]
    )
    savings = read_periods(path.parent / "savings" / path.name)
    _before(savings, council=council, by=by, people=people)
    lines = _structure(council, data, by=by, opens_late=any("opens" in row for row in savings))
    ensure_roles_at(council, by=by, people=people)
    officer, head = people["finance"], people["head"]
    year = Period.parse(data["period"]["period"]).year
    budgets = {lines[row["name"]]: Decimal(row["original_budget"]) for row in data["lines"]}
    set_original_budgets(by=officer, council=council, year=year, amounts=budgets)
    for month in _months(data):
        of_savings = next((row for row in savings if row["period"] == month["period"]), {})
        _month(month, of_savings, council=council, lines=lines, officer=officer, head=head)
    return council


def _before(
    savings: Iterable[dict[str, Any]], *, council: Council, by: User, people: dict[str, User]
) -> None:
    """Load and publish periods that have savings and nothing else: a paper that gives proposals, and neither budgets nor forecasts."""
    officer, head = people["finance"], people["head"]
    for row in (row for row in savings if row.get("opens")):
        for order, name in enumerate(row["directorates"]):
            add_directorate(by=by, council=council, name=name, order=order)
        period = open_period(
            by=officer,
            council=council,
            period=Period.parse(row["period"]),
            title_as_printed=row["title_as_printed"],
        )
        _savings(row, council=council, period=period, lines={}, officer=officer, head=head)
        publish(by=officer, approved_by=head, council=council, period=period)


def _savings(
    row: dict[str, Any],
    *,
    council: Council,
    period: MonitoringPeriod,
    lines: dict[str, ServiceLine],
    officer: User,
    head: User,
) -> None:
    """What the papers say of savings, recovery and strategy at the period."""
    setting = Setting(
        council=council,
        officer=officer,
        head=head,
        lines=lines,
        directorates={one.name: one for one in council.directorates.all()},
        first_place=EARLIER if row.get("opens") else 0,
    )
    if "strategy" in row:
        savings_recovery.strategy(row["strategy"], setting)
    savings_proposals.load(row.get("proposals", ()), period=period, setting=setting)
    for plan in row.get("plans", ()):
        savings_recovery.plan(plan, period=period, setting=setting)


def _months(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The file's period with all that it says, then the later ones with the figures of the lines that they name."""
    yield {**data, **data["period"]}
    yield from data.get("later_periods", ())


def _month(
    month: dict[str, Any],
    savings: dict[str, Any],
    *,
    council: Council,
    lines: dict[str, ServiceLine],
    officer: User,
    head: User,
) -> None:
    """Enter one period with what its papers say of savings, and publish it."""
    period = open_period(
        by=officer,
        council=council,
        period=Period.parse(month["period"]),
        title_as_printed=month["title_as_printed"],
    )
    _virements(
        month.get("virements", ()), council=council, period=period, lines=lines, officer=officer, head=head
    )
    edits = [_edit(row, lines[row["name"]]) for row in month["lines"] if "forecast_outturn" in row]
    if edits:
        save_forecasts(by=officer, period=period, edits=edits)
    _reserves(month, council=council, period=period, lines=lines, officer=officer, head=head)
    _words(month, period=period, lines=lines, officer=officer)
    _savings(savings, council=council, period=period, lines=lines, officer=officer, head=head)
    publish(by=officer, approved_by=head, council=council, period=period)


def _edit(row: dict[str, Any], line: ServiceLine) -> ForecastEdit:
    figures = {
        name: Decimal(row[name]) for name in ("forecast_outturn", "best_case", "worst_case") if name in row
    }
    return ForecastEdit(line_id=line.pk, expected_version=0, **figures)


def _structure(
    council: Council, data: dict[str, Any], *, by: User, opens_late: bool
) -> dict[str, ServiceLine]:
    """Make the directorates, divisions and lines, in the file's order. Lines that begin with the file's period have no place in earlier ones."""
    directorates, divisions, lines = {}, {}, {}
    for order, row in enumerate(data["lines"]):
        name = row["directorate"]
        if name not in directorates:
            directorates[name] = add_directorate(by=by, council=council, name=name, order=order)
    opened_in = (
        open_period(
            by=by,
            council=council,
            period=Period.parse(data["period"]["period"]),
            title_as_printed=data["period"]["title_as_printed"],
        )
        if opens_late
        else None
    )
    for order, row in enumerate(data["lines"]):
        name, division = row["directorate"], (row["directorate"], row["division"])
        if division not in divisions:
            divisions[division] = add_division(
                by=by, directorate=directorates[name], name=row["division"], order=order
            )
        lines[row["name"]] = add_service_line(
            by=by,
            division=divisions[division],
            name=row["name"],
            fund=Fund(row.get("fund", Fund.GENERAL_FUND)),
            is_statutory=row.get("is_statutory", False),
            is_demand_led=row.get("is_demand_led", False),
            order=order,
            opened_in=opened_in,
        )
    return lines


def _virements(
    rows: Iterable[dict[str, Any]],
    *,
    council: Council,
    period: MonitoringPeriod,
    lines: dict[str, ServiceLine],
    officer: User,
    head: User,
) -> None:
    for row in rows:
        virement = request_virement(
            by=officer,
            council=council,
            effective=period,
            reference=row["reference"],
            reason=row["reason"],
            type=row["type"],
            is_permanent=row["is_permanent"],
            legs=[(lines[name], Decimal(amount)) for name, amount in row["legs"]],
        )
        virement = approve_virement(by=head, virement=virement)
        post_virement(by=officer, virement=virement)


def _reserves(
    data: dict[str, Any],
    *,
    council: Council,
    period: MonitoringPeriod,
    lines: dict[str, ServiceLine],
    officer: User,
    head: User,
) -> None:
    """Reserves with the uses that the lines name, and the DSG's accounts."""
    for row in data.get("reserves", ()):
        reserve = add_reserve(
            by=officer,
            council=council,
            name=row["name"],
            kind=ReserveKind(row["kind"]),
            purpose=row["purpose"],
        )
    for row in data["lines"]:
        if "drawdown" not in row:
            continue
        use = plan_use(
            by=officer,
            period=period,
            line=lines[row["name"]],
            reserve=reserve,
            kind=ReserveUse.Kind.DRAWDOWN,
            amount=Decimal(row["drawdown"]),
            purpose=row["drawdown_purpose"],
        )
        use = request_use(by=officer, use=use)
        approve_use(by=head, use=use, decision_reference="As reported to the commission, minutes 5.2")
    for row in data.get("dsg", ()):
        set_dsg_account(
            by=officer,
            period=period,
            fund=Fund(row["fund"]),
            name=row["name"],
            stated_closing=Decimal(row["stated_closing"]),
            override_ends_on=row["override_ends_on"],
            note=row["note"],
        )


def _words(
    data: dict[str, Any], *, period: MonitoringPeriod, lines: dict[str, ServiceLine], officer: User
) -> None:
    """Reasons, and where every figure comes from."""
    notes = []
    for row in data["lines"]:
        line = lines[row["name"]]
        reasons = [
            ReasonEntry(
                driver=reason["driver"],
                words=reason["words"],
                action=reason.get("action", ""),
                is_recurrent=reason.get("is_recurrent"),
            )
            for reason in row.get("reasons", ())
        ]
        if reasons:
            set_reasons(by=officer, line=line, period=period, reasons=reasons)
        notes += [_note(figure, mark, line=line) for figure, mark in row["sources"].items()]
    for row in data.get("totals", ()):
        notes += [_note(figure, mark, subject=row["subject"]) for figure, mark in row["sources"].items()]
    for row in data.get("dsg", ()):
        notes += [
            _note(figure, mark, subject=f"dsg:{row['name']}") for figure, mark in row["sources"].items()
        ]
    note_sources(by=officer, period=period, notes=notes)


def _note(figure: str, mark: list[str], *, line: ServiceLine | None = None, subject: str = "") -> SourceEntry:
    basis, citation = mark
    return SourceEntry(line=line, subject=subject, figure=figure, basis=basis, citation=citation)
