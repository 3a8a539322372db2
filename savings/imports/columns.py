"""What a column of a schedule can hold, and how a profile or a heading says so."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounting.periods import FinancialYear, PeriodFormatError
from services.imports.characters import folded


class Field(StrEnum):
    """What a column can hold."""

    REFERENCE = "reference"
    TITLE = "title"
    DESCRIPTION = "description"
    DIRECTORATE = "directorate"
    PRIORITY = "priority"
    SERVICE = "service"
    TYPE = "type"
    LEAD_ROLE = "lead_role"
    YEAR = "year"
    TOTAL = "total"
    IGNORE = "ignore"

    @property
    def label(self) -> str:
        """As a heading would name it: “Lead role”."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one column holds; a year's change to base says which year."""

    field: Field
    year: FinancialYear | None = None

    def __str__(self) -> str:
        return f"{self.field}:{self.year}" if self.year else self.field.value

    @property
    def label(self) -> str:
        """For a person: “2026/27”, “Title”."""
        return str(self.year) if self.year else self.field.label

    @property
    def is_money(self) -> bool:
        """Whether its cells are amounts."""
        return self.field in (Field.YEAR, Field.TOTAL)


_SYNONYMS: Final = {
    "ref": Field.REFERENCE, "reference number": Field.REFERENCE, "ref no": Field.REFERENCE, "code": Field.REFERENCE, "id": Field.REFERENCE,
    "proposal": Field.TITLE, "name": Field.TITLE, "service line": Field.TITLE, "label": Field.TITLE, "saving": Field.TITLE,
    "savings": Field.TITLE, "growth": Field.TITLE, "pressure": Field.TITLE, "proposal title": Field.TITLE, "saving title": Field.TITLE,
    "savings proposal": Field.TITLE, "details": Field.DESCRIPTION, "detail": Field.DESCRIPTION,
    "department": Field.DIRECTORATE, "portfolio": Field.PRIORITY, "theme": Field.PRIORITY, "service area": Field.SERVICE,
    "category": Field.TYPE, "type of saving": Field.TYPE, "lead": Field.LEAD_ROLE, "lead officer": Field.LEAD_ROLE,
    "total savings": Field.TOTAL, "total saving": Field.TOTAL, "total growth": Field.TOTAL, "overall total": Field.TOTAL, "all years": Field.TOTAL,
    "skip": Field.IGNORE, "ignored": Field.IGNORE,
}  # fmt: skip
_YEAR: Final = re.compile(
    r"(?:(?:financial )?year\s*[:_\-. ]\s*)?(?P<year>\d{4}\s*[/-]\s*\d{1,4}|fy\s?\d{2,4})"
)
_UNIT: Final = r"[\s(\[]*(?:£\s?(?:m\b|k\b|million)?|£?\s?'?000'?s?|£?\s?0{3}s?)?[\s)\]]*"
_YEAR_WITH_UNIT: Final = re.compile(_YEAR.pattern + _UNIT)
_PLAIN_WITH_UNIT: Final = re.compile(r"(?P<words>.*?)" + _UNIT)


def meaning_named(text: str) -> Meaning | None:
    """What a profile means by “title”, “year:2026/27”, “2026-27” or “proposal”; `None` if nothing. Raises `PeriodFormatError` for a wrong year."""
    key = folded(text)
    if match := _YEAR.fullmatch(key):
        return Meaning(Field.YEAR, FinancialYear.parse(match["year"].replace(" ", "")))
    if key.startswith("year:"):
        raise PeriodFormatError(f"“{text}” names no financial year. Write it like year:2026/27.")
    words = key.replace("_", " ")
    named = next(
        (one for one in Field if one is not Field.YEAR and one.value.replace("_", " ") == words), None
    )
    found = named or _SYNONYMS.get(words)
    return Meaning(found) if found else None


def meaning_of_heading(heading: str) -> Meaning | None:
    """What a heading means by its own words, with or without a unit behind them: “2026/27 (£000)” is that year."""
    key = folded(heading)
    if match := _YEAR_WITH_UNIT.fullmatch(key):
        try:
            return Meaning(Field.YEAR, FinancialYear.parse(match["year"].replace(" ", "")))
        except PeriodFormatError:
            return None
    plain = _PLAIN_WITH_UNIT.fullmatch(key)
    words = (plain["words"] if plain else key).replace(".", "").strip()
    try:
        return meaning_named(words) if words else None
    except PeriodFormatError:
        return None
