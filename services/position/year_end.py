"""What a year closed at: the balances with which the next year opens, and those that are not known."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.funds import Fund
from accounting.periods import FinancialYear
from services.models import Council, DsgAccount, MonitoringPeriod, YearRoll
from services.position.reserves import reserve_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingReserve:
    """A reserve's closing balance on approved and applied uses, in pounds."""

    reserve_id: int
    name: str
    closing: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingAccount:
    """A DSG account's cumulative position, in pounds; a deficit is positive."""

    fund: Fund
    name: str
    closing: Decimal
    override_ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingBalances:
    """Every balance that a year hands to the next."""

    reserves: tuple[ClosingReserve, ...]
    accounts: tuple[ClosingAccount, ...]
    unknown: tuple[str, ...]
    """Names of reserves and accounts whose closing balance cannot be known: they open when somebody states what they open at."""

    @property
    def words(self) -> dict[str, dict[str, Decimal]]:
        """The balances by name, for the record."""
        return {
            "reserves": {reserve.name: reserve.closing for reserve in self.reserves},
            "dsg": {f"{account.name} ({account.fund.label})": account.closing for account in self.accounts},
        }


def closing_balances(council: Council, outturn: MonitoringPeriod) -> ClosingBalances:
    """The balances at a year's outturn. Five queries."""
    reserves = [line for line in reserve_lines(council, outturn) if line.reserve_id is not None]
    accounts = list(DsgAccount.objects.filter(period=outturn).order_by("fund", "name"))
    return ClosingBalances(
        reserves=tuple(
            ClosingReserve(reserve_id=line.reserve_id, name=line.name, closing=line.balance.closing)
            for line in reserves
            if line.reserve_id is not None and line.balance.closing is not None
        ),
        accounts=tuple(
            ClosingAccount(
                fund=row.money_fund,
                name=row.name,
                closing=row.balance.closing,
                override_ends_on=row.override_ends_on,
            )
            for row in accounts
            if row.balance.closing is not None
        ),
        unknown=(
            *(line.name for line in reserves if line.balance.closing is None),
            *(row.name for row in accounts if row.balance.closing is None),
        ),
    )


def roll_of(council: Council, year: FinancialYear) -> YearRoll | None:
    """The roll of a year into the next, if it has been done. One query."""
    return YearRoll.objects.filter(council=council, year=year.first_year).select_related("by").first()
