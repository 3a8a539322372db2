"""A council's rules: how variances are rated, which must be explained, who approves which virement. Each change is a version in the audit trail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from accounting.materiality import Materiality
from accounting.rag import RagRule, check_rules
from accounting.virements import ApprovalRule, Boundary, check_scheme
from accounts.models import User
from services import audit
from services.models import AuditEntry, Council, RagThreshold, VirementRule
from services.operations.authority import authorise
from services.operations.entries import checked_money, required_money
from services.operations.refusals import BrokenRuleError, StaleVersionError
from services.operations.repeats import fingerprint
from services.operations.staleness import theirs
from services.roles import Permission, Role

RAG, VIREMENTS, EXPLANATIONS = "set RAG rules", "set virement rules", "set explanation rule"
"""What the audit trail calls a change of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VirementApproval:
    """One row of a scheme of virement: across this boundary and above this many pounds, this role approves. The first row met decides."""

    boundary: VirementRule.Boundary
    above_amount: Decimal
    approver: Role = Role.HEAD_OF_FINANCE
    reported_for_approval: bool = False

    @property
    def rule(self) -> ApprovalRule:
        """The row, for the arithmetic."""
        return ApprovalRule(
            boundary=Boundary(self.boundary),
            above_amount=self.above_amount,
            approver=str(self.approver),
            for_approval=self.reported_for_approval,
        )


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


RANKS: Final = {Role.BUDGET_HOLDER.value: 1, Role.FINANCE_OFFICER.value: 2, Role.HEAD_OF_FINANCE.value: 3}
"""Who may be named in a scheme of virement, the higher the more they may."""


@transaction.atomic
def set_rag_rules(
    *, by: User, council: Council, rules: Sequence[RagRule], expected: str | None = None
) -> None:
    """Put this rule table in the place of the council's RAG table; the first rule met decides, and Green is when none is.

    An empty table goes back to what every council starts with. Raises `BrokenRuleError` for a table that makes no sense, and
    `StaleVersionError` if it is no longer the one of the mark `expected`.
    """
    authorise(by=by, council=council, needs=Permission.KEEP_RULES)
    audit.hold(council.pk)
    before = _held_rag(council)
    refuse_other_rules(council, RAG, before, expected)
    if rules:
        _refuse_broken(check_rules, rules)
    RagThreshold.objects.filter(council=council).delete()
    write_rag_rules(council, rules)
    change = audit.Change(
        action=RAG,
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
def set_virement_rules(
    *, by: User, council: Council, rules: Sequence[VirementApproval], expected: str | None = None
) -> None:
    """Put this scheme in the place of the council's scheme of virement; the first row met decides.

    Under an empty one a head of finance decides all. Raises `BrokenRuleError` and `StaleVersionError` as `set_rag_rules` does.
    """
    authorise(by=by, council=council, needs=Permission.KEEP_RULES)
    audit.hold(council.pk)
    before = _held_scheme(council)
    refuse_other_rules(council, VIREMENTS, before, expected)
    if rules:
        _refuse_broken(lambda rows: check_scheme(rows, ranks=RANKS), [rule.rule for rule in rules])
    VirementRule.objects.filter(council=council).delete()
    write_virement_rules(council, rules)
    change = audit.Change(
        action=VIREMENTS,
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


@transaction.atomic
def set_explanation_rule(
    *, by: User, council: Council, rule: Materiality, expected: str | None = None
) -> Council:
    """Say which variances must be explained in words. Raises `BrokenRuleError` and `StaleVersionError` as `set_rag_rules` does."""
    authorise(by=by, council=council, needs=Permission.KEEP_RULES)
    audit.hold(council.pk)
    now = Council.objects.select_for_update().get(pk=council.pk)
    before = [materiality_words(now.materiality)]
    refuse_other_rules(council, EXPLANATIONS, before, expected)
    _refuse_broken(lambda _: rule.check(), [rule])
    now.explain_above_amount = checked_money("explain_above_amount", rule.amount)
    now.explain_above_percent = rule.percent
    now.save(update_fields=["explain_above_amount", "explain_above_percent"])
    change = audit.Change(
        action=EXPLANATIONS,
        subject=now,
        before={"rules": before},
        after={"rules": [materiality_words(rule)]},
    )
    audit.record(by=by, council=now, changes=[change])
    return now


def materiality_words(rule: Materiality) -> dict[str, object]:
    """The rule as the audit trail keeps it."""
    return {"amount": rule.amount, "percent": rule.percent}


def rules_mark(words: Sequence[Mapping[str, object]]) -> str:
    """What tells one version of a rule table from another: a digest of its rows as the audit trail keeps them."""
    return fingerprint({"rules": [dict(row) for row in words]})


def mark_of_rag(council: Council) -> str:
    """The mark of the council's RAG table as it is. One query."""
    return rules_mark(_held_rag(council))


def mark_of_scheme(council: Council) -> str:
    """The mark of the council's scheme of virement as it is. One query."""
    return rules_mark(_held_scheme(council))


def mark_of_explanation(council: Council) -> str:
    """The mark of the council's rule of explanation as it was read."""
    return rules_mark([materiality_words(council.materiality)])


def _held_rag(council: Council) -> list[dict[str, object]]:
    return [rag_words(row.rule) for row in RagThreshold.objects.filter(council=council).order_by("order")]


def _held_scheme(council: Council) -> list[dict[str, object]]:
    return [virement_words(row) for row in VirementRule.objects.filter(council=council).order_by("order")]


def refuse_other_rules(
    council: Council, action: str, held: Sequence[Mapping[str, object]], expected: str | None
) -> None:
    """Refuse (`StaleVersionError`) to put rules in the place of others than those of the mark `expected`; `None` asks nothing."""
    if expected is None or rules_mark(held) == expected:
        return
    entry = AuditEntry.objects.filter(council_id=council.pk, action=action).order_by("-sequence").first()
    now = theirs(
        subject="the rules",
        record_id=council.pk,
        expected_version=0,
        version=0,
        values={"rows": len(held)},
        entry=entry,
    )
    raise StaleVersionError([now])


def _refuse_broken(check: Callable[[Any], None], rules: Sequence[Any]) -> None:
    try:
        check(rules)
    except ValueError as error:
        raise BrokenRuleError(error) from error
