"""One person asks that a reopened period be closed as it was; another agrees or declines."""

from django.conf import settings
from django.db import models

from scrutiny.models.publications import Publication


class ClosingRequest(models.Model):
    """A reopened period in which nothing needed correcting: one person says why, another closes it. The publication stands."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Declined"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    monitoring_period = models.ForeignKey(
        "services.MonitoringPeriod", on_delete=models.PROTECT, related_name="closing_requests"
    )
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["monitoring_period"],
                condition=models.Q(state="asked"),
                name="closing_request_waits_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(state="asked") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="closing_request_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="agreed", decided_by=models.F("asked_by")),
                name="closing_request_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"Closing of {self.monitoring_period} as it was"
