"""The forms of importing a schedule: the file, and how it is to be read."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounting.periods import FinancialYear
from accounting.savings import Stage
from savings.imports.columns import Field, Meaning, meaning_named
from savings.imports.profile import GROWTH, SAVING, ScheduleProfile
from savings.imports.profile_text import Choices, schedule_profile_text
from savings.models import ScheduleProfile as HeldProfile
from services.imports.upload import FILE_LIMIT

_MEGABYTES = FILE_LIMIT // 1024 // 1024
_WORDS = tuple(one for one in Field if one not in (Field.YEAR, Field.TOTAL, Field.IGNORE))
_YEARS_BEFORE, _YEARS_AFTER = 3, 8


class ScheduleUploadForm(forms.Form):
    """A schedule, and the profile it is read by."""

    file = forms.FileField(
        label="The schedule",
        help_text=f"A CSV file or an Excel workbook (.xlsx), at most {_MEGABYTES} MB. You see everything in it before anything is written.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Choose the file.",
            "empty": "The file is empty. Send a CSV file, or an Excel workbook (.xlsx).",
        },
    )
    profile = forms.ModelChoiceField(
        HeldProfile.objects.none(),
        label="How to read it",
        required=False,
        empty_label="By the words of its headings",
        help_text="A saved profile says what each heading means, the unit and the signs. You can also say so on the next page.",
    )

    def __init__(self, *args: Any, profiles: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["profile"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = profiles

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise forms.ValidationError(
                f"The file has more than {_MEGABYTES} MB. Send only the sheet with the schedule."
            )
        return file


class ScheduleReadingForm(forms.Form):
    """How a schedule is to be read: what it is of, its unit and signs, which rows are no proposals, and what each column holds."""

    kind = forms.ChoiceField(
        label="The schedule is of", choices=[(SAVING, "Savings"), (GROWTH, "Growth and pressures")]
    )
    printed = forms.ChoiceField(
        label="These are printed",
        choices=[
            ("", "As is usual: savings negative, growth positive"),
            ("negative", "Negative, or in brackets"),
            ("positive", "Without a sign"),
        ],
        required=False,
        help_text="A figure of the other sign, such as a one-off saving that comes back, keeps its meaning.",
    )
    units = forms.ChoiceField(
        label="Figures are in",
        choices=[
            ("", "What the headings say, otherwise pounds"),
            ("pounds", "Pounds"),
            ("thousands", "Thousands (£000)"),
            ("millions", "Millions (£m)"),
        ],
        required=False,
    )
    sheet = forms.CharField(
        label="Sheet", required=False, max_length=100, help_text="For a workbook with more than one schedule."
    )
    total_rows = forms.CharField(
        label="Total rows",
        required=False,
        help_text="Their labels, one to a line; * stands for anything. They are checked and not imported.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ignore_rows = forms.CharField(
        label="Rows to pass over",
        required=False,
        help_text="Their labels, one to a line.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    stage = forms.ChoiceField(
        label="New proposals are at the stage",
        choices=[(stage.value, stage.label) for stage in Stage if not stage.is_closed],
    )
    decided_by = forms.CharField(
        label="Decided by",
        required=False,
        max_length=200,
        help_text="The body or role that brought them to this stage, for example Council.",
    )
    decided_on = forms.DateField(
        label="Decided on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    decision_reference = forms.CharField(label="Decision reference", required=False, max_length=120)
    first_year_is_level = forms.BooleanField(
        label="The first year holds the whole amount so far, not the change of that year", required=False
    )
    create_missing_directorates = forms.BooleanField(
        label="Make directorates that the council does not have yet", required=False
    )
    save_as = forms.CharField(
        label="Keep this as a profile named",
        required=False,
        max_length=120,
        help_text="Leave blank to use it for this file only.",
    )

    def __init__(
        self,
        given: Any = None,
        *,
        headings: Sequence[tuple[str, Meaning | None]],
        profile: ScheduleProfile,
    ) -> None:
        super().__init__(given, initial=_initial(profile))
        self.headings = dict(headings)
        choices = _meanings(self.headings.values())
        for place, (heading, meaning) in enumerate(self.headings.items()):
            is_read = meaning is not None and meaning.field is not Field.IGNORE
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=str(meaning) if is_read else ""
            )

    @property
    def setting_fields(self) -> list[forms.BoundField]:
        """Everything but the columns."""
        return [field for field in self.visible_fields() if not field.name.startswith("column_")]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """One field for each heading."""
        return [field for field in self.visible_fields() if field.name.startswith("column_")]

    @property
    def toml(self) -> str:
        """The profile that was chosen."""
        given = self.cleaned_data
        columns = {
            heading: meaning_named(given[f"column_{place}"] or Field.IGNORE.value) or Meaning(Field.IGNORE)
            for place, heading in enumerate(self.headings)
        }
        return schedule_profile_text(
            Choices(
                kind=given["kind"],
                printed=given["printed"],
                units=given["units"],
                sheet=given["sheet"].strip(),
                total_rows=_lines(given["total_rows"]),
                ignore_rows=_lines(given["ignore_rows"]),
                stage=given["stage"],
                decided_by=given["decided_by"].strip(),
                decided_on=given["decided_on"],
                decision_reference=given["decision_reference"].strip(),
                first_year_is_level=given["first_year_is_level"],
                create_missing_directorates=given["create_missing_directorates"],
                columns=columns,
            )
        )


def _meanings(found: Iterable[Meaning | None]) -> list[tuple[str, str]]:
    """What a column can be said to hold: words, years about now and those that the headings name, a total."""
    now = FinancialYear.containing(timezone.localdate()).first_year
    years = {FinancialYear(first) for first in range(now - _YEARS_BEFORE, now + _YEARS_AFTER)}
    years |= {meaning.year for meaning in found if meaning and meaning.year}
    meanings = [
        *(Meaning(one) for one in _WORDS),
        *(Meaning(Field.YEAR, year) for year in sorted(years)),
        Meaning(Field.TOTAL),
    ]
    return [("", "Not read"), *((str(one), one.label) for one in meanings)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _initial(profile: ScheduleProfile) -> dict[str, Any]:
    is_said = profile.toml and profile.negative is not None
    return {
        "kind": profile.kind,
        "printed": ("negative" if profile.negative else "positive") if is_said else "",
        "units": profile.units.value if profile.units else "",
        "sheet": profile.sheet,
        "total_rows": "\n".join(profile.total_rows),
        "ignore_rows": "\n".join(profile.ignore_rows),
        "stage": profile.decision.stage.value,
        "decided_by": profile.decision.decided_by,
        "decided_on": profile.decision.decided_on,
        "decision_reference": profile.decision.reference,
        "first_year_is_level": profile.first_year_is_level,
        "create_missing_directorates": profile.create_missing_directorates,
    }
