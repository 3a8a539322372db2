"""Form fields that speak the field's language: money as people print it, years, and text with a stated limit."""

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from accounting.money import MoneyFormatError, parse_money
from accounting.wording import format_money

WORDS_LIMIT = 4_000


class PoundsField(forms.CharField):
    """Money in pounds, read by the one parser. Blank is `None`, “not yet known”; 0 is nil. What was typed is shown again as typed.

    `is_positive` refuses nil and less, for amounts whose direction is said by something else.
    """

    def __init__(self, *, is_positive: bool = False, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 40)
        options.setdefault(
            "widget", forms.TextInput(attrs={"class": "money", "inputmode": "text", "autocomplete": "off"})
        )
        super().__init__(**options)
        self.is_positive = is_positive
        self.error_messages["required"] = "Enter an amount in pounds, such as 1,234.50. Nil is 0."

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Exact pounds, or `None` for a blank."""
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            amount = parse_money(text)
        except MoneyFormatError as error:
            raise ValidationError(str(error), code="money") from error
        if self.is_positive and amount <= 0:
            raise ValidationError("Enter an amount above nil, without a sign.", code="not_positive")
        return amount

    def validate(self, value: Decimal | None) -> None:
        """Refuse a blank only where an amount must be given."""
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The parser has checked it; the length limit is for text."""

    def prepare_value(self, value: Any) -> Any:
        """A held amount as it may be typed: with commas, and with pence."""
        return format_money(value, places=2, symbol=False) if isinstance(value, Decimal) else value


class WordsField(forms.CharField):
    """Plain words, with the limit said beforehand. Line ends are kept; nothing in them is ever read as markup."""

    def __init__(self, *, rows: int = 3, limit: int = WORDS_LIMIT, **options: Any) -> None:
        hint = options.pop("help_text", "")
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(help_text=f"{hint} Up to {limit:,} characters.".strip(), **options)
        self.validators.append(
            MaxLengthValidator(
                limit,
                f"This has %(show_value)d characters; shorten it to {limit:,}. Nothing you wrote has been cut.",
            )
        )


class KeyField(forms.CharField):
    """A hidden key, made new for each page, so that a form sent twice has one effect."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            max_length=64,
            widget=forms.HiddenInput(),
            initial=lambda: secrets.token_urlsafe(24),
        )


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not stated."""

    def __init__(self, *, yes: str, no: str, unknown: str = "Not stated", **options: Any) -> None:
        super().__init__(
            choices=[("", unknown), ("yes", yes), ("no", no)],
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """The choice for a held yes or no."""
        return {True: "yes", False: "no", None: ""}.get(value, value) if not isinstance(value, str) else value
