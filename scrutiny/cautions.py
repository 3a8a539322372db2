"""What a reader should be told about a period's figures before relying on them. Shown, never put right in silence."""

from collections.abc import Iterator, Sequence

from accounting.periods import Period
from accounting.slips import find_slips
from accounting.wording import format_money
from savings.entries import SavingsContent
from services.position import CouncilPosition, PeriodContext

NAMED = 6
"""How many lines a caution names before it says how many more there are."""


def cautions(
    position: CouncilPosition, context: PeriodContext, savings: SavingsContent, *, carried: Sequence[str] = ()
) -> tuple[str, ...]:
    """Sentences about the title, the lines, the DSG accounts and savings, in that order; none if all is as it should be.

    `carried` names the savings and recovery actions that are still as in the period before; those that are not published are not named.
    """
    period = position.period
    return (
        *about_title(period.title_as_printed, period.period),
        *_about_lines(position),
        *_about_dsg(context),
        *_about_savings(savings, carried),
    )


def about_title(title: str, period: Period) -> Iterator[str]:
    """Say so where a printed title contradicts itself or the period, as “2022/23 (month 7, October 2023)” does."""
    slips = dict.fromkeys(slip.why for slip in find_slips(title, period=period))
    if slips:
        yield (
            f"The title is kept as printed, “{title}”, but is doubtful: {'; '.join(slips)}. "
            f"The figures are those of {period.short_label} of {period.year}."
        )


def _about_lines(position: CouncilPosition) -> Iterator[str]:
    unknown = [line.name for line in position.lines if line.position.forecast_outturn is None]
    if unknown and len(unknown) == len(position.lines):
        yield "No service line is forecast in this period, so there is no position to report."
    elif unknown:
        yield (
            f"{_service_lines(unknown)} not yet forecast: {_named(unknown)}. "
            "Totals that include them are not yet forecast either."
        )
    carried = [line.name for line in position.lines if line.is_carried_forward]
    if carried:
        yield f"{_service_lines(carried)} forecast as in the period before, not yet confirmed for this one: {_named(carried)}."
    unexplained = [line.name for line in position.lines if line.needs_reasons]
    if unexplained:
        yield f"{_service_lines(unexplained)} so far from budget that a reason is required, and none is given: {_named(unexplained)}."


def _service_lines(names: Sequence[str]) -> str:
    return "1 service line is" if len(names) == 1 else f"{len(names)} service lines are"


def _named(names: Sequence[str]) -> str:
    more = len(names[NAMED:])
    return "; ".join(names[:NAMED]) + (f"; and {more} more" if more else "")


def _about_dsg(context: PeriodContext) -> Iterator[str]:
    for account in context.dsg:
        gap = account.balance.gap_from_stated
        if gap:
            yield (
                f"{account.name}: the closing balance worked out from its parts, {format_money(account.balance.closing)}, "
                f"differs by {format_money(abs(gap))} from the {format_money(account.balance.stated_closing)} stated."
            )


def _about_savings(savings: SavingsContent, carried: Sequence[str]) -> Iterator[str]:
    """What nobody has confirmed for this period, where a saving and the forecast of its line do not say the same, and what a plan's paper prints
    that its actions do not add to."""
    public = {one.proposal.heading for one in savings.savings}
    public |= {action.title for plan in savings.recovery for action in plan.actions}
    stale = [name for name in carried if name in public]
    if stale:
        which = (
            "1 saving or recovery action is"
            if len(stale) == 1
            else f"{len(stale)} savings and recovery actions are"
        )
        yield f"{which} as in the period before, not yet confirmed for this one: {_named(stale)}."
    for saving in savings.savings:
        if saving.disagreement:
            yield f"Saving {saving.proposal.heading}: {saving.disagreement}"
    for plan in savings.recovery:
        if plan.gap:
            yield (
                f"{plan.name}: the total printed, {format_money(plan.total_as_printed)}, differs by {format_money(abs(plan.gap))} "
                f"from the {format_money(plan.target)} that its actions add to."
            )
