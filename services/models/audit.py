"""The audit trail and the keys that make a repeated request have one effect."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One change: who, when, what, before, after and why; chained to the entry before it by its hash.

    It has no foreign keys, so that it never stands in the way of live records and outlives them. Database triggers refuse to update,
    delete or renumber it. Council 0 is the site itself: users and councils.
    """

    mutability = "append-only"

    council_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(
        max_length=500, help_text="The post, and for whom a deputy acted: “Accountant for Head of Finance”."
    )
    for_ids = models.JSONField(
        null=True, help_text="For whom a deputy acted; nothing for a person who acted for themselves."
    )
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=300)
    period = models.CharField(max_length=20, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council_id", "sequence"], name="audit_sequence_unique")
        ]
        indexes = [
            models.Index(fields=["council_id", "subject_type", "subject_id"], name="audit_of_a_subject")
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.action} {self.subject}"


class RequestKey(models.Model):
    """A key sent with a request; the same key again gives the first answer and changes nothing."""

    mutability = "append-only"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    operation = models.CharField(max_length=60)
    fingerprint = models.CharField(
        max_length=64,
        help_text="Digest of what was asked, so that a key cannot be reused for something else.",
    )
    outcome = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="request_key_unique")]

    def __str__(self) -> str:
        return self.key
