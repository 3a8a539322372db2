"""The forms of the medium-term strategy and of right-sizing."""

from typing import Any

from django import forms

from savings.forms.fields import YearField, line_of_text
from savings.forms.proposals import version_field
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField, WordsField
from services.forms.words import PublishedWordsForm


class StrategyForm(PublishedWordsForm, ComparedForm):
    """The medium-term strategy: its years, and whether it is published."""

    published_words = ("title", "words")

    title = line_of_text(
        "Title",
        required=True,
        help_text="Another title makes another strategy, which becomes the current one.",
    )
    first_year = YearField(label="First year", required=True)
    last_year = YearField(label="Last year", required=True)
    words = WordsField(label="In words", required=False, rows=3)
    is_public = forms.BooleanField(label="It is public: it is published with every period", required=False)
    expected_version = version_field()
    key = KeyField()

    def clean(self) -> dict[str, Any]:
        """The years are in order."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first_year"), given.get("last_year")
        if first is not None and last is not None and last < first:
            self.add_error("last_year", f"{last} is before {first}.")
        return given


class RightSizingForm(forms.Form):
    """For how many years running, and by how much."""

    years = forms.TypedChoiceField(
        label="Years running", coerce=int, choices=[(number, str(number)) for number in (2, 3, 4, 5)]
    )
    at_least = PoundsField(label="By at least, £", required=True, is_positive=True)
