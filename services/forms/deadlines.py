"""The form of a council's timetable: on which working day after a period each step is due."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounting.deadlines import (
    LATEST_WORKING_DAY,
    DeadlineOrderError,
    DeadlineRule,
    Step,
    Timetable,
    check_deadlines,
)
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField


class DeadlinesForm(ComparedForm):
    """One number for each step of a month, and of the outturn."""

    version_field = "seen"

    seen = forms.CharField(widget=forms.HiddenInput(), required=False)
    key = KeyField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for timetable in Timetable:
            for step in Step:
                self.fields[f"{timetable}_{step}"] = forms.IntegerField(
                    label=f"{timetable.label}: {step.label.lower()}, working day",
                    min_value=1,
                    max_value=LATEST_WORKING_DAY,
                    widget=forms.NumberInput(attrs={"size": 4}),
                    show_hidden_initial=True,
                )

    def clean(self) -> dict[str, Any]:
        """Steps fall due in their order."""
        given = super().clean() or {}
        if not self.errors:
            try:
                check_deadlines(self.rules)
            except DeadlineOrderError as error:
                self.add_error(None, str(error))
        return given

    @property
    def rules(self) -> tuple[DeadlineRule, ...]:
        """The timetable that was sent."""
        return tuple(
            DeadlineRule(
                timetable=timetable, step=step, working_days=self.cleaned_data[f"{timetable}_{step}"]
            )
            for timetable in Timetable
            for step in Step
        )


def deadlines_initial(rules: Iterable[DeadlineRule]) -> dict[str, Any]:
    """What the form begins from."""
    return {f"{rule.timetable}_{rule.step}": rule.working_days for rule in rules}
