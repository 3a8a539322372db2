"""The Dedicated Schools Grant's account, apart from every General Fund figure."""

from django.db import models

from accounting.dsg import DsgBalance
from accounting.funds import Fund
from accounting.money import ZERO
from services.fields import MoneyField
from services.models.council import Council
from services.models.periods import MonitoringPeriod


class DsgAccount(models.Model):
    """A DSG block's (or the whole DSG's) roll-forward as seen at one period. Deficits are positive. Blank is unknown."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="dsg_accounts")
    fund = models.CharField(max_length=30, choices=[(fund.value, fund.label) for fund in Fund if fund.is_dsg])
    name = models.CharField(
        max_length=200, help_text="What the balance is called, for example Cumulative SEND deficit."
    )
    opening = MoneyField(null=True, blank=True)
    in_year = MoneyField(null=True, blank=True)
    budgeted_in_year = MoneyField(null=True, blank=True)
    funding_received = MoneyField(default=ZERO)
    adjustments = MoneyField(default=ZERO)
    stated_closing = MoneyField(
        null=True, blank=True, help_text="As a paper states it, where its parts are not all known."
    )
    planned_closing = MoneyField(
        null=True, blank=True, help_text="The closing balance of the agreed recovery plan."
    )
    override_ends_on = models.DateField(
        null=True,
        blank=True,
        help_text="When the statutory override that keeps the deficit out of revenue ends, as the law then stood.",
    )
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "fund", "name"], name="dsg_account_unique")]

    def __str__(self) -> str:
        return f"{self.name}, {self.period}"

    @property
    def balance(self) -> DsgBalance:
        """The roll-forward, for the arithmetic."""
        return DsgBalance(
            opening=self.opening,
            in_year=self.in_year,
            funding_received=self.funding_received,
            adjustments=self.adjustments,
            stated_closing=self.stated_closing,
            planned_closing=self.planned_closing,
            budgeted_in_year=self.budgeted_in_year,
        )

    @property
    def money_fund(self) -> Fund:
        """The block."""
        return Fund(self.fund)
