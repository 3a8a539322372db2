"""The tables of reserves, DSG accounts, and risks and opportunities."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounting.wording import format_money
from presentation.tables import (
    FigureTable,
    MoneyColumn,
    NumberColumn,
    RowHeaderColumn,
    TextColumn,
    VarianceColumn,
)
from services.models import Council, MonitoringPeriod
from services.position import DsgEntry, ReserveLine, RiskEntry
from services.position.pending import MoneyEntry


class ReservesTable(FigureTable):
    """Each reserve's year: opening, approved, pending, closing, and how long it lasts."""

    name = RowHeaderColumn("Reserve")
    kind_label = TextColumn("Kind", unknown="not stated")
    opening = MoneyColumn("Opening balance", accessor="balance__opening", unknown="not set")
    drawdown = MoneyColumn("Drawdown", accessor="balance__drawdown")
    contribution = MoneyColumn("Contribution", accessor="balance__contribution")
    transfers = MoneyColumn("Transfers", accessor="balance__transfers")
    closing = MoneyColumn("Closing balance", accessor="balance__closing", unknown="not known")
    pending_drawdown = MoneyColumn("Pending drawdown", accessor="balance__pending_drawdown")
    pending_contribution = MoneyColumn("Pending contribution", accessor="balance__pending_contribution")
    closing_if_all_approved = MoneyColumn(
        "Closing balance if all approved", accessor="balance__closing_if_all_approved", unknown="not known"
    )
    runway = TextColumn("Runway", unknown="not being used up")
    purpose = TextColumn("Purpose", wide=True)


class MoneyTable(FigureTable):
    """Every use of a reserve and all one-off funding of a period, each leading to its own page."""

    name = RowHeaderColumn("What", link="link")
    service_line = TextColumn("Service line")
    amount = MoneyColumn("Amount")
    state_label = TextColumn("State")
    purpose = TextColumn("Purpose", wide=True)
    decision = TextColumn("Decision", unknown="none yet")


class DsgTable(FigureTable):
    """Each DSG account's roll-forward. Deficits are positive."""

    name = RowHeaderColumn("Account", link="link")
    fund_label = TextColumn("Fund")
    opening = MoneyColumn("Opening balance", accessor="balance__opening", unknown="not known")
    in_year = MoneyColumn("In-year deficit", accessor="balance__in_year", unknown="not known")
    in_year_variance = VarianceColumn(
        "In-year variance", accessor="balance__in_year_variance", unknown="not known"
    )
    funding_received = MoneyColumn("Funding received", accessor="balance__funding_received")
    adjustments = MoneyColumn("Adjustments", accessor="balance__adjustments")
    closing = MoneyColumn("Cumulative deficit", accessor="balance__closing", unknown="not known")
    planned_closing = MoneyColumn("Planned closing", accessor="balance__planned_closing", unknown="no plan")
    variance_from_plan = VarianceColumn(
        "Variance from plan", accessor="balance__variance_from_plan", unknown="not known"
    )
    override = TextColumn("Override ends", unknown="not stated")
    note = TextColumn("Note", wide=True)


class RisksTable(FigureTable):
    """What could happen and is not in the forecast."""

    title = RowHeaderColumn("Risk or opportunity", link="link")
    kind_label = TextColumn("Kind")
    service_line = TextColumn("Service line", unknown="no one line")
    amount = MoneyColumn("Amount", unknown="not estimated")
    likelihood = NumberColumn("Likelihood", unknown="not judged")
    words = TextColumn("What could happen", wide=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReserveRow:
    name: str
    kind_label: str
    balance: object
    runway: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _DsgRow:
    name: str
    link: str
    fund_label: str
    balance: object
    override: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _RiskRow:
    title: str
    link: str | None
    kind_label: str
    service_line: str
    amount: Decimal | None
    likelihood: int | None
    words: str


def reserves_table(
    reserves: Iterable[ReserveLine], *, period: MonitoringPeriod, council: Council
) -> ReservesTable:
    """Reserves as seen at one period."""
    return ReservesTable(
        [
            _ReserveRow(
                name=reserve.name,
                kind_label=reserve.kind.label if reserve.kind else "",
                balance=reserve.balance,
                runway=_years(reserve.runway_years),
                purpose=reserve.purpose,
            )
            for reserve in reserves
        ],
        caption=f"{council.name}, {period.period.label}: reserves",
        empty_text="There is no reserve yet.",
        unit=council.unit,
        key="reserves",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _MoneyRow:
    name: str
    link: str
    service_line: str
    amount: Decimal
    state_label: str
    purpose: str
    decision: str


def money_table(
    money: Iterable[MoneyEntry], *, period: MonitoringPeriod, council: Council, address: Callable[..., str]
) -> MoneyTable:
    """Uses and one-off funding of one period."""
    return MoneyTable(
        [
            _MoneyRow(
                name=f"{entry.what}: {entry.source}",
                link=address("use" if entry.is_use else "funding", entry.record_id),
                service_line=entry.service_line,
                amount=entry.amount,
                state_label=entry.state_label,
                purpose=entry.purpose,
                decision=entry.decision,
            )
            for entry in money
        ],
        caption=f"{council.name}, {period.period.label}: uses of reserves and one-off funding",
        empty_text="No reserve is used and no one-off funding is applied in this period.",
        unit=council.unit,
        key="money",
    )


def _years(years: Decimal | None) -> str:
    return "" if years is None else f"{format_money(years, places=1, symbol=False)} years"


def dsg_table(
    accounts: Iterable[DsgEntry], *, period: MonitoringPeriod, council: Council, address: str
) -> DsgTable:
    """DSG accounts as seen at one period; each leads to its form."""
    return DsgTable(
        [
            _DsgRow(
                name=account.name,
                link=f"{address}?account={account.account_id}#account",
                fund_label=account.fund.label,
                balance=account.balance,
                override=f"{account.override_ends_on:%-d %B %Y}" if account.override_ends_on else "",
                note=account.note,
            )
            for account in accounts
        ],
        caption=f"{council.name}, {period.period.label}: Dedicated Schools Grant accounts",
        empty_text="There is no DSG account at this period.",
        unit=council.unit,
        key="dsg",
    )


def risks_table(
    risks: Iterable[RiskEntry],
    *,
    period: MonitoringPeriod,
    council: Council,
    address: Callable[[int], str] | None,
) -> RisksTable:
    """Risks and opportunities at one period; each leads to its form for those who may change it."""
    return RisksTable(
        [
            _RiskRow(
                title=risk.title,
                link=address(risk.risk_id) if address else None,
                kind_label=risk.kind_label,
                service_line=risk.service_line,
                amount=risk.amount,
                likelihood=risk.likelihood,
                words=risk.words,
            )
            for risk in risks
        ],
        caption=f"{council.name}, {period.period.label}: risks and opportunities",
        empty_text="No risk and no opportunity is recorded at this period.",
        unit=council.unit,
        key="risks",
    )
