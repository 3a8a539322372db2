"""What a change of a council's rules would do, before it is saved: what each rule gives now, and with the change. Nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from accounting.deadlines import DeadlineRule, deadlines_of
from accounting.materiality import Materiality
from accounting.rag import Rag, RagRule, rate
from accounting.virements import ApprovalRule, Boundary, rule_met
from accounting.wording import format_money, over_under
from services.models import Council, MonitoringPeriod, Virement
from services.position.lines import council_position
from services.position.scheme import rule_of
from services.roles import Role

BUDGET: Final = Decimal(1_000_000)
SHOWN: Final = 40
_VARIANCES: Final = tuple(Decimal(amount) for amount in (15_000, 30_000, 60_000, 150_000, -60_000))
_MOVED: Final = tuple(Decimal(amount) for amount in (20_000, 150_000, 600_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One example: what the rule gives for it now, and with the change."""

    example: str
    now: str
    then: str

    @property
    def is_changed(self) -> bool:
        """Whether the change makes a difference to it."""
        return self.now != self.then

    @property
    def changes(self) -> str:
        """In a word, for a table."""
        return "Yes" if self.is_changed else "No"


def rag_effects(
    council: Council, period: MonitoringPeriod | None, *, now: Sequence[RagRule], then: Sequence[RagRule]
) -> tuple[Effect, ...]:
    """Made-up variances on a budget of £1,000,000, then every line of the period. At most the position's eight queries."""
    cases = [
        (f"{over_under(amount)} on a budget of {format_money(BUDGET)}", amount, BUDGET)
        for amount in _VARIANCES
    ]
    for line in council_position(council, period).lines if period else ():
        variance, budget = line.position.variance_after_reserves, line.position.revised_budget
        if variance is not None and budget is not None:
            cases.append((f"{line.name}: {over_under(variance)}", variance, budget))
    return tuple(
        Effect(
            example=words,
            now=_rated(rate(now, variance=variance, budget=budget)),
            then=_rated(rate(then, variance=variance, budget=budget)),
        )
        for words, variance, budget in cases
    )


def _rated(rag: Rag | None) -> str:
    return f"{rag.shape} {rag.label}" if rag else "not rated"


def explanation_effects(
    council: Council, period: MonitoringPeriod | None, *, now: Materiality, then: Materiality
) -> tuple[Effect, ...]:
    """Made-up variances, then every line of the period: whether each must be explained."""
    cases = [
        (f"{over_under(amount)} on a budget of {format_money(BUDGET)}", amount, BUDGET)
        for amount in _VARIANCES
    ]
    for line in council_position(council, period).lines if period else ():
        variance, budget = line.position.variance_before_reserves, line.position.revised_budget
        if variance is not None and budget is not None:
            cases.append((f"{line.name}: {over_under(variance)}", variance, budget))
    return tuple(
        Effect(
            example=words,
            now=_asked(now.applies_to(variance=variance, budget=budget)),
            then=_asked(then.applies_to(variance=variance, budget=budget)),
        )
        for words, variance, budget in cases
    )


def _asked(is_asked: bool) -> str:
    return "must be explained" if is_asked else "need not be explained"


def scheme_effects(
    council: Council,
    period: MonitoringPeriod | None,
    *,
    now: Sequence[ApprovalRule],
    then: Sequence[ApprovalRule],
) -> tuple[Effect, ...]:
    """Made-up virements of three sizes across each boundary, then every virement of the period's year."""
    found = [
        Effect(
            example=f"{format_money(moved)} {boundary.label[0].lower()}{boundary.label[1:]}",
            now=_decided(rule_met(now, boundary=boundary, moved=moved)),
            then=_decided(rule_met(then, boundary=boundary, moved=moved)),
        )
        for boundary in Boundary
        for moved in _MOVED
    ]
    return (*found, *_of_the_year(council, period, now=now, then=then))


def _of_the_year(
    council: Council,
    period: MonitoringPeriod | None,
    *,
    now: Sequence[ApprovalRule],
    then: Sequence[ApprovalRule],
) -> Iterable[Effect]:
    """Every virement of the period's year. Three queries; none without a period."""
    if period is None:
        return
    rows = Virement.objects.filter(council=council, effective_period__year=period.year)
    for row in rows.prefetch_related("legs__service_line__division").order_by("reference"):
        yield Effect(
            example=f"Virement {row.reference}",
            now=_decided(rule_of(row, now)),
            then=_decided(rule_of(row, then)),
        )


def _decided(rule: ApprovalRule | None) -> str:
    if rule is None:
        return "head of finance, for information"
    return (
        f"{Role(rule.approver).label.lower()}, {'for approval' if rule.for_approval else 'for information'}"
    )


def deadline_effects(
    period: MonitoringPeriod | None, *, now: Sequence[DeadlineRule], then: Sequence[DeadlineRule]
) -> tuple[Effect, ...]:
    """When each step of the period is due."""
    if period is None:
        return ()
    return tuple(
        Effect(
            example=f"{before.step.label}, {period.period.label}",
            now=f"{before.due:%-d %B %Y}",
            then=f"{after.due:%-d %B %Y}",
        )
        for before, after in zip(
            deadlines_of(period.period, now), deadlines_of(period.period, then), strict=True
        )
    )


def told(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Those that change first, then the others, as many as can be read."""
    return tuple(sorted(effects, key=lambda effect: not effect.is_changed))[:SHOWN]


def changed_of(effects: Sequence[Effect]) -> int:
    """To how many of these the change makes a difference."""
    return sum(effect.is_changed for effect in effects)
