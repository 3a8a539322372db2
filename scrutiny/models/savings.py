"""Savings one by one as they were published, so that the history of one needs no publication opened."""

from dataclasses import fields
from decimal import Decimal

from django.db import models

from accounting.periods import FinancialYear, Period
from accounting.rag import Rag
from accounting.savings import SavingFigures, Stage
from scrutiny.models.publications import Publication
from services.fields import MoneyField


class PublishedSaving(models.Model):
    """One saving of one publication: its figures, and apart from them its stage, colour and reason. Pounds without a sign."""

    mutability = "frozen"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="savings")
    period_year = models.PositiveSmallIntegerField()
    period_number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120, help_text="What names the proposal in addresses.")
    stage = models.CharField(max_length=14)
    rag = models.CharField(max_length=6, blank=True, help_text="Blank where nobody has rated it.")
    reason = models.TextField(blank=True)
    target = MoneyField(null=True)
    delivered = MoneyField(null=True)
    on_track = MoneyField(null=True)
    at_risk = MoneyField(null=True)
    undeliverable = MoneyField(null=True)
    forecast = MoneyField(null=True)
    shortfall = MoneyField(null=True)
    mitigation = MoneyField()
    unmitigated = MoneyField(null=True)
    reopens_next_year = MoneyField(null=True)
    net_delivery = MoneyField(null=True)
    delivered_percent = models.CharField(
        max_length=60, blank=True, help_text="A decimal as text, unrounded; blank where there is none."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "key"], name="published_saving_unique")]
        indexes = [models.Index(fields=["council", "key", "period_year"], name="published_saving_history")]

    def __str__(self) -> str:
        return f"{self.key}, {self.period.label}"

    @property
    def period(self) -> Period:
        """The period as a value."""
        return Period(FinancialYear(self.period_year), self.period_number)

    @property
    def rating(self) -> Rag | None:
        """The colour as a value."""
        return Rag(self.rag) if self.rag else None

    @property
    def stage_label(self) -> str:
        """How far it had got, as pages name it."""
        return Stage(self.stage).label

    @property
    def figures(self) -> SavingFigures:
        """The figures as a value."""
        values = {field.name: getattr(self, field.name) for field in fields(SavingFigures)}
        percent = Decimal(self.delivered_percent) if self.delivered_percent else None
        return SavingFigures(**values | {"delivered_percent": percent})
