"""Virements: budget moved between lines, asked for by one person, approved by another whom the council's scheme names, then posted."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounting.funds import FundMismatchError
from accounting.virements import ApprovalRule, VirementError, check_legs
from accounts.models import User
from services import audit
from services.models import (
    ApprovalState,
    Council,
    MonitoringPeriod,
    ReportedBudget,
    ServiceLine,
    Virement,
    VirementLeg,
)
from services.operations.authority import (
    authorise,
    holds_role,
    open_for_figures,
    refuse_behind_closed_period,
    refuse_own_work,
    same_council,
)
from services.operations.entries import checked_name, checked_words, required_money
from services.operations.references import free_reference
from services.operations.refusals import (
    AlreadyDoneError,
    AlreadyReportedError,
    BrokenRuleError,
    InvalidEntryError,
    LineNotReportingError,
    NotAllowedError,
)
from services.operations.staleness import refuse_other_state
from services.position.scheme import rule_of, scheme_of
from services.roles import Permission, Role

Legs = Sequence[tuple[ServiceLine, Decimal]]


@transaction.atomic
def request_virement(
    *,
    by: User,
    council: Council,
    effective: MonitoringPeriod,
    reason: str,
    legs: Legs,
    type: str = Virement.Type.POLICY,  # noqa: A002 - the field's name
    is_permanent: bool = False,
    reference: str = "",
) -> Virement:
    """Ask for budget to move between lines; a leg is the signed change to a line's budget in pounds, + receives, − gives.

    Raises `BrokenRuleError` if the legs are not a virement (its message gives the difference), `AlreadyReportedError`, `PeriodClosedError`.
    """
    period = open_for_figures(effective)
    same_council(council.pk, period, *(line for line, _ in legs))
    lines = _lines(legs)
    directorates = {line.division.directorate_id for line in lines.values()}
    authorise(by=by, council=council, needs=Permission.KEEP_BUDGETS, directorate_ids=directorates)
    _check(legs, lines, period)
    if type not in Virement.Type.values:
        raise InvalidEntryError("type", f"“{type}” is not one of {', '.join(Virement.Type.values)}.")
    wanted = checked_name("reference", reference, required=False, limit=40)
    virement = Virement.objects.create(
        council=council,
        reference=free_reference(Virement, council=council, prefix=f"V{period.year}", wanted=wanted),
        type=type,
        is_permanent=is_permanent,
        reason=checked_words("reason", reason, required=True),
        effective_period=period,
        requested_by=by,
        requested_for=audit.holders(by),
    )
    VirementLeg.objects.bulk_create(
        VirementLeg(council=council, virement=virement, service_line=line, amount=amount)
        for line, amount in legs
    )
    after = {"legs": [{"line": line.name, "amount": amount} for line, amount in legs], "type": str(type)}
    _record(by=by, virement=virement, action="request virement", after=after)
    return virement


def _lines(legs: Legs) -> dict[int, ServiceLine]:
    ids = [line.pk for line, _ in legs]
    found = ServiceLine.objects.filter(pk__in=ids).select_related(
        "division__directorate", "opened_in", "closed_from"
    )
    return {line.pk: line for line in found}


def _check(legs: Legs, lines: dict[int, ServiceLine], period: MonitoringPeriod) -> None:
    if len(lines) != len(legs):
        raise InvalidEntryError("legs", "a service line is there twice. Give each line one leg.")
    amounts = [(lines[line.pk], required_money("amount", amount)) for line, amount in legs]
    try:
        check_legs([(line.money_fund, amount) for line, amount in amounts])
    except (VirementError, FundMismatchError) as error:
        raise BrokenRuleError(error) from error
    for line in lines.values():
        _refuse_line_of_other_years(line, period)
    refuse_behind_closed_period(period)
    refuse_already_reported(period, lines.values())


def _refuse_line_of_other_years(line: ServiceLine, period: MonitoringPeriod) -> None:
    """A line not yet open holds no budget. One that closed this year does: in a restructure it gives it away."""
    not_yet = line.opened_in and (line.opened_in.year, line.opened_in.number) > (period.year, period.number)
    long_gone = line.closed_from and line.closed_from.year < period.year
    if not_yet or long_gone:
        raise LineNotReportingError(line.name, period.period)


def refuse_already_reported(period: MonitoringPeriod, lines: Iterable[ServiceLine]) -> None:
    """Refuse a movement in a period for which, or for a later one, a return prints the budget with all movements in it. One query."""
    reported = (
        ReportedBudget.objects.filter(
            service_line__in=[line.pk for line in lines],
            period__year=period.year,
            period__number__gte=period.number,
        )
        .select_related("service_line", "period")
        .order_by("period__number")
        .first()
    )
    if reported is not None:
        raise AlreadyReportedError(reported.service_line.name, reported.period.period, period.period)


@transaction.atomic
def approve_virement(
    *, by: User, virement: Virement, note: str = "", expected_state: str | None = None
) -> Virement:
    """Approve a virement, as the council's scheme allows: by amount and boundary. Not by the person who asked for it.

    Raises `StaleVersionError` if it is no longer in `expected_state`, in which the person saw it.
    """
    now = _fresh(virement)
    refuse_other_state(now, expected_state)
    _refuse_unless(now, ApprovalState.REQUESTED)
    _authorise_decision(by=by, virement=now)
    refuse_own_work(
        by=by,
        subjects=[now],
        actions=("request",),
        what=f"virement {now.reference}",
        asked_by_id=now.requested_by_id,
    )
    _refuse_too_late(now)
    return _decide(by=by, virement=now, state=ApprovalState.APPROVED, action="approve virement", note=note)


@transaction.atomic
def reject_virement(
    *, by: User, virement: Virement, note: str, expected_state: str | None = None
) -> Virement:
    """Reject a virement that is requested or approved and not yet posted, with a note that says why."""
    note = checked_words("note", note, required=True)
    now = _fresh(virement)
    refuse_other_state(now, expected_state)
    _refuse_unless(now, ApprovalState.REQUESTED, ApprovalState.APPROVED)
    _authorise_decision(by=by, virement=now)
    return _decide(by=by, virement=now, state=ApprovalState.REJECTED, action="reject virement", note=note)


@transaction.atomic
def post_virement(*, by: User, virement: Virement) -> Virement:
    """Post an approved virement: it moves the budgets from its period on."""
    now = _fresh(virement)
    authorise(
        by=by, council=now.council, needs=Permission.KEEP_BUDGETS, directorate_ids=_directorate_ids(now)
    )
    _refuse_unless(now, ApprovalState.APPROVED)
    _refuse_too_late(now)
    now.state = ApprovalState.POSTED
    now.save(update_fields=["state"])
    _record(
        by=by,
        virement=now,
        action="post virement",
        before={"state": ApprovalState.APPROVED.value},
        after={"state": ApprovalState.POSTED.value},
    )
    return now


def _fresh(virement: Virement) -> Virement:
    """The virement as it is now, held; the chain is held first, so that no period closes between the check and the change."""
    audit.hold(virement.council_id)
    return (
        Virement.objects.select_for_update(of=("self",))
        .select_related("council", "effective_period__council")
        .prefetch_related("legs__service_line__division")
        .get(pk=virement.pk)
    )


def _refuse_unless(virement: Virement, *states: str) -> None:
    if virement.state not in states:
        raise AlreadyDoneError(
            f"Virement {virement.reference} is {virement.get_state_display().lower()}, so this can no longer be done to it."
            if virement.state != ApprovalState.REQUESTED
            else f"Virement {virement.reference} has not been approved yet."
        )


def _refuse_too_late(virement: Virement) -> None:
    """A period may have closed, or a return been read, since the virement was asked for."""
    refuse_behind_closed_period(virement.effective_period)
    refuse_already_reported(virement.effective_period, [leg.service_line for leg in virement.legs.all()])


def _directorate_ids(virement: Virement) -> set[int]:
    return {leg.service_line.division.directorate_id for leg in virement.legs.all()}


def rule_for(virement: Virement) -> ApprovalRule | None:
    """The first row of the council's scheme that the virement meets: it crosses that boundary, and moves more than that amount. One query."""
    return rule_of(virement, scheme_of(virement.council))


def _authorise_decision(*, by: User, virement: Virement) -> None:
    """A head of finance decides, or whoever the scheme names for a virement of this size across this boundary."""
    rule = rule_for(virement)
    named = Role(rule.approver) if rule else Role.HEAD_OF_FINANCE
    if not holds_role(
        by=by,
        council=virement.council,
        roles=frozenset({named, Role.HEAD_OF_FINANCE}),
        directorate_ids=_directorate_ids(virement),
    ):
        raise NotAllowedError(
            f"By {virement.council}'s scheme of virement this one is decided by a {named.label.lower()} of every directorate it touches."
        )


def _decide(*, by: User, virement: Virement, state: str, action: str, note: str) -> Virement:
    before = virement.state
    virement.state, virement.decided_by, virement.decided_at = state, by, timezone.now()
    virement.decided_for = audit.holders(by)
    virement.decision_note = checked_words("note", note)
    virement.save(update_fields=["state", "decided_by", "decided_at", "decided_for", "decision_note"])
    _record(
        by=by, virement=virement, action=action, before={"state": before}, after={"state": state}, reason=note
    )
    return virement


def _record(
    *,
    by: User,
    virement: Virement,
    action: str,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    change = audit.Change(
        action=action,
        subject=virement,
        before=before,
        after=after,
        period=virement.effective_period,
        reason=reason or virement.reason,
    )
    audit.record(by=by, council=virement.council, changes=[change])
