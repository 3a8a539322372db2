"""Structured reports to a committee. Paragraphs may quote a published figure by reference, so that words and table never differ."""

from django.db import models

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
