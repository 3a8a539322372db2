"""What the ledger says: the table that maps its codes to service lines, the files that were sent, and the amounts that count."""

from django.conf import settings
from django.db import models

from services.fields import MoneyField
from services.models.council import Council
from services.models.periods import MonitoringPeriod
from services.models.structure import ServiceLine


class LedgerCode(models.Model):
    """Where a ledger code's money belongs. Codes are text and are matched exactly: 00123 is not 123.

    A blank subjective code stands for every subjective code of the cost centre that has no mapping of its own.
    """

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="ledger_codes")
    cost_centre = models.CharField(max_length=40)
    subjective = models.CharField(max_length=40, blank=True)
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="ledger_codes")
    closed_from = models.ForeignKey(
        MonitoringPeriod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="First period in which nothing may be booked to it.",
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["council", "cost_centre", "subjective"], name="ledger_code_unique"
            ),
            models.CheckConstraint(condition=~models.Q(cost_centre=""), name="ledger_code_has_a_cost_centre"),
        ]

    def __str__(self) -> str:
        return f"{self.cost_centre} {self.subjective or 'any'}"


class LedgerBatch(models.Model):
    """One ledger file: kept under its digest, checked outside the request, and applied whole or not at all."""

    class State(models.TextChoices):
        STAGED = "staged", "Waiting to be checked"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        ABANDONED = "abandoned", "Put aside"
        FAILED = "failed", "Could not be read"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="ledger_batches")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="ledger_batches")
    state = models.CharField(max_length=10, choices=State.choices, default=State.STAGED)
    file_name = models.CharField(max_length=255, help_text="As the person named it; never used as a path.")
    file_digest = models.CharField(max_length=64)
    profile_toml = models.TextField(blank=True)
    stated_actual = MoneyField(
        null=True, help_text="The control total that the person typed: actual to date."
    )
    rows_done = models.PositiveIntegerField(default=0)
    rows_all = models.PositiveIntegerField(default=0)
    is_clean = models.BooleanField(default=False, help_text="Whether the check found no problem.")
    outcome = models.JSONField(
        default=dict,
        help_text="Control totals, differences and findings, as shown to the person who confirms.",
    )
    problems = models.JSONField(default=list)
    confirmed = models.JSONField(default=list, help_text="Codes of the findings that were confirmed.")
    error = models.TextField(blank=True, help_text="Why it could not be read or applied, for the reader.")
    staged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    staged_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True, help_text="When the worker last said that it was at it.")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    # Last, so that asking for the state does not read through the file.
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applied_by__isnull=True, applied_at__isnull=True)
                | models.Q(applied_by__isnull=False, applied_at__isnull=False),
                name="ledger_both_applied_by_and_applied_at_set",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False),
                name="ledger_applied_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(error=""), name="ledger_failed_says_why"
            ),
        ]
        indexes = [models.Index(fields=["period", "state"], name="ledger_files_of_a_period")]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.period}"


class LedgerAmount(models.Model):
    """What the newest applied ledger of a period has on one code. Pounds, income negative."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="ledger_amounts")
    batch = models.ForeignKey(LedgerBatch, on_delete=models.PROTECT, related_name="amounts")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="ledger_amounts")
    cost_centre = models.CharField(max_length=40)
    subjective = models.CharField(max_length=40, blank=True)
    actual_to_date = MoneyField()
    commitments = MoneyField(null=True, help_text="Blank where the file has no commitments.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "cost_centre", "subjective"], name="ledger_amount_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cost_centre} {self.subjective}, {self.period}"
