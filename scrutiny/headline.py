"""The sentences that say a published position: the same figures give the same words, with nothing left vague.

Each scope gets its own: the council's and every directorate's, so that £3.8m of one is never read as that of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.figures import Figures
from accounting.wording import better_worse, format_money, format_short, over_under
from scrutiny.position import Scope, difference, general_fund_scopes, is_illustrative, largest_variances
from scrutiny.published import PublishedLine, PublishedPeriod

NAMED = 2
"""How many causes a headline names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What a scope's position is, in sentences; empty ones are left out of `detail`."""

    scope: str
    is_council: bool
    sentence: str
    before: str
    movement: str
    services: str
    causes: str
    pending: str

    @property
    def details(self) -> tuple[str, ...]:
        """The sentences after the first, without those that have nothing to say."""
        told = (self.movement, self.before, self.pending, self.services, self.causes)
        return tuple(sentence for sentence in told if sentence)

    @property
    def detail(self) -> str:
        """The sentences after the first, as one paragraph."""
        return " ".join(self.details)


def headlines(published: PublishedPeriod) -> tuple[Headline, ...]:
    """The council's headline, then one for each directorate where there are several; none without a General Fund line."""
    return tuple(headline(scope, published=published) for scope in general_fund_scopes(published))


def headline(scope: Scope, *, published: PublishedPeriod) -> Headline:
    """One scope's sentences."""
    figures = scope.figures
    return Headline(
        scope=scope.name,
        is_council=scope.is_council,
        sentence=outturn_sentence(scope, is_outturn=published.period.is_outturn),
        before=before_sentence(figures),
        # That a report is the first is said once, of the council.
        movement=movement_sentence(figures, published=published)
        if scope.is_council or published.last_published
        else "",
        services=services_sentence(scope),
        causes=causes_sentence(scope),
        pending=pending_sentence(figures),
    )


def outturn_sentence(scope: Scope, *, is_outturn: bool) -> str:
    """“Children's services will overspend by £3.8m after using £3.6m of reserves.”"""
    figures, name = scope.figures, scope.name
    after = figures.variance_after_reserves
    if after is None:
        missing, lines = scope.total.lines_without_forecast, scope.total.lines
        if missing == lines > 0:
            return f"{name}: no forecast was published in this period."
        return f"{name}: the outturn is not yet known, because " + (
            f"{missing} of {lines} service lines have no forecast." if missing else "a budget is missing."
        )
    if after == 0:
        verb = "came in on budget" if is_outturn else "will be on budget"
    else:
        direction = "over" if after > 0 else "under"
        verb = (
            f"{direction}spent by {short(after)}"
            if is_outturn
            else f"will {direction}spend by {short(after)}"
        )
    return f"{name} {verb}{_support(figures)}."


def _support(figures: Figures) -> str:
    """“after using £3.6m of reserves”, or that none are used."""
    parts = []
    if figures.drawdown:
        parts.append(f"using {short(figures.drawdown)} of reserves")
    if figures.contribution:
        parts.append(f"putting {short(figures.contribution)} into reserves")
    if figures.other_one_off_funding:
        parts.append(f"applying {short(figures.other_one_off_funding)} of other one-off funding")
    return f" after {listed(parts)}" if parts else ", with no use of reserves"


def has_support(figures: Figures) -> bool:
    """Whether anything stands between the variance before reserves and the one after."""
    return bool(figures.drawdown or figures.contribution or figures.other_one_off_funding)


def before_sentence(figures: Figures) -> str:
    """“Before reserves it is £7.4m over budget.” Not said where nothing stands between before and after."""
    before = figures.variance_before_reserves
    if before is None or not has_support(figures):
        return ""
    what = "Before reserves and other one-off funding" if figures.other_one_off_funding else "Before reserves"
    return f"{what} it is {over_under(before)} budget." if before else f"{what} it is on budget."


def pending_sentence(figures: Figures) -> str:
    """What the variance would be if every planned use were approved; not said where none is waiting."""
    would_be = figures.variance_if_all_approved
    if would_be is None or would_be == figures.variance_after_reserves:
        return ""
    amount = f"{over_under(would_be)} budget" if would_be else "on budget"
    return f"If all planned uses of reserves and other one-off funding are approved, it will be {amount}."


def movement_sentence(figures: Figures, *, published: PublishedPeriod) -> str:
    """“That is £400k worse than in month 6.”, or that there is nothing to compare with."""
    last = published.last_published
    if last is None:
        return f"This is the first published report of {published.period.year}."
    when = last.short_label[0].lower() + last.short_label[1:]
    movement = figures.movement
    if movement is None:
        return f"There is no figure in {when}, the last published, to compare with."
    if movement == 0:
        return f"That is the same as in {when}, the last published."
    word = "worse" if movement > 0 else "better"
    amount = f"{short(movement)} {word}" if abs(movement) < 1 else better_worse(movement)
    return f"That is {amount} than in {when}, the last published."


def services_sentence(scope: Scope) -> str:
    """“The largest overspends after reserves are Corporate Parenting (£2.7m over) and …”, of the scope's service lines."""
    after = scope.figures.variance_after_reserves
    lines = largest_variances(scope.lines, after=after, count=NAMED)
    what = "variance" if not after else "overspend" if after > 0 else "underspend"
    named = [f"{line.name} ({variance_words(line)})" for line in lines]
    return _largest(f"{what}{{}} after reserves", named)


def variance_words(line: PublishedLine) -> str:
    """“£2.7m over”, and whether that is an illustration."""
    amount = over_under(line.figures.variance_after_reserves)
    return f"{amount}, an illustrative figure" if is_illustrative(line) else amount


def causes_sentence(scope: Scope) -> str:
    """“The largest causes given, before reserves, are placements (+£2.1m) and …”, where reasons carry amounts."""
    named = [
        f"{cause.label[0].lower()}{cause.label[1:]} ({format_short(cause.amount, plus=True)})"
        for cause in scope.causes[:NAMED]
    ]
    return _largest("cause{} given, before reserves,", named)


def _largest(what: str, named: Sequence[str]) -> str:
    if not named:
        return ""
    several = len(named) > 1
    return f"The largest {what.format('s' if several else '')} {'are' if several else 'is'} {listed(named)}."


def listed(parts: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def short(amount: Decimal) -> str:
    """An amount without its sign, for a sentence that says the direction; pence where there are no whole pounds."""
    size = abs(amount)
    return format_money(size, places=2) if 0 < size < 1 else format_short(size)


def compared_sentence(this: PublishedPeriod, other: PublishedPeriod) -> str:
    """What changed between two publications' General Fund, after reserves; says so where one of them has no figure."""
    mine, theirs = general_fund_scopes(this), general_fund_scopes(other)
    if not mine or not theirs:
        return "One of the two has no General Fund figure to compare."
    now, then = mine[0].figures.variance_after_reserves, theirs[0].figures.variance_after_reserves
    change = difference(now, then)
    if now is None or then is None or change is None:
        return "One of the two has no known variance after reserves to compare."
    if change == 0:
        return f"{this.remit}: {_stands(now)} after reserves in both."
    word = "worse" if change > 0 else "better"
    return f"{this.remit}: {_stands(now)} after reserves, {short(change)} {word} than the {_stands(then)} of {_named(other)}."


def _named(published: PublishedPeriod) -> str:
    period = published.period
    return f"{period.short_label.lower()} of {period.year}, version {published.version}"


def _stands(amount: Decimal) -> str:
    return f"{over_under(amount)}" if amount else "nil variance"
