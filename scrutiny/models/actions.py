"""What committees ask for: actions that come back until they are closed, and recommendations to which the executive must respond."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from scrutiny.models.committees import AgendaItem, Committee, Meeting
from scrutiny.models.questions import Question


class CommitteeAction(models.Model):
    """Something one or more roles are to do. It stands on every next agenda until the committee closes it."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        IN_PROGRESS = "in_progress", "In progress"
        ANSWERED = "answered", "Response received"
        CLOSED = "closed", "Closed by the committee"

    class Type(models.TextChoices):
        INFORMATION = "information", "Information to be given"
        REPORT = "report", "Report to be brought"
        LETTER = "letter", "Letter or lobbying"
        INVITATION = "invitation", "Invitation"
        OTHER = "other", "Other"

    mutability = "editable"

    council = models.ForeignKey(
        "services.Council", on_delete=models.PROTECT, related_name="committee_actions"
    )
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="actions")
    raised_at = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="actions_raised"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    reference = models.CharField(max_length=20, blank=True, help_text="As minuted, for example (a) or 5.3.")
    type = models.CharField(max_length=12, choices=Type.choices, default=Type.OTHER)
    words = models.TextField()
    owners = models.JSONField(default=list, help_text="The roles that own it, one or more, as text.")
    forum = models.CharField(max_length=200, blank=True, help_text="The body to which it is to be reported.")
    due_on = models.DateField(null=True, blank=True)
    is_due_next_meeting = models.BooleanField(default=False)
    due_words = models.CharField(max_length=120, blank=True, help_text="As minuted, where it is no date.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    response = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    closed_at = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="actions_closed"
    )
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(is_due_next_meeting=False), name="action_due_one_way"
            )
        ]
        indexes = [models.Index(fields=["committee", "status"], name="action_of_a_committee")]

    def __str__(self) -> str:
        return f"{self.reference} {self.words[:60]}".strip()


class ActionStep(models.Model):
    """One step of an action's life: who said what when, and at which meeting the committee looked at it."""

    mutability = "append-only"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(CommitteeAction, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=12, choices=CommitteeAction.Status.choices)
    words = models.TextField(blank=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_status_display()}"


class Recommendation(models.Model):
    """What a committee resolved, by kind. One that asks for something of the executive must be answered within two months of receipt."""

    class Kind(models.TextChoices):
        NOTE = "note", "Notes"
        WELCOME = "welcome", "Welcomes"
        RECOMMEND = "recommend", "Recommends"
        REQUEST = "request", "Requests"
        REFER = "refer", "Refers"

    class Response(models.TextChoices):
        NONE = "none", "No response yet"
        ACCEPTED = "accepted", "Accepted"
        PART = "part", "Accepted in part"
        REJECTED = "rejected", "Not accepted"
        NOT_NEEDED = "not_needed", "No response needed"

    class Implementation(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="recommendations")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField()
    addressee = models.CharField(max_length=200, blank=True, help_text="A body or role.")
    timescale = models.CharField(
        max_length=200, blank=True, help_text="As minuted, for example the next administration."
    )
    sent_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    response = models.CharField(max_length=10, choices=Response.choices, default=Response.NONE)
    response_words = models.TextField(blank=True)
    responded_on = models.DateField(null=True, blank=True)
    implementation = models.CharField(
        max_length=14, choices=Implementation.choices, default=Implementation.NOT_STARTED
    )
    implementation_words = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(response__in=["part", "rejected"]) | ~Q(response_words=""),
                name="recommendation_not_accepted_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.words[:60]}"
