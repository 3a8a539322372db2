"""Reserves, their uses, and other one-off funding. Uses belong to a period: they say how the year looked then."""

from django.conf import settings
from django.db import models

from accounting.reserves import ReserveKind
from services.fields import MoneyField
from services.models.acting import in_words
from services.models.council import Council
from services.models.periods import MonitoringPeriod
from services.models.structure import ServiceLine


class Reserve(models.Model):
    """Money set aside. Its kind says what it may meet."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="reserves")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.label) for kind in ReserveKind])
    purpose = models.TextField(help_text="What it is for, and how and when it may be used.")
    review_date = models.DateField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["council", "name"], name="reserve_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def reserve_kind(self) -> ReserveKind:
        """What it may meet."""
        return ReserveKind(self.kind)


class ReserveOpening(models.Model):
    """A reserve's balance at 1 April, from last year's accounts."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    reserve = models.ForeignKey(Reserve, on_delete=models.PROTECT, related_name="openings")
    year = models.PositiveSmallIntegerField()
    amount = MoneyField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reserve", "year"], name="reserve_opening_unique")]

    def __str__(self) -> str:
        return f"{self.reserve} {self.year}"


class UseState(models.TextChoices):
    """How far a use of money has got. Approved and applied uses count in the headline."""

    PLANNED = "planned", "Planned"
    REQUESTED = "requested", "Requested"
    APPROVED = "approved", "Approved"
    APPLIED = "applied", "Applied"
    REFUSED = "refused", "Refused"


COUNTED_STATES = (UseState.APPROVED, UseState.APPLIED)
PENDING_STATES = (UseState.PLANNED, UseState.REQUESTED)


class ReserveUse(models.Model):
    """A drawdown from, or contribution to, a reserve on one line: the whole year's amount as seen at one period."""

    class Kind(models.TextChoices):
        DRAWDOWN = "drawdown", "Drawdown"
        CONTRIBUTION = "contribution", "Contribution"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="reserve_uses")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="reserve_uses")
    reserve = models.ForeignKey(
        Reserve,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="uses",
        help_text="Blank if a return does not say which.",
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = MoneyField(help_text="Pounds without a sign.")
    state = models.CharField(max_length=10, choices=UseState.choices, default=UseState.PLANNED)
    included_in_budget = models.BooleanField(
        default=False, help_text="Already counted on when the budget was set: not a mitigation."
    )
    included_in_forecast = models.BooleanField(
        default=False, help_text="Already taken off the forecast: not deducted again."
    )
    purpose = models.TextField(blank=True)
    decision_reference = models.CharField(max_length=120, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_for = models.CharField(max_length=300, blank=True, help_text="For whom a deputy decided.")
    decided_at = models.DateTimeField(null=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="reserve_use_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="reserve_use_both_decided_by_and_decided_at_set",
            ),
        ]
        indexes = [models.Index(fields=["period", "service_line"], name="reserve_use_of_a_period")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.service_line}, {self.period}"

    @property
    def decider(self) -> str:
        """Who decided, and for whom a deputy did; empty until somebody has."""
        return in_words(self.decided_by, self.decided_for)


class ReserveTransfer(models.Model):
    """Money moved from one reserve to another; nil in sum."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="reserve_transfers")
    from_reserve = models.ForeignKey(Reserve, on_delete=models.PROTECT, related_name="transfers_out")
    to_reserve = models.ForeignKey(Reserve, on_delete=models.PROTECT, related_name="transfers_in")
    amount = MoneyField()
    decision_reference = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="reserve_transfer_amount_positive"),
            models.CheckConstraint(
                condition=~models.Q(from_reserve=models.F("to_reserve")),
                name="reserve_transfer_between_two_reserves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_reserve} to {self.to_reserve}"


class OneOffFunding(models.Model):
    """Funding applied to a line from outside its budget: a grant, capital receipts, contingency. The whole year's amount at one period."""

    class Source(models.TextChoices):
        GRANT = "grant", "Grant"
        CAPITAL_RECEIPT = "capital_receipt", "Flexible use of capital receipts"
        CONTINGENCY = "contingency", "Contingency"
        OTHER = "other", "Other, or not stated"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="one_off_funding")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="one_off_funding")
    source = models.CharField(max_length=16, choices=Source.choices)
    amount = MoneyField(help_text="Pounds without a sign.")
    state = models.CharField(max_length=10, choices=UseState.choices, default=UseState.PLANNED)
    is_recurrent = models.BooleanField(default=False)
    included_in_budget = models.BooleanField(default=False)
    included_in_forecast = models.BooleanField(default=False)
    ends_on = models.DateField(null=True, blank=True, help_text="When the funding stops, if it is known.")
    purpose = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_for = models.CharField(max_length=300, blank=True, help_text="For whom a deputy decided.")
    decided_at = models.DateTimeField(null=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="one_off_funding_amount_positive")
        ]
        indexes = [models.Index(fields=["period", "service_line"], name="one_off_funding_of_a_period")]

    def __str__(self) -> str:
        return f"{self.get_source_display()}, {self.service_line}, {self.period}"

    @property
    def decider(self) -> str:
        """Who decided, and for whom a deputy did; empty until somebody has."""
        return in_words(self.decided_by, self.decided_for)
