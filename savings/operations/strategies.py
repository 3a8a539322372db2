"""The medium-term strategy: its years, and the figures that no proposal carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from accounting.periods import FinancialYear
from accounts.models import User
from savings.models import Strategy, StrategyFigure
from savings.operations.entries import checked_choice
from services import audit
from services.models import Council
from services.operations.authority import authorise
from services.operations.entries import checked_name, checked_words, required_money
from services.operations.refusals import InvalidEntryError, InvalidFigureError, StaleVersionError
from services.operations.staleness import last_saved, theirs
from services.roles import Permission

_LONGEST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyFields:
    """One labelled figure of a year: `base` and `funding` as levels, `growth` as a change to base, which may fall."""

    year: FinancialYear
    kind: str
    label: str
    amount: Decimal


@transaction.atomic
def set_strategy(
    *,
    by: User,
    council: Council,
    title: str,
    first_year: FinancialYear,
    last_year: FinancialYear,
    figures: Sequence[StrategyFields],
    words: str = "",
    is_public: bool = False,
    expected_version: int | None = None,
) -> Strategy:
    """Keep a strategy with all its figures; it becomes the council's current one. One that is there already needs its version.

    Raises `StaleVersionError` where somebody else changed it, or made it, since.
    """
    audit.hold(council.pk)
    authorise(by=by, council=council, needs=Permission.KEEP_BUDGETS)
    name = checked_name("title", title)
    held = Strategy.objects.filter(council=council, title=name).prefetch_related("figures").first()
    _refuse_stale(held, name, expected_version)
    before = _said(held) if held else {}
    strategy = held or Strategy(council=council, title=name)
    strategy.first_year, strategy.last_year = _checked_years(first_year, last_year)
    rows = _checked_figures(figures, first_year, last_year)
    strategy.words, strategy.is_public = checked_words("words", words), is_public
    _make_current(by=by, strategy=strategy)
    if held is not None:
        strategy.version += 1
    strategy.save()
    strategy.figures.all().delete()
    StrategyFigure.objects.bulk_create(
        StrategyFigure(council=council, strategy=strategy, order=place, **row)
        for place, row in enumerate(rows)
    )
    now = Strategy.objects.prefetch_related("figures").get(pk=strategy.pk)
    after = {key: value for key, value in _said(now).items() if before.get(key) != value}
    was = {key: before[key] for key in after if key in before}
    change = audit.Change(action="set strategy", subject=now, before=was, after=after)
    audit.record(by=by, council=council, changes=[change])
    return now


def _make_current(*, by: User, strategy: Strategy) -> None:
    """Let this one be current, and the one that was be so no longer: at most one is."""
    others = Strategy.objects.filter(council_id=strategy.council_id, is_current=True).exclude(pk=strategy.pk)
    for other in others.select_related("council"):
        other.is_current = False
        other.version += 1
        other.save()
        change = audit.Change(
            action="supersede strategy",
            subject=other,
            before={"is_current": True},
            after={"is_current": False},
        )
        audit.record(by=by, council=other.council, changes=[change])
    strategy.is_current = True


def _refuse_stale(held: Strategy | None, title: str, expected_version: int | None) -> None:
    version = held.version if held else None
    if version == expected_version:
        return
    if held is None:
        raise InvalidEntryError("title", f"there is no strategy “{title}” to change.")
    saved = last_saved(council_id=held.council_id, kind="strategy", ids=[held.pk])
    raise StaleVersionError(
        [
            theirs(
                subject=held.title,
                record_id=held.pk,
                expected_version=expected_version or 0,
                version=held.version,
                values=_said(held),
                entry=saved.get(held.pk),
            )
        ]
    )


def _checked_years(first: FinancialYear, last: FinancialYear) -> tuple[int, int]:
    if last < first:
        raise InvalidEntryError("last_year", f"{last} is before {first}.")
    if last.first_year - first.first_year >= _LONGEST:
        raise InvalidEntryError("last_year", f"a strategy covers at most {_LONGEST} years.")
    return first.first_year, last.first_year


def _checked_figures(
    figures: Sequence[StrategyFields], first: FinancialYear, last: FinancialYear
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    seen: set[tuple[int, str, str]] = set()
    for one in figures:
        if not first <= one.year <= last:
            raise InvalidEntryError(
                "year", f"{one.year} is not one of the strategy's years, {first} to {last}."
            )
        kind = checked_choice("kind", one.kind, StrategyFigure.Kind.values)
        label = checked_name("label", one.label)
        amount = required_money("amount", one.amount)
        if amount < 0 and kind != StrategyFigure.Kind.GROWTH:
            raise InvalidFigureError("amount", f"“{label}” of {one.year} is a level and cannot be below nil.")
        key = (one.year.first_year, kind, label)
        if key in seen:
            raise InvalidEntryError(
                "label", f"“{label}” is there twice in {one.year}. Put its amounts together."
            )
        seen.add(key)
        rows.append({"year": one.year.first_year, "kind": kind, "label": label, "amount": amount})
    return rows


def _said(strategy: Strategy) -> dict[str, Any]:
    """What the audit trail keeps. One query, none where the figures are beside it."""
    figures = {
        f"{FinancialYear(one.year)} {one.kind} {one.label}": one.amount for one in strategy.figures.all()
    }
    years = f"{FinancialYear(strategy.first_year)} to {FinancialYear(strategy.last_year)}"
    return {
        "years": years,
        "words": strategy.words,
        "is_public": strategy.is_public,
        "version": strategy.version,
    } | figures
