"""What differs between two contents of one period, in plain sentences, so that a correction says what it corrects."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from accounting.figures import Figures
from accounting.periods import Period
from accounting.rag import Rag
from accounting.savings import SavingFigures
from accounting.wording import format_money
from savings.entries import (
    ActionEntry,
    CaseEntry,
    ControlEntry,
    ProposalEntry,
    ReviewEntry,
    SavingEntry,
    SavingsContent,
    SavingsTotal,
    ServiceEffect,
    StrategyEntry,
    StrategyYear,
)
from scrutiny.published import (
    PeriodContent,
    PublishedDsg,
    PublishedReserve,
    PublishedReserveUse,
    PublishedRisk,
    PublishedTotal,
    PublishedVirement,
)

FOLLOWS = frozenset({"variance_percent", "delivered_percent", "identified_percent", "gap_if_all"})
"""Not told: they follow from two figures that are."""
TOLD_ELSEWHERE = frozenset({"proposal", "proposals", "actions", "years", "years_if_all_agreed", "totals"})
"""Parts of a record that have sentences of their own."""
SPOKEN = {
    "best_case": "best-case outturn",
    "budgeted_in_year": "budgeted in-year deficit",
    "closing": "closing balance",
    "contribution": "contribution to reserves",
    "drawdown": "drawdown from reserves",
    "in_year": "in-year deficit",
    "listed_for": "listing for members",
    "mitigation": "what is met by other means",
    "net_delivery": "net delivery",
    "opening": "opening balance",
    "other_one_off_funding": "other one-off funding",
    "phasing": "amounts",
    "phasings": "versions of its amounts",
    "planned_closing": "planned closing balance",
    "rag": "rating",
    "reopens_next_year": "what reopens next year",
    "unmitigated": "what is still not met",
    "variance_if_all_approved": "variance if all uses of reserves are approved",
    "worst_case": "worst-case outturn",
}
_SECTIONS: tuple[tuple[str, Callable[[Any], object]], ...] = (
    ("lines", lambda line: line.line_id),
    ("totals", lambda total: (total.scope, total.key, total.fund)),
    ("reserves", lambda reserve: reserve.name),
    ("dsg", lambda account: (account.name, account.fund)),
    ("virements", lambda entry: (entry.is_virement, entry.reference)),
    ("reserve_uses", lambda use: (use.reserve, use.service_line, use.kind)),
    ("risks", lambda risk: (risk.kind, risk.title)),
)
_OF_SAVINGS: tuple[tuple[str, Callable[[Any], object]], ...] = (
    ("savings", lambda saving: saving.proposal.key),
    ("totals", lambda total: (total.scope, total.name)),
    ("proposals", lambda proposal: proposal.key),
    ("effects", lambda effect: (effect.directorate, effect.service)),
    ("recovery", lambda plan: plan.key),
    ("controls", lambda control: control.covers),
    ("reviews", lambda review: (review.reviewer, review.scope)),
    ("business_cases", lambda case: case.title),
)


def changes_between(before: PeriodContent, after: PeriodContent) -> tuple[str, ...]:
    """A sentence for every line and total whose figures changed, from what to what; then for everything else. Empty if nothing did."""
    found = [
        sentence
        for section, key in _SECTIONS
        for sentence in _records(getattr(before, section), getattr(after, section), key)
    ]
    found += _about_savings(before.savings, after.savings)
    found += _about_the_period(before, after)
    if not found and before != after:
        found.append("The order in which things are listed was changed; no figure was.")
    return tuple(found)


def _records(before: Sequence[Any], after: Sequence[Any], key: Callable[[Any], object]) -> Iterator[str]:
    """Compare records that are the same by `key`; say which were added and which are gone."""
    old, new = _keyed(before, key), _keyed(after, key)
    for name, record in new.items():
        if name in old:
            yield from _differences(old[name], record)
        else:
            yield f"{_title(record)}: added."
    for name, record in old.items():
        if name not in new:
            yield f"{_title(record)}: no longer included."


def _about_savings(before: SavingsContent, after: SavingsContent) -> Iterator[str]:
    for section, key in _OF_SAVINGS:
        yield from _records(getattr(before, section), getattr(after, section), key)
    plans = {plan.key: plan for plan in before.recovery}
    for plan in after.recovery:
        if plan.key in plans:
            yield from _records(
                plans[plan.key].actions, plan.actions, lambda action: (action.reference, action.title)
            )
    old, new = before.strategy, after.strategy
    yield from _records((old,) if old else (), (new,) if new else (), lambda strategy: strategy.title)
    if old and new:
        yield from _records(old.years, new.years, lambda year: year.year)
        if old.years == new.years and old.years_if_all_agreed != new.years_if_all_agreed:
            yield f"{_title(new)}: what it comes to if everything proposed is agreed was changed."


def _keyed(records: Sequence[Any], key: Callable[[Any], object]) -> dict[object, Any]:
    """Records by key; those that share one, such as two uses of one reserve on one line, by their order among themselves."""
    seen: Counter[object] = Counter()
    found: dict[object, Any] = {}
    for record in records:
        name = key(record)
        found[name, seen[name]] = record
        seen[name] += 1
    return found


def _differences(before: Any, after: Any) -> Iterator[str]:
    """One sentence with every figure that changed, and one that names whatever else did."""
    figures = list(_moved(before, after))
    if figures:
        yield f"{_title(after)}: {'; '.join(figures)}."
    others = dict.fromkeys(
        _spoken(name)
        for name, old, new in _unequal(before, after)
        if not _is_figure(old, new) and name not in TOLD_ELSEWHERE
    )
    if others:
        yield f"{_title(after)}: changed in its {', '.join(others)}."


def _moved(before: Any, after: Any) -> Iterator[str]:
    for name, old, new in _unequal(before, after):
        if isinstance(new, Figures | SavingFigures):
            yield from _moved(old, new)
        elif isinstance(old, Rag) or isinstance(new, Rag):
            yield f"RAG from {_rating(old)} to {_rating(new)}"
        elif _is_figure(old, new) and name not in FOLLOWS:
            yield f"{_spoken(name)} {_from_to(old, new)}"


def _unequal(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    for field in fields(after):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            yield field.name, old, new


def _is_figure(old: object, new: object) -> bool:
    kinds = Figures | SavingFigures | Rag | Decimal
    return isinstance(old, kinds) or isinstance(new, kinds)


def _from_to(old: Decimal | None, new: Decimal | None) -> str:
    """“from £1,200 to £1,300”; with pence where whole pounds would look the same."""
    places = 2 if format_money(old) == format_money(new) else 0
    return f"from {_money(old, places)} to {_money(new, places)}"


def _money(amount: Decimal | None, places: int) -> str:
    return format_money(amount, places=places, unknown="unknown")


def _rating(rag: Rag | None) -> str:
    return rag.label if rag else "not rated"


def _spoken(name: str) -> str:
    return SPOKEN.get(name, name.removeprefix("is_").removesuffix("_label").replace("_", " "))


def _title(record: Any) -> str:
    match record:
        case PublishedTotal(scope="council"):
            return f"{record.name}, {record.fund.label} total"
        case PublishedTotal():
            return f"{record.name} ({record.scope}), {record.fund.label} total"
        case PublishedReserve():
            return f"Reserve “{record.name}”"
        case PublishedDsg():
            return f"{record.name} ({record.fund.label})"
        case PublishedVirement():
            return f"{'Virement' if record.is_virement else 'Funding change'} {record.reference}"
        case PublishedReserveUse():
            return f"{record.kind.capitalize()} on {record.service_line} ({record.reserve or 'reserve not named'})"
        case PublishedRisk():
            return f"{record.kind_label} “{record.title}”"
        case SavingEntry():
            return f"Saving {record.proposal.heading}"
        case SavingsTotal():
            return (
                f"Savings of {record.name}"
                if record.scope != "rag"
                else f"Savings rated {record.name.lower()}"
            )
        case ProposalEntry():
            return f"Proposal {record.heading}"
        case ServiceEffect():
            return f"All proposals for {record.service or 'no service named'}"
        case ActionEntry():
            return f"Recovery action {record.title}"
        case ControlEntry():
            return f"Spending control on {record.covers}"
        case ReviewEntry():
            return f"Review by {record.reviewer}"
        case CaseEntry() | StrategyEntry():
            return str(record.title)
        case StrategyYear():
            return f"Medium term, {record.year}"
        case _:
            return str(record.name)


def _about_the_period(before: PeriodContent, after: PeriodContent) -> Iterator[str]:
    if (before.last_published, before.last_published_version) != (
        after.last_published,
        after.last_published_version,
    ):
        yield (
            f"Movement: measured from {_baseline(after.last_published, after.last_published_version)}, "
            f"before from {_baseline(before.last_published, before.last_published_version)}."
        )
    if before.warnings != after.warnings:
        yield "The cautions printed with the figures: changed."
    told = {
        "savings",
        "warnings",
        "last_published",
        "last_published_version",
        *(section for section, _ in _SECTIONS),
    }
    others = [_spoken(name) for name, _, _ in _unequal(before, after) if name not in told]
    if others:
        yield f"What is said of the council and the period: changed in {', '.join(others)}."


def _baseline(period: Period | None, version: int | None) -> str:
    return "nothing, as a first report" if period is None else f"{period.label}, version {version}"
