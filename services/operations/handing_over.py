"""Handing over: what a person who leaves has in hand becomes a named colleague's, and the person can sign in no more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from accounts.operations import disable_user
from services import audit
from services.models import (
    Council,
    FundingChange,
    ImportBatch,
    LedgerBatch,
    MonitoringPeriod,
    ReopenRequest,
    RoleAssignment,
    Virement,
)
from services.operations.authority import HANDED_OVER, authorise, authorise_site
from services.operations.deputies import end_delegations
from services.operations.entries import checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, NotAllowedError
from services.position.leaving import Work, kind_of, work_of
from services.roles import Permission, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What was handed over, council by council, and whether the person can still sign in: only for another council's work."""

    work: tuple[Work, ...]
    colleague: User
    may_still_sign_in: bool


@transaction.atomic
def hand_over(*, by: User, council: Council, leaver: User, colleague: User, reason: str) -> HandedOver:
    """Give everything that a person has in hand here to a colleague, and end their sign-in. Who first made each thing stays in the audit trail.

    By a head of finance or an administrator, who is neither of the two; an administrator's role only by one who assigns roles. What a person
    who has a role at every council has in hand anywhere is handed over with it, by somebody who may do that at every council. A person with a
    role at another council keeps their sign-in, and has nothing here. Raises `NotAllowedError`, `InvalidEntryError`, `AlreadyDoneError`.
    """
    authorise(by=by, council=council, needs=Permission.HAND_OVER)
    reason = checked_words("reason", reason, required=True)
    _refuse_wrong_people(by=by, leaver=leaver, colleague=colleague)
    councils = _held_councils(council, leaver)
    done = [work for one in councils if not (work := work_of(one, leaver)).is_nothing]
    if not done:
        raise AlreadyDoneError(f"{leaver} has nothing in hand at {council}: there is nothing to hand over.")
    _authorise_roles(by=by, council=council, roles=[held for work in done for held in work.roles])
    for work in done:
        audit.record(by=by, council=work.council, changes=list(_changes(work, colleague, reason)))
        end_delegations(by=by, delegations=work.delegations, reason=reason)
        _move(work, colleague)
    stays = leaver.is_superuser or RoleAssignment.objects.filter(user=leaver).exists()
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
    return HandedOver(work=tuple(done), colleague=colleague, may_still_sign_in=stays)


def _held_councils(council: Council, leaver: User) -> Sequence[Council]:
    """The councils whose work is handed over, their chains held in one order: this one, or all for a role at every council."""
    is_everywhere = RoleAssignment.objects.filter(user=leaver, council__isnull=True).exists()
    councils = list(Council.objects.order_by("pk")) if is_everywhere else [council]
    if is_everywhere:
        audit.hold(audit.SITE)
    for one in councils:
        audit.hold(one.pk)
    return councils


def _authorise_roles(*, by: User, council: Council, roles: Sequence[RoleAssignment]) -> None:
    is_administrator = any(held.role == Role.ADMINISTRATOR for held in roles)
    if any(held.council is None for held in roles):
        authorise_site(by=by, needs=Permission.HAND_OVER)
        if is_administrator:
            authorise_site(by=by, needs=Permission.ASSIGN_ROLES)
    elif is_administrator:
        authorise(by=by, council=council, needs=Permission.ASSIGN_ROLES)


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


def _changes(work: Work, colleague: User, reason: str) -> Iterator[audit.Change]:
    """One entry for the whole, one for each role, one a period for the forecasts, and one for each file and request."""
    to: dict[str, object] = {"to": str(colleague), "to_username": colleague.username, "to_id": colleague.pk}
    in_hand = (*work.files, *work.requests)
    counts = {"forecasts": len(work.forecasts), "files and requests": [_named(one) for one in in_hand]}
    before = {"username": work.person.username, "roles": [held.in_words for held in work.roles]}
    yield audit.Change(
        action=HANDED_OVER, subject=work.person, before=before, after=to | counts, reason=reason
    )
    for held in work.roles:
        yield audit.Change(
            action=f"{HANDED_OVER} role",
            subject=held,
            before={"username": work.person.username, "role": held.in_words},
            after=to,
            reason=reason,
        )
    for period, lines in work.lines_by_period:  # the forecasts' own entries stay the last about them
        after = to | {"lines": lines}
        yield audit.Change(
            action=f"{HANDED_OVER} forecasts", subject=work.person, after=after, period=period, reason=reason
        )
    for record in in_hand:
        yield audit.Change(
            action=f"{HANDED_OVER} {kind_of(record).lower()}",
            subject=record,
            before={"asked_by": str(work.person)},
            after=to,
            period=_period_of(record),
            reason=reason,
        )


def _named(record: Model) -> str:
    return f"{kind_of(record)} {record}"


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
        RoleAssignment.objects.filter(
            pk=held.pk
        ).delete()  # one held at every council stands in the work of each
    asked: dict[str, object] = {"requested_by": colleague, "requested_for": ""}
    for kind, named in (
        (ImportBatch, {"staged_by": colleague}),
        (LedgerBatch, {"staged_by": colleague}),
        (Virement, asked),
        (FundingChange, asked),
        (ReopenRequest, {"asked_by": colleague}),
    ):
        _rename((*work.files, *work.requests), kind, named)


def _rename(records: Iterable[Model], kind: type[Model], named: Mapping[str, object]) -> None:
    ids = [record.pk for record in records if type(record) is kind]
    if ids:
        kind._default_manager.filter(pk__in=ids).update(**named)
