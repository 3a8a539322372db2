"""Proposals as values: what they are, how far they have got, what is said of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.periods import FinancialYear
from accounting.savings import Stage
from savings.entries.phasing import PhasingEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Whether a figure was printed in a source, derived from it or is an illustration (`basis`), and where it stands there."""

    figure: str
    basis: str
    citation: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentEntry:
    """A part of how a proposal saves; `amount` without a sign, `None` is “not yet broken down”."""

    title: str
    amount: Decimal | None = None
    posts: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEntry:
    """What is said about one aspect, and by which role."""

    aspect: str
    aspect_label: str
    words: str
    said_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntry:
    """One step of a proposal's life."""

    stage: Stage
    stage_label: str
    decided_by: str
    decided_on: date | None = None
    decision_reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyEntry:
    """The terms of a vacancy factor. `implied_pay_budget` is target ÷ percent, to the pound, where the pay budget is not stated."""

    percent: Decimal
    pay_budget: Decimal | None = None
    implied_pay_budget: Decimal | None = None
    exempt_posts: str = ""
    is_substitution_allowed: bool | None = None
    review_months: int | None = None
    next_review: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentEntry:
    """One year of an invest-to-save proposal, planned beside actual. Net and cumulative are signed; below nil is still to be paid back."""

    year: FinancialYear
    planned_investment: Decimal
    planned_benefit: Decimal
    planned_cumulative: Decimal
    actual_investment: Decimal | None = None
    actual_benefit: Decimal | None = None
    actual_cumulative: Decimal | None = None
    funded_from: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEntry:
    """A business case: a year's cost now and after, and the route by which it is decided."""

    title: str
    cost_now: Decimal | None
    cost_after: Decimal | None
    one_off_cost: Decimal | None
    saving: Decimal | None
    decided_by_role: str = ""
    consultees: str = ""
    state_label: str = ""
    decided_on: date | None = None
    decision_reference: str = ""
    words: str = ""
    sources: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalEntry:
    """A proposal with everything that is said of it. `key` names it in addresses for as long as it lives."""

    key: str
    kind: str
    reference: str
    title: str
    heading: str
    """Reference and title, the reference said once."""
    description: str
    type: str
    type_label: str
    recurrence: str
    recurrence_label: str
    is_cashable: bool | None
    directorate: str
    service: str
    """The service line's name, or the service as the paper names it."""
    service_line_id: int | None
    priority: str
    lead_role: str
    partners: str
    posts: Decimal | None
    equality_label: str
    equality_reference: str
    consultation_label: str
    consultation_reference: str
    stage: Stage
    stage_label: str
    is_counted: bool
    """Whether it is agreed, so that its amounts belong in the budget."""
    replaced_by: str = ""
    components: tuple[ComponentEntry, ...] = ()
    notes: tuple[NoteEntry, ...] = ()
    history: tuple[StageEntry, ...] = ()
    phasing: PhasingEntry | None = None
    """The newest approved version, otherwise the newest proposed."""
    phasings: tuple[PhasingEntry, ...] = ()
    investment: tuple[InvestmentEntry, ...] = ()
    paid_back_in: FinancialYear | None = None
    vacancy_factor: VacancyEntry | None = None
    business_cases: tuple[CaseEntry, ...] = ()
    sources: tuple[Mark, ...] = ()
