"""The forms of a workbook that comes back: the file, and whose figure stands where two people changed one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms

from accounting.wording import format_money
from services.forms.fields import KeyField
from services.forms.grid import REASON_LIMIT
from services.imports.upload import FILE_LIMIT
from services.operations.workbooks import Choice, Difference
from services.workbooks.layout import LABELS
from services.workbooks.sealing import ShownCell

_MEGABYTES: Final = FILE_LIMIT // 1024 // 1024
UNKNOWN: Final = "blank, not yet known"


class WorkbookForm(forms.Form):
    """The workbook."""

    file = forms.FileField(
        label="Your workbook",
        help_text="The workbook you downloaded here (.xlsx), with your figures. You see every difference before anything is saved.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Choose the workbook.",
            "empty": "The file is empty. Send the workbook that you downloaded here.",
        },
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise forms.ValidationError(
                f"The file has more than {_MEGABYTES} MB. A workbook downloaded here has less than one."
            )
        return file


class ConfirmWorkbookForm(forms.Form):
    """What was shown, signed; and for each figure that somebody else changed too, whose stands. No choice is made beforehand."""

    proposal = forms.CharField(
        widget=forms.HiddenInput(),
        error_messages={
            "required": "The figures that were shown are not in the form. Upload the workbook again."
        },
    )
    key = KeyField()

    def __init__(
        self, *args: Any, conflicts: Sequence[Difference], asks_reason: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.conflicts = tuple(conflicts)
        self.asks_reason = asks_reason
        for one in self.conflicts:
            by = f", saved by {one.saved_by}" if one.saved_by else ", changed since you downloaded it"
            self.fields[one.shown.key] = forms.ChoiceField(
                label=f"{one.line.name}: {LABELS[one.cell.figure]}",
                help_text=f"Cell {one.cell.place}. When downloaded: {words_of(one.cell.base)}.",
                widget=forms.RadioSelect(),
                choices=[
                    (Choice.MINE.value, f"Mine: {words_of(one.cell.yours)}"),
                    (Choice.THEIRS.value, f"Theirs, held now: {words_of(one.theirs)}{by}"),
                ],
                error_messages={"required": "Choose which figure stands."},
            )
        if asks_reason:
            self.fields["reason"] = forms.CharField(
                label="Why the odd figures are right",
                help_text="Kept with the figures. If one of them is a slip, put it right in the workbook and upload it again.",
                max_length=REASON_LIMIT,
                error_messages={
                    "required": "Say why the figures that look odd are right, or put them right in the workbook."
                },
            )

    @property
    def choice_fields(self) -> list[forms.BoundField]:
        """One for each conflict."""
        return [self[one.shown.key] for one in self.conflicts]


def choices_in(given: Mapping[str, Any], cells: Iterable[ShownCell]) -> dict[str, str]:
    """Whose figure stands, by the figure's key, for each that was shown as changed by two people; what was not chosen is not there."""
    keys = [shown.key for shown in cells if shown.is_conflict]
    return {key: str(given[key]) for key in keys if given.get(key) in list(Choice)}


def words_of(amount: Any) -> str:
    """A figure to the penny, or that it is not known."""
    return format_money(amount, places=2, unknown=UNKNOWN)
