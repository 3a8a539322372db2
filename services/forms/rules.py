"""The forms of a council's rules of rating and explanation. Each is compared with what is held when it comes too late."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounting.materiality import Materiality, MaterialityError
from accounting.rag import Rag, RagRule, RagRuleError, Threshold, check_rules
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, PoundsField

SLOTS = (
    ("over_red", Rag.RED, True, "An overspend is Red"),
    ("over_amber", Rag.AMBER, True, "An overspend is Amber"),
    ("under_red", Rag.RED, False, "An underspend is Red"),
    ("under_amber", Rag.AMBER, False, "An underspend is Amber"),
)


class PercentField(forms.CharField):
    """A percentage to two places: “5”, “2.5” or “2.5%”. Blank is none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 8)
        options.setdefault("widget", forms.TextInput(attrs={"class": "money", "inputmode": "decimal"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """An exact percentage, or `None` for a blank."""
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value).strip().removesuffix("%").strip()
        if not text:
            return None
        if not text.isascii() or not text.replace(".", "", 1).isdigit():
            raise ValidationError("Write a percentage such as 5 or 2.5, without a sign.", code="percent")
        try:
            found = Decimal(text)
        except InvalidOperation as error:
            raise ValidationError("Write a percentage such as 5 or 2.5.", code="percent") from error
        if found != found.quantize(Decimal("0.01")) or found >= 1000:
            raise ValidationError("Write at most two decimals, and less than 1,000.", code="percent")
        return found

    def validate(self, value: Any) -> None:
        """Nothing more; a rule says which of its limits it needs."""

    def run_validators(self, value: Any) -> None:
        """Nothing more; the limit is for text."""

    def prepare_value(self, value: Any) -> Any:
        """A held percentage without idle noughts: “2.5”."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class RagForm(ComparedForm):
    """Red and Amber, for an overspend and for an underspend; Green is what is left."""

    version_field = "seen"

    seen = forms.CharField(widget=forms.HiddenInput(), required=False)
    key = KeyField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for slot, _, _, label in SLOTS:
            never = [] if slot == "over_red" else [("", "Never")]
            by = (
                (Threshold.PERCENT, "By percentage"),
                (Threshold.AMOUNT, "By amount"),
                (Threshold.WHICHEVER_IS_LOWER, "By whichever of the two is lower"),
            )
            self._add(
                f"{slot}_by",
                forms.ChoiceField(
                    label=label,
                    required=not never,
                    choices=never + [(kind.value, words) for kind, words in by],
                ),
            )
            self._add(f"{slot}_percent", PercentField(label=f"{label}: percentage of the revised budget"))
            self._add(f"{slot}_amount", PoundsField(label=f"{label}: amount, £"))
            self._add(
                f"{slot}_inclusive",
                forms.ChoiceField(
                    label=f"{label}: at the limit itself",
                    choices=[("yes", "Yes: the limit or more"), ("no", "No: more than the limit")],
                    required=False,
                ),
            )

    def _add(self, name: str, field: forms.Field) -> None:
        field.show_hidden_initial = True
        self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """Each rule has the limits it goes by, and the table makes sense."""
        given = super().clean() or {}
        for slot, _, _, _ in SLOTS:
            for limit in self._limits(given.get(f"{slot}_by") or ""):
                if given.get(f"{slot}_{limit}") is None and f"{slot}_{limit}" not in self.errors:
                    self.add_error(f"{slot}_{limit}", f"Give the {limit}, or choose another way to rate.")
        if not self.errors:
            try:
                check_rules(self.rules)
            except RagRuleError as error:
                self.add_error(None, str(error))
        return given

    @staticmethod
    def _limits(by: str) -> tuple[str, ...]:
        return {"percent": ("percent",), "amount": ("amount",), "lower": ("percent", "amount")}.get(by, ())

    @property
    def rules(self) -> tuple[RagRule, ...]:
        """The table that was sent, in the order in which it is asked."""
        given = self.cleaned_data
        found = []
        for slot, rating, overspend, _ in SLOTS:
            by = given.get(f"{slot}_by") or ""
            limits = {limit: given.get(f"{slot}_{limit}") for limit in self._limits(by)}
            if by:
                found.append(
                    RagRule(
                        rating=rating,
                        overspend=overspend,
                        threshold=Threshold(by),
                        inclusive=given.get(f"{slot}_inclusive") != "no",
                        **limits,
                    )
                )
        return tuple(found)


def rag_initial(rules: Sequence[RagRule]) -> dict[str, Any]:
    """What the form begins from."""
    found: dict[str, Any] = {}
    for slot, rating, overspend, _ in SLOTS:
        rule = next((one for one in rules if (one.rating, one.overspend) == (rating, overspend)), None)
        found |= {
            f"{slot}_by": rule.threshold.value if rule else "",
            f"{slot}_percent": rule.percent if rule else None,
            f"{slot}_amount": rule.amount if rule else None,
            f"{slot}_inclusive": "no" if rule and not rule.inclusive else "yes",
        }
    return found


class ExplanationForm(ComparedForm):
    """From what amount or percentage a variance must be explained in words."""

    version_field = "seen"

    amount = PoundsField(
        label="Amount, £", help_text="A variance of this much or more. Blank: no amount asks."
    )
    percent = PercentField(
        label="Percentage of the revised budget",
        help_text="A variance of this share or more. Blank: no percentage asks.",
    )
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)
    key = KeyField()

    def clean(self) -> dict[str, Any]:
        """Some variance must be explained, and not every one."""
        given = super().clean() or {}
        if not self.errors:
            try:
                self.rule.check()
            except MaterialityError as error:
                self.add_error(None, str(error))
        return given

    @property
    def rule(self) -> Materiality:
        """The rule that was sent."""
        return Materiality(amount=self.cleaned_data.get("amount"), percent=self.cleaned_data.get("percent"))
