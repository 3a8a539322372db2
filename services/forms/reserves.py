"""The forms of reserves, DSG accounts, and risks and opportunities."""

from typing import Any

from django import forms

from accounting.funds import Fund
from accounting.reserves import ReserveKind
from services.forms.budgets import LineChoiceField
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField, WordsField
from services.forms.words import PublishedWordsForm
from services.models import Reserve, RiskOrOpportunity, ServiceLine


def date_field(label: str, help_text: str) -> forms.DateField:
    """A date that need not be given."""
    return forms.DateField(
        label=label, required=False, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


class ReserveForm(PublishedWordsForm):
    """A new reserve."""

    published_words = ("name", "purpose")

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(
        label="Kind",
        choices=[(kind.value, kind.label) for kind in ReserveKind],
        help_text="A ring-fenced or unusable reserve cannot meet a General Fund overspend.",
    )
    purpose = WordsField(
        label="Purpose", rows=3, help_text="What it is for, and how and when it may be used."
    )
    review_date = date_field("Next review", "If one is set.")
    key = KeyField()


class OpeningForm(forms.Form):
    """A reserve's balance at 1 April."""

    amount = PoundsField(
        label="Opening balance, £",
        required=True,
        help_text="From last year’s accounts. It is set once for a year and not changed after.",
    )
    key = KeyField()


class TransferForm(forms.Form):
    """Money moved from one reserve to another."""

    from_reserve = forms.ModelChoiceField(
        Reserve.objects.none(), label="From", empty_label="Choose a reserve"
    )
    to_reserve = forms.ModelChoiceField(Reserve.objects.none(), label="To", empty_label="Choose a reserve")
    amount = PoundsField(label="Amount, £", required=True, is_positive=True, help_text="Without a sign.")
    decision_reference = forms.CharField(
        label="Decision", max_length=120, help_text="The meeting or the officer’s decision that allows it."
    )
    key = KeyField()

    def __init__(self, *args: Any, reserves: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("from_reserve", "to_reserve"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = reserves


class DsgForm(PublishedWordsForm, ComparedForm):
    """One DSG account at one period. A deficit is positive; blank is not known, and is never taken as nil."""

    published_words = ("name", "note")

    fund = forms.ChoiceField(label="Fund", choices=[(fund.value, fund.label) for fund in Fund if fund.is_dsg])
    name = forms.CharField(
        label="What the balance is called",
        max_length=200,
        help_text="For example, Cumulative SEND deficit. Saving under a name that is there changes that account.",
    )
    opening = PoundsField(label="Opening balance, £", help_text="A deficit is positive, a surplus negative.")
    in_year = PoundsField(label="In-year deficit, £")
    budgeted_in_year = PoundsField(label="In-year deficit that was budgeted for, £")
    funding_received = PoundsField(
        label="Funding received towards the deficit, £",
        initial="0",
        required=True,
        help_text="Such as a safety valve payment; 0 if there was none.",
    )
    adjustments = PoundsField(
        label="Adjustments, £", initial="0", required=True, help_text="0 if there were none."
    )
    stated_closing = PoundsField(
        label="Closing balance as a paper states it, £", help_text="Where its parts are not all known."
    )
    planned_closing = PoundsField(label="Closing balance of the agreed plan, £")
    override_ends_on = date_field(
        "When the statutory override ends",
        "As the law stands; it keeps the deficit out of the council’s own account.",
    )
    note = WordsField(label="Note", required=False, rows=2)
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class RiskForm(PublishedWordsForm, ComparedForm):
    """A risk or an opportunity that is outside the forecast."""

    published_words = ("title", "words")

    kind = forms.ChoiceField(label="What it is", choices=RiskOrOpportunity.Kind.choices)
    title = forms.CharField(label="In a few words", max_length=200)
    words = WordsField(label="What could happen", rows=3, required=False)
    line = LineChoiceField(
        ServiceLine.objects.none(), label="Service line", required=False, empty_label="No one line"
    )
    amount = PoundsField(
        label="Amount, £", help_text="For the whole year, without a sign. Blank if it cannot be estimated."
    )
    likelihood = forms.IntegerField(
        label="Likelihood, per cent",
        required=False,
        min_value=0,
        max_value=100,
        help_text="0 to 100. Blank if it has not been judged.",
        widget=forms.TextInput(attrs={"class": "money", "inputmode": "numeric"}),
    )
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, lines: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["lines"] = lines
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lines
