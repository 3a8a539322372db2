"""Schedules of savings or growth that were imported: how to read one, and each file as it was sent."""

from django.conf import settings
from django.db import models

from services.models import Council


class ScheduleProfile(models.Model):
    """How to read one council's schedule: units, signs, which heading is which year. Held as the TOML that the command line reads too."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="schedule_profiles")
    name = models.CharField(max_length=120)
    toml = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["council", "name"], name="schedule_profile_name_unique")
        ]

    def __str__(self) -> str:
        return self.name


class ScheduleImport(models.Model):
    """One schedule, staged for preview, applied or put aside. The original bytes are kept under their digest."""

    class State(models.TextChoices):
        STAGED = "staged", "Staged"
        APPLIED = "applied", "Applied"
        ABANDONED = "abandoned", "Abandoned"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="schedule_imports")
    profile_toml = models.TextField(blank=True)
    file_name = models.CharField(max_length=255, help_text="As the person named it; never used as a path.")
    file_digest = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STAGED)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(
        default=dict, help_text="Printed totals, gaps and remarks, as shown to the person who confirmed them."
    )
    staged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    staged_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applied_by__isnull=True, applied_at__isnull=True)
                | models.Q(applied_by__isnull=False, applied_at__isnull=False),
                name="schedule_both_applied_by_and_applied_at_set",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False),
                name="schedule_applied_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["council", "file_digest"], name="schedule_imported_again")]

    def __str__(self) -> str:
        return self.file_name
