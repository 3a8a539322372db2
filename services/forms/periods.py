"""The forms of opening, submitting, returning and reopening a period."""

from django import forms
from django.core.exceptions import ValidationError

from accounting.periods import FinancialYear, Period, PeriodFormatError
from services.forms.fields import WordsField

MONTHS = [(number, Period(FinancialYear(2023), number)) for number in range(1, 14)]


class OpenPeriodForm(forms.Form):
    """Which period to open, and whether to begin from the last one's forecasts."""

    year = forms.CharField(
        label="Financial year",
        max_length=9,
        help_text="Such as 2023/24.",
        widget=forms.TextInput(attrs={"size": 9}),
    )
    number = forms.TypedChoiceField(
        label="Period",
        coerce=int,
        choices=[
            (
                number,
                period.short_label if period.is_outturn else f"{period.short_label}, {period.month_name}",
            )
            for number, period in MONTHS
        ],
    )
    carry_forward = forms.ChoiceField(
        label="Begin from the last period’s forecasts?",
        choices=[
            (
                "yes",
                "Yes: copy forecasts, uses of reserves, DSG accounts and risks, to be confirmed line by line",
            ),
            ("no", "No: begin with every line not yet forecast"),
        ],
        widget=forms.RadioSelect,
        initial="yes",
    )
    title_as_printed = forms.CharField(
        label="Title as the council’s paper prints it",
        required=False,
        max_length=200,
        help_text="Only if it differs; it is kept even where it is wrong.",
    )

    def clean_year(self) -> FinancialYear:
        """The year, in any of the ways it is written."""
        try:
            return FinancialYear.parse(self.cleaned_data["year"])
        except PeriodFormatError as error:
            raise ValidationError(str(error)) from error

    def clean_carry_forward(self) -> bool:
        """Yes or no."""
        return bool(self.cleaned_data["carry_forward"] == "yes")

    @property
    def period(self) -> Period:
        """The period that was asked for."""
        return Period(self.cleaned_data["year"], self.cleaned_data["number"])


class ReturnForm(forms.Form):
    """Why a directorate's figures are sent back."""

    note = WordsField(label="What is to be put right", rows=2)


class ReopenForm(forms.Form):
    """Why a closed period is opened again."""

    reason = WordsField(
        label="Why it is reopened",
        rows=3,
        help_text="Kept in the audit trail. What has been published stays as it was; a correction becomes a new version.",
    )
