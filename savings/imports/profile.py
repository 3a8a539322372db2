"""An import profile of schedules: how one council prints its savings by year, from TOML into a typed value."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from accounting.money import Unit
from accounting.periods import PeriodFormatError
from accounting.savings import Stage
from savings.imports.columns import Field, Meaning, meaning_named
from services.imports.characters import folded
from services.imports.problems import listed
from services.imports.profile import ProfileError

SAVING, GROWTH = "saving", "growth"
_KEYS: Final = (
    "name", "council", "units", "savings", "growth", "kind", "sheet", "skip", "columns", "total_rows", "ignore_rows", "stage", "decided_by",
    "decided_on", "decision_reference", "first_year_is_level", "create_missing_directorates", "defaults",
)  # fmt: skip
_UNITS: Final = {
    "pounds": Unit.POUNDS, "£": Unit.POUNDS, "thousands": Unit.THOUSANDS, "£000": Unit.THOUSANDS, "£000s": Unit.THOUSANDS, "£k": Unit.THOUSANDS,
    "millions": Unit.MILLIONS, "£m": Unit.MILLIONS,
}  # fmt: skip
_SIGNS: Final = {
    "negative": True, "bracketed": True, "brackets": True, "minus": True, "positive": False,
}  # fmt: skip
_KINDS: Final = {
    "saving": SAVING, "savings": SAVING, "growth": GROWTH, "pressure": GROWTH, "pressures": GROWTH, "growth and pressures": GROWTH,
    "growth or pressure": GROWTH,
}  # fmt: skip
_DEFAULTS: Final = ("directorate", "priority", "service", "type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How far the proposals of a schedule have got, and who decided that. A paper that proposes them is the usual case."""

    stage: Stage = Stage.PROPOSAL
    decided_by: str = ""
    decided_on: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleProfile:
    """How to read a schedule. Without columns of its own, headings are matched by their words.

    `negative` is whether what the schedule is about (savings, or in a growth schedule growth) is printed negative or in brackets; `None` if
    the profile leaves it open. Amounts become changes to base: a saving negative, growth positive.
    """

    toml: str = ""
    name: str = ""
    council: str = ""
    units: Unit | None = None
    kind: str = SAVING
    negative: bool | None = None
    columns: Mapping[str, tuple[str, Meaning]] = field(default_factory=dict)
    """Folded heading → the heading as the profile writes it, and what it holds."""
    total_rows: tuple[str, ...] = ()
    ignore_rows: tuple[str, ...] = ()
    sheet: str = ""
    skip: int = 0
    decision: Decision = Decision()
    first_year_is_level: bool = False
    create_missing_directorates: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_growth(self) -> bool:
        """Whether the schedule is of growth and pressures."""
        return self.kind == GROWTH

    def sign(self, printed_sum: Decimal) -> int:
        """What a printed figure is multiplied by to become a change to base; `printed_sum` is that of the whole schedule as printed.

        Only where a profile of growth says that savings are printed positive, and nothing of growth, does the sum decide: growth then is
        printed either way, and adds to the budget.
        """
        if self.is_growth:
            is_flipped = printed_sum < 0 if self.negative is None else self.negative
            return -1 if is_flipped else 1
        return 1 if self.negative is not False else -1


def parse_schedule_profile(text: str) -> ScheduleProfile:
    """Read a profile; `ProfileError` names every mistake in it at once."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError([f"The profile is not TOML: {error}."]) from error
    told = _Settings(raw)
    kind = told.one_of("kind", _KINDS) or SAVING
    savings, growth = told.one_of("savings", _SIGNS), told.one_of("growth", _SIGNS)
    profile = ScheduleProfile(
        toml=text,
        name=told.text("name"),
        council=told.text("council"),
        units=told.one_of("units", _UNITS),
        kind=kind,
        negative=_negative(kind, savings=savings, growth=growth),
        columns=_columns(told),
        total_rows=told.texts("total_rows"),
        ignore_rows=told.texts("ignore_rows"),
        sheet=told.text("sheet"),
        skip=told.whole("skip"),
        decision=_decision(told),
        first_year_is_level=told.flag("first_year_is_level"),
        create_missing_directorates=told.flag("create_missing_directorates"),
        defaults=_defaults(told),
    )
    if told.reasons:
        raise ProfileError(told.reasons)
    return profile


def _negative(kind: str, *, savings: bool | None, growth: bool | None) -> bool | None:
    """How the schedule prints what it is about. Where savings are negative, growth is positive; so it is where nothing is said."""
    if kind == SAVING:
        return savings
    if growth is None:
        return None if savings is False else False
    return growth


class _Settings:
    """A profile's settings, each checked as it is asked for; `reasons` is everything that is wrong."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.reasons = [_unknown("setting", key, _KEYS) for key in raw if key not in _KEYS]

    def text(self, key: str) -> str:
        value = self.raw.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.reasons.append(f'{key} must be text in quotation marks, like {key} = "…".')
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key, [])
        value = [value] if isinstance(value, str) else value
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value)
        self.reasons.append(f'{key} must be a list of row labels, like {key} = ["Total savings"].')
        return ()

    def flag(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if isinstance(value, bool):
            return value
        self.reasons.append(f"{key} must be true or false, without quotation marks.")
        return False

    def whole(self, key: str) -> int:
        value = self.raw.get(key, 0)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1000:
            return value
        self.reasons.append(f"{key} must be a number of rows from 0 to 1000.")
        return 0

    def table(self, key: str, example: str) -> Mapping[str, Any]:
        value = self.raw.get(key, {})
        if isinstance(value, dict):
            return value
        self.reasons.append(f"{key} must be a table: [{key}], then {example}.")
        return {}

    def one_of(self, key: str, choices: Mapping[str, Any]) -> Any:
        """What a word chooses; `None` where the setting is not there."""
        value = self.raw.get(key)
        if value is None:
            return None
        word = folded(value) if isinstance(value, str) else ""
        if word in choices:
            return choices[word]
        plain = [f'"{choice}"' for choice in dict.fromkeys(choices) if choice.isascii()]
        self.reasons.append(f"{key} is “{value}” and must be one of {listed(plain)}.")
        return None


def _unknown(what: str, word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else f" Known: {', '.join(known)}."
    return f"“{word}” is not a {what} of a schedule's import profile.{hint}"


def _columns(told: _Settings) -> dict[str, tuple[str, Meaning]]:
    known = (*(one.value for one in Field if one is not Field.YEAR), "year:2026/27")
    found: dict[str, tuple[str, Meaning]] = {}
    for heading, name in told.table("columns", '"Printed heading" = "title"').items():
        try:
            meaning = meaning_named(name) if isinstance(name, str) else None
        except PeriodFormatError as error:
            told.reasons.append(f"The heading “{heading}”: {error}")
            continue
        if meaning is None:
            told.reasons.append(_unknown("field", str(name), known))
            continue
        key = folded(heading)
        if key in found and found[key][1] != meaning:
            told.reasons.append(
                f"The heading “{heading}” is given two meanings: {listed([str(found[key][1]), str(meaning)])}."
            )
        found[key] = (heading, meaning)
    return found


def _decision(told: _Settings) -> Decision:
    stages = {folded(word): stage for stage in Stage for word in (stage.value, stage.label)}
    decided_on = told.raw.get("decided_on")
    if isinstance(decided_on, str):
        try:
            decided_on = date.fromisoformat(decided_on.strip())
        except ValueError:
            told.reasons.append("decided_on must be a date like 2026-02-25.")
            decided_on = None
    elif decided_on is not None and type(decided_on) is not date:
        told.reasons.append("decided_on must be a date like 2026-02-25.")
        decided_on = None
    stage = told.one_of("stage", stages) or Stage.PROPOSAL
    decided_by = told.text("decided_by")
    if stage.counts and not decided_by:
        told.reasons.append(
            f'decided_by must say who decided that the proposals are “{stage.label}”, like decided_by = "Council".'
        )
    return Decision(
        stage=stage,
        decided_by=decided_by,
        decided_on=decided_on,
        reference=told.text("decision_reference"),
    )


def _defaults(told: _Settings) -> dict[str, str]:
    table = told.table("defaults", f"one of {listed(list(_DEFAULTS))}")
    inner = _Settings({})
    inner.raw = table
    inner.reasons = [_unknown("default", key, _DEFAULTS) for key in table if key not in _DEFAULTS]
    found = {key: inner.text(key) for key in _DEFAULTS if key in table}
    told.reasons += inner.reasons
    return {key: value for key, value in found.items() if value}
