"""Structured reports to a committee. Paragraphs may quote a published figure by reference, so that words and table never differ."""

from django.db import models

from scrutiny.models.committees import Meeting
from scrutiny.models.publications import Publication


class Paper(models.Model):
    """A report: its header block, and numbered sections below. Final, it no longer changes."""

    class Template(models.TextChoices):
        MONITORING = "monitoring", "Budget monitoring report"
        MINI_GROUP = "mini_group", "Mini-group report"
        PLAIN = "plain", "Report"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        FINAL = "final", "Final"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="papers")
    template = models.CharField(max_length=12, choices=Template.choices, default=Template.PLAIN)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=300)
    authority = models.CharField(max_length=200, blank=True)
    body = models.CharField(max_length=200, blank=True, help_text="The committee it is for, as printed.")
    day = models.DateField(null=True, blank=True)
    report_of = models.CharField(max_length=200, blank=True, help_text="A role or group.")
    portfolio = models.CharField(max_length=200, blank=True)
    wards = models.CharField(max_length=200, blank=True)
    key_decision = models.CharField(max_length=120, blank=True)
    access = models.CharField(max_length=120, blank=True, help_text="The classification line as printed.")
    stamp = models.CharField(max_length=40, blank=True, help_text="For example FOR DECISION.")
    abstract = models.TextField(blank=True)
    contact_role = models.CharField(max_length=200, blank=True)
    background_papers = models.TextField(blank=True, help_text="One a line; “None” where there are none.")
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        help_text="The figures that it quotes.",
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-day", "title", "pk"]

    def __str__(self) -> str:
        return self.title


class PaperSection(models.Model):
    """A numbered section: one of the usual kinds, or the writer's own."""

    class Kind(models.TextChoices):
        SUMMARY = "summary", "Summary"
        RECOMMENDATIONS = "recommendations", "Recommendations"
        REASONS = "reasons", "Reasons for the recommendations"
        OPTIONS = "options", "Options"
        BODY = "body", "Report"
        FINANCE = "finance", "Financial implications"
        LEGAL = "legal", "Legal implications"
        EQUALITY = "equality", "Equality implications"
        RISK = "risk", "Risks"
        CONSULTATION = "consultation", "Consultation"
        APPENDIX = "appendix", "Appendix"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.BODY)
    number = models.CharField(max_length=12, blank=True)
    heading = models.CharField(max_length=300)
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}".strip()


class PaperParagraph(models.Model):
    """A paragraph, bullet or sub-point. `words` is limited rich text, with figures as references: {{ council variance_after_reserves }}."""

    class Style(models.TextChoices):
        PARAGRAPH = "paragraph", "Paragraph"
        BULLET = "bullet", "Bullet"
        SUB_POINT = "sub_point", "Sub-point"
        TABLE = "table", "Table of the publication"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(PaperSection, on_delete=models.CASCADE, related_name="paragraphs")
    number = models.CharField(max_length=12, blank=True)
    style = models.CharField(max_length=10, choices=Style.choices, default=Style.PARAGRAPH)
    words = models.TextField()
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.number or self.words[:60]


class ReportOption(models.Model):
    """One of the choices that a report puts to its committee, and whether it was chosen. A sub-option belongs to another."""

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="options")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="sub_options"
    )
    number = models.CharField(max_length=12)
    words = models.TextField()
    is_chosen = models.BooleanField(
        null=True, blank=True, help_text="Blank while it is not decided, or not known."
    )
    chosen_words = models.TextField(blank=True)
    chosen_at = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="options_decided",
        help_text="The meeting that chose among the report's options.",
    )
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"],
                condition=models.Q(parent__isnull=True),
                name="report_option_number_unique",
            ),
            models.UniqueConstraint(fields=["parent", "number"], name="report_sub_option_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.words[:60]}"


class RenderedPaper(models.Model):
    """A final report as a PDF, or how far its making has got. A draft has none: it is seen on screen as it will print."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be made"
        RUNNING = "running", "Being made"
        DONE = "done", "Made"
        FAILED = "failed", "Could not be made"

    mutability = "editable"

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="rendered")
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
                name="paper_done_has_its_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(error=""),
                name="paper_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.get_state_display()}"
