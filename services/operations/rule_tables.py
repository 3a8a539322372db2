"""A council's rule tables: how variances are rated, and who approves which virement."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import transaction

from accounting.rag import RagRule
from accounts.models import User
from services import audit
from services.models import Council, RagThreshold, VirementRule
from services.operations.authority import authorise
from services.operations.entries import checked_money, required_money
from services.roles import Permission, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class VirementApproval:
    """One row of a scheme of virement: across this boundary and above this many pounds, this role approves. The first row met decides."""

    boundary: VirementRule.Boundary
    above_amount: Decimal
    approver: Role = Role.HEAD_OF_FINANCE
    reported_for_approval: bool = False


DEFAULT_VIREMENT_RULES: Final = (
    VirementApproval(
        boundary=VirementRule.Boundary.BETWEEN_DIRECTORATES,
        above_amount=Decimal("0.00"),
        reported_for_approval=True,
    ),
    VirementApproval(
        boundary=VirementRule.Boundary.BETWEEN_DIVISIONS,
        above_amount=Decimal("100000.00"),
        reported_for_approval=True,
    ),
    VirementApproval(boundary=VirementRule.Boundary.BETWEEN_DIVISIONS, above_amount=Decimal("0.00")),
    VirementApproval(
        boundary=VirementRule.Boundary.WITHIN_DIVISION,
        above_amount=Decimal("250000.00"),
        reported_for_approval=True,
    ),
    VirementApproval(boundary=VirementRule.Boundary.WITHIN_DIVISION, above_amount=Decimal("0.00")),
)
"""A start for a council that has not entered its own scheme: amount and boundary both count, as in published schemes, and a head of
finance approves all. Rows run from the most demanding down."""


@transaction.atomic
def set_rag_rules(*, by: User, council: Council, rules: Sequence[RagRule]) -> None:
    """Put this rule table in the place of the council's RAG table; the first rule met decides, and Green is when none is."""
    authorise(by=by, council=council, needs=Permission.KEEP_STRUCTURE)
    audit.hold(council.pk)
    before = [rag_words(row.rule) for row in RagThreshold.objects.filter(council=council).order_by("order")]
    RagThreshold.objects.filter(council=council).delete()
    write_rag_rules(council, rules)
    change = audit.Change(
        action="set RAG rules",
        subject=council,
        before={"rules": before},
        after={"rules": [rag_words(rule) for rule in rules]},
    )
    audit.record(by=by, council=council, changes=[change])


def write_rag_rules(council: Council, rules: Sequence[RagRule]) -> None:
    """Insert a RAG table for a council that has none."""
    RagThreshold.objects.bulk_create(
        RagThreshold(
            council=council,
            order=order,
            rating=rule.rating,
            overspend=rule.overspend,
            threshold=rule.threshold,
            percent=rule.percent,
            amount=checked_money("amount", rule.amount),
            inclusive=rule.inclusive,
        )
        for order, rule in enumerate(rules, start=1)
    )


def rag_words(rule: RagRule) -> dict[str, object]:
    """A rule as the audit trail keeps it."""
    return {
        "rating": str(rule.rating),
        "overspend": rule.overspend,
        "threshold": str(rule.threshold),
        "percent": rule.percent,
        "amount": rule.amount,
        "inclusive": rule.inclusive,
    }


@transaction.atomic
def set_virement_rules(*, by: User, council: Council, rules: Sequence[VirementApproval]) -> None:
    """Put this scheme in the place of the council's scheme of virement; the first row met decides."""
    authorise(by=by, council=council, needs=Permission.KEEP_STRUCTURE)
    audit.hold(council.pk)
    before = [virement_words(row) for row in VirementRule.objects.filter(council=council).order_by("order")]
    VirementRule.objects.filter(council=council).delete()
    write_virement_rules(council, rules)
    change = audit.Change(
        action="set virement rules",
        subject=council,
        before={"rules": before},
        after={"rules": [virement_words(rule) for rule in rules]},
    )
    audit.record(by=by, council=council, changes=[change])


def write_virement_rules(council: Council, rules: Sequence[VirementApproval]) -> None:
    """Insert a scheme of virement for a council that has none."""
    VirementRule.objects.bulk_create(
        VirementRule(
            council=council,
            order=order,
            boundary=rule.boundary,
            above_amount=required_money("above_amount", rule.above_amount),
            approver=rule.approver,
            reported_for_approval=rule.reported_for_approval,
        )
        for order, rule in enumerate(rules, start=1)
    )


def virement_words(rule: VirementApproval | VirementRule) -> dict[str, object]:
    """A row as the audit trail keeps it."""
    return {
        "boundary": str(rule.boundary),
        "above_amount": rule.above_amount,
        "approver": str(rule.approver),
        "reported_for_approval": rule.reported_for_approval,
    }
