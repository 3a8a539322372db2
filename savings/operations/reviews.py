"""Spending controls, reviews by somebody from outside with their findings, and business cases."""

from datetime import date
from decimal import Decimal
from typing import Final, TypedDict, Unpack

from django.db import transaction

from accounts.models import User
from savings.models import (
    BusinessCase,
    ExternalFinding,
    ExternalReview,
    RecoveryPlan,
    SavingsProposal,
    SpendingControl,
)
from savings.operations.recovery_records import (
    CHECKS,
    Check,
    as_it_is,
    choice,
    day,
    keep_changed,
    keep_new,
    name,
    unsigned,
    words,
)
from services.models import Council


class ControlFields(TypedDict, total=False):
    """What else may be said of a spending control; without days it is in force for as long as its plan."""

    plan: RecoveryPlan | None
    from_date: date | None
    to_date: date | None
    order: int


class ChangedControl(ControlFields, total=False):
    """What may be changed of a spending control."""

    covers: str
    rule: str
    authorised_by: str


class ReviewFields(TypedDict, total=False):
    """What else may be said of a review; `is_complete` is `None` where it is not stated."""

    plan: RecoveryPlan | None
    is_complete: bool | None
    status_words: str
    order: int


class ChangedReview(ReviewFields, total=False):
    """What may be changed of a review."""

    reviewer: str
    scope: str


class FindingFields(TypedDict, total=False):
    """What else may be said of a finding: the council's response, and how far it has got."""

    reference: str
    response: str
    status: str
    owner_role: str
    due: date | None
    order: int


class CaseFields(TypedDict, total=False):
    """What else may be said of a business case. A year's cost, pounds without a sign; `None` where it is not stated."""

    plan: RecoveryPlan | None
    proposal: SavingsProposal | None
    cost_now: Decimal | None
    cost_after: Decimal | None
    one_off_cost: Decimal | None
    decided_by_role: str
    consultees: str
    state: str
    decided_on: date | None
    decision_reference: str
    words: str
    order: int


class ChangedCase(CaseFields, total=False):
    """What may be changed of a business case."""

    title: str


_PLAN, _ORDER = {"plan": CHECKS["plan"]}, {"order": CHECKS["order"]}
_CONTROL: Final[dict[str, Check]] = {
    "covers": name(required=True, limit=300),
    "rule": words(required=True),
    "authorised_by": name(required=True),
    "from_date": day,
    "to_date": day,
    **_PLAN,
    **_ORDER,
}
_REVIEW: Final[dict[str, Check]] = {
    "reviewer": name(required=True),
    "scope": words(required=True),
    "is_complete": as_it_is,
    "status_words": name(limit=300),
    **_PLAN,
    **_ORDER,
}
_FINDING: Final[dict[str, Check]] = {
    "reference": name(limit=40),
    "finding": words(required=True),
    "response": words(),
    "status": choice(ExternalFinding.Status.values),
    "owner_role": name(),
    "due": day,
    **_ORDER,
}
_CASE: Final[dict[str, Check]] = {
    "title": name(required=True, limit=300),
    "proposal": CHECKS["proposal"],
    "cost_now": unsigned,
    "cost_after": unsigned,
    "one_off_cost": unsigned,
    "decided_by_role": name(),
    "consultees": name(limit=500),
    "state": choice(BusinessCase.State.values),
    "decided_on": day,
    "decision_reference": name(limit=120),
    "words": CHECKS["words"],
    **_PLAN,
    **_ORDER,
}


@transaction.atomic
def record_control(
    *,
    by: User,
    council: Council,
    covers: str,
    rule: str,
    authorised_by: str,
    **fields: Unpack[ControlFields],
) -> SpendingControl:
    """Record a rule on spending, and the role that may authorise."""
    given = {"covers": covers, "rule": rule, "authorised_by": authorised_by, **fields}
    control = SpendingControl(council=council)
    return keep_new(by=by, record=control, checks=_CONTROL, given=given, action="record spending control")


@transaction.atomic
def change_control(
    *, by: User, control: SpendingControl, expected_version: int, **changed: Unpack[ChangedControl]
) -> SpendingControl:
    """Change a spending control; one that ends gets a last day. Raises `StaleVersionError` if somebody changed it since."""
    return keep_changed(
        by=by,
        record=control,
        expected_version=expected_version,
        checks=_CONTROL,
        changed=dict(changed),
        action="change spending control",
    )


@transaction.atomic
def record_review(
    *, by: User, council: Council, reviewer: str, scope: str, **fields: Unpack[ReviewFields]
) -> ExternalReview:
    """Record a review by a body or role from outside, never by a person's name."""
    given = {"reviewer": reviewer, "scope": scope, **fields}
    review = ExternalReview(council=council)
    return keep_new(by=by, record=review, checks=_REVIEW, given=given, action="record review")


@transaction.atomic
def change_review(
    *, by: User, review: ExternalReview, expected_version: int, **changed: Unpack[ChangedReview]
) -> ExternalReview:
    """Change what is said of a review. Raises `StaleVersionError` if somebody changed it since."""
    return keep_changed(
        by=by,
        record=review,
        expected_version=expected_version,
        checks=_REVIEW,
        changed=dict(changed),
        action="change review",
    )


@transaction.atomic
def record_finding(
    *, by: User, review: ExternalReview, finding: str, **fields: Unpack[FindingFields]
) -> ExternalFinding:
    """Record a finding of a review, with the council's response where there is one."""
    kept = ExternalFinding(council=review.council, review=review)
    given = {"finding": finding, **fields}
    return keep_new(by=by, record=kept, checks=_FINDING, given=given, action="record finding")


@transaction.atomic
def change_finding(
    *, by: User, finding: ExternalFinding, expected_version: int, **changed: Unpack[FindingFields]
) -> ExternalFinding:
    """Respond to a finding, or say how far it has got; the reviewer's own words stay. Raises `StaleVersionError` if somebody changed it since."""
    return keep_changed(
        by=by,
        record=finding,
        expected_version=expected_version,
        checks=_FINDING,
        changed=dict(changed),
        action="change finding",
    )


@transaction.atomic
def record_case(*, by: User, council: Council, title: str, **fields: Unpack[CaseFields]) -> BusinessCase:
    """Record a business case: a year's cost now and after, and the route by which it is decided."""
    given = {"title": title, **fields}
    case = BusinessCase(council=council)
    return keep_new(by=by, record=case, checks=_CASE, given=given, action="record business case")


@transaction.atomic
def change_case(
    *, by: User, case: BusinessCase, expected_version: int, **changed: Unpack[ChangedCase]
) -> BusinessCase:
    """Change what is said of a business case. Raises `StaleVersionError` if somebody changed it since."""
    return keep_changed(
        by=by,
        record=case,
        expected_version=expected_version,
        checks=_CASE,
        changed=dict(changed),
        action="change business case",
    )
