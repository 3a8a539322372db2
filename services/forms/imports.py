"""The forms of importing: the file, how it is to be read, and what a person confirms."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from services.imports.problems import Confirmation
from services.imports.profile import LEDGER_FIELDS, Field, Profile
from services.imports.profile_text import Choices, profile_text
from services.imports.upload import FILE_LIMIT
from services.models import ImportProfile

_MEGABYTES = FILE_LIMIT // 1024 // 1024
NOT_READ = ("", "Not read")


class UploadForm(forms.Form):
    """A return, and the profile it is read by."""

    file = forms.FileField(
        label="The return",
        help_text=f"A CSV file or an Excel workbook (.xlsx), at most {_MEGABYTES} MB. You see everything in it before anything is written.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": "Choose the file.",
            "empty": "The file is empty. Send a CSV file, or an Excel workbook (.xlsx).",
        },
    )
    profile = forms.ModelChoiceField(
        ImportProfile.objects.none(),
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
                f"The file has more than {_MEGABYTES} MB. Send only the sheet with the monitoring table."
            )
        return file


class ReadingForm(forms.Form):
    """How a file is to be read: its unit and signs, which rows are no lines, and what each column holds."""

    read_as: ClassVar[Sequence[tuple[str, str]]] = [
        NOT_READ,
        *((name.value, name.label) for name in Field if name not in (Field.IGNORE, *LEDGER_FIELDS)),
    ]
    """What a column can be said to hold."""

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
    overspend = forms.ChoiceField(
        label="An overspend is printed",
        choices=[("positive", "Positive"), ("negative", "Negative, or in brackets")],
        required=False,
    )
    sheet = forms.CharField(
        label="Sheet", required=False, max_length=100, help_text="For a workbook with more than one table."
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
    directorate = forms.CharField(label="Directorate of rows that name none", required=False, max_length=200)
    division = forms.CharField(label="Division of rows that name none", required=False, max_length=200)
    create_missing_lines = forms.BooleanField(
        label="Make service lines that the council does not have yet", required=False
    )
    save_as = forms.CharField(
        label="Keep this as a profile named",
        required=False,
        max_length=120,
        help_text="Leave blank to use it for this file only.",
    )

    def __init__(
        self, given: Any = None, *, headings: Sequence[tuple[str, Field | None]], profile: Profile
    ) -> None:
        super().__init__(given, initial=_initial(profile))
        self.headings = dict(headings)
        for place, (heading, name) in enumerate(self.headings.items()):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading,
                choices=self.read_as,
                required=False,
                initial="" if name in (None, Field.IGNORE) else name.value,
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
            heading: Field(given[f"column_{place}"] or Field.IGNORE.value)
            for place, heading in enumerate(self.headings)
        }
        return profile_text(
            Choices(
                units=given["units"],
                overspend=given.get("overspend", ""),
                columns=columns,
                total_rows=_lines(given["total_rows"]),
                ignore_rows=_lines(given["ignore_rows"]),
                create_missing_lines=given.get("create_missing_lines", False),
                sheet=given["sheet"].strip(),
                directorate=given.get("directorate", "").strip(),
                division=given.get("division", "").strip(),
            )
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _initial(profile: Profile) -> dict[str, Any]:
    return {
        "units": profile.units.value if profile.units else "",
        "overspend": "negative" if profile.overspend_is_negative else "positive",
        "sheet": profile.sheet,
        "total_rows": "\n".join(profile.total_rows),
        "ignore_rows": "\n".join(profile.ignore_rows),
        "directorate": profile.defaults.directorate,
        "division": profile.defaults.division,
        "create_missing_lines": profile.create_missing_lines,
    }


class ConfirmForm(forms.Form):
    """A tick for each finding that may be right and may not."""

    def __init__(self, *args: Any, findings: Sequence[Confirmation], **options: Any) -> None:
        super().__init__(*args, **options)
        for finding in findings:
            self.fields[finding.code] = forms.BooleanField(
                label="This is right",
                required=True,
                error_messages={
                    "required": "Tick this if it is right; otherwise correct the file, or how it is read."
                },
            )
        self.findings = tuple(findings)

    @property
    def questions(self) -> list[tuple[Confirmation, forms.BoundField]]:
        """Each finding with its tick box."""
        return [(finding, self[finding.code]) for finding in self.findings]

    @property
    def confirmed(self) -> frozenset[str]:
        """The codes that were ticked."""
        return frozenset(code for code in self.fields if self.cleaned_data.get(code))
