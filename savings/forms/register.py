"""What of the register is asked for."""

from typing import Any

from django import forms

from accounting.savings import Stage
from savings.models import SavingsProposal
from services.models import Council, Directorate


class FilterForm(forms.Form):
    """Proposals of a directorate, at a stage, of a type, of a kind; a blank asks for all."""

    directorate = forms.ModelChoiceField(
        Directorate.objects.none(), label="Directorate", required=False, empty_label="All"
    )
    stage = forms.ChoiceField(
        label="Stage", required=False, choices=[("", "All"), *((one.value, one.label) for one in Stage)]
    )
    type = forms.ChoiceField(
        label="Type", required=False, choices=[("", "All"), *SavingsProposal.Type.choices]
    )
    kind = forms.ChoiceField(
        label="Saving or growth", required=False, choices=[("", "Both"), *SavingsProposal.Kind.choices]
    )

    def __init__(self, *args: Any, council: Council, allowed: frozenset[int] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        directorates = Directorate.objects.filter(council=council)
        self._rows = SavingsProposal.objects.filter(council=council)
        if allowed is not None:
            directorates = directorates.filter(pk__in=allowed)
            self._rows = self._rows.filter(directorate_id__in=allowed)
        field = self.fields["directorate"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = directorates.order_by("order", "name")

    def chosen(self) -> Any:
        """The proposals that are asked for, of those that the person may see; none for a question that makes no sense."""
        if not self.is_bound:
            return self._rows
        if not self.is_valid():
            return self._rows.none()
        return self._rows.filter(**{name: value for name, value in self.cleaned_data.items() if value})
