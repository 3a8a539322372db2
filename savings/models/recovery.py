"""Recovery plans: actions within the year, what each has brought in, what the projection was before and after, and who may spend."""

from django.db import models
from django.db.models import Q

from accounting.recovery import ProjectionStage
from savings.models.proposals import SavingsProposal
from services.fields import MoneyField
from services.models import Council, Directorate, MonitoringPeriod, ServiceLine


class RecoveryPlan(models.Model):
    """A set of actions to bring a projected overspend down within the year."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="recovery_plans")
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField(help_text="2014 for 2014/15.")
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.TextField(blank=True)
    total_as_printed = MoneyField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "name"], name="recovery_plan_unique")
        ]

    def __str__(self) -> str:
        return self.name


class RecoveryAction(models.Model):
    """One action of a plan. `target` is pounds without a sign for this year; `None` if the paper gives none."""

    class Type(models.TextChoices):
        FREEZE = "freeze", "Freeze of a post or of spending"
        INCOME = "income", "Income"
        FORECAST = "forecast", "Reduction of a forecast"
        PARTNER = "partner", "Partner contribution"
        PROCUREMENT = "procurement", "Procurement"
        WORKFORCE = "workforce", "Agency posts made permanent"
        DEMAND = "demand", "Demand management"
        TRANSFORMATION = "transformation", "Transformation over the longer term"
        OTHER = "other", "Other"

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        IMPLEMENTED = "implemented", "Implemented"
        STOPPED = "stopped", "Stopped"
        NOT_STATED = "not_stated", "Not stated"

    class Horizon(models.TextChoices):
        IN_YEAR = "in_year", "This year"
        MEDIUM_TERM = "medium_term", "Medium term"
        LONG_TERM = "long_term", "Long term"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(RecoveryPlan, on_delete=models.PROTECT, related_name="actions")
    reference = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    type = models.CharField(max_length=16, choices=Type.choices, default=Type.OTHER)
    horizon = models.CharField(max_length=12, choices=Horizon.choices, default=Horizon.IN_YEAR)
    target = MoneyField(null=True, blank=True)
    is_full_year_target = models.BooleanField(
        default=False, help_text="The target is of a whole year, not of what is left of this one."
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NOT_STATED)
    owner_role = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    service_line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    per_head_low = MoneyField(
        null=True, blank=True, help_text="Saved a year for each post made permanent, at least."
    )
    per_head_high = MoneyField(null=True, blank=True)
    heads = models.PositiveIntegerField(null=True, blank=True, help_text="Posts made permanent so far.")
    words = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0), name="recovery_target_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(per_head_low__isnull=True, per_head_high__isnull=True)
                | Q(per_head_high__gte=models.F("per_head_low")),
                name="recovery_per_head_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RecoveryProgress(models.Model):
    """One action at one period: how much has been identified, how much of that has come in. Identified is not received."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="recovery_progress")
    action = models.ForeignKey(RecoveryAction, on_delete=models.PROTECT, related_name="progress")
    identified = MoneyField(null=True, blank=True)
    recouped = MoneyField(null=True, blank=True)
    status = models.CharField(
        max_length=12, choices=RecoveryAction.Status.choices, default=RecoveryAction.Status.NOT_STATED
    )
    words = models.TextField(blank=True)
    is_carried_forward = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "action"], name="recovery_progress_unique"),
            models.CheckConstraint(
                condition=Q(recouped__isnull=True)
                | (Q(identified__isnull=False) & Q(recouped__lte=models.F("identified"))),
                name="recovery_recouped_was_identified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}, {self.period}"


class Projection(models.Model):
    """The projected overspend of one part of the council, as it stood on a date and at one stage. Overspend positive; `steps` moved it there."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(RecoveryPlan, on_delete=models.PROTECT, related_name="projections")
    scope = models.CharField(
        max_length=200, help_text="What it covers, for example Children's Social Care and Complex Needs."
    )
    stage = models.CharField(max_length=20, choices=[(stage.value, stage.label) for stage in ProjectionStage])
    as_at = models.DateField()
    as_at_words = models.CharField(
        max_length=60, blank=True, help_text="As the paper gives the date, for example September."
    )
    amount = MoneyField()
    amount_high = MoneyField(null=True, blank=True, help_text="The upper end, where the paper gives a range.")
    is_at_most = models.BooleanField(default=False, help_text="The paper says “no more than”.")
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["scope", "stage", "as_at"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "scope", "stage", "as_at"], name="projection_unique")
        ]

    def __str__(self) -> str:
        return f"{self.scope}, {self.as_at}"


class SpendingControl(models.Model):
    """A rule on spending while it lasts, and the role that may authorise."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="spending_controls")
    plan = models.ForeignKey(
        RecoveryPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="controls"
    )
    covers = models.CharField(max_length=300, help_text="Which spending, for example all placements.")
    rule = models.TextField()
    authorised_by = models.CharField(max_length=200, help_text="A role.")
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.covers


class ExternalReview(models.Model):
    """A review by somebody from outside, and whether it is complete."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="external_reviews")
    plan = models.ForeignKey(
        RecoveryPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    reviewer = models.CharField(max_length=200, help_text="The body or role, never a person's name.")
    scope = models.TextField()
    is_complete = models.BooleanField(null=True, blank=True)
    status_words = models.CharField(max_length=300, blank=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.reviewer


class ExternalFinding(models.Model):
    """One finding of a review and the council's response to it."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        PART = "part", "Accepted in part"
        REJECTED = "rejected", "Not accepted"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        NOT_STATED = "not_stated", "Not stated"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(ExternalReview, on_delete=models.PROTECT, related_name="findings")
    reference = models.CharField(max_length=40, blank=True)
    finding = models.TextField()
    response = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NOT_STATED)
    owner_role = models.CharField(max_length=200, blank=True)
    due = models.DateField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.review}: {self.reference}".rstrip(": ")


class BusinessCase(models.Model):
    """The cost now against the cost after a change, and the route by which it is decided. A year's cost, pounds without a sign; `None` is unknown."""

    class State(models.TextChoices):
        BEING_WRITTEN = "being_written", "Being written"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Not approved"
        NOT_STATED = "not_stated", "Not stated"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="business_cases")
    plan = models.ForeignKey(
        RecoveryPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="business_cases"
    )
    proposal = models.ForeignKey(
        SavingsProposal, on_delete=models.PROTECT, null=True, blank=True, related_name="business_cases"
    )
    title = models.CharField(max_length=300)
    cost_now = MoneyField(null=True, blank=True)
    cost_after = MoneyField(null=True, blank=True)
    one_off_cost = MoneyField(null=True, blank=True)
    decided_by_role = models.CharField(max_length=200, blank=True)
    consultees = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=14, choices=State.choices, default=State.NOT_STATED)
    decided_on = models.DateField(null=True, blank=True)
    decision_reference = models.CharField(max_length=120, blank=True)
    words = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title
