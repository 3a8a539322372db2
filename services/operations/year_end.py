"""The roll into a new year: what the outturn closed at, reserves and DSG accounts open the next year at. Once, however often it is asked for."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounting.funds import Fund
from accounting.periods import PROVISIONAL_OUTTURN, FinancialYear, Period
from accounting.wording import format_money
from accounts.models import User
from services import audit
from services.models import Council, DsgAccount, MonitoringPeriod, Reserve, ReserveOpening, YearRoll
from services.operations.authority import authorise, locked_period
from services.operations.dsg import set_dsg_account
from services.operations.periods import open_period
from services.operations.refusals import Refused
from services.operations.reserves import set_reserve_opening
from services.position.year_end import ClosingBalances, closing_balances
from services.roles import Permission


class OutturnNotPublishedError(Refused):
    """The year's outturn is not what members have been told, or there is none."""


class RollDiffersError(Refused):
    """Next year already opens at another amount. `differences` says where."""

    def __init__(self, year: FinancialYear, differences: list[str]) -> None:
        super().__init__(
            f"{year.next} cannot open from the outturn of {year}: {'; '.join(differences)}. An opening balance never changes once it is set: "
            "correct what differs, or move the difference by a transfer or an adjustment that says why."
        )
        self.differences = tuple(differences)


@dataclass(frozen=True, slots=True)
class _Account:
    """A DSG account by the names it keeps from period to period."""

    fund: Fund
    name: str


@transaction.atomic
def roll_year(*, by: User, council: Council, year: FinancialYear) -> YearRoll:
    """Open next year at what this year's published outturn closed at; all of it or none.

    Reserves get their opening balances. DSG accounts get theirs in every period of next year that still takes figures; where there is none, the
    next period is opened. The same again changes nothing and gives the first roll. Raises `NotAllowedError`, `OutturnNotPublishedError`,
    `RollDiffersError`.
    """
    audit.hold(council.pk)
    authorise(by=by, council=council, needs=Permission.APPROVE_PUBLICATION)
    closing = closing_balances(council, _published_outturn(council, year))
    earlier = YearRoll.objects.filter(council=council, year=year.first_year).first()
    if earlier is not None and earlier.outcome.get("closing") == audit.plain(closing.words):
        return earlier
    differences = [
        *_reserves_that_differ(council, year.next, closing),
        *_accounts_that_differ(council, year.next, closing),
    ]
    if earlier is not None and not differences:
        differences = ["the outturn has been corrected since it was rolled"]
    if differences:
        raise RollDiffersError(year, differences)
    periods = _open_periods(by=by, council=council, year=year.next)
    _open_reserves(by=by, council=council, year=year.next, closing=closing)
    for period in periods:
        _open_accounts(by=by, period=period, closing=closing)
    return _record(by=by, council=council, year=year, closing=closing, periods=periods)


def _published_outturn(council: Council, year: FinancialYear) -> MonitoringPeriod:
    outturn = Period(year, PROVISIONAL_OUTTURN)
    found = MonitoringPeriod.objects.filter(
        council=council, year=year.first_year, number=outturn.number
    ).first()
    if found is None:
        raise OutturnNotPublishedError(
            f"{outturn.label} has not been opened, so {year} cannot be rolled forward."
        )
    now = locked_period(found)
    if now.state != MonitoringPeriod.State.PUBLISHED:
        raise OutturnNotPublishedError(
            f"{outturn.label} is {now.get_state_display().lower()}. Publish it first: next year opens at what members have been told."
        )
    return now


def _reserves_that_differ(council: Council, year: FinancialYear, closing: ClosingBalances) -> list[str]:
    held = dict(
        ReserveOpening.objects.filter(council=council, year=year.first_year).values_list(
            "reserve_id", "amount"
        )
    )
    return [
        _difference(reserve.name, held[reserve.reserve_id], reserve.closing)
        for reserve in closing.reserves
        if reserve.reserve_id in held and held[reserve.reserve_id] != reserve.closing
    ]


def _accounts_that_differ(council: Council, year: FinancialYear, closing: ClosingBalances) -> list[str]:
    held = DsgAccount.objects.filter(council=council, period__year=year.first_year, opening__isnull=False)
    wanted = {_Account(account.fund, account.name): account.closing for account in closing.accounts}
    return [
        f"{_difference(row.name, row.opening, wanted[_Account(row.money_fund, row.name)])} in {row.period.period.label}"
        for row in held.select_related("period").order_by("period__number", "pk")
        if row.opening is not None
        and _Account(row.money_fund, row.name) in wanted
        and row.opening != wanted[_Account(row.money_fund, row.name)]
    ]


def _difference(name: str, held: Decimal, closing: Decimal) -> str:
    return f"{name} opens at {format_money(held, places=2)} and the outturn closed at {format_money(closing, places=2)}"


def _open_periods(*, by: User, council: Council, year: FinancialYear) -> list[MonitoringPeriod]:
    """Next year's periods that still take figures; the next one, opened, if there is none. A year that has closed as well has none."""
    held = list(MonitoringPeriod.objects.filter(council=council, year=year.first_year).order_by("number"))
    unlocked = [period for period in held if not period.is_locked]
    if unlocked:
        return unlocked
    if held and held[-1].number == PROVISIONAL_OUTTURN:
        return []
    following = Period(year, held[-1].number + 1 if held else 1)
    return [open_period(by=by, council=council, period=following, carry_forward=True)]


def _open_reserves(*, by: User, council: Council, year: FinancialYear, closing: ClosingBalances) -> None:
    reserves = Reserve.objects.in_bulk([reserve.reserve_id for reserve in closing.reserves])
    for row in closing.reserves:
        set_reserve_opening(by=by, reserve=reserves[row.reserve_id], year=year, amount=row.closing)


def _open_accounts(*, by: User, period: MonitoringPeriod, closing: ClosingBalances) -> None:
    """Give each account its opening in one period; what else has been entered there stays."""
    held = {_Account(row.money_fund, row.name): row for row in DsgAccount.objects.filter(period=period)}
    for account in closing.accounts:
        row = held.get(_Account(account.fund, account.name)) or DsgAccount(
            override_ends_on=account.override_ends_on, version=0
        )
        set_dsg_account(
            by=by,
            period=period,
            fund=account.fund,
            name=account.name,
            expected_version=row.version,
            opening=account.closing,
            in_year=row.in_year,
            budgeted_in_year=row.budgeted_in_year,
            funding_received=row.funding_received,
            adjustments=row.adjustments,
            stated_closing=row.stated_closing,
            planned_closing=row.planned_closing,
            override_ends_on=row.override_ends_on,
            note=row.note,
        )


def _record(
    *,
    by: User,
    council: Council,
    year: FinancialYear,
    closing: ClosingBalances,
    periods: list[MonitoringPeriod],
) -> YearRoll:
    outcome = audit.plain(
        {
            "closing": closing.words,
            "unknown": list(closing.unknown),
            "periods": [period.period.slug for period in periods],
        }
    )
    roll = YearRoll.objects.create(
        council=council, year=year.first_year, by=by, at=timezone.now(), outcome=outcome
    )
    change = audit.Change(action="roll year", subject=roll, after=outcome)
    audit.record(by=by, council=council, changes=[change])
    return roll
