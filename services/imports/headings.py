"""Which field a printed heading means: by the profile, or by the words of the field."""

import re
from typing import Final

from accounting.money import Unit
from services.imports.characters import folded
from services.imports.profile import LEDGER_FIELDS, Field, Profile

_UNIT: Final = re.compile(
    r"\s*[(\[]?\s*(?P<unit>£\s?(?:m\b|million)|£?\s?'?0{3}'?s?|£\s?'?0{3}s?|£\s?k\b|£|%)\s*[)\]]?\s*$"
)
_SYNONYMS: Final[dict[Field, tuple[str, ...]]] = {
    Field.SERVICE_LINE: ("service line", "service", "line", "label", "name", "service area", "budget heading", "description", "cost centre name",
                         "directorate, division or service line", "budget line"),
    Field.CODE: ("code", "cost centre", "cost centre code", "service code", "line code"),
    Field.SUBJECTIVE: ("subjective", "subjective code", "account", "account code", "nominal", "nominal code", "detail code", "gl code"),
    Field.EARLIER_ACTUAL: ("actual to previous period", "actual to date last period", "previous actual to date", "actual to end of last period",
                           "prior actual to date"),
    Field.MONTH_ACTUAL: ("actual this period", "actual this month", "actual in month", "actual in period", "month actual", "period actual"),
    Field.DIRECTORATE: ("directorate", "department"),
    Field.DIVISION: ("division", "service group"),
    Field.FUND: ("fund", "funding"),
    Field.KIND: ("kind", "kind of line", "type", "expenditure or income"),
    Field.ORIGINAL_BUDGET: ("original budget",),
    Field.VIREMENTS: ("virements", "virement", "movement to date", "budget movement", "virements to date"),
    Field.REVISED_BUDGET: ("revised budget", "budget", "current budget", "latest budget", "approved budget", "net budget"),
    Field.ACTUAL_TO_DATE: ("actual to date", "actual", "actuals to date", "actuals", "year to date actual"),
    Field.COMMITMENTS: ("commitments", "commitment"),
    Field.FORECAST_OUTTURN: ("forecast outturn", "forecast", "outturn", "projected outturn", "forecast spend", "projected year end",
                             "projected year-end", "outturn forecast"),
    Field.BEST_CASE: ("best case",),
    Field.WORST_CASE: ("worst case",),
    Field.VARIANCE: ("variance", "variance before reserves", "variation", "over/(under)", "over / (under)", "gross variance"),
    Field.PRIOR_VARIANCE: ("prior variance", "previous variance", "variance last period", "last period's variance"),
    Field.DRAWDOWN: ("drawdown", "drawdown from reserves", "use of reserves", "drawdowns"),
    Field.CONTRIBUTION: ("contribution", "contribution to reserves", "contributions"),
    Field.ONE_OFF_FUNDING: ("one off funding", "one-off funding", "other one-off funding", "other one off funding"),
    Field.VARIANCE_AFTER_RESERVES: ("variance after reserves", "net variance", "net variance after reserves"),
    Field.MOVEMENT: ("movement", "change since last report", "movement since last published"),
    Field.PERCENT: ("percent", "variance pct", "variance percent", "variance %", "% variance", "% of budget", "variance as % of budget"),
    Field.PERCENT_SPENT: ("percent spent", "pct spent", "% spent", "% of budget spent"),
    Field.REMAINING: ("remaining", "budget remaining"),
    Field.RAG: ("rag", "rag rating", "rating", "traffic light"),
    Field.REASON: ("reason", "reasons", "explanation", "comments", "commentary", "reason for variance"),
}  # fmt: skip
_BY_SYNONYM: Final = {word: field for field, words in _SYNONYMS.items() for word in words}
KIND_OF_ROW: Final = "kind of row"
"""The last column of our own exports, which says whether a row is a line or a total."""


def field_of(heading: str, profile: Profile) -> Field | None:
    """The field of a heading, or `None`. A profile's own columns come first; beside them only a field's own name counts."""
    key = folded(heading)
    if key in profile.columns:
        return profile.columns[key][1]
    words = key.replace("_", " ")
    plain = _UNIT.sub("", words).strip() or words
    if profile.columns:
        given = {field for _, field in profile.columns.values()}
        return next(
            (
                field
                for field in Field
                if field.value.replace("_", " ") in (words, plain) and field not in given
            ),
            None,
        )
    found = _BY_SYNONYM.get(words) or _BY_SYNONYM.get(plain)
    return None if found in LEDGER_FIELDS and not profile.is_ledger else found


def unit_of(heading: str) -> Unit | None:
    """The unit that a heading states in its last brackets: “Forecast (£000)”."""
    match = _UNIT.search(folded(heading))
    if match is None or "%" in match["unit"]:
        return None
    mark = match["unit"]
    if "m" in mark:
        return Unit.MILLIONS
    return Unit.THOUSANDS if "000" in mark or "k" in mark else Unit.POUNDS
