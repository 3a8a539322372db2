"""Risks and opportunities outside the forecast."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from services import audit
from services.models import MonitoringPeriod, RiskOrOpportunity, ServiceLine
from services.operations.authority import authorise, fresh_line, open_for_figures, same_council
from services.operations.entries import (
    UNCHANGED,
    Unchanged,
    checked_money,
    checked_name,
    checked_words,
)
from services.operations.refusals import InvalidEntryError, InvalidFigureError, StaleVersionError
from services.operations.staleness import last_saved, theirs
from services.roles import Permission

_FIELDS = ("kind", "title", "words", "amount", "likelihood")


@transaction.atomic
def record_risk(
    *,
    by: User,
    period: MonitoringPeriod,
    kind: str,
    title: str,
    words: str = "",
    line: ServiceLine | None = None,
    amount: Decimal | None = None,
    likelihood: int | None = None,
) -> RiskOrOpportunity:
    """Record what could happen and is not in the forecast. `amount` is pounds without a sign, `likelihood` per cent; `None` is not judged."""
    now = open_for_figures(period)
    line = fresh_line(line) if line else None
    same_council(now.council_id, line)
    _authorise(by=by, period=now, line=line)
    risk = RiskOrOpportunity(council=now.council, period=now, service_line=line)
    for name, value in _checked(
        kind=kind, title=title, words=words, amount=amount, likelihood=likelihood
    ).items():
        setattr(risk, name, value)
    risk.save()
    _record(by=by, risk=risk, action="record risk", after=_fields(risk))
    return risk


@transaction.atomic
def change_risk(
    *,
    by: User,
    risk: RiskOrOpportunity,
    expected_version: int,
    kind: str | Unchanged = UNCHANGED,
    title: str | Unchanged = UNCHANGED,
    words: str | Unchanged = UNCHANGED,
    amount: Decimal | Unchanged | None = UNCHANGED,
    likelihood: int | Unchanged | None = UNCHANGED,
) -> RiskOrOpportunity:
    """Change a risk or opportunity. Raises `StaleVersionError` if somebody changed it since."""
    now = _fresh(by=by, risk=risk, expected_version=expected_version)
    entered = {"kind": kind, "title": title, "words": words, "amount": amount, "likelihood": likelihood}
    before = _fields(now)
    merged = before | {name: value for name, value in entered.items() if value is not UNCHANGED}
    for name, value in _checked(**merged).items():
        setattr(now, name, value)
    after = {name: value for name, value in _fields(now).items() if value != before[name]}
    if not after:
        return now
    now.version += 1
    now.save()
    was = {name: before[name] for name in after}
    _record(by=by, risk=now, action="change risk", before=was, after=after | {"version": now.version})
    return now


@transaction.atomic
def withdraw_risk(*, by: User, risk: RiskOrOpportunity, expected_version: int, reason: str) -> None:
    """Take a risk or opportunity off the period's list, with a reason; the audit trail keeps what it said."""
    reason = checked_words("reason", reason, required=True)
    now = _fresh(by=by, risk=risk, expected_version=expected_version)
    _record(by=by, risk=now, action="withdraw risk", before=_fields(now), after={}, reason=reason)
    now.delete()


def _authorise(*, by: User, period: MonitoringPeriod, line: ServiceLine | None) -> None:
    directorate_ids = [line.division.directorate_id] if line else None
    authorise(by=by, council=period.council, needs=Permission.KEEP_BUDGETS, directorate_ids=directorate_ids)


def _fresh(*, by: User, risk: RiskOrOpportunity, expected_version: int) -> RiskOrOpportunity:
    period = open_for_figures(risk.period)
    now = (
        RiskOrOpportunity.objects.select_related("service_line__division", "period__council", "council")
        .filter(pk=risk.pk)
        .first()
    )
    _authorise(by=by, period=period, line=now.service_line if now else None)
    if now is None or now.version != expected_version:
        saved = last_saved(council_id=risk.council_id, kind="riskoropportunity", ids=[risk.pk])
        held = theirs(
            subject=risk.title,
            record_id=risk.pk,
            expected_version=expected_version,
            version=now.version if now else 0,
            values=_fields(now) if now else {},
            entry=saved.get(risk.pk),
        )
        raise StaleVersionError([held])
    return now


def _checked(
    *, kind: str, title: str, words: str, amount: Decimal | None, likelihood: int | None
) -> dict[str, Any]:
    if kind not in RiskOrOpportunity.Kind.values:
        raise InvalidEntryError("kind", f"“{kind}” is not one of {', '.join(RiskOrOpportunity.Kind.values)}.")
    pounds = checked_money("amount", amount)
    if pounds is not None and pounds < 0:
        raise InvalidFigureError("amount", "is written without a sign; the kind says which way it goes.")
    if likelihood is not None and not 0 <= likelihood <= 100:
        raise InvalidEntryError("likelihood", "is a percentage from 0 to 100.")
    return {
        "kind": kind,
        "title": checked_name("title", title),
        "words": checked_words("words", words),
        "amount": pounds,
        "likelihood": likelihood,
    }


def _fields(risk: RiskOrOpportunity) -> dict[str, Any]:
    return {name: getattr(risk, name) for name in _FIELDS}


def _record(
    *,
    by: User,
    risk: RiskOrOpportunity,
    action: str,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    change = audit.Change(
        action=action, subject=risk, before=before, after=after, period=risk.period, reason=reason
    )
    audit.record(by=by, council=risk.council, changes=[change])
