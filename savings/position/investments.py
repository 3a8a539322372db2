"""Invest to save: a proposal's plan beside what has happened, and when it pays back."""

from collections.abc import Iterable

from accounting.payback import payback, payback_so_far
from accounting.periods import FinancialYear
from savings.entries import InvestmentEntry
from savings.models import InvestmentYear


def investment_of(
    rows: Iterable[InvestmentYear],
) -> tuple[tuple[InvestmentEntry, ...], FinancialYear | None]:
    """Every year planned beside actual, and the year from which the plan has paid back. No query."""
    years = list(rows)
    planned = payback(
        [(FinancialYear(one.year), one.planned_investment, one.planned_benefit) for one in years]
    )
    actual = payback_so_far(
        [(FinancialYear(one.year), one.actual_investment, one.actual_benefit) for one in years]
    )
    planned_so_far = {one.year: one.cumulative for one in planned.years}
    actual_so_far = {one.year: one.cumulative for one in actual.years}
    entries = tuple(
        InvestmentEntry(
            year=FinancialYear(one.year),
            planned_investment=one.planned_investment,
            planned_benefit=one.planned_benefit,
            planned_cumulative=planned_so_far[FinancialYear(one.year)],
            actual_investment=one.actual_investment,
            actual_benefit=one.actual_benefit,
            actual_cumulative=actual_so_far.get(FinancialYear(one.year)),
            funded_from=one.funded_from,
            evidence=one.evidence,
        )
        for one in years
    )
    return entries, planned.paid_back_in
