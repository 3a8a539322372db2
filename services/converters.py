"""How an address writes a period: `2023-24/p7`, in one spelling only."""

from django.urls import register_converter

from accounting.periods import Period


class PeriodConverter:
    """A period in an address. Any other spelling, or a year that is not one (`2023-25`), is no address."""

    regex = r"[0-9]{4}-[0-9]{2}/p(?:1[0-3]|[1-9])"

    def to_python(self, value: str) -> Period:
        """The period; `PeriodFormatError`, a `ValueError`, makes Django answer 404."""
        return Period.parse(value)

    def to_url(self, value: Period) -> str:
        """As the address writes it."""
        return value.slug


register_converter(PeriodConverter, "period")
