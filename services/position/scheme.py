"""What a council's scheme of virement says of each virement: who approves it, and whether members are asked or told."""

from collections.abc import Sequence

from accounting.money import total
from accounting.virements import ApprovalRule, boundary_crossed, rule_met
from services.models import Council, Virement, VirementRule


def scheme_of(council: Council) -> tuple[ApprovalRule, ...]:
    """The council's scheme of virement, in order. One query."""
    return tuple(row.rule for row in VirementRule.objects.filter(council=council).order_by("order"))


def rule_of(virement: Virement, scheme: Sequence[ApprovalRule]) -> ApprovalRule | None:
    """The row that a virement meets; its legs are read with their lines' divisions. No query where they were fetched with it."""
    legs = tuple(virement.legs.all())
    divisions = [leg.service_line.division for leg in legs]
    return rule_met(
        scheme,
        boundary=boundary_crossed([(division.directorate_id, division.pk) for division in divisions]),
        moved=total([leg.amount for leg in legs if leg.amount > 0]),
    )


def is_for_approval(virement: Virement, scheme: Sequence[ApprovalRule]) -> bool:
    """Whether it is listed for members' approval; one that the scheme does not speak of is for information."""
    rule = rule_of(virement, scheme)
    return rule is not None and rule.for_approval
