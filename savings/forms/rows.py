"""Lists that are kept as a whole: a row for each part, note, year or step. A row left blank, or struck out, is not kept."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from accounting.words_lint import Concern
from services.forms.compared import ComparedForm, entry_words
from services.forms.words import PublishedWordsForm

BLANK_ROWS = 2
MOST_ROWS = 60


class Row(PublishedWordsForm, ComparedForm):
    """One row of a list. `says` are the fields of which any one makes it a row, `needs` those that a row must have."""

    says: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["remove"] = forms.BooleanField(label="Take this row out", required=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered, or it was struck out."""
        given = self.cleaned_data
        says_nothing = not self.errors and all(given.get(name) in (None, "", False) for name in self.says)
        return bool(given.get("remove")) or says_nothing

    @property
    def has_been_kept(self) -> bool:
        """Whether the page had it already, so that it can be taken out."""
        return any(self[name].initial not in (None, "", False) for name in self.says)

    def clean(self) -> dict[str, Any]:
        """A row has all that it needs."""
        given: dict[str, Any] = super().clean() or {}
        self.cleaned_data = given
        if given.get("remove"):
            self.errors.clear()  # what is taken out need not be right
        if self.is_blank:
            return given
        for name in self.needs:
            if given.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, "Fill this in, or clear the whole row.")
        return given

    def _concerns(self, name: str) -> tuple[Concern, ...]:
        return () if self.cleaned_data.get("remove") else super()._concerns(name)

    @property
    def values(self) -> dict[str, Any]:
        """What the row says, by field."""
        return {name: self.cleaned_data[name] for name in self.compared if name in self.cleaned_data}

    @property
    def words_given(self) -> str:
        """The row as it was sent, in one piece."""
        return "" if self.is_blank else self.in_words(self.values)

    @property
    def words_started_from(self) -> str:
        """The row as the page had it; empty where it was blank."""
        return self.in_words({name: self.started_from(name) for name in self.compared})

    def in_words(self, values: Mapping[str, Any]) -> str:
        """“Posts: 2; Amount: £10,000.00”; empty for a row that says nothing."""
        if all(values.get(name) in (None, "", False) for name in self.says):
            return ""
        said = ((self.fields[name], values.get(name)) for name in self.compared)
        return "; ".join(
            f"{field.label}: {entry_words(field, value)}"
            for field, value in said
            if value not in (None, "", False)
        )


class RowSet(forms.BaseFormSet[Row]):
    """Every row of one list, with blank ones for more."""

    @property
    def given(self) -> list[dict[str, Any]]:
        """The rows to be kept, in order."""
        return [row.values for row in self.forms if not row.is_blank]

    @property
    def words_given(self) -> list[str]:
        """Each row to be kept, in one piece."""
        return [words for row in self.forms if (words := row.words_given)]

    @property
    def words_started_from(self) -> list[str]:
        """Each row that the page had, in one piece."""
        return [words for row in self.forms if (words := row.words_started_from)]

    @property
    def words_accepted(self) -> tuple[str, ...]:
        """The passages that were ticked as checked, over all rows."""
        return tuple(words for row in self.forms if not row.is_blank for words in row.words_accepted)

    @property
    def is_changed(self) -> bool:
        """Whether any row differs from what the page had."""
        return any(row.has_changed() for row in self.forms)


def row_set(
    kind: type[Row],
    data: QueryDict | None,
    *,
    prefix: str,
    held: Sequence[Mapping[str, Any]] = (),
    options: Mapping[str, Any] | None = None,
) -> RowSet:
    """The rows as they were sent, or as they are held with blank ones after them. `more` in what was sent asks for more blank ones."""
    made: type[RowSet] = forms.formset_factory(  # type: ignore[assignment]  # the stubs forget `formset`
        kind,
        formset=RowSet,
        extra=BLANK_ROWS,
        max_num=max(MOST_ROWS, len(held) + BLANK_ROWS),
        validate_max=True,
        absolute_max=200,
    )
    if data is not None and "more" in data:
        data = data.copy()
        total = data.get(f"{prefix}-TOTAL_FORMS", "0")
        wanted = (
            int(total) + BLANK_ROWS if total.isascii() and total.isdigit() and len(total) < 4 else BLANK_ROWS
        )
        data[f"{prefix}-TOTAL_FORMS"] = str(wanted)
    return made(data, prefix=prefix, initial=list(held), form_kwargs=dict(options or {}))


def held_words(kind: type[Row], held: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> list[str]:
    """Each row that is held now, in one piece."""
    form = kind(**options)
    return [
        words
        for one in held
        if (words := form.in_words({name: _read(form, name, value) for name, value in one.items()}))
    ]


def _read(form: Row, name: str, value: Any) -> Any:
    try:
        return form.fields[name].to_python(value)
    except forms.ValidationError:
        return value
