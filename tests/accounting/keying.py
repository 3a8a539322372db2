"""Figures as they are entered: the demonstration council's own months, and a seeded set of slips of the keys made in them.

The slips are those that finance officers name: noughts added or lost, thousands typed for pounds, a sign turned, a digit doubled or dropped, two
leading digits exchanged, and a figure typed on the neighbouring line.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from accounting.materiality import Materiality
from accounting.periods import Period
from accounting.sense import LineSense
from budgetwatch.demonstration import thamesmere

DEMONSTRATION = Path(__file__).resolve().parents[2] / "fixtures" / "demo.toml"
RULE = Materiality(amount=Decimal(100_000), percent=Decimal(10))
ORDER = ("actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case")


@dataclass(frozen=True)
class Entry:
    """One figure as it is typed: against what, in which column, and the figure."""

    line: thamesmere.Line
    period: Period
    sense: LineSense
    column: str
    amount: Decimal


def demonstration_entries() -> Iterator[Entry]:
    """Every figure of the demonstration council, in the order in which its officers enter them: last month's forecast carried forward, no actual yet.

    No line has a reason when its figures are entered; each prompt for one counts.
    """
    description = thamesmere.read(DEMONSTRATION)
    for line in thamesmere.lines_of(description):
        last: dict[int, Decimal] = {}
        for period in thamesmere.periods(description):
            budget = thamesmere.original_budget(
                line, years_on=period.year.first_year - description["first_year"]
            )
            month = thamesmere.month(line, period, revised_budget=budget)
            before = last.get(period.year.first_year)
            sense = LineSense(
                months=min(period.number, 12),
                revised_budget=budget,
                last_forecast=before,
                forecast_outturn=before,
                materiality=RULE,
            )
            for column in ORDER:
                amount = getattr(month, column)
                yield Entry(line, period, sense, column, amount)
                sense = sense.after(column, amount)
            last[period.year.first_year] = month.forecast_outturn


def false_prompts() -> tuple[int, int]:
    """How many of the demonstration's own entries prompt, and how many entries there are."""
    entries = list(demonstration_entries())
    return sum(bool(entry.sense.judge(entry.column, entry.amount)) for entry in entries), len(entries)


def keying_errors(count: int = 100, *, seed: int = 20231017) -> list[tuple[str, Entry, Decimal]]:
    """Slips, each as its kind, the entry it was made in, and what was typed instead. The same every time."""
    chance = random.Random(seed)
    entries = [
        entry
        for entry in demonstration_entries()
        if entry.column in {"forecast_outturn", "actual_to_date"} and abs(entry.amount) > 50_000
    ]
    by_month: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        by_month.setdefault((entry.period.slug, entry.column), []).append(entry)
    made: list[tuple[str, Entry, Decimal]] = []
    while len(made) < count:
        entry = chance.choice(entries)
        kind = KINDS[len(made) % len(KINDS)]
        typed = _slip(kind, entry, by_month[entry.period.slug, entry.column], chance)
        if typed is not None and typed != entry.amount:
            made.append((kind, entry, typed))
    return made


KINDS = (
    "ten times",
    "a hundred times",
    "a tenth",
    "a hundredth",
    "thousands for pounds",
    "sign turned",
    "digit doubled",
    "digit dropped",
    "leading digits exchanged",
    "neighbour's figure",
)


def _slip(kind: str, entry: Entry, month: list[Entry], chance: random.Random) -> Decimal | None:
    amount = entry.amount
    scaled = {
        "ten times": Decimal(10),
        "a hundred times": Decimal(100),
        "a tenth": Decimal("0.1"),
        "a hundredth": Decimal("0.01"),
        "thousands for pounds": Decimal("0.001"),
        "sign turned": Decimal(-1),
    }
    if kind in scaled:
        return (amount * scaled[kind]).quantize(Decimal("0.01"))
    if kind == "neighbour's figure":
        at = next(number for number, other in enumerate(month) if other.line == entry.line)
        return month[at - 1].amount
    sign = -1 if amount < 0 else 1
    whole = str(abs(int(amount)))
    place = chance.randrange(min(len(whole), 3))
    if kind == "digit doubled":
        return sign * Decimal(whole[: place + 1] + whole[place:])
    if kind == "digit dropped":
        return sign * Decimal(whole[:place] + whole[place + 1 :])
    exchanged = whole[1] + whole[0] + whole[2:]
    return sign * Decimal(exchanged) if abs(int(whole[0]) - int(whole[1])) > 1 else None
