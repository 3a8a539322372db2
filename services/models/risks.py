"""Risks and opportunities: what could happen and is not in the forecast."""

from django.core.validators import MaxValueValidator
from django.db import models

from services.fields import MoneyField
from services.models.council import Council
from services.models.periods import MonitoringPeriod
from services.models.structure import ServiceLine


class RiskOrOpportunity(models.Model):
    """Something outside the forecast, with an amount and a likelihood. A risk would add to the overspend, an opportunity reduce it."""

    class Kind(models.TextChoices):
        RISK = "risk", "Risk"
        OPPORTUNITY = "opportunity", "Opportunity"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="risks")
    service_line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="risks"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    amount = MoneyField(
        null=True, blank=True, help_text="Pounds without a sign; blank if it cannot be estimated."
    )
    likelihood = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="Per cent; blank if it has not been judged.",
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="risk_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(likelihood__isnull=True) | models.Q(likelihood__lte=100),
                name="risk_likelihood_at_most_100",
            ),
        ]

    def __str__(self) -> str:
        return self.title
