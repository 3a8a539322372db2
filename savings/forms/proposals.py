"""The forms of a proposal itself: what it is, how far it has got, the terms of a vacancy factor, a business case."""

from typing import Any, ClassVar

from django import forms

from accounting.savings import Stage
from savings.forms.fields import CountField, PartsField, day_field, line_of_text
from savings.models import BusinessCase, SavingsProposal
from services.forms.budgets import LineChoiceField
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField, WordsField, YesNoField
from services.forms.words import PublishedWordsForm
from services.models import Council, Directorate, ServiceLine


def version_field() -> forms.IntegerField:
    """The version that the person saw."""
    return forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())


class VersionForm(ComparedForm):
    """The version of a record of which only lists are kept here."""

    expected_version = version_field()
    key = KeyField()


class ProposalForm(PublishedWordsForm, ComparedForm):
    """What is said of a proposal. Its stage and its amounts are changed by decisions."""

    published_words: ClassVar[tuple[str, ...]] = (
        "title",
        "description",
        "service",
        "priority",
        "lead_role",
        "partners",
    )

    kind = forms.ChoiceField(label="Saving or growth", choices=SavingsProposal.Kind.choices)
    reference = line_of_text(
        "Reference", limit=40, help_text="As printed, such as CHS/SAV/34. Blank if it has none."
    )
    title = line_of_text("Title", required=True)
    description = WordsField(label="What is proposed", required=False, rows=5)
    type = forms.ChoiceField(label="Type", choices=SavingsProposal.Type.choices)
    recurrence = forms.ChoiceField(label="Recurrent or one-off", choices=SavingsProposal.Recurrence.choices)
    is_cashable = YesNoField(label="Cashable", yes="Yes: it comes off a budget", no="No")
    directorate = forms.ModelChoiceField(
        Directorate.objects.none(), label="Directorate", required=False, empty_label="None, or the line’s"
    )
    service_line = LineChoiceField(
        ServiceLine.objects.none(),
        label="Service line",
        required=False,
        empty_label="No line here",
        help_text="Whose budget it comes off: its forecast and this saving are held against each other.",
    )
    service = line_of_text("Service, as the paper names it", help_text="Where it is not a line here.")
    priority = line_of_text("Priority or portfolio")
    lead_role = line_of_text("Lead", help_text="A role, never a name.")
    partners = line_of_text("Partners", limit=300)
    posts = PartsField(
        label="Posts that go", help_text="Full-time equivalent. Blank if it is not stated; nil is 0."
    )
    equality_assessment = forms.ChoiceField(
        label="Equality impact assessment", choices=SavingsProposal.Assessment.choices
    )
    equality_reference = line_of_text("Its reference", limit=120)
    consultation = forms.ChoiceField(label="Consultation", choices=SavingsProposal.Consultation.choices)
    consultation_reference = line_of_text("Reference of the consultation", limit=120)
    is_public = forms.BooleanField(
        label="It is in a public paper already. From consultation on every proposal is published.",
        required=False,
    )
    expected_version = version_field()
    key = KeyField()

    def __init__(self, *args: Any, council: Council, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["council"] = council
        for name, rows in (
            ("directorate", Directorate.objects.filter(council=council).order_by("order", "name")),
            (
                "service_line",
                ServiceLine.objects.filter(council=council)
                .select_related("division")
                .order_by("order", "name"),
            ),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class NewProposalForm(ProposalForm):
    """A proposal that is new here, at the stage that it has reached."""

    published_words = (*ProposalForm.published_words, "stage_reason")

    stage = forms.ChoiceField(
        label="Stage",
        choices=[(stage.value, stage.label) for stage in Stage if not stage.is_closed],
        help_text="Who puts a proposal’s amounts into the budget needs the right to approve changes.",
    )
    decided_by = line_of_text("Decided by", help_text="The body or role, such as Council. Blank: you, today.")
    decided_on = day_field("Decided on", "Blank if no date is known.")
    decision_reference = line_of_text("Decision reference", limit=120)
    stage_reason = WordsField(label="Why it is at this stage", required=False, rows=2)

    field_order = ("kind", "reference", "title", "description", "stage")


class StageForm(PublishedWordsForm, ComparedForm):
    """One step of a proposal’s life."""

    published_words = ("reason", "decided_by")

    to = forms.ChoiceField(label="It becomes")
    decided_by = line_of_text("Decided by", required=True, help_text="The body or role, such as Cabinet.")
    decided_on = day_field("Decided on", "Blank if no date is known.")
    decision_reference = line_of_text("Decision reference", limit=120)
    reason = WordsField(
        label="Why",
        required=False,
        rows=3,
        help_text="Needed where it is withdrawn, written off, has slipped or is replaced.",
    )
    replaced_by = forms.ModelChoiceField(
        SavingsProposal.objects.none(), label="Replaced by", required=False, empty_label="Not replaced"
    )
    expected_version = version_field()
    key = KeyField()

    def __init__(self, *args: Any, proposal: SavingsProposal, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["proposal"] = proposal
        follows = Stage(proposal.stage).follows
        to, replaced_by = self.fields["to"], self.fields["replaced_by"]
        assert isinstance(to, forms.ChoiceField)
        assert isinstance(replaced_by, forms.ModelChoiceField)
        to.choices = [("", "Choose the stage"), *((one.value, one.label) for one in Stage if one in follows)]
        replaced_by.queryset = SavingsProposal.objects.filter(council_id=proposal.council_id).exclude(
            pk=proposal.pk
        )


class VacancyForm(PublishedWordsForm, ComparedForm):
    """The terms of a vacancy factor."""

    published_words = ("exempt_posts",)

    percent = PartsField(label="Per cent of the pay budget", required=True, help_text="Such as 3.5.")
    pay_budget = PoundsField(label="Pay budget, £", help_text="Blank if it is not stated.")
    exempt_posts = WordsField(label="Posts that are exempt", required=False, rows=2)
    is_substitution_allowed = YesNoField(
        label="May another saving than pay stand in its place?", yes="Yes", no="No"
    )
    review_months = CountField(label="Months between reviews", help_text="3 for a quarterly review.")
    next_review = day_field("Next review")
    expected_version = version_field()
    key = KeyField()


class CaseForm(PublishedWordsForm, ComparedForm):
    """A business case: the cost now against the cost after, and who decides."""

    published_words = ("title", "words", "consultees", "decided_by_role")

    title = line_of_text("Title", limit=300, required=True)
    cost_now = PoundsField(
        label="Cost of a year now, £", help_text="Without a sign. Blank if it is not stated."
    )
    cost_after = PoundsField(label="Cost of a year after, £")
    one_off_cost = PoundsField(label="Cost of the change, £")
    decided_by_role = line_of_text("Who decides", help_text="A body or role.")
    consultees = line_of_text("Who is consulted first", limit=500)
    state = forms.ChoiceField(
        label="Status", choices=BusinessCase.State.choices, initial=BusinessCase.State.NOT_STATED
    )
    decided_on = day_field("Decided on")
    decision_reference = line_of_text("Decision reference", limit=120)
    words = WordsField(label="In words", required=False, rows=3)
    expected_version = version_field()
    key = KeyField()


class ProposePhasingForm(PublishedWordsForm, ComparedForm):
    """New amounts for a proposal: what is said beside them."""

    published_words = ("note",)

    total_as_printed = PoundsField(
        label="Total of all years as a paper prints it, £",
        help_text="As a change to base. Blank if none is printed.",
    )
    first_year_is_level = forms.BooleanField(
        label="The first year holds the whole amount so far, not the change of that year", required=False
    )
    note = WordsField(label="Note", required=False, rows=2)
    expected_version = version_field()
    key = KeyField()


class ApprovePhasingForm(PublishedWordsForm, ComparedForm):
    """The decision on proposed amounts."""

    published_words = ("note",)

    decision_reference = line_of_text(
        "Decision reference", limit=120, required=True, help_text="Such as a minute."
    )
    note = WordsField(label="Note", required=False, rows=2)
    expected_version = version_field()
    key = KeyField()
