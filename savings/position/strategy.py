"""The medium-term strategy: base, growth, savings, what reopens and funding by year, and the gap that is left."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from accounting.money import total
from accounting.mtfs import YearInputs, medium_term
from accounting.periods import FinancialYear
from savings.entries import Mark, ProposalEntry, StrategyEntry, StrategyLine, StrategyYear
from savings.models import SavingsProposal, Strategy, StrategyFigure
from savings.position.proposals import proposals_of
from savings.position.reopened import ReopenedSaving, reopened_by_year
from savings.position.sources import marks_by_subject
from services.models import Council, MonitoringPeriod

Reopened = Mapping[FinancialYear, tuple[ReopenedSaving, ...]]


def strategy_of(
    council: Council,
    *,
    public_only: bool = False,
    up_to: MonitoringPeriod | None = None,
    proposals: tuple[ProposalEntry, ...] | None = None,
) -> StrategyEntry | None:
    """The council's current strategy; `None` without one, or without a public one.

    `up_to` leaves out what later periods say of savings that reopen; `proposals` are those of `proposals_of`, where they have been read already.
    A fixed number of queries.
    """
    strategy = _current(council, public_only=public_only)
    if strategy is None:
        return None
    return _entry(
        strategy,
        years=_years_of(strategy),
        proposals=proposals_of(council, public_only=public_only) if proposals is None else proposals,
        reopened=reopened_by_year(council, public_only=public_only, up_to=up_to),
        marks=marks_by_subject(council, "strategy"),
    )


def medium_term_view(
    council: Council, *, proposals: tuple[ProposalEntry, ...] | None = None
) -> StrategyEntry:
    """Every year in which anything is phased or reopens, with the strategy's years and figures where there is one.

    Without a strategy, base and funding are not known. `proposals` are those of `proposals_of`, where they have been read already. A fixed number
    of queries.
    """
    strategy = _current(council, public_only=False)
    proposals = proposals_of(council) if proposals is None else proposals
    reopened = reopened_by_year(council)
    years = {
        one.year
        for proposal in proposals
        if proposal.phasing and proposal.stage.may_count
        for one in proposal.phasing.amounts
    }
    years |= set(reopened) | set(_years_of(strategy))
    return _entry(
        strategy,
        years=_from_to(min(years), max(years)) if years else [],
        proposals=proposals,
        reopened=reopened,
        marks=marks_by_subject(council, "strategy"),
    )


def _current(council: Council, *, public_only: bool) -> Strategy | None:
    strategies = Strategy.objects.filter(council=council, is_current=True)
    if public_only:
        strategies = strategies.filter(is_public=True)
    return strategies.prefetch_related("figures").first()


def _years_of(strategy: Strategy | None) -> list[FinancialYear]:
    if strategy is None:
        return []
    return _from_to(FinancialYear(strategy.first_year), FinancialYear(strategy.last_year))


def _from_to(first: FinancialYear, last: FinancialYear) -> list[FinancialYear]:
    return [FinancialYear(year) for year in range(first.first_year, last.first_year + 1)]


def _entry(
    strategy: Strategy | None,
    *,
    years: Sequence[FinancialYear],
    proposals: tuple[ProposalEntry, ...],
    reopened: Reopened,
    marks: Mapping[str, tuple[Mark, ...]],
) -> StrategyEntry:
    figures = list(strategy.figures.all()) if strategy else []
    possible = tuple(
        proposal for proposal in proposals if proposal.stage.may_count and _speaks(proposal, years)
    )
    agreed = tuple(proposal for proposal in possible if proposal.is_counted)
    return StrategyEntry(
        title=strategy.title if strategy else "Medium-term view",
        words=strategy.words if strategy else "",
        years=_years(years, figures, agreed, reopened),
        years_if_all_agreed=_years(years, figures, possible, reopened),
        lines=tuple(_lines(years, figures, reopened)),
        proposals=possible,
        left_out=tuple(sentence for proposal in possible for sentence in _left_out(proposal, years)),
        sources=marks.get(f"strategy:{strategy.pk}", ()) if strategy else (),
    )


def _years(
    years: Sequence[FinancialYear],
    figures: Sequence[StrategyFigure],
    proposals: Sequence[ProposalEntry],
    reopened: Reopened,
) -> tuple[StrategyYear, ...]:
    kinds = StrategyFigure.Kind
    inputs = [
        YearInputs(
            year=year,
            base=_level(figures, year, kinds.BASE),
            growth=total(
                [
                    *_amounts(figures, year, kinds.GROWTH),
                    *_changes(proposals, year, SavingsProposal.Kind.GROWTH),
                ]
            ),
            savings=total(_changes(proposals, year, SavingsProposal.Kind.SAVING)),
            reopened=total([saving.amount for saving in reopened.get(year, ())]),
            funding=_level(figures, year, kinds.FUNDING),
        )
        for year in years
    ]
    return tuple(
        StrategyYear(
            year=one.year,
            base=one.base,
            growth=one.growth,
            reopened=one.reopened,
            savings=one.savings,
            requirement=one.requirement,
            funding=one.funding,
            gap=one.gap,
            base_differs=one.base_differs,
        )
        for one in medium_term(inputs)
    )


def _amounts(figures: Sequence[StrategyFigure], year: FinancialYear, kind: str) -> list[Decimal]:
    return [one.amount for one in figures if one.year == year.first_year and one.kind == kind]


def _level(figures: Sequence[StrategyFigure], year: FinancialYear, kind: str) -> Decimal | None:
    """The sum of a year's figures of this kind; `None` where it has none, which is not nil."""
    found = _amounts(figures, year, kind)
    return total(found) if found else None


def _changes(proposals: Sequence[ProposalEntry], year: FinancialYear, kind: str) -> list[Decimal]:
    """This council's own changes to base in a year, as far as they are known."""
    return [
        one.ours
        for proposal in proposals
        if proposal.kind == kind and proposal.phasing
        for one in proposal.phasing.amounts
        if one.year == year and one.ours is not None and not one.is_level
    ]


def _speaks(proposal: ProposalEntry, years: Sequence[FinancialYear]) -> bool:
    """Whether a proposal has, or may have, an amount in these years; one without any amount may."""
    if proposal.phasing is None or not (proposal.phasing.amounts or proposal.phasing.spans):
        return True
    if any(one.year in years for one in proposal.phasing.amounts):
        return True
    return any(span.first_year <= year <= span.last_year for span in proposal.phasing.spans for year in years)


def _left_out(proposal: ProposalEntry, years: Sequence[FinancialYear]) -> Iterable[str]:
    """What of a proposal is counted in no year, and why."""
    phasing = proposal.phasing
    if phasing is None or not (phasing.amounts or phasing.spans):
        yield f"{proposal.heading}: no amount is given for any year."
        return
    for span in phasing.spans:
        if not span.is_counted:
            yield (
                f"{proposal.heading}: “{span.words}” may be each year's or all of them together, so it is counted in no year until that is known."
            )
    for one in phasing.amounts:
        if one.is_level and one.year in years:
            yield (
                f"{proposal.heading}: its first column, {one.year}, holds the whole amount so far, so it is counted as no change of that year."
            )
    unsplit = [str(one.year) for one in phasing.amounts if one.ours is None and one.year in years]
    if unsplit:
        yield (
            f"{proposal.heading}: the split between councils is not agreed for {', '.join(unsplit)}, so this council's part is not counted."
        )


def _lines(
    years: Sequence[FinancialYear], figures: Sequence[StrategyFigure], reopened: Reopened
) -> Iterable[StrategyLine]:
    for year in years:
        for figure in figures:
            if figure.year == year.first_year:
                yield StrategyLine(
                    kind=figure.kind,
                    kind_label=figure.get_kind_display(),
                    label=figure.label,
                    year=year,
                    amount=figure.amount,
                )
        for saving in reopened.get(year, ()):
            yield StrategyLine(
                kind="reopened",
                kind_label="Saving that reopens",
                label=f"{saving.heading}: not made for good in {year.previous}",
                year=year,
                amount=saving.amount,
            )
