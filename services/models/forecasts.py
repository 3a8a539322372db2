"""Forecasts and the reasons for their variances."""

from django.conf import settings
from django.db import models

from services.fields import MoneyField
from services.models.council import Council
from services.models.periods import MonitoringPeriod
from services.models.structure import ServiceLine


class Forecast(models.Model):
    """One line's figures at one period. `None` is “not yet forecast”, never nil. `version` is compared and set on every edit."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="forecasts")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="forecasts")
    actual_to_date = MoneyField(null=True, blank=True)
    commitments = MoneyField(null=True, blank=True)
    forecast_outturn = MoneyField(null=True, blank=True)
    best_case = MoneyField(null=True, blank=True, help_text="The lowest likely outturn.")
    worst_case = MoneyField(null=True, blank=True, help_text="The highest likely outturn.")
    is_carried_forward = models.BooleanField(
        default=False, help_text="Copied from the period before and not yet confirmed."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service_line", "period"], name="forecast_unique"),
            models.CheckConstraint(
                condition=models.Q(best_case__isnull=True)
                | models.Q(forecast_outturn__isnull=True)
                | models.Q(best_case__lte=models.F("forecast_outturn")),
                name="forecast_best_case_not_above_outturn",
            ),
            models.CheckConstraint(
                condition=models.Q(worst_case__isnull=True)
                | models.Q(forecast_outturn__isnull=True)
                | models.Q(worst_case__gte=models.F("forecast_outturn")),
                name="forecast_worst_case_not_below_outturn",
            ),
        ]
        indexes = [models.Index(fields=["period", "service_line"], name="forecast_of_a_period")]

    def __str__(self) -> str:
        return f"{self.service_line}, {self.period}"


class Driver(models.TextChoices):
    """Why a forecast differs from its budget: the field's usual list."""

    DEMAND = "demand", "Demand"
    PRICE = "price", "Price and inflation"
    MIX = "mix", "Mix and complexity"
    AGENCY = "agency", "Agency staffing"
    STAFFING = "staffing", "Staffing"
    VACANCIES = "vacancies", "Vacancies"
    INCOME = "income", "Income"
    PARTNERS = "partners", "Partner contributions"
    SAVINGS = "savings", "Savings slippage"
    GRANT = "grant", "Grant change"
    CONTRACT = "contract", "Contract renewal"
    TRANSPORT = "transport", "Transport"
    LEGAL = "legal", "Legal"
    NRPF = "nrpf", "No recourse to public funds"
    UASC = "uasc", "Unaccompanied asylum-seeking children"
    OTHER = "other", "Other"


class VarianceReason(models.Model):
    """One driver of a line's variance before reserves at one period, in pounds and words. Confirmed afresh each period."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="variance_reasons")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="variance_reasons")
    order = models.PositiveSmallIntegerField(default=0)
    driver = models.CharField(max_length=12, choices=Driver.choices)
    amount = MoneyField(
        null=True, blank=True, help_text="Signed pounds: + adds to the overspend. Blank if not broken down."
    )
    is_recurrent = models.BooleanField(
        null=True, help_text="Whether it will be there again next year; blank if not stated."
    )
    words = models.TextField(blank=True)
    action = models.TextField(blank=True, help_text="What is being done about it.")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service_line", "period", "order"], name="variance_reason_order_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="reason_both_confirmed_by_and_confirmed_at_set",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_line}, {self.period}: {self.get_driver_display()}"
