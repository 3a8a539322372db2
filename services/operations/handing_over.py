"""Handing over: what a person who leaves has in hand becomes a named colleague's, and the person can sign in no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from accounts.operations import disable_user
from services import audit
from services.models import (
    Council,
    Forecast,
    FundingChange,
    ImportBatch,
    LedgerBatch,
    MonitoringPeriod,
    ReopenRequest,
    RoleAssignment,
    Virement,
)
from services.operations.authority import authorise
from services.operations.deputies import end_delegations
from services.operations.entries import checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, NotAllowedError
from services.position.leaving import Work, kind_of, work_of
from services.roles import Permission, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What was handed over, and whether the person can still sign in: only for another council's work."""

    work: Work
    colleague: User
    may_still_sign_in: bool


@transaction.atomic
def hand_over(*, by: User, council: Council, leaver: User, colleague: User, reason: str) -> HandedOver:
    """Give everything that a person has in hand here to a colleague, and end their sign-in. Who first made each thing stays in the audit trail.

    By a head of finance or an administrator, who is neither of the two; roles of an administrator only by one who assigns roles. A person with
    a role at another council keeps their sign-in, and has nothing here. Raises `NotAllowedError`, `InvalidEntryError`, `AlreadyDoneError`.
    """
    authorise(by=by, council=council, needs=Permission.HAND_OVER)
    audit.hold(council.pk)
    reason = checked_words("reason", reason, required=True)
    _refuse_wrong_people(by=by, leaver=leaver, colleague=colleague)
    work = work_of(council, leaver)
    if work.is_nothing:
        raise AlreadyDoneError(f"{leaver} has nothing in hand at {council}: there is nothing to hand over.")
    if any(held.role == Role.ADMINISTRATOR for held in work.roles):
        authorise(by=by, council=council, needs=Permission.ASSIGN_ROLES)
    changes = [
        _summary(work, colleague, reason),
        *_roles(work, colleague, reason),
        *_forecasts(work, colleague, reason),
        *_records(work, colleague, reason),
    ]
    audit.record(by=by, council=council, changes=changes)
    end_delegations(by=by, delegations=work.delegations, reason=reason)
    _move(work, colleague)
    stays = _is_needed_elsewhere(leaver)
    if leaver.is_active and not stays:
        disable_user(user=leaver)
        ended = audit.Change(
            action="end sign-in",
            subject=leaver,
            before={"may_sign_in": True},
            after={"may_sign_in": False},
            reason=reason,
        )
        audit.record(by=by, council=council, changes=[ended])
    return HandedOver(work=work, colleague=colleague, may_still_sign_in=stays)


def _refuse_wrong_people(*, by: User, leaver: User, colleague: User) -> None:
    if by.pk == leaver.pk:
        raise NotAllowedError("Nobody hands over their own work and roles. Ask another head of finance.")
    if by.pk == colleague.pk:
        raise InvalidEntryError(
            "colleague", "is you. Nobody gives themselves roles; ask another head of finance."
        )
    if leaver.pk == colleague.pk:
        raise InvalidEntryError("colleague", "is the person who leaves.")
    if not colleague.is_active:
        raise InvalidEntryError("colleague", f"{colleague} can no longer sign in.")


def _summary(work: Work, colleague: User, reason: str) -> audit.Change:
    return audit.Change(
        action="hand over",
        subject=work.person,
        before={"username": work.person.username, "roles": [held.in_words for held in work.roles]},
        after={
            **_to(colleague),
            "forecasts": len(work.forecasts),
            "files": [str(file) for file in work.files],
            "requests": [f"{kind_of(one)} {one}" for one in work.requests],
        },
        reason=reason,
    )


def _to(colleague: User) -> dict[str, object]:
    return {"to": str(colleague), "to_username": colleague.username, "to_id": colleague.pk}


def _roles(work: Work, colleague: User, reason: str) -> Iterator[audit.Change]:
    for held in work.roles:
        yield audit.Change(
            action="hand over role",
            subject=held,
            before={"username": work.person.username, "role": held.in_words},
            after=_to(colleague),
            reason=reason,
        )


def _forecasts(work: Work, colleague: User, reason: str) -> Iterator[audit.Change]:
    """One entry a period, on the person: the forecasts' own entries stay the last about their figures."""
    by_period: dict[MonitoringPeriod, list[Forecast]] = {}
    for forecast in work.forecasts:
        by_period.setdefault(forecast.period, []).append(forecast)
    for period, forecasts in by_period.items():
        yield audit.Change(
            action="hand over forecasts",
            subject=work.person,
            after={**_to(colleague), "lines": [str(one.service_line) for one in forecasts]},
            period=period,
            reason=reason,
        )


def _records(work: Work, colleague: User, reason: str) -> Iterator[audit.Change]:
    for record in (*work.files, *work.requests):
        yield audit.Change(
            action=f"hand over {kind_of(record).lower()}",
            subject=record,
            before={"asked_by": str(work.person)},
            after=_to(colleague),
            period=_period_of(record),
            reason=reason,
        )


def _period_of(record: Model) -> MonitoringPeriod | None:
    found: MonitoringPeriod | None = getattr(record, "period", None) or getattr(
        record, "effective_period", None
    )
    return found


def _move(work: Work, colleague: User) -> None:
    """Put the colleague's name on everything that carries one. Uses of reserves carry none: the audit trail says who answers for them."""
    for held in work.roles:
        same = {"council": held.council, "directorate": held.directorate, "role": held.role}
        if not RoleAssignment.objects.filter(user=colleague, **same).exists():
            RoleAssignment.objects.create(user=colleague, **same)
        held.delete()
    for kind, field in (
        (ImportBatch, "staged_by"),
        (LedgerBatch, "staged_by"),
        (Virement, "requested_by"),
        (FundingChange, "requested_by"),
        (ReopenRequest, "asked_by"),
    ):
        _rename((*work.files, *work.requests), kind, field, colleague)


def _rename(records: Iterable[Model], kind: type[Model], field: str, colleague: User) -> None:
    ids = [record.pk for record in records if type(record) is kind]
    if ids:
        kind._default_manager.filter(pk__in=ids).update(**{field: colleague})


def _is_needed_elsewhere(leaver: User) -> bool:
    """Whether the person looks after the site, or has a role that is not this council's to take."""
    return leaver.is_superuser or RoleAssignment.objects.filter(user=leaver).exists()
