"""Packs: what a committee meets with. Once sealed the bytes are served as they are, and never made again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from scrutiny.models.committees import AgendaItem, Meeting
from scrutiny.models.publications import Publication


class Pack(models.Model):
    """A pack of one meeting: public or exempt, the first or a supplement. Made by the job worker, then sealed."""

    class Kind(models.TextChoices):
        PUBLIC = "public", "Public"
        EXEMPT = "exempt", "Exempt"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be made"
        RUNNING = "running", "Being made"
        PREVIEW = "preview", "Made, to be looked at"
        SEALED = "sealed", "Sealed"
        FAILED = "failed", "Could not be made"
        CANCELLED = "cancelled", "Cancelled"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="packs")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(
        default=0, help_text="0 for the pack, 1 and on for its supplements."
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    sections_done = models.PositiveSmallIntegerField(default=0)
    sections_total = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, help_text="Which item could not be printed, and why.")
    content_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of what it was made from."
    )
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    first_page = models.PositiveIntegerField(default=1)
    pages = models.PositiveIntegerField(null=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sealed_at = models.DateTimeField(null=True)
    # Last, so that asking for the state does not read through the file.
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "number"],
                condition=Q(state__in=["queued", "running", "preview", "sealed"]),
                name="pack_one_of_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preview", "sealed"], content__isnull=False)
                | (~Q(state__in=["preview", "sealed"]) & Q(content__isnull=True)),
                name="pack_made_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed")
                | (Q(sealed_at__isnull=False, sealed_by__isnull=False) & ~Q(digest="")),
                name="pack_sealed_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="pack_failed_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} pack, {self.meeting}"


class PackItem(models.Model):
    """What a made pack holds of one agenda item: the digest of what it prints of it, and the publication whose figures it prints."""

    mutability = "append-only"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="held")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="packed")
    number = models.CharField(max_length=12, help_text="The item’s, as the pack prints it.")
    title = models.CharField(max_length=300, help_text="The item’s, as the pack prints it.")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="packed")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what is printed of the item.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["pack", "item"], name="pack_item_once")]

    def __str__(self) -> str:
        return f"{self.pack}: item {self.number}"


class PackFetch(models.Model):
    """Somebody fetched an exempt pack: who, when."""

    mutability = "append-only"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="fetches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pack}, {self.at}"
