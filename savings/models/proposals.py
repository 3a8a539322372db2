"""Savings and growth proposals: what they are, how far they have got, what is said about them."""

from django.conf import settings
from django.db import models

from accounting.savings import Stage
from savings.fields import PostsField
from services.fields import MoneyField
from services.models import Council, Directorate, ServiceLine


class ProposalQuerySet(models.QuerySet["SavingsProposal"]):
    """Proposals in words of the domain."""

    def in_the_open(self) -> "ProposalQuerySet":
        """Those that the public has seen: in a public paper, or as far as consultation at any time since."""
        opened = [stage.value for stage in Stage if stage.is_public_by_itself]
        steps = StageChange.objects.filter(proposal=models.OuterRef("pk"), to_stage__in=opened)
        return self.filter(models.Q(is_public=True) | models.Exists(steps))

    def may_count(self) -> "ProposalQuerySet":
        """Those whose amounts belong in the budget, or would if they were agreed."""
        return self.filter(stage__in=[stage.value for stage in Stage if stage.may_count])


class SavingsProposal(models.Model):
    """A saving, or growth, put forward for one or more years' budgets. It may have no £ at all; amounts are in its phasing versions."""

    class Kind(models.TextChoices):
        SAVING = "saving", "Saving"
        GROWTH = "growth", "Growth or pressure"

    class Type(models.TextChoices):
        EFFICIENCY = "efficiency", "Efficiency"
        INCOME = "income", "Income"
        DEMAND = "demand", "Demand management"
        CONTRACT = "contract", "Contract or commissioning"
        STAFFING = "staffing", "Staffing"
        INVEST_TO_SAVE = "invest_to_save", "Invest to save"
        RIGHT_SIZING = "right_sizing", "Right-sizing of a budget"
        SHARED_SERVICE = "shared_service", "Shared service"
        ALTERNATIVE_FUNDING = "alternative_funding", "Alternative funding"
        VACANCY_FACTOR = "vacancy_factor", "Vacancy factor"
        OTHER = "other", "Other, or not stated"

    class Recurrence(models.TextChoices):
        RECURRENT = "recurrent", "Recurrent"
        ONE_OFF = "one_off", "One-off"
        PART = "part", "Part recurrent, part one-off"
        NOT_STATED = "not_stated", "Not stated"

    class Assessment(models.TextChoices):
        NOT_STATED = "not_stated", "Not stated"
        NOT_NEEDED = "not_needed", "Not needed"
        NOT_STARTED = "not_started", "Not started"
        SCREENED = "screened", "Screened"
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETE = "complete", "Complete"

    class Consultation(models.TextChoices):
        NOT_STATED = "not_stated", "Not stated"
        NOT_NEEDED = "not_needed", "Not needed"
        PLANNED = "planned", "Planned"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed, being considered"
        REPORTED = "reported", "Reported"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SAVING)
    reference = models.CharField(
        max_length=40, blank=True, help_text="As printed, for example CHS/SAV/34; blank if it has none."
    )
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    type = models.CharField(max_length=20, choices=Type.choices, default=Type.OTHER)
    recurrence = models.CharField(max_length=12, choices=Recurrence.choices, default=Recurrence.NOT_STATED)
    is_cashable = models.BooleanField(null=True, blank=True, help_text="Blank if it is not stated.")
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    service_line = models.ForeignKey(
        ServiceLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        help_text="Whose budget it comes off.",
    )
    service = models.CharField(
        max_length=200,
        blank=True,
        help_text="The service as the paper names it, where it is not a line here.",
    )
    priority = models.CharField(
        max_length=200, blank=True, help_text="The corporate priority, portfolio or remit it belongs to."
    )
    lead_role = models.CharField(max_length=200, blank=True, help_text="A role, never a name.")
    partners = models.CharField(
        max_length=300, blank=True, help_text="Who else takes part, for example the health service."
    )
    posts = PostsField(
        null=True, blank=True, help_text="Full-time equivalent posts that go; blank if it is not stated."
    )
    equality_assessment = models.CharField(
        max_length=12, choices=Assessment.choices, default=Assessment.NOT_STATED
    )
    equality_reference = models.CharField(max_length=120, blank=True)
    consultation = models.CharField(
        max_length=12, choices=Consultation.choices, default=Consultation.NOT_STATED
    )
    consultation_reference = models.CharField(max_length=120, blank=True)
    stage = models.CharField(
        max_length=14, choices=[(stage.value, stage.label) for stage in Stage], default=Stage.IDEA.value
    )
    is_public = models.BooleanField(
        default=False,
        help_text="Already in a public paper. From consultation on, every proposal is published.",
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["order", "reference", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "reference"],
                condition=~models.Q(reference=""),
                name="proposal_reference_unique",
            ),
            models.UniqueConstraint(
                fields=["council", "title"],
                condition=models.Q(reference=""),
                name="proposal_title_unique_without_reference",
            ),
        ]

    def __str__(self) -> str:
        """Reference and title, the reference said once: many papers print it as the title's first word."""
        is_said = not self.reference or f"{self.title} ".startswith(f"{self.reference} ")
        return self.title if is_said else f"{self.reference} {self.title}"


class StageChange(models.Model):
    """One step of a proposal's life: when, who decided, by what decision."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(SavingsProposal, on_delete=models.PROTECT, related_name="stage_changes")
    from_stage = models.CharField(max_length=14, blank=True)
    to_stage = models.CharField(max_length=14, choices=[(stage.value, stage.label) for stage in Stage])
    decided_on = models.DateField(null=True, blank=True, help_text="Blank if the paper gives no date.")
    decided_by = models.CharField(
        max_length=200, help_text="The body or role that decided, for example Council."
    )
    decision_reference = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.get_to_stage_display()}"


class Component(models.Model):
    """A part of how a proposal saves. `amount` is the whole saving of the part, pounds without a sign; `None` is “not yet broken down”."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(SavingsProposal, on_delete=models.CASCADE, related_name="components")
    title = models.CharField(max_length=300)
    amount = MoneyField(null=True, blank=True)
    posts = PostsField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class ProposalNote(models.Model):
    """What is said about one aspect of a proposal, and by whom where it matters: two people may say two things, and both stand."""

    class Aspect(models.TextChoices):
        USERS = "users", "Effect on those who use the service"
        STAFF = "staff", "Effect on staff"
        SERVICE = "service", "Effect on the service"
        CUMULATIVE = "cumulative", "Effect together with other proposals"
        GAPS = "gaps", "Gaps that are addressed"
        OPTIONS = "options", "Options considered"
        RISKS = "risks", "Risks"
        DEPENDENCIES = "dependencies", "What it depends on"
        OUTCOMES = "outcomes", "How outcomes are measured"
        SAFEGUARDS = "safeguards", "How quality is kept"
        PROPERTY = "property", "Effect on property"
        VOLUNTEERS = "volunteers", "What volunteers could do"
        KNOCK_ON = "knock_on", "Effects elsewhere"
        CONSTRAINTS = "constraints", "What cannot be cut, and why"
        EVIDENCE = "evidence", "Evidence"
        CLARIFICATION = "clarification", "Where the paper is unclear"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(SavingsProposal, on_delete=models.CASCADE, related_name="notes")
    aspect = models.CharField(max_length=14, choices=Aspect.choices)
    words = models.TextField()
    said_by = models.CharField(
        max_length=200, blank=True, help_text="A role, never a name; blank for the council's own words."
    )
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.get_aspect_display()}"


class VacancyFactor(models.Model):
    """The terms of a saving from posts that are empty for a while: how much of the pay budget, who is left out, how often it is looked at."""

    mutability = "editable"

    proposal = models.OneToOneField(SavingsProposal, on_delete=models.CASCADE, related_name="vacancy_factor")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    percent_hundredths = models.PositiveIntegerField(help_text="350 is 3.5% of the pay budget.")
    pay_budget = MoneyField(
        null=True, blank=True, help_text="The pay budget it is a share of; blank if it is not stated."
    )
    exempt_posts = models.TextField(blank=True)
    is_substitution_allowed = models.BooleanField(
        null=True, blank=True, help_text="Whether another saving than pay may stand in its place."
    )
    review_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="3 for a quarterly review."
    )
    next_review = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Vacancy factor of {self.proposal}"
