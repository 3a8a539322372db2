"""The forms of recovery plans, spending controls, reviews and the month's progress."""

from typing import Any, ClassVar

from django import forms

from accounting.recovery import ProjectionStage
from savings.forms.fields import CountField, YearField, day_field, line_of_text
from savings.forms.proposals import version_field
from savings.models import ExternalFinding, RecoveryAction, RecoveryPlan
from savings.operations.progress import ProgressEdit
from services.forms.budgets import LineChoiceField
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField, WordsField, YesNoField
from services.forms.words import PublishedWordsForm
from services.models import Council, Directorate, ServiceLine


def _choose(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields.get(name)
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


class CouncilForm(PublishedWordsForm, ComparedForm):
    """A form whose choices are one council's."""

    def __init__(self, *args: Any, council: Council, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["council"] = council
        _choose(self, "directorate", Directorate.objects.filter(council=council).order_by("order", "name"))
        lines = ServiceLine.objects.filter(council=council).select_related("division")
        _choose(self, "service_line", lines.order_by("order", "name"))
        _choose(self, "plan", RecoveryPlan.objects.filter(council=council).order_by("-year", "name"))


class PlanForm(CouncilForm):
    """A recovery plan; its year stays once it is recorded."""

    published_words = ("name", "words")

    name = line_of_text("Name", required=True)
    year = YearField(label="Year", required=True)
    directorate = forms.ModelChoiceField(
        Directorate.objects.none(), label="Directorate", required=False, empty_label="The whole council"
    )
    words = WordsField(label="What it is for", required=False, rows=3)
    total_as_printed = PoundsField(
        label="Total as a paper prints it, £",
        help_text="Kept beside the sum of the actions. Blank if none is printed.",
    )
    expected_version = version_field()
    key = KeyField()


class ActionForm(CouncilForm):
    """One action of a plan."""

    published_words = ("title", "owner_role", "words")

    title = line_of_text("Action", limit=300, required=True)
    reference = line_of_text("Reference", limit=40)
    type = forms.ChoiceField(label="Type", choices=RecoveryAction.Type.choices)
    horizon = forms.ChoiceField(label="When", choices=RecoveryAction.Horizon.choices)
    target = PoundsField(
        label="Target this year, £", help_text="Without a sign. Blank if the paper gives none."
    )
    is_full_year_target = forms.BooleanField(
        label="The target is of a whole year, not of what is left of this one", required=False
    )
    status = forms.ChoiceField(label="Status", choices=RecoveryAction.Status.choices)
    owner_role = line_of_text("Owner", help_text="A role, never a name.")
    due = day_field("Due")
    service_line = LineChoiceField(
        ServiceLine.objects.none(), label="Service line", required=False, empty_label="No one line"
    )
    per_head_low = PoundsField(label="Saved a year for each post made permanent, at least, £")
    per_head_high = PoundsField(label="At most, £")
    heads = CountField(label="Posts made permanent so far")
    words = WordsField(label="In words", required=False, rows=3)
    expected_version = version_field()
    key = KeyField()


class ProjectionForm(PublishedWordsForm, ComparedForm):
    """A projected overspend as it stood on a date, before or after reserves."""

    published_words = ("scope", "words")

    scope = line_of_text("What it covers", required=True, help_text="Such as Children’s Social Care.")
    stage = forms.ChoiceField(label="It stands", choices=[(one.value, one.label) for one in ProjectionStage])
    as_at = day_field("As it stood on")
    as_at_words = line_of_text("The date as the paper gives it", limit=60, help_text="Such as September.")
    amount = PoundsField(
        label="Projected overspend, £", required=True, help_text="An underspend is negative."
    )
    amount_high = PoundsField(label="Up to, £", help_text="Where the paper gives a range.")
    is_at_most = forms.BooleanField(label="The paper says “no more than”", required=False)
    words = WordsField(label="In words", required=False, rows=2)
    expected_version = version_field()
    key = KeyField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["as_at"].required = True


class WithdrawForm(ComparedForm):
    """Why a projection is taken off its plan."""

    reason = WordsField(label="Why it is withdrawn", rows=2, help_text="The audit trail keeps what it said.")
    expected_version = version_field()
    key = KeyField()


class ControlForm(CouncilForm):
    """A rule on spending, and who may authorise it."""

    published_words = ("covers", "rule", "authorised_by")

    covers = line_of_text("Which spending", limit=300, required=True, help_text="Such as all placements.")
    rule = WordsField(label="The rule", rows=3)
    authorised_by = line_of_text("Who may authorise", required=True, help_text="A role.")
    plan = forms.ModelChoiceField(
        RecoveryPlan.objects.none(), label="Recovery plan", required=False, empty_label="No plan"
    )
    from_date = day_field("In force from")
    to_date = day_field("In force until", "A control that ends gets its last day.")
    expected_version = version_field()
    key = KeyField()


class ReviewForm(CouncilForm):
    """A review by somebody from outside."""

    published_words = ("reviewer", "scope", "status_words")

    reviewer = line_of_text("Reviewer", required=True, help_text="The body or role, never a person’s name.")
    scope = WordsField(label="What it looks at", rows=3)
    plan = forms.ModelChoiceField(
        RecoveryPlan.objects.none(), label="Recovery plan", required=False, empty_label="No plan"
    )
    is_complete = YesNoField(label="Complete", yes="Yes", no="No")
    status_words = line_of_text("Status in words", limit=300)
    expected_version = version_field()
    key = KeyField()


class FindingForm(PublishedWordsForm, ComparedForm):
    """One finding, and the council's response. The reviewer's own words stay once they are recorded."""

    published_words: ClassVar[tuple[str, ...]] = ("finding", "response", "owner_role")

    reference = line_of_text("Reference", limit=40)
    finding = WordsField(label="The finding, in the reviewer’s words", rows=3)
    response = WordsField(label="The council’s response", required=False, rows=3)
    status = forms.ChoiceField(label="Status", choices=ExternalFinding.Status.choices)
    owner_role = line_of_text("Owner", help_text="A role, never a name.")
    due = day_field("Due")
    expected_version = version_field()
    key = KeyField()


class ChangedFindingForm(FindingForm):
    """The response to a finding, and how far it has got."""

    published_words = ("response", "owner_role")
    finding = None  # type: ignore[assignment]  # Django's way to leave a field out


class ChangedPlanForm(PlanForm):
    """What may be changed of a plan."""

    year = None  # type: ignore[assignment]  # Django's way to leave a field out


class ProgressForm(PublishedWordsForm, ComparedForm):
    """One action at one period: identified is found, recouped is in."""

    published_words = ("words",)

    identified = PoundsField(label="Identified")
    recouped = PoundsField(label="Recouped")
    status = forms.ChoiceField(label="Status", choices=RecoveryAction.Status.choices, required=False)
    words = WordsField(label="In words", required=False, rows=2)
    expected_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, action_id: int, is_carried: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with |= {"action_id": action_id, "is_carried": is_carried}
        self.action_id = action_id
        self.fields["words"].help_text = ""
        if is_carried:
            self.fields["confirm"] = forms.BooleanField(
                label="It still stands: confirm it for this month", required=False
            )

    @property
    def is_entered(self) -> bool:
        """Whether the person changed or confirmed anything here."""
        return self.has_changed() or bool(self["confirm"].data if "confirm" in self.fields else False)

    @property
    def edit(self) -> ProgressEdit:
        """What is to be saved: only what was changed."""
        given = self.cleaned_data
        changed = {name: given[name] for name in self.compared if name in self.changed_data}
        return ProgressEdit(action_id=self.action_id, expected_version=given["expected_version"], **changed)

    def clean(self) -> dict[str, Any]:
        """Only what was found can come in."""
        given: dict[str, Any] = super().clean() or {}
        identified, recouped = given.get("identified"), given.get("recouped")
        if (
            recouped is not None
            and "identified" not in self.errors
            and (identified is None or recouped > identified)
        ):
            self.add_error(
                "recouped", "More has come in than was identified. Only what was found can come in."
            )
        return given
