"""The forms of a council's scheme of virement: its rows, and the scheme as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounting.virements import ApprovalRule, Boundary, SchemeError, check_scheme, in_order, rule_words
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField
from services.operations.rule_tables import RANKS, VirementApproval
from services.roles import Role

ROWS_AT_MOST = 12


class SchemeForm(ComparedForm):
    """What the scheme of virement as a whole carries; its rows are forms of their own."""

    version_field = "seen"

    seen = forms.CharField(widget=forms.HiddenInput(), required=False)
    key = KeyField()


class SchemeRowForm(ComparedForm):
    """One row of a scheme of virement. A row without a boundary is no row."""

    boundary = forms.ChoiceField(
        label="Across",
        required=False,
        choices=[("", "No row"), *((one.value, one.label) for one in Boundary)],
    )
    above_amount = PoundsField(label="More than, £")
    approver = forms.ChoiceField(
        label="Approved by",
        choices=[(Role(name).value, Role(name).label) for name in sorted(RANKS, key=lambda one: -RANKS[one])],
    )
    listed = forms.ChoiceField(
        label="Members",
        choices=[("information", "are told: for information"), ("approval", "are asked: for approval")],
    )

    def clean(self) -> dict[str, Any]:
        """A row has an amount; nil is 0."""
        given = super().clean() or {}
        if given.get("boundary") and given.get("above_amount") is None and "above_amount" not in self.errors:
            self.add_error("above_amount", "Enter the amount; 0 is for every virement.")
        return given

    @property
    def rule(self) -> ApprovalRule | None:
        """The row; `None` if it is none."""
        return _row({name: self.cleaned_data.get(name) for name in self.base_fields})

    @property
    def rule_started_from(self) -> ApprovalRule | None:
        """The row as the page had it."""
        return _row({name: self.started_from(name) for name in self.base_fields})


def _row(given: Mapping[str, Any]) -> ApprovalRule | None:
    if not given.get("boundary") or given.get("above_amount") is None:
        return None
    return ApprovalRule(
        boundary=Boundary(given["boundary"]),
        above_amount=given["above_amount"],
        approver=given.get("approver") or Role.HEAD_OF_FINANCE.value,
        for_approval=given.get("listed") == "approval",
    )


class SchemeFormSet(forms.BaseFormSet[SchemeRowForm]):
    """The rows of a scheme of virement, in any order: they are asked from the most demanding down."""

    @property
    def rules(self) -> tuple[ApprovalRule, ...]:
        """The scheme that was sent, in the order in which it is asked."""
        return in_order([rule for form in self.forms if (rule := form.rule)])

    @property
    def rules_started_from(self) -> tuple[ApprovalRule, ...]:
        """The scheme as the page had it."""
        return in_order([rule for form in self.forms if (rule := form.rule_started_from)])

    def clean(self) -> None:
        """The scheme makes sense as a whole."""
        if any(form.errors for form in self.forms):
            return
        try:
            check_scheme(self.rules, ranks=RANKS)
        except SchemeError as error:
            raise ValidationError(str(error)) from error


SCHEME_FORMS: type[SchemeFormSet] = forms.formset_factory(  # type: ignore[assignment]  # the stubs forget `formset`
    SchemeRowForm,
    formset=SchemeFormSet,
    extra=2,
    max_num=ROWS_AT_MOST,
    absolute_max=ROWS_AT_MOST,
    validate_max=True,
)


def scheme_initial(rules: Sequence[ApprovalRule]) -> list[dict[str, Any]]:
    """What the rows begin from."""
    return [
        {
            "boundary": rule.boundary.value,
            "above_amount": rule.above_amount,
            "approver": rule.approver,
            "listed": "approval" if rule.for_approval else "information",
        }
        for rule in rules
    ]


def approvals(rules: Sequence[ApprovalRule]) -> tuple[VirementApproval, ...]:
    """Rows as the operation takes them."""
    return tuple(
        VirementApproval(
            boundary=rule.boundary.value,  # type: ignore[arg-type]  # the model's choices have the same values
            above_amount=rule.above_amount,
            approver=Role(rule.approver),
            reported_for_approval=rule.for_approval,
        )
        for rule in rules
    )


def scheme_words(rules: Sequence[ApprovalRule]) -> list[str]:
    """Each row in words."""
    return [rule_words(rule) for rule in rules]
