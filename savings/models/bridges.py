"""What moved a projection since the one before it."""

from django.db import models

from savings.models.recovery import Projection, RecoveryAction
from services.fields import MoneyField
from services.models import Council


class ProjectionStep(models.Model):
    """One step from the projection before, of the same scope and stage, to this one. A reduction is negative.

    What the steps leave unexplained is worked out and shown; it is no step.
    """

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    projection = models.ForeignKey(Projection, on_delete=models.CASCADE, related_name="steps")
    label = models.CharField(max_length=200)
    amount = MoneyField(help_text="By how much it moved the projection: a reduction is negative.")
    action = models.ForeignKey(
        RecoveryAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The recovery action that did it, where it is one.",
    )
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.projection}: {self.label}"
