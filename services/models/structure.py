"""How a council is divided: directorates, divisions and service lines."""

from django.db import models

from accounting.funds import Fund
from services.models.council import Council


class Directorate(models.Model):
    """A directorate, the scope in which forecasts are submitted."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="directorates")
    name = models.CharField(max_length=200)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["council", "name"], name="directorate_name_unique")]

    def __str__(self) -> str:
        return self.name


class Division(models.Model):
    """A division of a directorate."""

    mutability = "editable"

    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, related_name="divisions")
    name = models.CharField(max_length=200)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["directorate", "name"], name="division_name_unique")]

    def __str__(self) -> str:
        return self.name


class ServiceLine(models.Model):
    """The line on which a budget is held and a forecast is made. Its code is text and is matched exactly: 00123 is not 123."""

    class Kind(models.TextChoices):
        NET = "net", "Net"
        EXPENDITURE = "expenditure", "Gross expenditure"
        INCOME = "income", "Gross income"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="service_lines")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="service_lines")
    code = models.CharField(
        max_length=40, blank=True, help_text="The council's own code; blank if the return prints none."
    )
    name = models.CharField(max_length=200)
    fund = models.CharField(
        max_length=30, choices=[(fund.value, fund.label) for fund in Fund], default=Fund.GENERAL_FUND
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NET)
    is_statutory = models.BooleanField(default=False)
    is_demand_led = models.BooleanField(default=False)
    is_controllable = models.BooleanField(default=True)
    order = models.PositiveIntegerField(default=0)
    opened_in = models.ForeignKey(
        "services.MonitoringPeriod",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="First period it reports in; blank if it always has.",
    )
    closed_from = models.ForeignKey(
        "services.MonitoringPeriod",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="First period it no longer reports in.",
    )
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text="Where its budget went in a restructure.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["council", "code"], condition=~models.Q(code=""), name="service_line_code_unique"
            ),
            models.UniqueConstraint(fields=["division", "name", "fund"], name="service_line_name_unique"),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("id")), name="service_line_not_its_own_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def money_fund(self) -> Fund:
        """The line's fund."""
        return Fund(self.fund)
