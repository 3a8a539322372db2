"""Monitoring periods, each directorate's submission, and the last figures published for a period."""

from django.conf import settings
from django.db import models

from accounting.periods import FinancialYear, Period
from services.fields import MoneyField
from services.models.council import Council
from services.models.structure import Directorate, ServiceLine


class MonitoringPeriod(models.Model):
    """One council's month (1 April … 12 March) or provisional outturn (13)."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="periods")
    year = models.PositiveSmallIntegerField(
        help_text="The calendar year in which the financial year begins: 2023 for 2023/24."
    )
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    title_as_printed = models.CharField(
        max_length=200, blank=True, help_text="As the council's paper titles it, kept even where it is wrong."
    )
    publications = models.PositiveSmallIntegerField(
        default=0, help_text="How many versions have been published."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "number"], name="monitoring_period_unique"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=13), name="monitoring_period_number_1_to_13"
            ),
        ]

    def __str__(self) -> str:
        return self.period.label

    @property
    def period(self) -> Period:
        """The period as a value."""
        return Period(FinancialYear(self.year), self.number)

    @property
    def is_locked(self) -> bool:
        """Whether figures may no longer be changed without reopening."""
        return self.state in (self.State.APPROVED, self.State.PUBLISHED)


class DirectorateSubmission(models.Model):
    """Where one directorate has got to in one period."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.CASCADE, related_name="submissions")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_STARTED)
    note = models.TextField(blank=True, help_text="Why it was returned.")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "directorate"], name="directorate_submission_unique"),
            models.CheckConstraint(
                condition=models.Q(changed_by__isnull=True, changed_at__isnull=True)
                | models.Q(changed_by__isnull=False, changed_at__isnull=False),
                name="submission_both_changed_by_and_changed_at_set",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directorate}, {self.period}: {self.get_state_display()}"


class PublishedVariance(models.Model):
    """A line's variance after reserves as published, kept beside the working figures so that movement can be told."""

    mutability = "frozen"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="published_variances")
    publication_version = models.PositiveSmallIntegerField()
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey("services.Division", on_delete=models.PROTECT, related_name="+")
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="+")
    fund = models.CharField(max_length=30)
    variance_after_reserves = MoneyField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "publication_version", "service_line"], name="published_variance_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_line}, {self.period}, version {self.publication_version}"
