"""What was imported: profiles that say how to read a return, batches that say what was read, and where a figure came from."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from services.models.council import Council
from services.models.periods import MonitoringPeriod
from services.models.structure import ServiceLine


class ImportProfile(models.Model):
    """How to read one council's return: units, signs, headings. Held as the TOML that the command line reads too."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="import_profiles")
    name = models.CharField(max_length=120)
    toml = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["council", "name"], name="import_profile_name_unique")]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """One file, staged for preview or applied. The original bytes are kept under their digest."""

    class State(models.TextChoices):
        STAGED = "staged", "Staged"
        APPLIED = "applied", "Applied"
        ABANDONED = "abandoned", "Abandoned"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="import_batches")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="import_batches")
    profile_toml = models.TextField()
    file_name = models.CharField(max_length=255, help_text="As the person named it; never used as a path.")
    file_digest = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STAGED)
    rows_matched = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(
        default=dict,
        help_text="Control totals, gaps and warnings, as shown to the person who confirmed them.",
    )
    staged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    staged_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applied_by__isnull=True, applied_at__isnull=True)
                | models.Q(applied_by__isnull=False, applied_at__isnull=False),
                name="import_both_applied_by_and_applied_at_set",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False),
                name="import_applied_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["period", "file_digest"], name="import_of_a_file_again")]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.period}"


class SourceNote(models.Model):
    """Where a figure on a page comes from, and whether it was printed, derived from what was printed, or is an illustration."""

    class Basis(models.TextChoices):
        PRINTED = "printed", "Printed in the source"
        DERIVED = "derived", "Derived from printed figures"
        ILLUSTRATIVE = "illustrative", "Illustrative: not given in the source"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="source_notes")
    service_line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="source_notes"
    )
    subject = models.CharField(
        max_length=120,
        blank=True,
        help_text="What it is about where it is not a line, for example a scope or an account.",
    )
    figure = models.CharField(
        max_length=60, help_text="The figure's name as in the position, for example variance_before_reserves."
    )
    basis = models.CharField(max_length=12, choices=Basis.choices)
    citation = models.CharField(max_length=300, blank=True, help_text="The document and paragraph.")
    words = models.TextField(
        blank=True, help_text="What the source says, where the figure alone would mislead."
    )

    class Meta:
        constraints = [
            # A note without a line is about a total or a reserve; SQLite would take each missing line for another.
            models.UniqueConstraint(
                "period",
                Coalesce("service_line", 0, output_field=models.BigIntegerField()),
                "subject",
                "figure",
                name="source_noted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_line or self.subject}: {self.figure} ({self.basis})"
