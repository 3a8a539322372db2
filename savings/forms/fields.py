"""Fields that forms of savings have beside those of the site: days, financial years, posts, percentages."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounting.periods import FinancialYear, PeriodFormatError


def day_field(label: str, help_text: str = "") -> forms.DateField:
    """A day that need not be given."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, help_text=help_text, widget=widget)


def line_of_text(
    label: str, *, limit: int = 200, required: bool = False, help_text: str = ""
) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, max_length=limit, required=required, help_text=help_text)


class YearField(forms.CharField):
    """A financial year, as “2026/27”. Blank is none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 12)
        options.setdefault("widget", forms.TextInput(attrs={"class": "year", "autocomplete": "off"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> FinancialYear | None:  # type: ignore[override]
        """The year, or `None` for a blank."""
        if value is None or isinstance(value, FinancialYear):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return FinancialYear.parse(text)
        except PeriodFormatError as error:
            raise ValidationError(str(error), code="year") from error

    def validate(self, value: Any) -> None:
        """Refuse a blank only where a year must be given."""
        if value is None and self.required:
            raise ValidationError("Give the financial year, such as 2026/27.", code="required")

    def run_validators(self, value: Any) -> None:
        """The parser has checked it."""

    def prepare_value(self, value: Any) -> Any:
        """A held year as it is written."""
        return str(value) if isinstance(value, FinancialYear) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another year is meant, however it is written."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class PartsField(forms.CharField):
    """A number of posts, or a percentage: a plain decimal without a sign. Blank is not stated."""

    def __init__(self, *, places: int = 2, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", 12)
        options.setdefault("widget", forms.TextInput(attrs={"class": "money", "inputmode": "decimal"}))
        super().__init__(**options)
        self.places = places

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """An exact number, or `None` for a blank."""
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value).strip().removesuffix("%").strip().replace(",", "")
        if not text:
            return None
        try:
            if not text.isascii() or not text.replace(".", "", 1).isdigit():
                raise InvalidOperation
            return Decimal(text)
        except InvalidOperation as error:
            raise ValidationError("Write a number such as 3.5, without a sign.", code="number") from error

    def validate(self, value: Any) -> None:
        """Refuse a blank only where a number must be given."""
        if value is None and self.required:
            raise ValidationError("Give a number such as 3.5.", code="required")

    def run_validators(self, value: Any) -> None:
        """Nothing more; the limit is for text."""

    def prepare_value(self, value: Any) -> Any:
        """A held number without idle noughts."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class CountField(forms.IntegerField):
    """A whole number, nil or more, typed as text. Blank is not stated."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("min_value", 0)
        options.setdefault("max_value", 999_999)
        options.setdefault("widget", forms.TextInput(attrs={"class": "money", "inputmode": "numeric"}))
        super().__init__(**options)
