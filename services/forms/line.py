"""The forms of one service line: its figures, its reasons, its uses of reserves and its one-off funding."""

import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from services.forms.fields import KeyField, PoundsField, WordsField, YesNoField
from services.forms.words import PublishedWordsForm
from services.models import Driver, OneOffFunding, Reserve, ReserveUse

FIGURES = ("actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case")
REASON_ROWS = 12


class ForecastForm(forms.Form):
    """A line's figures, each with the one it started from, so that what this person changed is known.

    `version` is that of the figures they saw; `key` makes a repeated request have one effect.
    """

    actual_to_date = PoundsField(
        label="Actual to date",
        help_text="What the ledger shows to the end of the period. Leave blank if it is not known; nil is 0.",
        show_hidden_initial=True,
    )
    commitments = PoundsField(
        label="Commitments", help_text="Ordered and not yet paid.", show_hidden_initial=True
    )
    forecast_outturn = PoundsField(
        label="Forecast outturn",
        help_text="For the whole year, before any use of reserves. Blank means not yet forecast.",
        show_hidden_initial=True,
    )
    best_case = PoundsField(
        label="Best case", help_text="The lowest likely outturn.", show_hidden_initial=True
    )
    worst_case = PoundsField(
        label="Worst case", help_text="The highest likely outturn.", show_hidden_initial=True
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    key = KeyField()

    def clean(self) -> dict[str, Any]:
        """The outturn lies between the best and the worst case."""
        given = super().clean() or {}
        outturn, best, worst = given.get("forecast_outturn"), given.get("best_case"), given.get("worst_case")
        if outturn is not None and best is not None and best > outturn:
            self.add_error(
                "best_case", "The best case is above the forecast outturn. Lower it, or leave it blank."
            )
        if outturn is not None and worst is not None and worst < outturn:
            self.add_error(
                "worst_case", "The worst case is below the forecast outturn. Raise it, or leave it blank."
            )
        return given

    @property
    def edited(self) -> dict[str, Decimal | None]:
        """The figures that this person changed, and only those."""
        return {name: self.cleaned_data[name] for name in FIGURES if name in self.changed_data}

    def again(self, *, held: Mapping[str, Any], version: int) -> "ForecastForm":
        """This form to be sent again after somebody else saved: begun from what is held now, with what this person typed still in it."""
        data: dict[str, Any] = {"version": version, "key": secrets.token_urlsafe(24)}
        for name in FIGURES:
            now = self.fields[name].prepare_value(held.get(name))
            data[self.add_initial_prefix(name)] = "" if now is None else now
            data[name] = (
                self.data.get(name, "") if name in self.changed_data else data[self.add_initial_prefix(name)]
            )
        return ForecastForm(data)

    def started_from(self, name: str) -> Decimal | None:
        """The figure that was on the page when they began."""
        bound = self[name]
        text = bound.field.hidden_widget().value_from_datadict(
            self.data, self.files, self.add_initial_prefix(name)
        )
        try:
            return PoundsField().to_python(text)
        except forms.ValidationError:
            return None


class ReasonForm(forms.Form):
    """One driver of the variance before reserves. A row left wholly blank is no reason."""

    driver = forms.ChoiceField(
        label="Driver", choices=[("", "Choose the cause"), *Driver.choices], required=False
    )
    amount = PoundsField(label="Amount, £", help_text="What adds to an overspend is positive.")
    is_recurrent = YesNoField(label="Next year too?", yes="Recurrent", no="One-off")
    words = WordsField(
        label="Why, in words",
        required=False,
        rows=3,
        help_text="No names, and nothing that tells who a child is.",
    )
    action = WordsField(label="What is being done", required=False, rows=2)
    remove = forms.BooleanField(label="Remove this reason", required=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered, or it was struck out."""
        given = self.cleaned_data
        return bool(given.get("remove")) or not any(
            given.get(name) not in (None, "") for name in ("driver", "amount", "words", "action")
        )

    def clean(self) -> dict[str, Any]:
        """A reason needs its driver and its words."""
        given: dict[str, Any] = super().clean() or {}
        self.cleaned_data = given
        if self.is_blank or self.errors:
            return given
        if not given.get("driver"):
            self.add_error("driver", "Choose the cause that comes nearest; “Other” is one of them.")
        if not given.get("words"):
            self.add_error("words", "Say why in words.")
        return given


class ReasonFormSet(forms.BaseFormSet[ReasonForm]):
    """All reasons of one line at one period, with two blank rows for more."""

    @property
    def given(self) -> list[Mapping[str, Any]]:
        """The reasons to be kept, in order."""
        return [form.cleaned_data for form in self.forms if not form.is_blank]


REASON_FORMS: type[ReasonFormSet] = forms.formset_factory(  # type: ignore[assignment]  # the stubs forget `formset`
    ReasonForm,
    formset=ReasonFormSet,
    extra=2,
    max_num=REASON_ROWS,
    validate_max=True,
    absolute_max=REASON_ROWS + 4,
)


class UseForm(PublishedWordsForm):
    """A planned use of a reserve on this line."""

    published_words = ("purpose",)

    kind = forms.ChoiceField(label="What it is", choices=ReserveUse.Kind.choices)
    reserve = forms.ModelChoiceField(Reserve.objects.none(), label="Reserve", empty_label="Choose a reserve")
    amount = PoundsField(
        label="Amount, £",
        required=True,
        is_positive=True,
        help_text="For the whole year, without a sign.",
    )
    purpose = WordsField(label="What it is for", rows=2)
    included_in_budget = forms.BooleanField(
        label="The budget already counts on it, so it is not a mitigation", required=False
    )
    included_in_forecast = forms.BooleanField(
        label="The forecast outturn is already lower by it, so it is not deducted again", required=False
    )
    key = KeyField()

    def __init__(self, *args: Any, reserves: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reserve"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = reserves


class FundingForm(PublishedWordsForm):
    """One-off funding applied to this line from outside its budget."""

    published_words = ("purpose",)

    source = forms.ChoiceField(label="Source", choices=OneOffFunding.Source.choices)
    amount = PoundsField(
        label="Amount, £", required=True, is_positive=True, help_text="For the whole year, without a sign."
    )
    purpose = WordsField(label="What it is for", rows=2)
    ends_on = forms.DateField(
        label="When the funding stops",
        required=False,
        help_text="If it is known.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    is_recurrent = forms.BooleanField(label="It will be there again next year", required=False)
    included_in_budget = forms.BooleanField(
        label="The budget already counts on it, so it is not a mitigation", required=False
    )
    included_in_forecast = forms.BooleanField(
        label="The forecast outturn is already lower by it, so it is not deducted again", required=False
    )
    key = KeyField()
