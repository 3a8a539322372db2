"""A council, its rule tables, and who holds which role there."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from accounting.materiality import Materiality
from accounting.money import Unit
from accounting.rag import Rag, RagRule, Threshold
from accounting.virements import ApprovalRule, Boundary
from services.fields import MoneyField
from services.roles import Role


class Council(models.Model):
    """A council with its own rules of display, explanation and approval."""

    class DisplayUnit(models.TextChoices):
        POUNDS = "pounds", "£"
        THOUSANDS = "thousands", "£000"

    mutability = "editable"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    remit = models.CharField(
        max_length=120, default="Children's services", help_text="What these pages are about, for headlines."
    )
    display_unit = models.CharField(max_length=10, choices=DisplayUnit.choices, default=DisplayUnit.THOUSANDS)
    explain_above_amount = MoneyField(
        null=True,
        blank=True,
        default=Decimal("100000.00"),
        help_text="A variance of this much, in pounds, must be explained.",
    )
    explain_above_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=Decimal("10.00")
    )
    is_illustration = models.BooleanField(
        default=False, help_text="A demonstration: every page says that its figures are not real."
    )
    source_note = models.TextField(
        blank=True, help_text="Where the figures come from, printed on every page of theirs."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="council_name_not_blank")]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> Unit:
        """The unit of this council's tables."""
        return Unit(self.display_unit)

    @property
    def materiality(self) -> Materiality:
        """When a variance must be explained."""
        return Materiality(amount=self.explain_above_amount, percent=self.explain_above_percent)


class RagThreshold(models.Model):
    """One rule of a council's RAG table, applied in order to the variance after reserves on the net budget."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="rag_thresholds")
    order = models.PositiveSmallIntegerField()
    rating = models.CharField(max_length=5, choices=[(rag.value, rag.label) for rag in Rag])
    overspend = models.BooleanField(default=True)
    threshold = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Threshold])
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    amount = MoneyField(null=True, blank=True)
    inclusive = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "order"], name="rag_threshold_order_unique")
        ]

    def __str__(self) -> str:
        return f"{self.council}: {self.rating} rule {self.order}"

    @property
    def rule(self) -> RagRule:
        """The rule, for the arithmetic."""
        return RagRule(
            rating=Rag(self.rating),
            overspend=self.overspend,
            threshold=Threshold(self.threshold),
            percent=self.percent,
            amount=self.amount,
            inclusive=self.inclusive,
        )


class VirementRule(models.Model):
    """One row of a council's scheme of virement: above what amount, or across which boundary, who approves."""

    class Boundary(models.TextChoices):
        WITHIN_DIVISION = "division", "Within a division"
        BETWEEN_DIVISIONS = "directorate", "Between divisions of a directorate"
        BETWEEN_DIRECTORATES = "council", "Between directorates"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="virement_rules")
    order = models.PositiveSmallIntegerField()
    boundary = models.CharField(max_length=12, choices=Boundary.choices, default=Boundary.WITHIN_DIVISION)
    above_amount = MoneyField(
        default=Decimal("0.00"), help_text="Applies to virements of more than this many pounds."
    )
    approver = models.CharField(max_length=20, choices=Role.choices, default=Role.HEAD_OF_FINANCE)
    reported_for_approval = models.BooleanField(
        default=False, help_text="Listed for members' approval, not only for information."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "order"], name="virement_rule_order_unique")
        ]

    def __str__(self) -> str:
        return f"{self.council}: virement rule {self.order}"

    @property
    def rule(self) -> ApprovalRule:
        """The rule, for the arithmetic."""
        return ApprovalRule(
            boundary=Boundary(self.boundary),
            above_amount=self.above_amount,
            approver=self.approver,
            for_approval=self.reported_for_approval,
        )


class RoleAssignment(models.Model):
    """A role held by a person at a council, or at every council of this site; perhaps only for one directorate."""

    mutability = "editable"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles")
    council = models.ForeignKey(
        Council, on_delete=models.CASCADE, null=True, blank=True, related_name="role_assignments"
    )
    directorate = models.ForeignKey(
        "services.Directorate",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="role_assignments",
    )
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            # Nothing stands for “every council” and “the whole council” as well; SQLite would take each nothing for another.
            models.UniqueConstraint(
                "user",
                Coalesce("council", 0, output_field=models.BigIntegerField()),
                Coalesce("directorate", 0, output_field=models.BigIntegerField()),
                "role",
                name="role_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(directorate__isnull=True) | models.Q(council__isnull=False),
                name="role_directorate_needs_council",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def in_words(self) -> str:
        """“Budget holder, Children and Families”."""
        where = self.directorate or self.council or "every council"
        return f"{self.get_role_display()}, {where}"
