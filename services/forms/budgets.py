"""The forms of budgets: original budgets, virements with their legs, funding changes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from services.forms.fields import KeyField, PoundsField, WordsField
from services.forms.words import PublishedWordsForm
from services.models import FundingChange, MonitoringPeriod, ServiceLine, Virement

LEGS_AT_MOST = 40
LEGS_OFFERED = 4


def line_label(line: ServiceLine) -> str:
    """A line as a list of choices names it: with its code, and the division it is in."""
    code = f"{line.code} " if line.code else ""
    return f"{code}{line.name} ({line.division.name})"


class LineChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A choice among the council's lines."""

    def label_from_instance(self, obj: Any) -> str:
        """With code and division, because names repeat."""
        return line_label(obj)


class OriginalBudgetsForm(forms.Form):
    """An amount for each line that has no original budget for the year. Blank lines are left for later."""

    def __init__(self, *args: Any, lines: Iterable[ServiceLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = {f"line_{line.pk}": line for line in lines}
        for name, line in self.lines.items():
            self.fields[name] = PoundsField(label=line_label(line))

    @property
    def amounts(self) -> Mapping[ServiceLine, Decimal]:
        """What was entered, by line."""
        return {
            line: self.cleaned_data[name]
            for name, line in self.lines.items()
            if self.cleaned_data.get(name) is not None
        }

    def clean(self) -> dict[str, Any]:
        """At least one amount."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and all(value is None for value in given.values()):
            self.add_error(None, "Enter at least one original budget.")
        return given


class VirementForm(PublishedWordsForm):
    """What is moved, why, and from when. Its legs are a form of their own."""

    published_words = ("reason",)

    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=40,
        help_text="The council’s own. Left blank, one is given.",
    )
    reason = WordsField(label="What it is for", rows=3)
    type = forms.ChoiceField(label="Type", choices=Virement.Type.choices)
    is_permanent = forms.TypedChoiceField(
        label="How long it lasts",
        choices=[("no", "This year only"), ("yes", "Permanent")],
        coerce=lambda value: value == "yes",
    )
    effective = forms.ModelChoiceField(
        MonitoringPeriod.objects.none(), label="Takes effect in", empty_label=None
    )
    key = KeyField()

    def __init__(self, *args: Any, periods: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["effective"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = periods


class LegForm(forms.Form):
    """One line that gives or receives budget. A row left blank is no leg."""

    line = LineChoiceField(
        ServiceLine.objects.none(), label="Service line", required=False, empty_label="Choose a line"
    )
    amount = PoundsField(label="Amount, £")

    def __init__(self, *args: Any, lines: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lines

    def clean(self) -> dict[str, Any]:
        """A leg has both a line and an amount."""
        given: dict[str, Any] = super().clean() or {}
        line, amount = given.get("line"), given.get("amount")
        if line is not None and amount is None and "amount" not in self.errors:
            self.add_error("amount", "Enter the amount: + receives, − gives.")
        if line is None and amount is not None and "line" not in self.errors:
            self.add_error("line", "Choose the line that this amount belongs to.")
        return given


class LegFormSet(forms.BaseFormSet[LegForm]):
    """The legs of one virement."""

    @property
    def legs(self) -> list[tuple[ServiceLine, Decimal]]:
        """Each leg's line and signed amount."""
        return [
            (form.cleaned_data["line"], form.cleaned_data["amount"])
            for form in self.forms
            if form.cleaned_data.get("line") is not None and form.cleaned_data.get("amount") is not None
        ]

    def clean(self) -> None:
        """Two legs or more, each of another line. Whether they balance is the operation's to say, with the difference."""
        if any(form.errors for form in self.forms):
            return
        lines = [line for line, _ in self.legs]
        if len(lines) < 2:
            raise forms.ValidationError(
                "A virement needs at least two lines: one that gives and one that receives."
            )
        if len({line.pk for line in lines}) != len(lines):
            raise forms.ValidationError("A line is there twice. Give each line one amount.")


LEG_FORMS: type[LegFormSet] = forms.formset_factory(  # type: ignore[assignment]  # the stubs forget `formset`
    LegForm,
    formset=LegFormSet,
    extra=LEGS_OFFERED,
    max_num=LEGS_AT_MOST,
    absolute_max=LEGS_AT_MOST,
    validate_max=True,
)


def with_more_legs(sent: QueryDict) -> QueryDict:
    """What was sent, asking for more rows of legs; everything typed is kept."""
    data = sent.copy()
    rows = data.get("legs-TOTAL_FORMS", "")
    held = int(rows) if rows.isascii() and rows.isdigit() else LEGS_OFFERED
    data["legs-TOTAL_FORMS"] = str(min(held + LEGS_OFFERED, LEGS_AT_MOST))
    return data


class FundingChangeForm(PublishedWordsForm):
    """Budget that comes from, or goes, outside."""

    published_words = ("reason",)

    line = LineChoiceField(ServiceLine.objects.none(), label="Service line", empty_label="Choose a line")
    type = forms.ChoiceField(label="What it is", choices=FundingChange.Type.choices)
    amount = PoundsField(
        label="Amount, £",
        required=True,
        help_text="What adds to the line’s budget is positive; what takes from it is negative.",
    )
    reason = WordsField(label="Why", rows=3)
    is_permanent = forms.TypedChoiceField(
        label="How long it lasts",
        choices=[("no", "This year only"), ("yes", "Permanent")],
        coerce=lambda value: value == "yes",
    )
    effective = forms.ModelChoiceField(
        MonitoringPeriod.objects.none(), label="Takes effect in", empty_label=None
    )
    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=40,
        help_text="The council’s own. Left blank, one is given.",
    )
    key = KeyField()

    def __init__(self, *args: Any, lines: Any, periods: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, queryset in (("line", lines), ("effective", periods)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset


class RejectForm(forms.Form):
    """Why a request is turned down."""

    note = WordsField(label="Why", rows=2)
