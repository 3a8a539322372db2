"""The sentences of one proposal, of a recovery plan and of the medium-term strategy."""

from collections.abc import Sequence
from decimal import Decimal

from accounting.wording import format_money, format_short
from savings.entries import (
    ActionEntry,
    BridgeEntry,
    PhasingEntry,
    ProposalEntry,
    RecoveryEntry,
    SavingEntry,
    StrategyEntry,
    StrategyYear,
    VacancyEntry,
)
from scrutiny.headline import listed
from scrutiny.headline import short as spoken


def proposal_sentence(proposal: ProposalEntry, saving: SavingEntry | None) -> str:
    """What a proposal is to save, and how its saving of this year is rated."""
    if saving is not None and saving.figures.target is not None:
        rated = f"rated {saving.rag.value}" if saving.rag else "not yet rated"
        return f"{spoken(saving.figures.target)} is to be saved this year: {rated}."
    return amounts_sentence(proposal.phasing, is_growth=proposal.kind == "growth")


def amounts_sentence(phasing: PhasingEntry | None, *, is_growth: bool = False) -> str:
    """“It is to save £700k: £300k in 2016/17 and £400k in 2017/18.” What can be read in two ways is said apart."""
    unclear = [span for span in phasing.spans if not span.is_counted] if phasing else []
    told = [
        f"{spoken(one.amount)} given for {one.first_year} to {one.last_year} can be read in two ways, and is counted in no year."
        for one in unclear
    ]
    return " ".join([_amounts_known(phasing, is_growth=is_growth), *told])


def _amounts_known(phasing: PhasingEntry | None, *, is_growth: bool) -> str:
    changes = [one for one in phasing.amounts if one.amount] if phasing else []
    if phasing is None or phasing.total is None or not changes:
        return "No £ is given for this proposal."
    if all(one.amount < 0 for one in changes) or all(one.amount > 0 for one in changes):
        verb = "add" if is_growth or phasing.total > 0 else "save"
        told = [f"{spoken(one.amount)} {'by' if one.is_level else 'in'} {one.year}" for one in changes]
        if len(told) == 1:
            return f"It is to {verb} {told[0]}."
        return f"It is to {verb} {spoken(phasing.total)}: {listed(told)}."
    told = [f"{format_short(one.amount, plus=True)} in {one.year}" for one in changes]
    return f"It changes the budget by {listed(told)}: {format_short(phasing.total, plus=True)} in all."


def components_sentence(proposal: ProposalEntry) -> str:
    """Whether the parts have amounts of their own: a total that nobody has divided says so."""
    parts = proposal.components
    known = [part for part in parts if part.amount is not None]
    if not parts:
        return "How the saving is made up is not said." if proposal.kind == "saving" else ""
    named = "1 part is" if len(parts) == 1 else f"{len(parts)} parts are"
    if not known:
        return f"{named} named. How much each brings in is not yet broken down."
    if len(known) < len(parts):
        have = "1 has" if len(known) == 1 else f"{len(known)} have"
        return f"{named} named; {have} an amount. The rest is not yet broken down."
    return f"{named} named, with {'its amount' if len(parts) == 1 else 'an amount each'}."


def vacancy_sentences(factor: VacancyEntry) -> tuple[str, ...]:
    """The terms of a vacancy factor."""
    told = [
        f"{format_percent_plain(factor.percent)} of the pay budget is not filled with money, because some posts are always empty."
    ]
    if factor.pay_budget is not None:
        told.append(f"The pay budget is {format_money(factor.pay_budget)}.")
    elif factor.implied_pay_budget is not None:
        told.append(
            f"The pay budget is not stated; at this percentage, this saving alone is that of about {spoken(factor.implied_pay_budget)} of pay."
        )
    if factor.exempt_posts:
        told.append(f"Left out: {factor.exempt_posts.rstrip('.')}.")
    if factor.is_substitution_allowed is not None:
        allowed = "may" if factor.is_substitution_allowed else "may not"
        told.append(f"Another saving than pay {allowed} stand in its place.")
    if factor.review_months:
        told.append(f"It is reviewed {_every(factor.review_months)}.")
    if factor.next_review:
        told.append(f"The next review is on {factor.next_review:%-d %B %Y}.")
    return tuple(told)


def format_percent_plain(percent: Decimal) -> str:
    """“3.5%”, without decimals that say nothing."""
    return f"{percent.normalize():f}%"


def _every(months: int) -> str:
    return {1: "every month", 3: "every quarter", 6: "every half-year", 12: "every year"}.get(
        months, f"every {months} months"
    )


def plan_sentence(plan: RecoveryEntry) -> str:
    """“8 actions are to bring in £1,120,000 in 2014/15.”"""
    counted = len(_counted(plan))
    if plan.target is None:
        return f"{_actions(len(plan.actions))} named for {plan.year}, without a £ target."
    return f"{_actions(counted)} to bring in {format_money(plan.target)} in {plan.year}."


def _counted(plan: RecoveryEntry) -> list[ActionEntry]:
    """The actions whose targets are in the plan's total."""
    return [one for one in plan.actions if one.target is not None and not one.is_full_year_target]


def _actions(count: int, *, more: bool = False) -> str:
    extra = " more" if more else ""
    return f"1{extra} action is" if count == 1 else f"{count}{extra} actions are"


def plan_details(plan: RecoveryEntry) -> tuple[str, ...]:
    """How far the plan has got, and whether its printed total is what its actions add to."""
    told = []
    if plan.identified is None and plan.recouped is None:
        told.append("How much has been identified or has come in is not known.")
    if plan.identified is not None:
        told.append(f"{format_money(plan.identified)} has been identified, of the actions that say so.")
    if plan.recouped is not None:
        told.append(f"{format_money(plan.recouped)} has come in.")
    if plan.remaining is not None:
        told.append(f"{format_money(plan.remaining)} has still to come in.")
    if plan.total_as_printed is not None:
        same = (
            "which is what its actions add to"
            if not plan.gap
            else f"{format_money(abs(plan.gap))} from what its actions add to"
        )
        told.append(f"The paper prints a total of {format_money(plan.total_as_printed)}, {same}.")
    others = len(plan.actions) - len(_counted(plan))
    if others and plan.target is not None:
        told.append(f"{_actions(others, more=True)} named without a target for this year.")
    return tuple(told)


def bridge_sentence(bridge: BridgeEntry) -> str:
    """“£5,466,000 over becomes £4,681,000 over: £785,000 better.”"""
    if bridge.change == 0:
        return f"{_in_full(bridge.start)} at both."
    word = "worse" if bridge.change > 0 else "better"
    words = (
        f"{_in_full(bridge.start)} becomes {_in_full(bridge.end)}: {format_money(abs(bridge.change))} {word}."
    )
    if bridge.unexplained and bridge.steps:
        words += f" {format_money(abs(bridge.unexplained))} of it is not explained."
    elif bridge.unexplained:
        words += " What it is made of is not given."
    return words


def _in_full(amount: Decimal) -> str:
    return f"{format_money(abs(amount))} {'over' if amount > 0 else 'under'}" if amount else "On budget"


def strategy_sentence(strategy: StrategyEntry) -> str:
    """The largest gap that is still to be found, or why there is none to show."""
    years = strategy.years
    if not years:
        return "The strategy names no years."
    known = [(one, one.gap) for one in years if one.gap is not None]
    if not known:
        return f"{_span(years)}: what services need and what there is to pay for them is not stated for any year, so there is no gap to show."
    worst, gap = max(known, key=lambda pair: pair[1])
    if gap > 0:
        return f"With what is agreed, {spoken(gap)} is still to be found in {worst.year}, the largest gap of {_span(years)}."
    return f"With what is agreed, no year of {_span(years)} has a gap."


def strategy_details(strategy: StrategyEntry) -> tuple[str, ...]:
    """How many proposals there are, how many have a £, and what is reopened."""
    proposals = strategy.proposals
    told = []
    if proposals:
        priced = len([one for one in proposals if one.phasing and one.phasing.amounts])
        agreed = len([one for one in proposals if one.is_counted])
        count = "1 proposal belongs" if len(proposals) == 1 else f"{len(proposals)} proposals belong"
        told.append(f"{count} to these years: {agreed} agreed, {priced} with an amount.")
    reopened = [one for one in strategy.years if one.reopened]
    if reopened:
        named = [f"{spoken(one.reopened)} in {one.year}" for one in reopened]
        told.append(f"Savings that only one-off means have met come back: {listed(named)}.")
    return tuple(told)


def _span(years: Sequence[StrategyYear]) -> str:
    first, last = years[0].year, years[-1].year
    return str(first) if first == last else f"{first} to {last}"
