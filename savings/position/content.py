"""All that one period says of savings, as its publication freezes it: only what the public may see."""

from savings.entries import SavingsContent
from savings.position.cumulative import effects_by_service
from savings.position.proposals import proposals_of
from savings.position.recovery import recovery_of
from savings.position.reviews import cases_of, controls_in_force, reviews_of
from savings.position.strategy import strategy_of
from savings.position.updates import savings_position
from services.models import Council, MonitoringPeriod


def savings_content(council: Council, period: MonitoringPeriod) -> SavingsContent:
    """Savings, proposals, the strategy, recovery plans, controls, reviews and business cases at one period.

    A fixed number of queries, whatever the number of records. Read it while the council's audit chain is held, as a publication does, so that all
    of it is of one moment.
    """
    proposals = proposals_of(council, public_only=True)
    position = savings_position(council, period, public_only=True, proposals=proposals)
    return SavingsContent(
        savings=tuple(row.entry for row in position.rows),
        totals=position.totals,
        proposals=proposals,
        effects=effects_by_service(proposals),
        strategy=strategy_of(council, public_only=True, up_to=period, proposals=proposals),
        recovery=recovery_of(council, period, public_only=True),
        controls=controls_in_force(council, period),
        reviews=reviews_of(council),
        business_cases=cases_of(council),
    )
