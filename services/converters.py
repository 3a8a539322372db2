"""How an address writes a period, `2023-24/p7` in one spelling only, and a step of a decision."""

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


class StepConverter:
    """What is to be done next with something that waits for a decision."""

    regex = "request|approve|reject|refuse|post|apply"

    def to_python(self, value: str) -> str:
        """The step's name."""
        return value

    def to_url(self, value: str) -> str:
        """The step's name."""
        return value


register_converter(PeriodConverter, "period")
register_converter(StepConverter, "step")
