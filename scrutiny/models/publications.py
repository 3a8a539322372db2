"""Publications: what was frozen, its figures one by one, and what has been put forward to be frozen."""

from dataclasses import fields
from decimal import Decimal

from django.conf import settings
from django.db import models

from accounting.figures import Figures
from accounting.periods import FinancialYear, Period
from scrutiny.published import PublishedVersion
from services.fields import MoneyField


class Publication(models.Model):
    """One version of one period as published. Never changed: a correction is a new version."""

    mutability = "frozen"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="publications")
    monitoring_period = models.ForeignKey(
        "services.MonitoringPeriod", on_delete=models.PROTECT, related_name="published_versions"
    )
    period_year = models.PositiveSmallIntegerField()
    period_number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by_post = models.CharField(max_length=200, help_text="The post held then.")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by_post = models.CharField(max_length=200, help_text="The post held then.")
    changes = models.JSONField(default=list, help_text="What differs from the version before, in sentences.")
    # Last, so that a list of versions does not read through a few hundred kilobytes a row.
    content = models.TextField(help_text="Canonical JSON, see scrutiny.content.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["council", "period_year", "period_number", "version"],
                name="publication_version_unique",
            ),
            models.CheckConstraint(
                condition=~models.Q(published_by=models.F("approved_by")),
                name="publication_needs_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(period_number__gte=1, period_number__lte=13),
                name="publication_period_number_1_to_13",
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="publication_version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.period.label}, version {self.version}"

    @property
    def period(self) -> Period:
        """The period as a value."""
        return Period(FinancialYear(self.period_year), self.period_number)

    @property
    def header(self) -> PublishedVersion:
        """Everything but the content."""
        return PublishedVersion(
            period=self.period,
            version=self.version,
            published_at=self.published_at,
            published_by=self.published_by_post,
            approved_by=self.approved_by_post,
            digest=self.digest,
            changes=tuple(self.changes),
        )


class PublishedFigure(models.Model):
    """The figures of one line or total of a publication, so that a history needs no content opened."""

    mutability = "frozen"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="figures")
    period_year = models.PositiveSmallIntegerField()
    period_number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    scope = models.CharField(max_length=12, help_text="council, directorate, division or line.")
    key = models.CharField(max_length=20, blank=True, help_text="Which of the scope; blank for the council.")
    name = models.CharField(max_length=200)
    fund = models.CharField(max_length=30)
    rag = models.CharField(max_length=5, blank=True, help_text="Blank where the variance is unknown.")
    original_budget = MoneyField(null=True)
    virements = MoneyField(null=True)
    funding_changes = MoneyField(null=True)
    revised_budget = MoneyField(null=True)
    actual_to_date = MoneyField(null=True)
    commitments = MoneyField(null=True)
    forecast_outturn = MoneyField(null=True)
    best_case = MoneyField(null=True)
    worst_case = MoneyField(null=True)
    variance_before_reserves = MoneyField(null=True)
    drawdown = MoneyField()
    contribution = MoneyField()
    other_one_off_funding = MoneyField()
    variance_after_reserves = MoneyField(null=True)
    variance_if_all_approved = MoneyField(null=True)
    underlying_variance = MoneyField(null=True)
    movement = MoneyField(null=True)
    variance_percent = models.CharField(
        max_length=60, blank=True, help_text="A decimal as text, unrounded; blank where there is none."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "scope", "key", "fund"], name="published_figure_unique"
            )
        ]
        indexes = [
            models.Index(
                fields=["council", "scope", "key", "fund", "period_year"], name="published_figure_history"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.period.label}"

    @property
    def period(self) -> Period:
        """The period as a value."""
        return Period(FinancialYear(self.period_year), self.period_number)

    @property
    def figures(self) -> Figures:
        """The figures as a value."""
        values = {field.name: getattr(self, field.name) for field in fields(Figures)}
        percent = Decimal(self.variance_percent) if self.variance_percent else None
        return Figures(**values | {"variance_percent": percent})


class PublicationProposal(models.Model):
    """A period put forward for publication by one person, to be approved by another as it then stands."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved and published"
        WITHDRAWN = "withdrawn", "Withdrawn"
        SUPERSEDED = "superseded", "Superseded by a later proposal"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    monitoring_period = models.ForeignKey(
        "services.MonitoringPeriod", on_delete=models.PROTECT, related_name="publication_proposals"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, null=True, related_name="proposal"
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of what would have been published.")
    content = models.TextField(help_text="What would have been published, to say what has changed since.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["monitoring_period"],
                condition=models.Q(state="proposed"),
                name="publication_proposal_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_both_decided_by_and_decided_at_set",
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at__isnull=True)
                | (~models.Q(state="proposed") & models.Q(decided_at__isnull=False)),
                name="proposal_decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="approved", publication__isnull=False)
                | (~models.Q(state="approved") & models.Q(publication__isnull=True)),
                name="proposal_approved_has_its_publication",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(proposed_by=models.F("decided_by")),
                name="proposal_needs_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monitoring_period}: {self.get_state_display()}"
