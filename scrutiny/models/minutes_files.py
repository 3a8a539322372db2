"""Minutes as files, made by the job worker and kept, so that everyone reads the same bytes."""

from django.db import models

from scrutiny.models.committees import Meeting


class MinutesFile(models.Model):
    """A meeting's published minutes as PDF or Word document, or how far its making has got."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word document"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be made"
        RUNNING = "running", "Being made"
        DONE = "done", "Made"
        FAILED = "failed", "Could not be made"

    mutability = "editable"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes_files")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    wording = models.CharField(
        max_length=64, help_text="SHA-256 of the minutes that it holds: others are made anew."
    )
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
            models.UniqueConstraint(fields=["meeting", "kind"], name="minutes_file_one_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(state="done", content__isnull=False)
                | (~models.Q(state="done") & models.Q(content__isnull=True)),
                name="minutes_file_done_has_its_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(error=""),
                name="minutes_file_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.get_kind_display()}"
