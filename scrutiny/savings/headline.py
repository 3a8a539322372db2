"""The sentences that say how savings stand: the same figures give the same words, with nothing left vague."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.rag import Rag
from accounting.savings import SavingFigures
from accounting.wording import format_percent
from savings.entries import SavingEntry, SavingsContent, SavingsTotal
from scrutiny.headline import listed
from scrutiny.headline import short as spoken
from scrutiny.savings.position import council_total, rating_totals

ONE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsHeadline:
    """How a period's savings stand, in sentences; empty ones are left out of `details`."""

    sentence: str
    delivery: str = ""
    delivered: str = ""
    cover: str = ""
    next_year: str = ""
    unknown: str = ""

    @property
    def details(self) -> tuple[str, ...]:
        """The sentences after the first, without those that have nothing to say."""
        told = (self.delivery, self.delivered, self.cover, self.next_year, self.unknown)
        return tuple(sentence for sentence in told if sentence)

    @property
    def detail(self) -> str:
        """The sentences after the first, as one paragraph."""
        return " ".join(self.details)


def savings_headline(content: SavingsContent, *, is_outturn: bool) -> SavingsHeadline | None:
    """The period's sentences; `None` if it has no savings."""
    whole = council_total(content)
    if whole is None or not whole.count:
        return None
    missing = without_forecast(content.savings)
    return SavingsHeadline(
        sentence=rating_sentence(whole, rating_totals(content)),
        delivery=delivery_sentence(whole.figures, is_outturn=is_outturn, missing=missing),
        delivered=delivered_sentence(whole.figures, is_outturn=is_outturn),
        cover="" if missing else cover_sentence(whole.figures, content.savings),
        next_year="" if missing else next_year_sentence(whole.figures),
        unknown=unknown_sentence(whole, missing=missing),
    )


def without_forecast(savings: Sequence[SavingEntry]) -> int:
    """How many savings have a target and no forecast: while there are any, no sum of shortfalls is known."""
    return len([one for one in savings if one.figures.target is not None and one.figures.forecast is None])


def rating_sentence(whole: SavingsTotal, ratings: Sequence[SavingsTotal]) -> str:
    """“£250k of this year's £2.3m target is rated amber; none is red.”"""
    target = whole.figures.target
    if target is None:
        return f"{_savings(whole.count)} followed this period, none of them with a £ target."
    rated = {one.rag: one.figures.target for one in ratings if one.figures.target}
    year = f"this year's {spoken(target)} target"
    if set(rated) <= {None}:
        has_some = any(one.rag and one.count for one in ratings)
        none = "Only savings without a £ have been rated." if has_some else "None has been rated yet."
        return f"{_savings(whole.count)} to bring in {spoken(target)} this year. {none}"
    if len(rated) == ONE:
        [only] = rated
        return f"All of {year} is rated {_word(only)}."
    named: list[Rag] = [rag for rag in (Rag.RED, Rag.AMBER) if rag in rated] or [Rag.GREEN]
    first, *rest = [f"{spoken(rated[rag])} is rated {_word(rag)}" for rag in named]
    if None in rated:
        rest.append(f"{spoken(rated[None])} is not yet rated")
    return f"{listed([first.replace(' is rated', f' of {year} is rated', 1), *rest])}{_absent(rated)}."


def _absent(rated: Mapping[Rag | None, Decimal]) -> str:
    """“; none is red”, where that is worth saying."""
    if Rag.RED not in rated and Rag.AMBER in rated:
        return "; none is red"
    if Rag.AMBER not in rated and Rag.RED not in rated:
        return "; none is amber or red"
    return ""


def _word(rag: Rag | None) -> str:
    return rag.value if rag else "not yet"


def _savings(count: int) -> str:
    return "1 saving is" if count == ONE else f"{count} savings are"


def delivery_sentence(figures: SavingFigures, *, is_outturn: bool, missing: int) -> str:
    """“£2.1m is forecast to be delivered by 31 March, £200k short of the target.”"""
    target, forecast, shortfall = figures.target, figures.forecast, figures.shortfall
    if target is None:
        return ""
    if forecast is None:
        return "How much of it will be delivered by 31 March has not been forecast."
    verb = "was delivered by 31 March" if is_outturn else "is forecast to be delivered by 31 March"
    if missing or shortfall is None:
        return f"{spoken(forecast)} {verb}, of the savings that have a forecast."
    if shortfall == 0:
        return f"All of it {verb}."
    against = "short of the target" if shortfall > 0 else "more than the target"
    return f"{spoken(forecast)} {verb}, {spoken(shortfall)} {against}."


def delivered_sentence(figures: SavingFigures, *, is_outturn: bool) -> str:
    """“£1.2m (52.2%) has been delivered so far.” Not said at the outturn, when the sentence before has said it."""
    if is_outturn or figures.delivered is None:
        return ""
    if figures.delivered == 0:
        return "Nothing has been delivered so far."
    return f"{spoken(figures.delivered)} ({format_percent(figures.delivered_percent)}) has been delivered so far."


def cover_sentence(figures: SavingFigures, savings: Sequence[SavingEntry]) -> str:
    """What stands in for the shortfall, and what is left; not said where nothing falls short."""
    shortfall, left = figures.shortfall, figures.unmitigated
    if shortfall is None or left is None or shortfall <= 0:
        return ""
    unpriced = any(one.amount is None for saving in savings for one in saving.mitigations)
    more = " For some of what is to cover it no £ is given." if unpriced else ""
    if not figures.mitigation:
        words = f"Nothing with a £ stands in for the shortfall, so {spoken(left)} adds to the overspend."
    elif left <= 0:
        words = "The shortfall is met in full by other means."
    else:
        words = (
            f"{spoken(figures.mitigation)} of the shortfall is met by other means; "
            f"the other {spoken(left)} adds to the overspend."
        )
    return f"{words}{more}"


def next_year_sentence(figures: SavingFigures) -> str:
    """“£200k comes back as a pressure next year, …”; not said where nothing does."""
    reopens = figures.reopens_next_year
    if not reopens:
        return ""
    return (
        f"{spoken(reopens)} comes back as a pressure next year, because nothing that lasts stands in for it."
    )


def unknown_sentence(whole: SavingsTotal, *, missing: int) -> str:
    """What is not known, counted: savings without a £, without a forecast, not yet divided."""
    told = []
    if whole.without_target and whole.figures.target is not None:
        told.append(f"{_count(whole.without_target)} no £ target")
    if missing and whole.figures.forecast is not None:
        told.append(f"{_count(missing)} no forecast yet")
    if whole.without_parts:
        told.append(
            f"{_count(whole.without_parts)} no division of the target into what is delivered and what is at risk"
        )
    return f"{listed(told)}." if told else ""


def _count(number: int) -> str:
    return "1 saving has" if number == ONE else f"{number} savings have"
