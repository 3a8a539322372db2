"""The medium-term strategy's own figures: what each year starts with, what funds it, and growth that no proposal carries."""

from django.db import models

from savings.models.proposals import SavingsProposal
from services.fields import MoneyField
from services.models import Council


class Strategy(models.Model):
    """A medium-term financial strategy over named years."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="strategies")
    title = models.CharField(max_length=200)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False)
    words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "title"], name="strategy_title_unique"),
            models.UniqueConstraint(
                fields=["council"], condition=models.Q(is_current=True), name="strategy_one_is_current"
            ),
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")), name="strategy_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StrategyFigure(models.Model):
    """One year's base, funding or other growth. Pounds; base and funding as levels, growth as a change to base."""

    class Kind(models.TextChoices):
        BASE = "base", "Base budget"
        FUNDING = "funding", "Funding"
        GROWTH = "growth", "Growth or pressure"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    label = models.CharField(max_length=200)
    amount = MoneyField()
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["year", "kind", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "year", "kind", "label"], name="strategy_figure_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.year}"


class SavingsSource(models.Model):
    """Where a figure of savings or recovery comes from: printed in a source, derived from it, or an illustration."""

    class Basis(models.TextChoices):
        PRINTED = "printed", "Printed in the source"
        DERIVED = "derived", "Derived from printed figures"
        ILLUSTRATIVE = "illustrative", "Illustrative: not given in the source"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(
        SavingsProposal, on_delete=models.CASCADE, null=True, blank=True, related_name="sources"
    )
    subject = models.CharField(
        max_length=160,
        blank=True,
        help_text="What it is about where it is not a proposal: “plan:3”, “action:12”.",
    )
    figure = models.CharField(max_length=60, help_text="target, delivered, 2026/27, total, identified …")
    basis = models.CharField(max_length=12, choices=Basis.choices)
    citation = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "figure"],
                condition=models.Q(proposal__isnull=False),
                name="savings_source_of_a_proposal_unique",
            ),
            models.UniqueConstraint(
                fields=["council", "subject", "figure"],
                condition=models.Q(proposal__isnull=True),
                name="savings_source_of_a_subject_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(proposal__isnull=False, subject="")
                | (models.Q(proposal__isnull=True) & ~models.Q(subject="")),
                name="savings_source_of_a_proposal_or_a_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal or self.subject}: {self.figure} ({self.basis})"
