"""Budgets and what moves them: original budgets, virements with their legs, funding changes, and budgets as returns print them."""

from django.conf import settings
from django.db import models

from services.fields import MoneyField
from services.models.acting import in_words
from services.models.council import Council
from services.models.periods import MonitoringPeriod
from services.models.structure import ServiceLine


class ApprovalState(models.TextChoices):
    """How far a change has got. Only what is posted moves a budget."""

    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    POSTED = "posted", "Posted"


class OriginalBudget(models.Model):
    """A line's budget as the council set it before the year began. Never changed after: the budget moves by virement and funding change."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="original_budgets")
    year = models.PositiveSmallIntegerField()
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service_line", "year"], name="original_budget_unique")
        ]

    def __str__(self) -> str:
        return f"{self.service_line} {self.year}"


class ReportedBudget(models.Model):
    """A line's budget as a return printed it, for a line whose original budget is not kept here.

    It states the revised budget at its period, all movements up to then included; later movements are added to it.
    """

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="reported_budgets")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="reported_budgets")
    original = MoneyField(null=True)
    virements = MoneyField(null=True)
    revised = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service_line", "period"], name="reported_budget_unique")
        ]

    def __str__(self) -> str:
        return f"{self.service_line}, {self.period}"


class Virement(models.Model):
    """A movement of budget between lines. Its legs always sum to nil."""

    class Type(models.TextChoices):
        POLICY = "policy", "Changes policy or purpose"
        TECHNICAL = "technical", "Technical or accounting"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="virements")
    reference = models.CharField(max_length=40)
    type = models.CharField(max_length=10, choices=Type.choices, default=Type.POLICY)
    is_permanent = models.BooleanField(default=False, help_text="Otherwise for this year only.")
    reason = models.TextField()
    effective_period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="virements")
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_for = models.CharField(max_length=300, blank=True, help_text="For whom a deputy asked.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_for = models.CharField(max_length=300, blank=True, help_text="For whom a deputy decided.")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="virement_reference_unique"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="virement_both_decided_by_and_decided_at_set",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ApprovalState.REQUESTED) | models.Q(decided_by__isnull=False),
                name="virement_decided_needs_decider",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def decider(self) -> str:
        """Who decided, and for whom a deputy did; empty until somebody has."""
        return in_words(self.decided_by, self.decided_for)

    @property
    def requester(self) -> str:
        """Who asked, and for whom a deputy did."""
        return in_words(self.requested_by, self.requested_for)


class VirementLeg(models.Model):
    """The signed change that a virement makes to one line's budget: + receives, − gives."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    virement = models.ForeignKey(Virement, on_delete=models.CASCADE, related_name="legs")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="virement_legs")
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["virement", "service_line"], name="virement_leg_unique"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="virement_leg_not_nil"),
        ]

    def __str__(self) -> str:
        return f"{self.virement}: {self.service_line}"


class FundingChange(models.Model):
    """Budget that comes from, or goes, outside: a grant notified in the year, a pay award allocation, a correction of base."""

    class Type(models.TextChoices):
        GRANT = "grant", "Grant notified in the year"
        CORPORATE = "corporate", "Corporate allocation, such as a pay award"
        INFLATION = "inflation", "Contract or price inflation"
        CORRECTION = "correction", "Correction of base budget"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="funding_changes")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="funding_changes")
    reference = models.CharField(max_length=40)
    type = models.CharField(max_length=12, choices=Type.choices)
    amount = MoneyField(help_text="Signed: + adds to the line's budget.")
    reason = models.TextField()
    is_permanent = models.BooleanField(default=False)
    effective_period = models.ForeignKey(
        MonitoringPeriod, on_delete=models.PROTECT, related_name="funding_changes"
    )
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_for = models.CharField(max_length=300, blank=True, help_text="For whom a deputy asked.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_for = models.CharField(max_length=300, blank=True, help_text="For whom a deputy decided.")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "reference"], name="funding_change_reference_unique"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="funding_change_not_nil"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="funding_change_both_decided_by_and_decided_at_set",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def decider(self) -> str:
        """Who decided, and for whom a deputy did; empty until somebody has."""
        return in_words(self.decided_by, self.decided_for)

    @property
    def requester(self) -> str:
        """Who asked, and for whom a deputy did."""
        return in_words(self.requested_by, self.requested_for)
