"""An import profile: how one council's return is to be read, from TOML into a typed value."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from accounting.funds import Fund, FundFormatError
from accounting.money import Unit
from accounting.periods import Period, PeriodFormatError
from services.imports.characters import folded
from services.imports.problems import listed


class Field(StrEnum):
    """What a column can hold."""

    __hash__ = (
        str.__hash__
    )  # a member equals its text; an enumeration's own hash is also slow, and a file asks it a million times

    SERVICE_LINE = "service_line"
    CODE = "code"
    SUBJECTIVE = "subjective"
    DIRECTORATE = "directorate"
    DIVISION = "division"
    FUND = "fund"
    KIND = "kind"
    ORIGINAL_BUDGET = "original_budget"
    VIREMENTS = "virements"
    REVISED_BUDGET = "revised_budget"
    ACTUAL_TO_DATE = "actual_to_date"
    EARLIER_ACTUAL = "earlier_actual"
    MONTH_ACTUAL = "month_actual"
    COMMITMENTS = "commitments"
    FORECAST_OUTTURN = "forecast_outturn"
    BEST_CASE = "best_case"
    WORST_CASE = "worst_case"
    VARIANCE = "variance"
    PRIOR_VARIANCE = "prior_variance"
    DRAWDOWN = "drawdown"
    CONTRIBUTION = "contribution"
    ONE_OFF_FUNDING = "one_off_funding"
    VARIANCE_AFTER_RESERVES = "variance_after_reserves"
    MOVEMENT = "movement"
    PERCENT = "percent"
    PERCENT_SPENT = "percent_spent"
    REMAINING = "remaining"
    RAG = "rag"
    REASON = "reason"
    IGNORE = "ignore"

    @property
    def label(self) -> str:
        """As a heading would name it: “Forecast outturn”."""
        return self.value.replace("_", " ").capitalize()


MONEY_FIELDS = (
    Field.ORIGINAL_BUDGET, Field.VIREMENTS, Field.REVISED_BUDGET, Field.ACTUAL_TO_DATE, Field.COMMITMENTS, Field.FORECAST_OUTTURN,
    Field.BEST_CASE, Field.WORST_CASE, Field.VARIANCE, Field.PRIOR_VARIANCE, Field.DRAWDOWN, Field.CONTRIBUTION, Field.ONE_OFF_FUNDING,
    Field.VARIANCE_AFTER_RESERVES, Field.MOVEMENT, Field.REMAINING,
)  # fmt: skip
LEDGER_FIELDS = (Field.SUBJECTIVE, Field.EARLIER_ACTUAL, Field.MONTH_ACTUAL)
"""What only a ledger has."""
FLIPPED_FIELDS = (
    Field.VARIANCE, Field.PRIOR_VARIANCE, Field.VARIANCE_AFTER_RESERVES, Field.MOVEMENT, Field.PERCENT,
)  # fmt: skip
"""What changes sign where a council prints an overspend as negative. Budgets, actuals and forecasts never do."""
STORED_FIELDS = (
    Field.ORIGINAL_BUDGET, Field.VIREMENTS, Field.REVISED_BUDGET, Field.ACTUAL_TO_DATE, Field.COMMITMENTS, Field.FORECAST_OUTTURN,
    Field.BEST_CASE, Field.WORST_CASE, Field.DRAWDOWN, Field.CONTRIBUTION, Field.ONE_OFF_FUNDING,
)  # fmt: skip
_KEYS = (
    "name", "council", "period", "units", "overspend", "sheet", "skip", "columns", "total_rows", "ignore_rows", "create_missing_lines",
    "defaults",
)  # fmt: skip


class ProfileError(ValueError):
    """The profile cannot be used; the message says every reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a row is taken to be where the file has no column for it."""

    directorate: str = ""
    division: str = ""
    fund: Fund | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to read a return. Without columns of its own, headings are matched with the words of the field."""

    toml: str = ""
    name: str = ""
    units: Unit | None = None
    overspend_is_negative: bool = False
    columns: Mapping[str, tuple[str, Field]] = field(default_factory=dict)
    """Folded heading → the heading as the profile writes it, and its field."""
    total_rows: tuple[str, ...] = ()
    ignore_rows: tuple[str, ...] = ()
    create_missing_lines: bool = False
    defaults: Defaults = Defaults()
    sheet: str = ""
    skip: int = 0
    council: str = ""
    period: Period | None = None
    is_ledger: bool = False
    """Whether a ledger is read by it, whose headings have words of their own."""


def parse_profile(text: str) -> Profile:
    """Read a profile; `ProfileError` names every mistake in it at once."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError([f"The profile is not TOML: {error}."]) from error
    reasons: list[str] = [_unknown("setting", key, _KEYS) for key in raw if key not in _KEYS]
    profile = Profile(
        toml=text,
        name=_text(raw, "name", reasons),
        units=_units(raw, reasons),
        overspend_is_negative=_choice(raw, "overspend", ("positive", "negative"), reasons) == "negative",
        columns=_columns(raw, reasons),
        total_rows=_texts(raw, "total_rows", reasons),
        ignore_rows=_texts(raw, "ignore_rows", reasons),
        create_missing_lines=_flag(raw, "create_missing_lines", reasons),
        defaults=_defaults(raw, reasons),
        sheet=_text(raw, "sheet", reasons),
        skip=_whole(raw, "skip", reasons),
        council=_text(raw, "council", reasons),
        period=_period(raw, reasons),
    )
    if reasons:
        raise ProfileError(reasons)
    return profile


def _unknown(what: str, word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else f" Known: {', '.join(known)}."
    return f"“{word}” is not a {what} of an import profile.{hint}"


def _text(raw: Mapping[str, Any], key: str, reasons: list[str]) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        reasons.append(f'{key} must be text in quotation marks, like {key} = "…".')
        return ""
    return value.strip()


def _texts(raw: Mapping[str, Any], key: str, reasons: list[str]) -> tuple[str, ...]:
    value = raw.get(key, [])
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        reasons.append(f'{key} must be a list of row labels, like {key} = ["Total children\'s services"].')
        return ()
    return tuple(value)


def _flag(raw: Mapping[str, Any], key: str, reasons: list[str]) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        reasons.append(f"{key} must be true or false, without quotation marks.")
        return False
    return value


def _whole(raw: Mapping[str, Any], key: str, reasons: list[str]) -> int:
    value = raw.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1000:
        reasons.append(f"{key} must be a number of rows from 0 to 1000.")
        return 0
    return value


def _choice(raw: Mapping[str, Any], key: str, choices: tuple[str, ...], reasons: list[str]) -> str:
    value = raw.get(key, "")
    if value and value not in choices:
        words = " or ".join(f'"{choice}"' for choice in choices)
        reasons.append(f"{key} is “{value}” and must be {words}.")
        return ""
    return str(value)


def _units(raw: Mapping[str, Any], reasons: list[str]) -> Unit | None:
    value = _choice(raw, "units", tuple(unit.value for unit in Unit), reasons)
    return Unit(value) if value else None


def _columns(raw: Mapping[str, Any], reasons: list[str]) -> dict[str, tuple[str, Field]]:
    columns = raw.get("columns", {})
    if not isinstance(columns, dict):
        reasons.append('columns must be a table: [columns], then "Printed heading" = "field".')
        return {}
    found: dict[str, tuple[str, Field]] = {}
    for heading, name in columns.items():
        if name not in set(Field):
            reasons.append(_unknown("field", str(name), tuple(Field)))
            continue
        key = folded(heading)
        if key in found and found[key][1] != name:
            reasons.append(f"The heading “{heading}” is given two fields: {listed([found[key][1], name])}.")
        found[key] = (heading, Field(name))
    return found


def _defaults(raw: Mapping[str, Any], reasons: list[str]) -> Defaults:
    table = raw.get("defaults", {})
    if not isinstance(table, dict):
        reasons.append("defaults must be a table: [defaults], then directorate, division or fund.")
        return Defaults()
    known = ("directorate", "division", "fund")
    reasons.extend(_unknown("default", key, known) for key in table if key not in known)
    fund = None
    if text := _text(table, "fund", reasons):
        try:
            fund = parse_fund(text)
        except FundFormatError as error:
            reasons.append(str(error))
    return Defaults(
        directorate=_text(table, "directorate", reasons),
        division=_text(table, "division", reasons),
        fund=fund,
    )


def parse_fund(text: str) -> Fund:
    """Read a fund by its value (`dsg_high_needs`) or as papers write it (“High Needs Block”)."""
    cleaned = text.strip().casefold()
    return Fund(cleaned) if cleaned in set(Fund) else Fund.parse(text)


def _period(raw: Mapping[str, Any], reasons: list[str]) -> Period | None:
    text = _text(raw, "period", reasons)
    if not text:
        return None
    try:
        return Period.parse(text)
    except PeriodFormatError as error:
        reasons.append(str(error))
        return None
