"""Committees and their meetings: who sits on them by role, what they mean to look at, what is on an agenda. Roles, never names."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from scrutiny.models.publications import Publication


class Committee(models.Model):
    """A commission or panel that stands, or a task group or mini-group that one of them sets up for a time."""

    class Kind(models.TextChoices):
        COMMISSION = "commission", "Scrutiny commission"
        PANEL = "panel", "Scrutiny panel"
        COMMITTEE = "committee", "Committee"
        TASK_GROUP = "task_group", "Task group"
        MINI_GROUP = "mini_group", "Mini-group"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="committees")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, blank=True, help_text="As minutes abbreviate it.")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        help_text="The committee that set it up.",
    )
    remit = models.TextField(blank=True)
    procedure = models.TextField(blank=True, help_text="Terms of reference or procedure note.")
    clerk_team = models.CharField(max_length=200, blank=True)
    clear_days = models.PositiveSmallIntegerField(
        default=5, help_text="Clear working days between publication of papers and the meeting."
    )
    ended_on = models.DateField(null=True, blank=True, help_text="When a group for a time reported.")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="committee_slug_unique")]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """Who sits on, or serves, a committee: a role and how many hold it."""

    class Kind(models.TextChoices):
        CHAIR = "chair", "Chair"
        MEMBER = "member", "Member"
        CO_OPTEE = "co_optee", "Co-opted member"
        OFFICER = "officer", "Advising officer"
        CLERK = "clerk", "Clerk"
        EXECUTIVE = "executive", "Cabinet member attending"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="seats")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    role = models.CharField(
        max_length=200, help_text="For example Director of Children's Social Care. Never a name."
    )
    code = models.CharField(
        max_length=20, blank=True, help_text="As minutes abbreviate it, for example DCSC."
    )
    number = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.role


class Meeting(models.Model):
    """One meeting. Its agenda is public from the moment it is published; before, only clerks see it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        PUBLISHED = "published", "Agenda published"
        HELD = "held", "Held"
        MINUTED = "minuted", "Minutes published"
        CANCELLED = "cancelled", "Cancelled"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="meetings")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=200, blank=True)
    day = models.DateField(
        null=True, blank=True, help_text="Blank only for a meeting recorded from a paper that gives no date."
    )
    starts_at = models.TimeField(null=True, blank=True, help_text="London time.")
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    agenda_published_at = models.DateTimeField(null=True, blank=True)
    minutes_published_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="For readers, for example where the record comes from.")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(agenda_published_at__isnull=False),
                name="meeting_published_has_a_time",
            )
        ]
        indexes = [models.Index(fields=["council", "day"], name="meeting_of_a_council_by_day")]

    def __str__(self) -> str:
        return f"{self.committee}, {self.day:%-d %B %Y}" if self.day else f"{self.committee}, date not stated"


class AgendaItem(models.Model):
    """One item of an agenda. Of an exempt item the public sees its title, the paragraph and the ground, and nothing else."""

    class Classification(models.TextChoices):
        PUBLIC = "public", "Open to the public"
        EXEMPT = "exempt", "Exempt"

    class Purpose(models.TextChoices):
        DECISION = "decision", "For decision"
        DISCUSSION = "discussion", "For discussion"
        INFORMATION = "information", "For information"
        PROCEDURE = "procedure", "Procedure"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.CharField(max_length=12, help_text="As printed; text, never recounted.")
    order = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    start_time = models.CharField(max_length=12, blank=True, help_text="As printed, for example 20.05.")
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.DISCUSSION)
    words = models.TextField(blank=True, help_text="What the item is for, as the agenda says it.")
    lead_role = models.CharField(max_length=200, blank=True)
    classification = models.CharField(
        max_length=8, choices=Classification.choices, default=Classification.PUBLIC
    )
    exemption_paragraph = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of Part 1 of Schedule 12A to the Local Government Act 1972, 1 to 7."
    )
    exemption_reason = models.TextField(
        blank=True,
        help_text="Why the public interest in keeping it exempt is greater. Printed for the public.",
    )
    late_reason = models.TextField(
        blank=True, help_text="The special circumstances for which the chair takes it late."
    )
    late_agreed_by = models.CharField(max_length=200, blank=True)
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
        help_text="The figures it is about.",
    )
    paper = models.ForeignKey(
        "scrutiny.Paper", on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_item_number_unique"),
            models.CheckConstraint(
                condition=Q(classification="public", exemption_paragraph__isnull=True)
                | (
                    Q(classification="exempt", exemption_paragraph__gte=1, exemption_paragraph__lte=7)
                    & ~Q(exemption_reason="")
                ),
                name="agenda_item_exempt_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class MinuteParagraph(models.Model):
    """A paragraph of the minutes that is neither a question nor an answer. Its number is text as minuted: 6.22 may be followed by 6.33."""

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="minutes")
    number = models.CharField(max_length=12, blank=True)
    heading = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "number"], condition=~Q(number=""), name="minute_number_unique_in_item"
            )
        ]

    def __str__(self) -> str:
        return self.number or self.heading


class WorkItem(models.Model):
    """One entry of a committee's work programme: a suggestion, or something planned for a meeting."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", "Suggested"
        PLANNED = "planned", "Planned"
        UNDER_WAY = "under_way", "Under way"
        DONE = "done", "Done"
        DROPPED = "dropped", "Not taken up"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="work_items")
    title = models.CharField(max_length=300)
    words = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUGGESTED)
    suggested_by = models.CharField(max_length=200, blank=True, help_text="A role or body.")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class ItemDocument(models.Model):
    """A PDF that a clerk attached to an item: checked when it came, never run, printed into the pack as it is.

    Its bytes never change; it may be withdrawn from the item, and another attached.
    """

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=12, default="en-GB")
    file_name = models.CharField(max_length=200)
    pages = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    is_withdrawn = models.BooleanField(default=False)
    content = models.BinaryField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
