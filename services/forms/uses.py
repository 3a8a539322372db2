"""The forms of money planned on a line: uses of reserves, and one-off funding."""

from typing import Any, cast

from django import forms

from accounting.sense import judge_drawdown
from services.forms.budgets import LineChoiceField
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField, WordsField
from services.forms.words import PublishedWordsForm
from services.models import MonitoringPeriod, OneOffFunding, Reserve, ReserveUse, ServiceLine
from services.position.reserves import reserve_balance

OVERRIDE = "override_reason"


def _flags() -> tuple[forms.BooleanField, forms.BooleanField]:
    return (
        forms.BooleanField(
            label="The budget already counts on it, so it is not a mitigation", required=False
        ),
        forms.BooleanField(
            label="The forecast outturn is already lower by it, so it is not deducted again", required=False
        ),
    )


def _amount() -> PoundsField:
    return PoundsField(
        label="Amount, £", required=True, is_positive=True, help_text="For the whole year, without a sign."
    )


class _UseOfAReserve(PublishedWordsForm):
    """What every form of a use asks: whether the reserve holds as much, after all that is planned already.

    More than it holds is asked about once; with a reason it is planned all the same, and the reason is kept. Approval refuses it still.
    """

    published_words = ("purpose",)

    def __init__(self, *args: Any, reserves: Any, period: MonitoringPeriod, **options: Any) -> None:
        super().__init__(*args, **options)
        self._period = period
        cast("forms.ModelChoiceField[Reserve]", self.fields["reserve"]).queryset = reserves

    def clean(self) -> dict[str, Any]:
        """Ask about a drawdown that the reserve does not hold."""
        given = super().clean() or {}
        reserve, amount = given.get("reserve"), given.get("amount")
        if amount is None or not isinstance(reserve, Reserve) or self._kind(given) != "drawdown":
            return given
        findings = judge_drawdown(amount, self._balance(reserve))
        if findings:
            self._ask(given, " ".join(finding.words for finding in findings))
        return given

    def _kind(self, given: dict[str, Any]) -> str:
        return str(given.get("kind", ""))

    def _balance(self, reserve: Reserve) -> Any:
        return reserve_balance(reserve, self._period)

    def _ask(self, given: dict[str, Any], words: str) -> None:
        """Offer the box for a reason; take what is in it, or ask for it."""
        field = WordsField(label="Why it is planned all the same", rows=2, limit=500, required=False)
        self.fields[OVERRIDE] = field
        typed = self.data.get(self.add_prefix(OVERRIDE), "").strip()
        if not typed:
            self.add_error("amount", f"{words} Correct it, or say below why it is planned all the same.")
            return
        try:
            given[OVERRIDE] = field.clean(typed)
        except forms.ValidationError as error:
            self.add_error(OVERRIDE, error)


class UseForm(_UseOfAReserve):
    """A planned use of a reserve on this line."""

    kind = forms.ChoiceField(label="What it is", choices=ReserveUse.Kind.choices)
    reserve = forms.ModelChoiceField(Reserve.objects.none(), label="Reserve", empty_label="Choose a reserve")
    amount = _amount()
    purpose = WordsField(label="What it is for", rows=2)
    included_in_budget, included_in_forecast = _flags()
    key = KeyField()


class PlanUseForm(UseForm):
    """A use of a reserve on any line."""

    line = LineChoiceField(ServiceLine.objects.none(), label="Service line", empty_label="Choose a line")
    field_order = ("line",)

    def __init__(self, *args: Any, lines: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[ServiceLine]", self.fields["line"]).queryset = lines


class ChangeUseForm(_UseOfAReserve, ComparedForm):
    """A use of a reserve that is there already. `use` is what is changed: its own amount is not counted against it."""

    reserve = forms.ModelChoiceField(
        Reserve.objects.none(), label="Reserve", required=False, empty_label="Not named in the return"
    )
    amount = _amount()
    purpose = WordsField(label="What it is for", rows=2, required=False)
    included_in_budget, included_in_forecast = _flags()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())
    key = KeyField()

    def __init__(
        self, *args: Any, use: ReserveUse, reserves: Any, period: MonitoringPeriod, **options: Any
    ) -> None:
        super().__init__(*args, reserves=reserves, period=period, **options)
        self._use = use
        self._made_with |= {"use": use, "reserves": reserves, "period": period}

    def _kind(self, given: dict[str, Any]) -> str:
        return self._use.kind

    def _balance(self, reserve: Reserve) -> Any:
        return reserve_balance(reserve, self._period, without=self._use.pk)


class FundingForm(PublishedWordsForm):
    """One-off funding applied to this line from outside its budget."""

    published_words = ("purpose",)

    source = forms.ChoiceField(label="Source", choices=OneOffFunding.Source.choices)
    amount = _amount()
    purpose = WordsField(label="What it is for", rows=2)
    ends_on = forms.DateField(
        label="When the funding stops",
        required=False,
        help_text="If it is known.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    is_recurrent = forms.BooleanField(label="It will be there again next year", required=False)
    included_in_budget, included_in_forecast = _flags()
    key = KeyField()


class ChangeFundingForm(PublishedWordsForm, ComparedForm):
    """One-off funding that is there already."""

    published_words = ("purpose",)

    amount = _amount()
    purpose = WordsField(label="What it is for", rows=2, required=False)
    ends_on = forms.DateField(
        label="When the funding stops",
        required=False,
        help_text="If it is known.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    is_recurrent = forms.BooleanField(label="It will be there again next year", required=False)
    included_in_budget, included_in_forecast = _flags()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())
    key = KeyField()
