"""The forms of the ledger: the file and its control total, codes to be mapped, and what a person confirms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from services.forms.fields import PoundsField
from services.forms.imports import NOT_READ, ReadingForm, UploadForm
from services.imports.ledger_codes import CodeEntry, LineNames, read_codes
from services.imports.profile import Field
from services.operations.repeats import fingerprint

_LINES = "ledger-lines"
"""The id of the list of service lines that the page has once for all its boxes."""


class LedgerForm(UploadForm):
    """A ledger file, how it is read, and what it must add to."""

    stated = PoundsField(
        label="Control total of the actual to date",
        required=False,
        help_text="What the ledger itself says all of it adds to, in pounds and pence. Leave blank if the file has a total row.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].label = "The ledger"
        self.fields["profile"].help_text = (
            "A saved profile says what each heading means, the unit, and which rows are totals. "
            "You can also say so when the file has been looked at, and save that as a profile."
        )
        self.fields["file"].help_text = (
            "A CSV file or an Excel workbook (.xlsx) with a row for each cost centre and subjective code: actual to date and, if you have them, "
            "commitments. At most 50,000 rows and 20 MB. You see what it would do before anything is written."
        )


class LedgerReadingForm(ReadingForm):
    """How a ledger file is to be read: what each of its columns holds, its unit, and which of its rows are no codes."""

    read_as = (
        NOT_READ,
        (Field.CODE.value, "Cost centre"),
        (Field.SUBJECTIVE.value, "Subjective code"),
        (Field.SERVICE_LINE.value, "Description"),
        (Field.ACTUAL_TO_DATE.value, "Actual to date"),
        (Field.COMMITMENTS.value, "Commitments"),
        (Field.EARLIER_ACTUAL.value, "Actual to the end of the month before"),
        (Field.MONTH_ACTUAL.value, "Actual of this month alone"),
    )
    overspend = directorate = division = create_missing_lines = None  # type: ignore[assignment]  # a ledger has none of these


class MapForm(forms.Form):
    """A service line for each code that has none."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, unknown: Sequence[Mapping[str, Any]], names: LineNames, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.unknown, self.names = unknown, names
        self.fields["seen"].initial = fingerprint({"unknown": list(unknown)})
        for place, code in enumerate(unknown):
            self.fields[f"line_{place}"] = forms.CharField(
                label=f"Service line for {code['cost_centre']} {code['subjective']}",
                required=False,
                max_length=250,
                initial=code["line"],
                widget=forms.TextInput(attrs={"list": _LINES, "autocomplete": "off"}),
            )
            self.fields[f"all_{place}"] = forms.BooleanField(
                label=f"And every other code of {code['cost_centre']}", required=False
            )

    @property
    def rows(self) -> list[tuple[Mapping[str, Any], forms.BoundField, forms.BoundField]]:
        """Each code with its box and its tick."""
        return [
            (code, self[f"line_{place}"], self[f"all_{place}"]) for place, code in enumerate(self.unknown)
        ]

    def clean(self) -> dict[str, Any]:
        """Find each line that was named; every mistake is told beside its box."""
        given = super().clean() or {}
        if given.get("seen") != self.fields["seen"].initial:
            raise forms.ValidationError(
                "The file was checked again since this page was shown, and its codes are others. They are below."
            )
        self.entries: list[CodeEntry] = []
        whole: set[str] = set()
        for place, code in enumerate(self.unknown):
            words = given.get(f"line_{place}", "").strip()
            if not words:
                continue
            line = self.names.find(words)
            if isinstance(line, str):
                self.add_error(f"line_{place}", line)
                continue
            is_whole = bool(given.get(f"all_{place}"))
            if is_whole and code["cost_centre"] in whole:
                continue
            whole |= {code["cost_centre"]} if is_whole else set()
            subjective = "" if is_whole else code["subjective"]
            self.entries.append(
                CodeEntry(cost_centre=code["cost_centre"], subjective=subjective, line_id=line.pk)
            )
        if not self.entries and not self.errors:
            raise forms.ValidationError("No service line was chosen. Choose one for at least one code.")
        return given


class CodesForm(forms.Form):
    """Rows of the mapping table, typed or pasted."""

    rows = forms.CharField(
        label="Codes to add or change",
        help_text="One row a code: cost centre, subjective code, service line (its code or its name) and, if it is closed, the first period in which "
        "it is, like 2026-27/p5. Commas, semicolons or tabs between, so rows copied from Excel can be pasted. Leave the subjective code blank for "
        "every other code of the cost centre.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        error_messages={"required": "Give at least one row."},
    )

    def __init__(self, *args: Any, names: LineNames, **options: Any) -> None:
        super().__init__(*args, **options)
        self.names = names

    def clean_rows(self) -> str:
        """Read the rows; every mistake is told at once."""
        text: str = self.cleaned_data["rows"]
        self.entries, problems = read_codes(text, names=self.names)
        if problems:
            raise forms.ValidationError([str(problem) for problem in problems[:20]])
        return text
