"""The forms of a month's savings: one update for each saving, and what stands in for one that falls short."""

from typing import Any

from django import forms

from accounting.rag import Rag
from accounting.savings import (
    Confidence,
    Delivery,
    MitigationKind,
    NegativePartError,
    PartsDoNotSumError,
    check_parts,
)
from savings.forms.fields import day_field
from savings.forms.rows import Row
from savings.models import PARTS
from savings.operations.updates import UpdateEdit
from savings.position.updates import WorkingSaving
from services.forms.budgets import LineChoiceField
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField, WordsField
from services.forms.words import PublishedWordsForm
from services.models import ServiceLine

FIGURES = (*PARTS, "forecast")
_CONFIDENCE = {one.label: one.value for one in Confidence}


class UpdateForm(PublishedWordsForm, ComparedForm):
    """One saving at one period. Blank figures are not known, which is not nil."""

    published_words = ("reason", "service_effect")

    target = PoundsField(
        label="Target this year, £", help_text="Nobody has phased it yet. Blank if no £ is known."
    )
    delivered = PoundsField(label="Delivered")
    on_track = PoundsField(label="On track")
    at_risk = PoundsField(label="At risk")
    undeliverable = PoundsField(label="Undeliverable")
    forecast = PoundsField(label="Forecast")
    rag = forms.ChoiceField(
        label="Rating",
        required=False,
        choices=[("", "Not yet rated"), *((one.value, f"{one.shape} {one.label}") for one in Rag)],
    )
    confidence = forms.ChoiceField(
        label="Confidence", choices=[(one.value, one.label) for one in Confidence], required=False
    )
    expected_on = day_field("Expected in full on")
    reason = WordsField(label="Reason", required=False, rows=3)
    service_effect = WordsField(label="Effect on the service", required=False, rows=3)
    expected_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, saving: WorkingSaving, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["saving"] = saving
        self.saving = saving
        if saving.is_target_phased:
            del self.fields["target"]
        for name in ("reason", "service_effect"):
            self.fields[name].help_text = ""
        if saving.is_carried_forward:
            self.fields["confirm"] = forms.BooleanField(
                label="It still stands: confirm it for this month", required=False
            )

    @property
    def is_entered(self) -> bool:
        """Whether the person changed or confirmed anything here."""
        return self.has_changed() or bool(self["confirm"].data if "confirm" in self.fields else False)

    @property
    def edit(self) -> UpdateEdit:
        """What is to be saved: only what was changed."""
        given = self.cleaned_data
        changed = {name: given[name] for name in self.compared if name in self.changed_data}
        if "confidence" in changed:
            changed["confidence"] = changed["confidence"] or Confidence.NOT_JUDGED.value
        return UpdateEdit(
            proposal_id=self.saving.proposal_id, expected_version=given["expected_version"], **changed
        )

    def clean(self) -> dict[str, Any]:
        """The parts sum to the target, and what is not green says why."""
        given: dict[str, Any] = super().clean() or {}
        if (
            given.get("rag") not in (None, "", Rag.GREEN.value)
            and not given.get("reason")
            and "reason" not in self.errors
        ):
            self.add_error("reason", f"Say why it is {Rag(given['rag']).label}. Only green needs no reason.")
        if not any(name in self.errors for name in (*PARTS, "target")):
            self._check_parts(given)
        return given

    def _check_parts(self, given: dict[str, Any]) -> None:
        parts: dict[str, Any] = {name: given.get(name) for name in PARTS}
        blank = [name for name, amount in parts.items() if amount is None]
        if blank and len(blank) < len(parts):
            for name in blank:
                self.add_error(name, "Give all four parts; nil is 0.")
            return
        target = given.get("target") if "target" in self.fields else self.saving.delivery.target
        try:
            check_parts(Delivery(target=target, **parts))
        except (PartsDoNotSumError, NegativePartError) as rule:
            self.add_error("delivered", str(rule))


def update_initial(saving: WorkingSaving) -> dict[str, Any]:
    """What a saving's form begins from."""
    entry, delivery = saving.entry, saving.delivery
    return {
        **{name: getattr(delivery, name) for name in ("target", *FIGURES)},
        "rag": entry.rag.value if entry.rag else "",
        "confidence": _CONFIDENCE.get(entry.confidence_label, Confidence.NOT_JUDGED.value),
        "expected_on": entry.expected_on,
        "reason": entry.reason,
        "service_effect": entry.service_effect,
        "expected_version": saving.version,
    }


class CoverForm(ComparedForm):
    """The version of the update that covers are said of."""

    expected_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    key = KeyField()


class CoverRow(Row):
    """One means that stands in for a saving."""

    published_words = ("words",)
    says = ("kind", "amount", "words")
    needs = ("kind",)

    kind = forms.ChoiceField(
        label="By what",
        required=False,
        choices=[("", "Choose what covers it"), *((one.value, one.label) for one in MitigationKind)],
    )
    amount = PoundsField(label="Amount, £", help_text="Without a sign. Blank if no £ is given.")
    service_line = LineChoiceField(
        ServiceLine.objects.none(), label="On which line", required=False, empty_label="The saving’s own line"
    )
    is_in_forecast = forms.BooleanField(label="The line’s forecast counts on it already", required=False)
    words = WordsField(label="In words", required=False, rows=2)

    def __init__(self, *args: Any, lines: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["lines"] = lines
        field = self.fields["service_line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lines
