"""Rows of the tables beside the position: DSG, reserves, budget changes, risks and sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scrutiny.published import (
    PublishedDsg,
    PublishedPeriod,
    PublishedReserve,
    PublishedReserveUse,
    PublishedRisk,
    PublishedSource,
    PublishedVirement,
)
from scrutiny.tables.rows import marks_of

FIGURE_WORDS: Mapping[str, str] = {
    "original_budget": "Original budget",
    "virements": "Virements",
    "funding_changes": "Funding changes",
    "revised_budget": "Revised budget",
    "actual_to_date": "Actual to date",
    "commitments": "Commitments",
    "forecast_outturn": "Forecast outturn",
    "best_case": "Best case",
    "worst_case": "Worst case",
    "variance_before_reserves": "Variance before reserves",
    "drawdown": "Drawdown",
    "contribution": "Contribution",
    "other_one_off_funding": "Other one-off funding",
    "variance_after_reserves": "Variance after reserves",
    "variance_if_all_approved": "Variance if all planned uses are approved",
    "underlying_variance": "Underlying variance",
    "movement": "Movement",
    "variance_percent": "Percent of budget",
    "opening": "Opening balance",
    "in_year": "In-year deficit",
    "budgeted_in_year": "Budgeted in-year deficit",
    "in_year_variance": "In-year variance",
    "closing": "Cumulative deficit",
    "planned_closing": "Planned cumulative deficit",
    "variance_from_plan": "Variance from plan",
}
"""A source's figure, as tables head it."""


def figure_words(figure: str) -> str:
    """A figure's heading, from its name in the position or in an account."""
    return FIGURE_WORDS.get(figure, figure.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure of a DSG account."""

    measure: str
    account: str
    amount: Decimal | None
    meaning: str
    marks: Mapping[str, str] = field(default_factory=dict)


_MEASURES = (
    (
        "in_year_variance",
        "In-year variance",
        "How far this year's deficit is from the one that was budgeted for.",
    ),
    ("budgeted_in_year", "Budgeted in-year deficit", "The deficit that was budgeted for this year."),
    ("in_year", "In-year deficit", "This year's spending beyond this year's grant."),
    ("opening", "Opening balance", "The cumulative deficit at 1 April."),
    ("funding_received", "Funding received", "Grant paid towards the deficit this year, which reduces it."),
    ("adjustments", "Adjustments", "Corrections of earlier years."),
    ("closing", "Cumulative deficit", "The deficit of all years together at 31 March."),
    ("planned_closing", "Planned cumulative deficit", "What the agreed plan allows at 31 March."),
    ("variance_from_plan", "Variance from plan", "The cumulative deficit beyond the plan's."),
)


def dsg_rows(accounts: Iterable[PublishedDsg]) -> tuple[MeasureRow, ...]:
    """Each account's measures, those that differ from one another never in one column's sum."""
    return tuple(
        MeasureRow(
            measure=label,
            account=account.name,
            amount=getattr(account, name),
            meaning=meaning,
            marks={"amount": basis} if (basis := marks_of(account.sources).get(name)) else {},
        )
        for account in accounts
        for name, label, meaning in _MEASURES
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """One use of a reserve."""

    reserve: str
    service_line: str
    kind: str
    amount: Decimal
    state_label: str
    counted: str
    purpose: str
    decision_reference: str


def use_rows(uses: Iterable[PublishedReserveUse]) -> tuple[UseRow, ...]:
    """Uses in their order, saying where each is counted."""
    return tuple(
        UseRow(
            reserve=use.reserve,
            service_line=use.service_line,
            kind=use.kind.capitalize(),
            amount=use.amount,
            state_label=use.state_label,
            counted="Budget"
            if use.included_in_budget
            else "Forecast"
            if use.included_in_forecast
            else "Variance after reserves",
            purpose=use.purpose,
            decision_reference=use.decision_reference,
        )
        for use in uses
    )


def reserve_rows(reserves: Iterable[PublishedReserve]) -> tuple["ReserveRow", ...]:
    """Reserves in their order."""
    names = ("name", "kind_label", "opening", "drawdown", "contribution", "transfers", "closing")
    more = ("pending_drawdown", "pending_contribution", "closing_if_all_approved", "runway_years")
    return tuple(
        ReserveRow(
            **{name: getattr(reserve, name) for name in (*names, *more)}, marks=marks_of(reserve.sources)
        )
        for reserve in reserves
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRow:
    """One reserve."""

    name: str
    kind_label: str
    opening: Decimal | None
    drawdown: Decimal
    contribution: Decimal
    transfers: Decimal
    closing: Decimal | None
    pending_drawdown: Decimal
    pending_contribution: Decimal
    closing_if_all_approved: Decimal | None
    runway_years: Decimal | None
    marks: Mapping[str, str]

    @property
    def runway_words(self) -> str:
        """What stands for the years where there are none."""
        return "not known" if self.closing is None else "not being used up"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetChangeRow:
    """One leg of a virement, or a funding change."""

    reference: str
    service_line: str
    amount: Decimal
    kind: str
    lasting: str
    effective_label: str
    state_label: str
    reason: str
    decided_by: str


def budget_change_rows(virements: Iterable[PublishedVirement]) -> tuple[BudgetChangeRow, ...]:
    """Every leg of every virement and funding change."""
    return tuple(
        BudgetChangeRow(
            reference=virement.reference,
            service_line=leg.service_line,
            amount=leg.amount,
            kind=f"{'Virement' if virement.is_virement else 'Funding change'}: {virement.type_label}",
            lasting="Permanent" if virement.is_permanent else "This year only",
            effective_label=virement.effective_label,
            state_label=virement.state_label,
            reason=virement.reason,
            decided_by=virement.decided_by,
        )
        for virement in virements
        for leg in virement.legs
    )


def budget_changes_apart(
    virements: Iterable[PublishedVirement],
) -> tuple[tuple[str, str, tuple[BudgetChangeRow, ...]], ...]:
    """Virements that members are asked to approve, those they are told of, and the rest, each with its table's name and caption.

    A publication made before the two were told apart has everything in the last.
    """
    every = tuple(virements)
    approval, information, rest = (
        [one for one in every if one.listed_for == listed_for]
        for listed_for in ("approval", "information", "")
    )
    what = "Virements and funding changes" if any(one.is_virement for one in rest) else "Funding changes"
    return (
        ("virements-for-approval", "Virements for approval", budget_change_rows(approval)),
        ("virements-for-information", "Virements for information", budget_change_rows(information)),
        ("budget-changes", what, budget_change_rows(rest)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    """A risk or an opportunity."""

    title: str
    kind_label: str
    service_line: str
    amount: Decimal | None
    likelihood: Decimal | None
    words: str


def risk_rows(risks: Iterable[PublishedRisk]) -> tuple[RiskRow, ...]:
    """Risks and opportunities in their order."""
    return tuple(
        RiskRow(
            title=risk.title,
            kind_label=risk.kind_label,
            service_line=risk.service_line,
            amount=risk.amount,
            likelihood=None if risk.likelihood is None else Decimal(risk.likelihood),
            words=risk.words,
        )
        for risk in risks
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """Where some figures of one service come from: those with the same basis and citation."""

    subject: str
    figure: str
    basis: str
    citation: str


def source_rows(published: PublishedPeriod) -> tuple[SourceRow, ...]:
    """Every marked figure: totals, lines, reserves and DSG accounts."""
    marked = [
        *((f"{total.name}, {total.fund.label}", total.sources) for total in published.totals),
        *((line.name, line.sources) for line in published.lines),
        *((reserve.name, reserve.sources) for reserve in published.reserves),
        *((account.name, account.sources) for account in published.dsg),
    ]
    return tuple(row for subject, sources in marked for row in _sources_of(subject, sources))


def _sources_of(subject: str, sources: Iterable[PublishedSource]) -> Iterable[SourceRow]:
    figures: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        citation = ". ".join(part for part in (source.citation, source.words) if part)
        figures.setdefault((source.basis, citation), []).append(figure_words(source.figure))
    for (basis, citation), names in figures.items():
        listed = ", ".join([names[0], *(name.lower() for name in names[1:])])
        yield SourceRow(subject=subject, figure=listed, basis=basis.capitalize(), citation=citation)
