"""Savings, a recovery plan and a strategy for Thorney, recorded as people record them: through the operations."""

from dataclasses import dataclass
from datetime import date

from accounting.phasing import SpanMeaning
from accounting.savings import Stage
from savings.models import SavingsProposal
from savings.operations import investments, phasing, proposals, recovery, reviews, strategies
from services.models import MonitoringPeriod
from tests.savings.delivery_factories import cover, make_action, make_plan, make_saving, progress, update
from tests.savings.factories import make_proposal, recurrent, year
from tests.scrutiny.council import Thorney
from tests.services.factories import pounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """The proposals by what they are for in the tests."""

    commissioning: SavingsProposal
    vacancies: SavingsProposal
    unclear: SavingsProposal
    invest: SavingsProposal
    hidden: SavingsProposal


def add_savings(thorney: Thorney, period: MonitoringPeriod | None = None) -> Savings:
    """Savings of the year with their updates, proposals that are open, one that nobody outside has seen, a plan and a strategy."""
    council, period = thorney.council, period or thorney.period
    directorate = thorney.lines["Family support"].division.directorate
    commissioning = make_saving(
        council,
        "Commissioning",
        "250000",
        reference="CF/01",
        directorate=directorate,
        service_line=thorney.lines["Family support"],
        priority="Best start",
    )
    vacancies = make_saving(council, "Vacancy factor", "900000", directorate=directorate)
    amber = update(
        commissioning,
        period,
        "100000 50000 60000 40000",
        forecast="200000",
        rag="amber",
        reason="It is reviewed every quarter.",
        confidence="medium",
        expected_on=date(2024, 4, 1),
    )
    cover(amber, "reserve", "30000", words="The placements reserve.")
    update(vacancies, period, "400000 500000 0 0", forecast="900000", rag="green", reason="")
    _say(thorney, commissioning)
    unclear = _unclear(thorney)
    invest = _invest(thorney)
    hidden = make_proposal(council, "Close a centre", recurrent(2024, "-70000"), stage=Stage.IDEA)
    _recover(thorney, period)
    _strategy(thorney)
    return Savings(
        commissioning=commissioning, vacancies=vacancies, unclear=unclear, invest=invest, hidden=hidden
    )


def _say(thorney: Thorney, proposal: SavingsProposal) -> None:
    proposal.refresh_from_db()
    proposals.set_components(
        by=thorney.officer,
        proposal=proposal,
        expected_version=proposal.version,
        components=[
            proposals.ComponentFields(title="One contract"),
            proposals.ComponentFields(title="One post fewer"),
        ],
    )
    proposal.refresh_from_db()
    proposals.set_notes(
        by=thorney.officer,
        proposal=proposal,
        expected_version=proposal.version,
        notes=[
            proposals.NoteFields(aspect="clarification", words="63 providers.", said_by="An officer"),
            proposals.NoteFields(aspect="clarification", words="65 providers.", said_by="A member"),
        ],
    )


def _unclear(thorney: Thorney) -> SavingsProposal:
    made = make_proposal(thorney.council, "Fostering agencies", stage=Stage.CONSULTATION)
    phasing.propose_phasing(
        by=thorney.officer,
        proposal=made,
        phases=[recurrent(2024, "-125000")],
        spans=[
            phasing.SpanFields(
                words="by a further £250,000 in 2025/26 and 2026/27",
                amount=pounds("-250000"),
                first=year(2025),
                last=year(2026),
                meaning=SpanMeaning.NOT_STATED,
            )
        ],
        as_printed=True,
    )
    return made


def _invest(thorney: Thorney) -> SavingsProposal:
    made = make_proposal(
        thorney.council,
        "A home of our own",
        recurrent(2025, "-400000"),
        stage=Stage.CONSULTATION,
        type="invest_to_save",
        priority="Best start",
    )
    made.refresh_from_db()
    investments.set_investment(
        by=thorney.officer,
        proposal=made,
        expected_version=made.version,
        years=[
            investments.InvestmentFields(year=year(2024), planned_investment=pounds("300000")),
            investments.InvestmentFields(year=year(2025), planned_benefit=pounds("400000")),
        ],
    )
    return made


def _recover(thorney: Thorney, period: MonitoringPeriod) -> None:
    council, officer = thorney.council, thorney.officer
    plan = make_plan(council, "Financial recovery")
    found = make_action(plan, "Claim health contribution", "250000", owner_role="Head of Service")
    make_action(plan, "Review the service", None)
    progress(found, period, identified="224537", recouped="100000")
    for month, amount in ((date(2023, 9, 30), "5466000"), (date(2023, 10, 31), "4681000")):
        recovery.record_projection(
            by=officer, plan=plan, scope="Social care", stage="gross", as_at=month, amount=pounds(amount)
        )
    reviews.record_control(
        by=officer,
        council=council,
        plan=plan,
        covers="All placements",
        rule="Each is agreed before it is made.",
        authorised_by="Corporate Director",
    )
    review = reviews.record_review(by=officer, council=council, plan=plan, reviewer="Peers", scope="Costs")
    reviews.record_finding(
        by=officer, review=review, reference="A", finding="No model of costs.", response="One is being made."
    )
    reviews.record_case(
        by=officer,
        council=council,
        plan=plan,
        title="Reviewing officers",
        cost_now=pounds("500000"),
        cost_after=pounds("420000"),
    )


def _strategy(thorney: Thorney) -> None:
    figures = [
        strategies.StrategyFields(year=year(first), kind=kind, label=kind.capitalize(), amount=pounds(amount))
        for first, kind, amount in (
            (2024, "base", "34000000"),
            (2024, "growth", "2000000"),
            (2024, "funding", "34500000"),
            (2025, "funding", "35000000"),
        )
    ]
    strategies.set_strategy(
        by=thorney.officer,
        council=thorney.council,
        title="Medium-term strategy",
        first_year=year(2024),
        last_year=year(2025),
        figures=figures,
        is_public=True,
    )
