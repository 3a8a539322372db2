"""The Dedicated Schools Grant's accounts, as seen at one period."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounting.funds import Fund
from accounting.money import ZERO
from accounts.models import User
from services import audit
from services.models import DsgAccount, MonitoringPeriod
from services.operations.authority import authorise, open_for_figures
from services.operations.entries import checked_money, checked_name, checked_words, required_money
from services.operations.refusals import InvalidEntryError, StaleVersionError
from services.operations.staleness import last_saved, theirs
from services.roles import Permission

_FIGURES = (
    "opening",
    "in_year",
    "budgeted_in_year",
    "funding_received",
    "adjustments",
    "stated_closing",
    "planned_closing",
    "override_ends_on",
    "note",
)


@transaction.atomic
def set_dsg_account(
    *,
    by: User,
    period: MonitoringPeriod,
    fund: Fund,
    name: str,
    expected_version: int = 0,
    opening: Decimal | None = None,
    in_year: Decimal | None = None,
    budgeted_in_year: Decimal | None = None,
    funding_received: Decimal = ZERO,
    adjustments: Decimal = ZERO,
    stated_closing: Decimal | None = None,
    planned_closing: Decimal | None = None,
    override_ends_on: date | None = None,
    note: str = "",
) -> DsgAccount:
    """Set the whole of an account's roll-forward: pounds, deficits positive, `None` unknown. The same content again has no effect.

    `expected_version` is what the person saw; 0 where there was no such account yet. Raises `StaleVersionError`.
    """
    now = open_for_figures(period)
    authorise(by=by, council=now.council, needs=Permission.KEEP_BUDGETS)
    if not Fund(fund).is_dsg:
        raise InvalidEntryError("fund", f"{Fund(fund).label} is not part of the Dedicated Schools Grant.")
    account = DsgAccount(
        council=now.council,
        period=now,
        fund=Fund(fund),
        name=checked_name("name", name),
        opening=checked_money("opening", opening),
        in_year=checked_money("in_year", in_year),
        budgeted_in_year=checked_money("budgeted_in_year", budgeted_in_year),
        funding_received=required_money("funding_received", funding_received),
        adjustments=required_money("adjustments", adjustments),
        stated_closing=checked_money("stated_closing", stated_closing),
        planned_closing=checked_money("planned_closing", planned_closing),
        override_ends_on=override_ends_on,
        note=checked_words("note", note),
    )
    held = DsgAccount.objects.filter(period=now, fund=account.fund, name=account.name).first()
    if held is not None and _figures(held) == _figures(account):
        return held
    _refuse_stale(held, account, expected_version)
    if held is not None:
        account.pk, account.version = held.pk, held.version + 1
    account.save(force_update=held is not None, force_insert=held is None)
    change = audit.Change(
        action="set DSG account",
        subject=account,
        before=_figures(held) if held else None,
        after=_figures(account) | {"version": account.version},
        period=now,
    )
    audit.record(by=by, council=now.council, changes=[change])
    return account


def _figures(account: DsgAccount) -> dict[str, Any]:
    return {name: getattr(account, name) for name in _FIGURES}


def _refuse_stale(held: DsgAccount | None, account: DsgAccount, expected_version: int) -> None:
    version = held.version if held else 0
    if version == expected_version:
        return
    held_id = held.pk if held else 0
    saved = last_saved(council_id=account.council_id, kind="dsgaccount", ids=[held_id])
    now = theirs(
        subject=account.name,
        record_id=held_id,
        expected_version=expected_version,
        version=version,
        values=_figures(held) if held else {},
        entry=saved.get(held_id),
    )
    raise StaleVersionError([now])
