"""The audit trail as people read it: each change with its figures before and after, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Model, Q, QuerySet

from accounting.wording import format_money
from services.audit import broken_chains
from services.models import AuditEntry, Council

NONE_WORDS = "none"
_MONEY_WORDS = (
    "amount",
    "budget",
    "forecast_outturn",
    "actual_to_date",
    "commitments",
    "best_case",
    "worst_case",
    "opening",
    "closing",
    "in_year",
    "received",
    "adjustments",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of a change, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntry:
    """One audit entry, for a reader."""

    sequence: int
    at: datetime
    by: str
    action: str
    subject: str
    period: str
    reason: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """Which entries are asked for. An empty field asks for all; text is sought in any capitals."""

    by: str = ""
    action: str = ""
    subject: str = ""
    period: str = ""


def entry_of(entry: AuditEntry) -> ChangeEntry:
    """An audit entry in words."""
    before, after = entry.before, entry.after
    return ChangeEntry(
        sequence=entry.sequence,
        at=entry.at,
        by=entry.by,
        action=entry.action.replace("_", " "),
        subject=entry.subject,
        period=entry.period,
        reason=entry.reason,
        fields=tuple(
            FieldChange(
                name=str(name).replace("_", " "),
                before=_words(name, before.get(name)) if name in before else NONE_WORDS,
                after=_words(name, after.get(name)) if name in after else NONE_WORDS,
            )
            for name in dict.fromkeys((*before, *after))
        ),
    )


def history_of(record: Model, council: Council) -> tuple[ChangeEntry, ...]:
    """Every change of one record of the council, newest first, and of those it was carried forward from. One query, and one a period back."""
    ids: list[int] = []
    one: Model | None = record
    while one is not None:
        ids.append(one.pk)
        one = getattr(one, "carried_from", None)
    entries = AuditEntry.objects.filter(
        council_id=council.pk, subject_type=record._meta.model_name or "", subject_id__in=ids
    )
    return tuple(entry_of(entry) for entry in entries.order_by("-sequence"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """How often something of the council as a whole was set anew. The first version is what the council began with."""

    number: int
    changes: tuple[ChangeEntry, ...]
    """The newest first."""


def versions_of(council: Council, action: str) -> Versions:
    """The versions of what this action sets. One query."""
    entries = AuditEntry.objects.filter(council_id=council.pk, action=action).order_by("-sequence")
    changes = tuple(entry_of(entry) for entry in entries)
    return Versions(number=len(changes) + 1, changes=changes)


def trail_of(council: Council, wanted: TrailFilter) -> QuerySet[AuditEntry]:
    """A council's entries, newest first, that answer the filter."""
    entries = AuditEntry.objects.filter(council_id=council.pk).order_by("-sequence")
    if wanted.by:
        entries = entries.filter(by__icontains=wanted.by)
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.subject:
        entries = entries.filter(Q(subject__icontains=wanted.subject) | Q(reason__icontains=wanted.subject))
    if wanted.period:
        entries = entries.filter(period=wanted.period)
    return entries


def actions_of(council: Council) -> tuple[str, ...]:
    """Every kind of change that the council's trail holds, by name."""
    found = (
        AuditEntry.objects.filter(council_id=council.pk).order_by("action").values_list("action", flat=True)
    )
    return tuple(found.distinct())


def chain_problem(council: Council) -> str:
    """Re-compute the council's chain; what is wrong with it, in words, or an empty text when it is whole. Reads the whole trail."""
    for broken in broken_chains():
        if broken.council_id == council.pk:
            return f"The trail does not hold at entry {broken.sequence}: {broken.problem}."
    return ""


def _words(name: Any, value: Any) -> str:
    """A value as a person says it; money with its sign and pence."""
    if value is None or value == "":
        return NONE_WORDS
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{str(key).replace('_', ' ')}: {_words(key, item)}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(_words(name, item) for item in value) or NONE_WORDS
    if isinstance(value, str) and any(word in str(name) for word in _MONEY_WORDS):
        return _money_words(value)
    return str(value)


def _money_words(text: str) -> str:
    """“£1,234.50” for “1234.50”; text that is no amount stays as it is."""
    try:
        return format_money(Decimal(text), places=2)
    except InvalidOperation:
        return text
