"""Reports rendered from publications, kept as bytes so that everyone reads the same file."""

from django.db import models

from scrutiny.models.publications import Publication


class RenderedReport(models.Model):
    """A publication's budget monitoring report as a PDF, or how far its making has got."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be made"
        RUNNING = "running", "Being made"
        DONE = "done", "Made"
        FAILED = "failed", "Could not be made"

    mutability = "editable"

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="report")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, help_text="Why it could not be made, for the reader.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    # Last, so that asking for the state does not read through the file.
    content = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="done", content__isnull=False)
                | (~models.Q(state="done") & models.Q(content__isnull=True)),
                name="report_done_has_its_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(error=""),
                name="report_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication}: {self.get_state_display()}"
