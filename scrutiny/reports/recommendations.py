"""What a report asks its committee to note, in whole pounds."""

from collections.abc import Iterator
from decimal import Decimal

from accounting.figures import Figures
from accounting.wording import format_money
from scrutiny.headline import listed
from scrutiny.position import general_fund_scopes
from scrutiny.published import PublishedPeriod
from scrutiny.savings.headline import savings_headline
from scrutiny.savings.sentences import plan_sentence


def as_list(points: list[str]) -> tuple[str, ...]:
    """One sentence over several points: semicolons between them, “and” before the last."""
    if len(points) < 2:
        return tuple(f"{point}." for point in points)
    *first, before_last, last = points
    return (*(f"{point};" for point in first), f"{before_last}; and", f"{last}.")


def points_to_note(published: PublishedPeriod) -> Iterator[str]:
    """The General Fund's position and each directorate's, uses of reserves not yet approved, the DSG, apart, and savings and recovery."""
    for scope in general_fund_scopes(published) if published.has_forecast else ():
        yield f"{scope.name}: {outturn_in_full(scope.figures, is_outturn=published.period.is_outturn)}"
    waiting = [use for use in published.reserve_uses if use.state_label in ("Planned", "Requested")]
    if waiting:
        named = [
            f"{format_money(use.amount)} for {use.service_line} ({use.state_label.lower()})"
            for use in waiting
        ]
        yield f"the uses of reserves not yet approved: {listed(named)}"
    for account in published.dsg:
        if account.closing is not None:
            yield (
                f"the Dedicated Schools Grant, which is in no figure above: {account.name}, "
                f"{format_money(account.closing)} at 31 March {published.period.year.end.year}"
            )
    told = savings_headline(published.savings, is_outturn=published.period.is_outturn)
    if told is not None:
        yield f"the year's savings: {_as_clause(told.sentence)}"
    for plan in published.savings.recovery:
        yield f"{plan.name}: {_as_clause(plan_sentence(plan))}"


def _as_clause(sentences: str) -> str:
    """Sentences inside another."""
    return "; ".join(part[0].lower() + part[1:] for part in sentences.removesuffix(".").split(". "))


def outturn_in_full(figures: Figures, *, is_outturn: bool) -> str:
    """A position in whole pounds: “a forecast overspend of £3,800,000 after reserves (£7,400,000 over before reserves)”."""
    after, before = figures.variance_after_reserves, figures.variance_before_reserves
    if after is None or before is None:
        return "an outturn that is not yet known"
    what = "" if is_outturn else "forecast "
    support = [
        f"{format_money(amount)} {words}"
        for amount, words in (
            (figures.drawdown, "drawn from reserves"),
            (figures.contribution, "put into reserves"),
            (figures.other_one_off_funding, "of other one-off funding"),
        )
        if amount
    ]
    used = listed(support) if support else "no use of reserves"
    article = "a" if what else "an"
    return f"{article} {what}outturn {_in_full(after)} after reserves: {_in_full(before)} before reserves, with {used}"


def _in_full(amount: Decimal) -> str:
    if amount == 0:
        return "on budget"
    return f"{format_money(abs(amount))} {'over' if amount > 0 else 'under'} budget"
