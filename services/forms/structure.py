"""The forms of a council's structure and of who holds which role."""

from typing import Any

from django import forms

from accounting.funds import Fund
from accounts.models import User
from services.forms.budgets import LineChoiceField
from services.forms.fields import WordsField
from services.models import Directorate, Division, MonitoringPeriod, ServiceLine
from services.roles import Role


class DirectorateForm(forms.Form):
    """A new directorate."""

    name = forms.CharField(label="Name of the directorate", max_length=200)


class DivisionForm(forms.Form):
    """A new division of a directorate."""

    directorate = forms.ModelChoiceField(Directorate.objects.none(), label="Directorate", empty_label=None)
    name = forms.CharField(label="Name of the division", max_length=200)

    def __init__(self, *args: Any, directorates: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["directorate"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = directorates


class DivisionChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A choice among divisions, each with its directorate."""

    def label_from_instance(self, obj: Any) -> str:
        """“Corporate parenting (Children and families)”."""
        return f"{obj.name} ({obj.directorate.name})"


class ServiceLineForm(forms.Form):
    """A new service line."""

    division = DivisionChoiceField(Division.objects.none(), label="Division", empty_label="Choose a division")
    code = forms.CharField(
        label="Code",
        required=False,
        max_length=40,
        help_text="The council’s own, kept letter for letter: 00123 is not 123.",
    )
    name = forms.CharField(label="Name of the service line", max_length=200)
    fund = forms.ChoiceField(label="Fund", choices=[(fund.value, fund.label) for fund in Fund])
    kind = forms.ChoiceField(label="Kind", choices=ServiceLine.Kind.choices)
    is_statutory = forms.BooleanField(label="Statutory: the law requires it", required=False)
    is_demand_led = forms.BooleanField(
        label="Demand-led: it costs what the number of children makes it cost", required=False
    )
    is_controllable = forms.BooleanField(
        label="Controllable: the council can decide to change it this year", required=False, initial=True
    )
    opened_in = forms.ModelChoiceField(
        MonitoringPeriod.objects.none(),
        label="First period it reports in",
        required=False,
        empty_label="It reports in every period",
    )

    def __init__(self, *args: Any, divisions: Any, periods: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, queryset in (("division", divisions), ("opened_in", periods)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset


class RestructureForm(forms.Form):
    """Close a line from a period, and say where its budget went."""

    line = LineChoiceField(ServiceLine.objects.none(), label="Line that closes", empty_label="Choose a line")
    successor = LineChoiceField(
        ServiceLine.objects.none(),
        label="Line that takes it over",
        required=False,
        empty_label="No line takes it over",
    )
    from_period = forms.ModelChoiceField(
        MonitoringPeriod.objects.none(), label="First period it no longer reports in", empty_label=None
    )
    reason = WordsField(label="Why", rows=2)

    def __init__(self, *args: Any, lines: Any, periods: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, queryset in (("line", lines), ("successor", lines), ("from_period", periods)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset


class RoleForm(forms.Form):
    """Give a person a role. The person is named, not chosen from a list: who else uses this site is not this council's to see."""

    username = forms.CharField(
        label="User name of the person", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices)
    directorate = forms.ModelChoiceField(
        Directorate.objects.none(),
        label="Directorate",
        required=False,
        empty_label="The whole council",
        help_text="A budget holder has one directorate.",
    )

    def __init__(self, *args: Any, directorates: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["directorate"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = directorates

    def clean_username(self) -> User:
        """The person of that name, in any capitals."""
        name = self.cleaned_data["username"].strip()
        user = User.objects.filter(username__iexact=name, is_active=True).first()
        if user is None:
            raise forms.ValidationError(f"There is nobody with the user name “{name}” who may sign in.")
        return user


class TrailForm(forms.Form):
    """What part of the audit trail is asked for."""

    by = forms.CharField(label="Who", required=False, max_length=100)
    action = forms.ChoiceField(label="What was done", required=False)
    subject = forms.CharField(label="About", required=False, max_length=100)
    period = forms.ChoiceField(label="Period", required=False)

    def __init__(self, *args: Any, actions: Any, periods: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("action", actions), ("period", periods)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "All"), *choices]
