"""Whether a saving and the forecast of the line that it comes off say the same, looked at from both sides. Two queries.

A saving cannot be green while its line's forecast already counts on its failing; nor may a shortfall be told of a saving and be missing from the
forecast that members read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO, total
from accounting.rag import Rag
from accounting.savings import SavingFigures
from accounting.wording import format_money
from services.models import Driver, Forecast, MonitoringPeriod, VarianceReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A means that stands in for a saving: on which line it acts, and whether that line's forecast counts on it."""

    line_id: int | None
    amount: Decimal | None
    is_in_forecast: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a saving says at the period. `phased` is the target of its phasing now."""

    proposal_id: int
    line_id: int | None
    rag: Rag | None
    is_updated: bool
    figures: SavingFigures
    phased: Decimal | None
    covers: tuple[Cover, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSays:
    """What a line's forecast says of savings. `assumed` is pounds that fail, adding to the overspend; `None` is a reason without £."""

    name: str
    gives_reason: bool
    assumed: Decimal | None


def lines_say(period: MonitoringPeriod) -> dict[int, LineSays]:
    """What each line with a forecast says of savings, by the line's key. Two queries."""
    reasons: dict[int, list[Decimal | None]] = defaultdict(list)
    rows = VarianceReason.objects.filter(period=period, driver=Driver.SAVINGS)
    for line_id, amount in rows.values_list("service_line_id", "amount"):
        reasons[line_id].append(amount)
    forecasts = Forecast.objects.filter(period=period, forecast_outturn__isnull=False)
    return {
        line_id: LineSays(name=name, gives_reason=line_id in reasons, assumed=_known_total(reasons[line_id]))
        for line_id, name in forecasts.values_list("service_line_id", "service_line__name")
    }


def _known_total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return total(known) if len(known) == len(amounts) else None


def disagreements(claims: Sequence[Claim], lines: Mapping[int, LineSays]) -> dict[int, str]:
    """What does not agree, by the proposal's key, in sentences; a saving that agrees is not there. No query."""
    found: dict[int, list[str]] = defaultdict(list)
    by_line: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.proposal_id] += _within(claim)
        if claim.line_id is not None and claim.is_updated:
            by_line[claim.line_id].append(claim)
    for line_id, own in by_line.items():
        if line_id not in lines:
            continue  # a line without a forecast says nothing yet
        words, about = _between(own, _covered(line_id, claims), lines[line_id])
        for claim in about:
            found[claim.proposal_id].append(words)
    return {proposal_id: " ".join(words) for proposal_id, words in found.items() if words}


def _within(claim: Claim) -> Iterable[str]:
    """What a saving says against itself."""
    figures = claim.figures
    if not claim.is_updated:
        return
    if claim.phased is not None and figures.target is not None and claim.phased != figures.target:
        yield (
            f"The target is {_money(claim.phased)} as the saving is now phased, and this update is of {_money(figures.target)}: update it."
        )
    unmitigated = figures.unmitigated or ZERO
    if claim.rag is Rag.GREEN and unmitigated > 0:
        yield f"It is green, while {_money(unmitigated)} of its target is not forecast to be delivered and nothing stands in for it."
    if figures.shortfall is None or figures.undeliverable is None:
        return
    if figures.undeliverable > max(figures.shortfall, ZERO):
        yield (
            f"{_money(figures.undeliverable)} is said to be undeliverable, while its forecast leaves out {_money(max(figures.shortfall, ZERO))}."
        )


def _covered(line_id: int, claims: Iterable[Claim]) -> Decimal:
    """What stands in for savings on this line and is in its forecast; a cover without a line of its own acts on its saving's."""
    return total(
        [
            cover.amount or ZERO
            for claim in claims
            for cover in claim.covers
            if cover.is_in_forecast and (cover.line_id or claim.line_id) == line_id
        ]
    )


def _between(own: Sequence[Claim], covered: Decimal, line: LineSays) -> tuple[str, list[Claim]]:
    """What the savings of a line and its forecast say differently, and of which savings it is to be said."""
    known = [claim.figures.shortfall for claim in own if claim.figures.shortfall is not None]
    expected = total(known) - covered
    short = [claim for claim in own if (claim.figures.shortfall or ZERO) > 0] or list(own)
    all_known = len(known) == len(own)
    claims_failure = line.gives_reason and (line.assumed is None or line.assumed > 0)
    if claims_failure and expected <= 0:
        amount = _money(line.assumed) if line.assumed is not None else "some"
        colour = (
            "It is green" if all(claim.rag is Rag.GREEN for claim in own) else "No shortfall is told of it"
        )
        if not all_known and colour != "It is green":
            return "", []
        return (
            f"{colour}, while the forecast of {line.name} already counts on {amount} of savings not being delivered.",
            [claim for claim in own if (claim.figures.shortfall or ZERO) <= 0] or list(own),
        )
    if not all_known or line.assumed is None or expected == line.assumed:
        return "", []
    if expected > 0 and not line.gives_reason:
        return (
            f"{_shortfall(own, covered, expected)}, while the forecast of {line.name} gives no savings slippage among its reasons.",
            short,
        )
    if line.gives_reason:
        return (
            f"{_shortfall(own, covered, expected)}, while the forecast of {line.name} counts on {_money(line.assumed)} of savings not being "
            f"delivered: a difference of {_money(abs(expected - line.assumed))}.",
            short,
        )
    return "", []


def _shortfall(own: Sequence[Claim], covered: Decimal, expected: Decimal) -> str:
    whose = "It is" if len(own) == 1 else f"The {len(own)} savings of this line are"
    after = f" after {_money(covered)} by other means" if covered else ""
    return f"{whose} forecast to fall {_money(expected)} short{after}"


def _money(amount: Decimal) -> str:
    return format_money(amount, places=0 if amount == amount.to_integral_value() else 2)
