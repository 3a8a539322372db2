"""The forms of deputies and of handing over."""

from typing import Any

from django import forms

from accounts.models import User
from services.forms.fields import KeyField, WordsField
from services.models import RoleAssignment


class PersonField(forms.CharField):
    """A person, named and not chosen from a list: who else uses this site is not this council's to see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=150,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            **options,
        )

    def clean(self, value: Any) -> User:
        """The person of that user name, in any capitals, who may sign in."""
        name = super().clean(value).strip()
        user = User.objects.filter(username__iexact=name, is_active=True).first()
        if user is None:
            raise forms.ValidationError(f"There is nobody with the user name “{name}” who may sign in.")
        return user


class RoleChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A choice among roles that people hold."""

    def label_from_instance(self, obj: Any) -> str:
        """“Director of Education: Budget holder, Education”."""
        return f"{obj.user}: {obj.in_words}"


def _day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}))


class DeputyForm(forms.Form):
    """Name a deputy for a role."""

    key = KeyField()
    assignment = RoleChoiceField(
        RoleAssignment.objects.none(),
        label="In whose place",
        empty_label=None,
        widget=forms.Select(attrs={"class": "long"}),
    )
    deputy = PersonField(label="User name of the deputy")
    starts_on = _day("First day", "From the beginning of this day, London time.")
    ends_on = _day("Last day", "To the end of this day. It may be ended before.")
    reason = WordsField(label="Why", rows=2, limit=500)

    def __init__(self, *args: Any, roles: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["assignment"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = RoleAssignment.objects.filter(pk__in=[role.pk for role in roles]).select_related(
            "user", "council", "directorate"
        )


class HandOverForm(forms.Form):
    """Give all that a person has in hand to a colleague."""

    key = KeyField()
    colleague = PersonField(label="User name of the colleague who takes it over")
    reason = WordsField(label="Why", rows=2, limit=500)
