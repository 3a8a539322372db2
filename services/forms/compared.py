"""Forms that change what somebody else may change meanwhile: they know what they began from, and can be laid over what is held now."""

import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from accounting.wording import format_money
from presentation.components import Conflict
from services.forms.fields import PoundsField, WordsField


class ComparedForm(forms.Form):
    """A form that changes a record with a version, so that a stale save is compared with what is held, and overwrites nothing.

    To use it: derive the form from this class, add the hidden field named by `version_field`, and make the form that is shown with `initial`
    from the record, its version among them. Each field is sent with the entry that it began from. Where the operation raises
    `StaleVersionError`, `services.views.conflicts.conflict_page` shows the comparison with this form begun from what is held now.
    """

    version_field: ClassVar[str] = "expected_version"

    def __init__(self, *args: Any, **options: Any) -> None:
        self._made_with = {name: value for name, value in options.items() if name not in ("data", "initial")}
        super().__init__(*args, **options)
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.show_hidden_initial = True

    @property
    def compared(self) -> tuple[str, ...]:
        """The fields that a person sees, in order."""
        return tuple(
            name
            for name, field in self.fields.items()
            if not field.widget.is_hidden and field.show_hidden_initial
        )

    def started_from(self, name: str) -> Any:
        """The entry that was on the page when they began; `None` if that cannot be read."""
        bound = self[name]
        sent = bound.field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        return self._read(name, sent)

    def comparison(self, theirs: Mapping[str, object]) -> tuple[Conflict, ...]:
        """Every entry as this person has it, as it is held now, and as it was when they began; those that never differed are left out."""
        found = []
        for name in self.compared:
            base, now = self.started_from(name), self._read(name, theirs.get(name))
            yours = self.cleaned_data.get(name) if name in self.changed_data else base
            if _same(yours, base) and _same(base, now):
                continue
            said = {"yours": yours, "theirs": now, "base": base}
            found.append(
                Conflict(
                    label=str(self.fields[name].label),
                    **{which: entry_words(self.fields[name], value) for which, value in said.items()},
                    is_same=_same(yours, now),
                )
            )
        return tuple(found)

    def again(self, *, held: Mapping[str, Any], version: int | str) -> "ComparedForm":
        """This form to be sent again after somebody else saved: begun from what is held now, with what this person changed still in it."""
        data: dict[str, Any] = {
            self.add_prefix(self.version_field): version,
            self.add_prefix("key"): secrets.token_urlsafe(24),
        }
        for name in self.compared:
            now = self._text(name, held.get(name))
            data[self.add_initial_prefix(name)] = now
            given = self.data.get(self.add_prefix(name), "") if name in self.changed_data else now
            if not isinstance(self.fields[name], forms.BooleanField) or given not in ("", "False"):
                data[self.add_prefix(name)] = given
        for name, field in self.fields.items():  # a tick or a reason that was asked for on the way
            if (
                name not in self.compared
                and not field.widget.is_hidden
                and self.add_prefix(name) in self.data
            ):
                data[self.add_prefix(name)] = self.data[self.add_prefix(name)]
        form = type(self)(data, **self._made_with)
        for name in form.fields.keys() - self.fields.keys():
            del form.fields[name]
        return form

    def _read(self, name: str, sent: Any) -> Any:
        try:
            return self.fields[name].to_python(sent)
        except (forms.ValidationError, TypeError):
            return None

    def _text(self, name: str, value: Any) -> str:
        """A held value as this field's input would send it."""
        shown = self.fields[name].prepare_value(self._read(name, value))
        return "" if shown is None else str(shown)


class DecisionForm(forms.Form):
    """A decision sent again after somebody else changed what it is about: what was written with it, and what is seen now."""

    seen = forms.CharField(widget=forms.HiddenInput())
    seen_words = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, field: str, *, label: str, **options: Any) -> None:
        super().__init__(**options)
        if label:
            self.fields[field] = WordsField(label=label, rows=2)


def entry_words(field: forms.Field, value: Any) -> str:
    """An entry as a person reads it; a blank is said."""
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value) if value else "blank"
    if isinstance(value, bool) or isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(field.prepare_value(value), value) or "blank")
    if isinstance(field, PoundsField) and value is None:
        return "blank, not known"
    if isinstance(value, Decimal):
        return format_money(value, places=2)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value) if value not in (None, "") else "blank"


def _same(one: Any, other: Any) -> bool:
    """Whether two entries say the same; an empty one is as good as none, and a browser's line ends as any."""

    def plain(value: Any) -> Any:
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value

    return plain(one) == plain(other) or (plain(one) in (None, "") and plain(other) in (None, ""))
