"""How savings are getting on, period by period, and what stands in for what is not delivered. Pounds without a sign."""

from django.db import models
from django.db.models import F, Q

from accounting.rag import Rag
from accounting.savings import Confidence, MitigationKind
from savings.models.proposals import SavingsProposal
from services.fields import MoneyField
from services.models import Council, MonitoringPeriod, ServiceLine

PARTS = ("delivered", "on_track", "at_risk", "undeliverable")
"""What a target divides into. All four or none: a sum with a part that is not given is neither true nor false, and a constraint lets it pass."""


class SavingsUpdate(models.Model):
    """One proposal at one period: this year's target, in four parts that sum to it, and the forecast, held apart from the colour.

    All four parts are `None` while nobody has said how the target divides.
    """

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="savings_updates")
    proposal = models.ForeignKey(SavingsProposal, on_delete=models.PROTECT, related_name="updates")
    target = MoneyField(
        null=True,
        blank=True,
        help_text="To be saved this year, pounds without a sign; blank if no £ was given.",
    )
    delivered = MoneyField(null=True, blank=True, help_text="Banked: the money is out of the budget.")
    on_track = MoneyField(null=True, blank=True)
    at_risk = MoneyField(null=True, blank=True)
    undeliverable = MoneyField(null=True, blank=True, help_text="Will not be delivered this year.")
    forecast = MoneyField(
        null=True, blank=True, help_text="How much of the target will be delivered by 31 March."
    )
    rag = models.CharField(max_length=6, choices=[(rag.value, rag.label) for rag in Rag], blank=True)
    reason = models.TextField(blank=True, help_text="Why it is not green; or the words of the month.")
    confidence = models.CharField(
        max_length=10,
        choices=[(one.value, one.label) for one in Confidence],
        default=Confidence.NOT_JUDGED.value,
    )
    expected_on = models.DateField(null=True, blank=True, help_text="When it will be delivered in full.")
    service_effect = models.TextField(blank=True, help_text="What those who use the service have noticed.")
    is_carried_forward = models.BooleanField(
        default=False, help_text="Copied from the period before and not yet confirmed."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "proposal"], name="savings_update_unique"),
            models.CheckConstraint(
                condition=Q(**{f"{part}__isnull": True for part in PARTS})
                | Q(
                    target__isnull=False,
                    target=F("delivered") + F("on_track") + F("at_risk") + F("undeliverable"),
                    **{f"{part}__isnull": False for part in PARTS},
                    **{f"{part}__gte": 0 for part in PARTS},
                ),
                name="savings_update_parts_sum_to_target",
            ),
            models.CheckConstraint(
                condition=Q(rag__in=["", Rag.GREEN.value]) | ~Q(reason=""),
                name="savings_update_not_green_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["period", "proposal"], name="savings_update_of_a_period")]

    def __str__(self) -> str:
        return f"{self.proposal}, {self.period}"


class Mitigation(models.Model):
    """What stands in for a saving that is not delivered this year, and whether its line's forecast already counts on it."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="+")
    update = models.ForeignKey(SavingsUpdate, on_delete=models.CASCADE, related_name="mitigations")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.label) for kind in MitigationKind])
    amount = MoneyField(
        null=True, blank=True, help_text="Pounds without a sign; blank if the paper names the means but no £."
    )
    service_line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_in_forecast = models.BooleanField(default=False, help_text="The line's forecast already counts on it.")
    words = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="mitigation_amount_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.update}"
