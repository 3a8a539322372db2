"""A proposal's amounts: versions of its phasing over years, as proposed and as approved. None is ever overwritten.

Amounts are changes to the base budget: a saving is negative, growth and the return of a one-off saving are positive.
"""

from django.conf import settings
from django.db import models

from accounting.phasing import PhaseKind, SpanMeaning
from savings.models.proposals import SavingsProposal
from services.fields import MoneyField
from services.models import Council


class PhasingVersion(models.Model):
    """What a proposal is worth year by year, as it stood at one moment. The newest approved version counts, otherwise the newest proposed."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(SavingsProposal, on_delete=models.PROTECT, related_name="phasings")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status.choices)
    total_as_printed = MoneyField(
        null=True, blank=True, help_text="The total of all years as a paper prints it, as a change to base."
    )
    first_year_is_level = models.BooleanField(
        default=False, help_text="The first year holds the whole amount so far, not the change of that year."
    )
    note = models.TextField(blank=True)
    decision_reference = models.CharField(max_length=120, blank=True)
    approves = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_as",
        help_text="The proposed version that this one approves, as it was or amended.",
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="phasing_number_unique")]

    def __str__(self) -> str:
        return f"{self.proposal}, version {self.number}"


class SavingsPhase(models.Model):
    """One year's change to base. A one-off is taken back out the year after, without a row of its own."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    phasing = models.ForeignKey(PhasingVersion, on_delete=models.PROTECT, related_name="phases")
    year = models.PositiveSmallIntegerField(help_text="2026 for 2026/27.")
    kind = models.CharField(
        max_length=16,
        choices=[(kind.value, kind.label) for kind in PhaseKind],
        default=PhaseKind.RECURRENT.value,
    )
    amount = MoneyField(help_text="Change to base: a saving is negative.")

    class Meta:
        ordering = ["year", "kind"]
        constraints = [models.UniqueConstraint(fields=["phasing", "year", "kind"], name="phase_unique")]

    def __str__(self) -> str:
        return f"{self.phasing}, {self.year}"


class PhaseSpan(models.Model):
    """An amount that a paper gives for several years together, and whether it means each year or all of them in total.

    Where the paper does not say, it is held as it was printed and counted in no year.
    """

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    phasing = models.ForeignKey(PhasingVersion, on_delete=models.PROTECT, related_name="spans")
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    amount = MoneyField(help_text="Change to base: a saving is negative.")
    meaning = models.CharField(
        max_length=12, choices=[(meaning.value, meaning.label) for meaning in SpanMeaning]
    )
    words = models.CharField(max_length=300, blank=True, help_text="As the paper prints it.")

    class Meta:
        ordering = ["first_year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_year__gt=models.F("first_year")), name="phase_span_of_several_years"
            )
        ]

    def __str__(self) -> str:
        return f"{self.phasing}, {self.first_year} to {self.last_year}"


class SavingsShare(models.Model):
    """One council's part of a shared saving in one year. The parts of a year sum to that year's change to base."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    phasing = models.ForeignKey(PhasingVersion, on_delete=models.PROTECT, related_name="shares")
    year = models.PositiveSmallIntegerField()
    partner = models.CharField(max_length=200, help_text="The council whose part it is.")
    is_ours = models.BooleanField(default=False)
    amount = MoneyField(
        null=True, blank=True, help_text="Change to base; blank while the split is not agreed."
    )

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["phasing", "year", "partner"], name="share_of_a_partner_unique")
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.phasing}, {self.year}"


class InvestmentYear(models.Model):
    """One year of an invest-to-save proposal: what goes in and what comes out, planned and actual. Pounds without a sign; `None` is unknown."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(SavingsProposal, on_delete=models.CASCADE, related_name="investment_years")
    year = models.PositiveSmallIntegerField()
    planned_investment = MoneyField(default=0)
    planned_benefit = MoneyField(default=0)
    actual_investment = MoneyField(null=True, blank=True)
    actual_benefit = MoneyField(null=True, blank=True)
    funded_from = models.CharField(max_length=200, blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["proposal", "year"], name="investment_year_unique")]

    def __str__(self) -> str:
        return f"{self.proposal}, {self.year}"
