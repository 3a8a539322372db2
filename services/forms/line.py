"""The forms of one service line: its figures, its reasons, its uses of reserves and its one-off funding."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from accounting.wording import format_money
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField, WordsField, YesNoField
from services.forms.grid import REASON_LIMIT
from services.models import Driver

FIGURES = ("actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case")
REASON_FIELDS = ("driver", "amount", "is_recurrent", "words", "action")
REASON_ROWS = 12


class ForecastForm(ComparedForm):
    """A line's figures, each with the one it started from, so that what this person changed is known.

    `version` is that of the figures they saw; `key` makes a repeated request have one effect.
    """

    version_field = "version"

    actual_to_date = PoundsField(
        label="Actual to date",
        help_text="What the ledger shows to the end of the period. Leave blank if it is not known; nil is 0.",
    )
    commitments = PoundsField(label="Commitments", help_text="Ordered and not yet paid.")
    forecast_outturn = PoundsField(
        label="Forecast outturn",
        help_text="For the whole year, before any use of reserves. Blank means not yet forecast.",
    )
    best_case = PoundsField(label="Best case", help_text="The lowest likely outturn.")
    worst_case = PoundsField(label="Worst case", help_text="The highest likely outturn.")
    why = forms.CharField(
        label="Why the figures that look odd are right",
        required=False,
        max_length=REASON_LIMIT,
        help_text="Kept with the figures. If one of them is a slip, put it right instead.",
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    key = KeyField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["why"].show_hidden_initial = False
        self._why = self.fields["why"]
        if "why" not in self.data:
            del self.fields["why"]

    def ask_why(self, odd: Iterable[tuple[str, str]]) -> None:
        """Ask for the reason that is saved with figures that look odd: each by its field, with what looks odd about it."""
        self.fields["why"] = self._why
        for name, words in odd:
            self.add_error(name, words)

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


class ReasonForm(ComparedForm):
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
    def words_given(self) -> str:
        """The reason as it was sent, in one piece."""
        return reason_words({name: self.cleaned_data.get(name) for name in REASON_FIELDS})

    @property
    def words_started_from(self) -> str:
        """The reason as the page had it; empty where the row was blank."""
        return reason_words({name: self.started_from(name) for name in REASON_FIELDS})

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

    @property
    def words_given(self) -> list[str]:
        """Each reason to be kept, in one piece, in order."""
        return [form.words_given for form in self.forms if not form.is_blank]

    @property
    def words_started_from(self) -> list[str]:
        """Each reason that the page had, in one piece, in order."""
        return [words for form in self.forms if (words := form.words_started_from)]


def reason_words(reason: Mapping[str, Any]) -> str:
    """“Demand, +£300,000.00, recurrent. More children. Being done: a review”; empty for a blank reason."""
    if not any(reason.get(name) not in (None, "") for name in ("driver", "amount", "words", "action")):
        return ""
    head = [Driver(reason["driver"]).label] if reason.get("driver") in Driver.values else []
    if reason.get("amount") is not None:
        head.append(format_money(reason["amount"], places=2, plus=True))
    head += {True: ["recurrent"], False: ["one-off"]}.get(reason.get("is_recurrent"), [])  # type: ignore[arg-type]
    said = [", ".join(head), reason.get("words") or ""]
    said += [f"Being done: {reason['action']}"] if reason.get("action") else []
    return ". ".join(part.strip().rstrip(".") for part in said if part)


REASON_FORMS: type[ReasonFormSet] = forms.formset_factory(  # type: ignore[assignment]  # the stubs forget `formset`
    ReasonForm,
    formset=ReasonFormSet,
    extra=2,
    max_num=REASON_ROWS,
    validate_max=True,
    absolute_max=REASON_ROWS + 4,
)
