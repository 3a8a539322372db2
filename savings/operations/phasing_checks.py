"""What amounts of a proposal must keep to before they are recorded."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from accounting.money import total
from accounting.periods import FinancialYear
from accounting.phasing import (
    PhasedAmount,
    PhasedPlan,
    SharesDoNotSumError,
    SpanMeaning,
    SpanReading,
    check_shares,
    spread,
)
from savings.models import SavingsProposal
from savings.operations.refusals import (
    PhasedTwiceError,
    SharesMissOursError,
    SpanDisagreesError,
    UnclearSpanError,
    WrongSignError,
)
from services.operations.entries import checked_name, required_money
from services.operations.refusals import BrokenRuleError, InvalidEntryError

SpanFields = SpanReading
"""An amount for several years together: `first`, `last`, `amount` as a change to base, `meaning`, and `words` as the paper prints it."""

_MOST_YEARS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFields:
    """One council's part of a shared saving in a year, as a change to base; `None` is not yet agreed."""

    year: FinancialYear
    partner: str
    is_ours: bool = False
    amount: Decimal | None = None


def checked_phases(phases: Iterable[PhasedAmount]) -> tuple[PhasedAmount, ...]:
    """Amounts as they can be kept, in order of years; refuses two of one year and kind."""
    kept = [replace(phase, amount=required_money(str(phase.year), phase.amount)) for phase in phases]
    if len(kept) > _MOST_YEARS:
        raise InvalidEntryError("amounts", f"there are {len(kept)}; at most {_MOST_YEARS} can be kept.")
    names = Counter(f"{phase.year} ({phase.kind.label.lower()})" for phase in kept)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise PhasedTwiceError(twice)
    return tuple(sorted(kept, key=lambda phase: (phase.year, phase.kind)))


def checked_spans(spans: Iterable[SpanFields], *, as_printed: bool) -> tuple[SpanFields, ...]:
    """Spans as they can be kept. One that is left open must come from a paper and say the paper's words."""
    kept = []
    for span in spans:
        years = _years_of(span)
        if span.last <= span.first:
            raise InvalidEntryError("years", f"{years} is not several years. Give the amount to its year.")
        words = checked_name("words", span.words, required=False, limit=300)
        if span.meaning is SpanMeaning.NOT_STATED and not (as_printed and words):
            raise UnclearSpanError(years)
        kept.append(replace(span, amount=required_money("amount", span.amount), words=words))
    return tuple(kept)


def written_out(phases: tuple[PhasedAmount, ...], spans: Iterable[SpanFields]) -> tuple[PhasedAmount, ...]:
    """The phases, with a span that says what it means written out as years; where its years are there, they must make its amount."""
    kept = phases
    for span in spans:
        if span.meaning is SpanMeaning.NOT_STATED:
            continue
        within = [phase.amount for phase in phases if span.first <= phase.year <= span.last]
        whole = span.if_each_year if span.meaning is SpanMeaning.EACH_YEAR else span.if_in_total
        if within:
            if total(within) != whole:
                raise SpanDisagreesError(_years_of(span), total(within), whole)
            continue
        kept = (*kept, *_years_written(span))
    return checked_phases(kept)


def checked_shares(shares: Sequence[ShareFields], plan: PhasedPlan) -> tuple[ShareFields, ...]:
    """Shares as they can be kept: of each year that has any, one is ours, and all of them sum to the year's change to base."""
    kept = tuple(
        replace(
            share,
            partner=checked_name("partner", share.partner),
            amount=None if share.amount is None else required_money("amount", share.amount),
        )
        for share in shares
    )
    for year in sorted({share.year for share in kept}):
        of_year = [share for share in kept if share.year == year]
        ours = [share for share in of_year if share.is_ours]
        if len(ours) != 1:
            raise SharesMissOursError(str(year), len(ours))
        parts = {share.partner: share.amount for share in of_year}
        if len(parts) != len(of_year):
            raise InvalidEntryError(
                "partner", f"a council has two shares of {year}. Put them together in one."
            )
        try:
            check_shares(year, plan.change(year), parts)
        except SharesDoNotSumError as broken:
            raise BrokenRuleError(broken) from broken
    return kept


def refuse_wrong_sign(kind: str, plan: PhasedPlan) -> None:
    """Refuse a saving that adds to the budget, or growth that takes from it, before anything comes back out."""
    amount = plan.before_reversals
    if amount is None:
        return
    is_wrong = amount > 0 if kind == SavingsProposal.Kind.SAVING else amount < 0
    if is_wrong:
        raise WrongSignError(kind, amount)


def _years_written(span: SpanFields) -> list[PhasedAmount]:
    years = [FinancialYear(span.first.first_year + index) for index in range(span.years)]
    each = [span.amount] * span.years
    amounts = each if span.meaning is SpanMeaning.EACH_YEAR else spread(span.amount, span.years)
    return [PhasedAmount(year=year, amount=amount) for year, amount in zip(years, amounts, strict=True)]


def _years_of(span: SpanFields) -> str:
    return f"{span.first} to {span.last}"
