"""The rows of a month's savings: each with its form, last month's values beside it, and why it cannot be changed where it cannot."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from accounting.savings import SavingFigures
from accounting.wording import format_money
from presentation.components import Conflict
from savings.entries import SavingEntry
from savings.forms.month import FIGURES, UpdateForm, update_initial
from savings.models import PARTS
from savings.position.updates import SavingsPosition, WorkingSaving
from savings.tables.rows import rating_words, spoken_date
from services.access import Grant
from services.models import MonitoringPeriod
from services.operations.refusals import Theirs
from services.roles import Permission

ENTER = Permission.ENTER_FORECASTS
_NONE = "nothing said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One entry, and what the last period said there."""

    field: forms.BoundField
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """One saving of the month."""

    saving: WorkingSaving
    form: UpdateForm
    lock: str = ""
    """Why it cannot be changed here; blank if it can."""
    conflicts: tuple[Conflict, ...] = ()
    theirs: Theirs | None = None

    @property
    def figures(self) -> SavingFigures:
        """As they are held."""
        return self.saving.entry.figures

    @property
    def parts(self) -> list[Cell]:
        """The four parts."""
        return [self._cell(name) for name in PARTS]

    @property
    def forecast(self) -> Cell:
        """How much will be delivered."""
        return self._cell("forecast")

    @property
    def said(self) -> list[Cell]:
        """Colour, confidence and date, held apart from the forecast; and what is said."""
        return [self._cell(name) for name in ("rag", "confidence", "expected_on", "reason", "service_effect")]

    @property
    def is_shown_as_form(self) -> bool:
        """Whether there is something to fill in, or something typed to be copied."""
        return not self.lock or (self.form.is_bound and self.form.is_entered)

    def _cell(self, name: str) -> Cell:
        return Cell(
            field=self.form[name], last=_last_words(self.saving.last, name) if self.saving.last else ""
        )


def _last_words(last: SavingEntry, name: str) -> str:
    """What the last period said, as it is read."""
    figures = (*FIGURES, "target")
    if name in figures:
        return format_money(getattr(last.figures, name), places=2, unknown=_NONE)
    if name == "rag":
        return rating_words(last.rag)
    said = {
        "confidence": last.confidence_label,
        "expected_on": spoken_date(last.expected_on),
        "reason": last.reason,
        "service_effect": last.service_effect,
    }
    return said[name] or _NONE


def month_rows(
    position: SavingsPosition, *, locks: Mapping[int, str], posted: QueryDict | None, only: int | None
) -> list[MonthRow]:
    """Every saving with its form: as it was sent where something was entered in it, otherwise as it is held."""
    return [
        MonthRow(
            saving=saving,
            form=_form(saving, posted, is_asked=saving.proposal_id == only),
            lock=locks.get(saving.proposal_id, ""),
        )
        for saving in position.rows
    ]


def _form(saving: WorkingSaving, posted: QueryDict | None, *, is_asked: bool) -> UpdateForm:
    """A saving in which nothing was entered is shown as it is held, and judged by nobody."""
    options: dict[str, Any] = {
        "prefix": f"s{saving.proposal_id}",
        "saving": saving,
        "initial": update_initial(saving),
    }
    if posted is not None and f"{options['prefix']}-expected_version" in posted:
        form = UpdateForm(posted, **options)
        if form.is_entered or is_asked:
            return form
    return UpdateForm(**options)


def draft_key(what: str, grant: Grant, period: MonitoringPeriod, versions: Iterable[int]) -> str:
    """Under which name a browser keeps what is typed: another one as soon as anything was saved, so that no draft outlives its page."""
    seen = hashlib.sha256(",".join(map(str, versions)).encode()).hexdigest()[:16]
    return f"{what} {grant.user.pk} {period.pk} {seen}"


def in_conflict(rows: Iterable[MonthRow], theirs: Iterable[Theirs]) -> list[MonthRow]:
    """The rows, those that somebody else changed meanwhile with the comparison, and their forms begun from what is held now."""
    held = {one.record_id: one for one in theirs}
    found = []
    for row in rows:
        now = held.get(row.saving.proposal_id)
        if now is None or not row.form.is_bound:
            found.append(row)
            continue
        compared = row.form.comparison(now.values)
        again = row.form.again(held=now.values, version=now.version)
        assert isinstance(again, UpdateForm)
        found.append(replace(row, form=again, conflicts=compared, theirs=now))
    return found


def locks_of(
    grant: Grant, position: SavingsPosition, period: MonitoringPeriod, handed_in: frozenset[int]
) -> dict[int, str]:
    """Why each saving that cannot be changed here cannot, in words."""
    locks: dict[int, str] = {}
    for row in position.rows:
        where = row.directorate_id
        if period.is_locked:
            locks[row.proposal_id] = f"Locked: the period is {period.get_state_display().lower()}"
        elif where in handed_in:
            locks[row.proposal_id] = "Locked: the directorate has submitted"
        elif not (
            grant.allows_everywhere(ENTER) if where is None else grant.allows(ENTER, directorate_id=where)
        ):
            locks[row.proposal_id] = "To be read only"
    return locks
