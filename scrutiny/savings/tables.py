"""Every table of a publication's savings, recovery plans and medium-term strategy, by the name that its address has.

All are in whole pounds, whatever the council's unit: savings are small beside budgets, and a paper's £10,000 must read as £10,000.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.utils.text import slugify

from accounting.money import Unit
from presentation.tables import FigureTable
from savings import tables as of
from savings.entries import ProposalEntry, RecoveryEntry
from scrutiny.navigation import publication_address
from scrutiny.published import PublishedPeriod
from scrutiny.savings.position import (
    council_total,
    directorate_totals,
    phased_sum,
    rated_targets,
    rating_totals,
)
from scrutiny.tables.medium import Medium

_BESIDE = (
    "directorate", "service", "stage_label", "on_track", "at_risk", "undeliverable", "confidence_label", "expected", "cover",
    "service_effect",
)  # fmt: skip
"""What of a saving stands in the table of parts, on its own page, or above the table."""
_LEFT_OUT = {
    (Medium.SCREEN, of.SavingsTable): (*_BESIDE, "delivered"),
    (Medium.SCREEN, of.SavingsByDirectorateTable): ("without_parts", "delivered_percent"),
    (Medium.SCREEN, of.SavingsByRatingTable): ("without_parts", "delivered_percent"),
    (Medium.SCREEN, of.ProposalsTable): ("service", "lead_role", "description"),
    (Medium.SCREEN, of.ActionsTable): ("to_identify", "horizon_label"),
    (Medium.PAPER, of.SavingsTable): (*_BESIDE, "reason"),
    (Medium.PAPER, of.SavingPartsTable): ("directorate",),
    (Medium.PAPER, of.ProposalsTable): ("stage_on", "directorate", "service", "priority", "recurrence_label", "posts", "lead_role", "description"),
    (Medium.PAPER, of.SavingsByDirectorateTable): ("without_parts", "delivered_percent", "on_track", "at_risk", "undeliverable"),
    (Medium.PAPER, of.SavingsByRatingTable): ("without_parts", "delivered_percent", "on_track", "at_risk", "undeliverable"),
    (Medium.SCREEN, of.SavingHistoryTable): ("version", "on_track", "at_risk", "undeliverable", "mitigation"),
    (Medium.PAPER, of.EffectsTable): ("directorate", "words", "without_amount"),
    (Medium.PAPER, of.PhasingTable): ("status", "words"),
    (Medium.PAPER, of.ActionsTable): ("to_identify", "identified_percent", "horizon_label", "owner_role"),
    (Medium.PAPER, of.StrategyYearsTable): ("savings_if_all", "gap_if_all"),
    (Medium.PAPER, of.CasesTable): ("words",),
}  # fmt: skip
_SAYS_NOTHING: Mapping[type[FigureTable], Mapping[str, tuple[object, ...]]] = {
    of.ProposalsTable: {
        "kind": ("Saving",),
        "stage_on": ("",),
        "priority": ("",),
        "posts": (None,),
        "recurrence_label": ("Not stated",),
        "equality": ("Not stated",),
        "consultation": ("Not stated",),
    },
    of.PhasingTable: {"words": ("", "all have an amount")},
    of.SavingPartsTable: {"expected": ("", "each by itself"), "directorate": ("", "all")},
    of.ActionsTable: {"owner_role": ("", "all"), "identified_percent": (None,)},
    of.ControlsTable: {"from_date": (None,), "to_date": (None,)},
    of.FindingsTable: {"entry.owner_role": ("",), "entry.due": (None,)},
    of.ActionStepsTable: {"owner_role": ("",), "due": (None,), "service": ("",)},
}
"""Columns that a page or paper leaves out while every row says this of them; a file has every column."""


def savings_tables(
    published: PublishedPeriod,
    *,
    medium: Medium = Medium.FILE,
    proposals: Sequence[ProposalEntry] | None = None,
) -> dict[str, FigureTable]:
    """All tables in the pages' order; one without rows is left out. `proposals` are those of the strategy that were chosen."""
    make = TableMaker(published, medium=medium)
    found = dict(
        [*_delivery(make), *_register(make), *_recovery(make), *_strategy(make, proposals), *_sources(make)]
    )
    return {name: table for name, table in found.items() if table.row_count}


class TableMaker:
    """Makes tables that share a publication's caption, unit and links."""

    def __init__(self, published: PublishedPeriod, *, medium: Medium, of_one: bool = False) -> None:
        """`of_one` leaves council and period out of captions, on a page that is about one thing."""
        self.of_one = of_one
        self.published = published
        self.content = published.savings
        self._medium = medium
        self._where = f"{published.council_name}, {published.period.label}"

    def address(self, proposal: ProposalEntry) -> str | None:
        """A proposal's page, on screen."""
        if self._medium is not Medium.SCREEN:
            return None
        return publication_address("proposal", self.published, key=proposal.key)

    def table(
        self, kind: type[FigureTable], rows: Sequence[Any], *, key: str, what: str, **options: Any
    ) -> tuple[str, FigureTable]:
        """A table under its name."""
        return key, kind(
            rows,
            caption=what if self.of_one else f"{what}, {self._where}",
            unit=Unit.POUNDS,
            key=key,
            links=self._medium is Medium.SCREEN,
            **options,
            exclude=(*_LEFT_OUT.get((self._medium, kind), ()), *self._silent(kind, rows)),
        )

    def _silent(self, kind: type[FigureTable], rows: Sequence[Any]) -> tuple[str, ...]:
        """Columns that would say the same nothing in every row."""
        if self._medium is Medium.FILE:
            return ()
        return tuple(
            path.rsplit(".", 1)[-1]
            for path, nothing in _SAYS_NOTHING.get(kind, {}).items()
            if all(attrgetter(path)(row) in nothing for row in rows)
        )


def _delivery(make: TableMaker) -> Iterator[tuple[str, FigureTable]]:
    content, address = make.content, make.address
    whole = council_total(content)
    rated = rated_targets(content.savings)
    steps = of.step_rows(whole.figures) if whole and whole.figures.net_delivery is not None else ()
    yield make.table(of.SavingStepsTable, steps, key="savings-steps", what="From target to net delivery")
    yield make.table(
        of.RatingsByDirectorateTable,
        rated,
        key="savings-rated",
        what="This year’s target by directorate and rating",
    )
    ratings = of.total_rows(rating_totals(content), whole) if rating_totals(content) else ()
    yield make.table(of.SavingsByRatingTable, ratings, key="savings-by-rating", what="Savings by rating")
    parts = of.total_rows(directorate_totals(content), whole) if directorate_totals(content) else ()
    yield make.table(
        of.SavingsByDirectorateTable, parts, key="savings-by-directorate", what="Savings by directorate"
    )
    rows = of.saving_rows(content.savings, address=address, total=whole) if content.savings else ()
    yield make.table(of.SavingsTable, rows, key="savings", what="Savings of the year")
    yield make.table(of.SavingPartsTable, rows, key="savings-parts", what="How each target divides")
    cover = of.mitigation_rows(content.savings, address=address)
    yield make.table(of.MitigationsTable, cover, key="savings-cover", what="What stands in for shortfalls")


def _register(make: TableMaker) -> Iterator[tuple[str, FigureTable]]:
    proposals = make.content.proposals
    rows = of.proposal_rows(proposals, address=make.address)
    yield make.table(of.ProposalsTable, rows, key="proposals", what="Savings and growth proposals")
    priced = [one for one in proposals if one.phasing and one.phasing.amounts]
    phased = of.phased_rows(priced, address=make.address)
    yield make.table(of.PhasingTable, phased, key="proposals-by-year", what="Proposals by year")
    effects = of.effect_rows(make.content.effects)
    what = "What all savings proposals together come to for each service"
    yield make.table(of.EffectsTable, effects, key="services-affected", what=what)
    spans = of.span_rows(proposals, address=make.address)
    yield make.table(of.SpansTable, spans, key="unclear-amounts", what="Amounts given for several years")


def _recovery(make: TableMaker) -> Iterator[tuple[str, FigureTable]]:
    content = make.content
    for plan in content.recovery:
        yield from plan_tables(make, plan)
    controls = of.controls_of(content.recovery, content.controls)
    yield make.table(of.ControlsTable, controls, key="spending-controls", what="Spending controls")
    reviews = (*(review for plan in content.recovery for review in plan.reviews), *content.reviews)
    findings = of.finding_rows(reviews)
    yield make.table(of.FindingsTable, findings, key="review-findings", what="Findings of reviews")
    cases = (*(case for plan in content.recovery for case in plan.business_cases), *content.business_cases)
    yield make.table(of.CasesTable, cases, key="business-cases", what="Business cases")


def plan_tables(make: TableMaker, plan: RecoveryEntry) -> Iterator[tuple[str, FigureTable]]:
    """One plan's actions, projections and bridges."""
    key = plan_key(plan)
    actions, steps = of.action_rows(plan), of.step_actions(plan)
    yield make.table(of.ActionsTable, actions, key=f"{key}-actions", what=f"{plan.name}: actions with a £")
    yield make.table(of.ActionStepsTable, steps, key=f"{key}-steps", what=f"{plan.name}: other steps")
    projections = of.projection_rows(plan.projections)
    yield make.table(
        of.ProjectionsTable, projections, key=f"{key}-projections", what=f"{plan.name}: projected overspends"
    )
    for number, bridge in enumerate(plan.bridges, start=1):
        yield make.table(
            of.BridgeTable, of.bridge_rows(bridge), key=f"{key}-bridge-{number}", what=bridge.title
        )


def plan_key(plan: RecoveryEntry) -> str:
    """What a plan's tables are named by."""
    return f"recovery-{slugify(plan.key) or 'plan'}"


def _strategy(
    make: TableMaker, proposals: Sequence[ProposalEntry] | None
) -> Iterator[tuple[str, FigureTable]]:
    strategy = make.content.strategy
    if strategy is None:
        return
    years = of.strategy_year_rows(strategy.years, strategy.years_if_all_agreed)
    yield make.table(
        of.StrategyYearsTable, years, key="strategy-years", what=f"{strategy.title}, year by year"
    )
    chosen = strategy.proposals if proposals is None else proposals
    for kind, what in (("saving", "Savings"), ("growth", "Growth and pressures")):
        rows = phased_with_total(make, [one for one in chosen if one.kind == kind])
        years_of = tuple(one.year for one in strategy.years)
        yield make.table(
            of.PhasingTable, rows, key=f"strategy-{kind}", what=f"{what} by year", years=years_of
        )
    lines = of.strategy_line_rows(strategy.lines)
    yield make.table(of.StrategyLinesTable, lines, key="strategy-lines", what="What the years are made of")
    spans = of.span_rows(chosen, address=make.address)
    yield make.table(of.SpansTable, spans, key="strategy-unclear", what="Amounts given for several years")


def phased_with_total(make: TableMaker, proposals: Sequence[ProposalEntry]) -> tuple[of.PhasedRow, ...]:
    """Proposals by year with the sum of those that stand; the sum says how many have no amount."""
    rows = of.phased_rows(proposals, address=make.address)
    summed = phased_sum(proposals)
    if summed.by_year is None:
        return rows
    total = of.PhasedRow(
        name="Total, this council’s part" if summed.is_shared else "Total if all are agreed",
        address=None,
        status="all that stand",
        by_year=summed.by_year,
        total=summed.total,
        total_as_printed=None,
        gap=None,
        words=f"{summed.without_amounts} without an amount"
        if summed.without_amounts
        else "all have an amount",
        row_kind="total",
    )
    return (*rows, total)


def _sources(make: TableMaker) -> Iterator[tuple[str, FigureTable]]:
    rows = of.source_rows(make.content)
    yield make.table(
        of.SavingSourcesTable, rows, key="savings-sources", what="Where marked figures come from"
    )
