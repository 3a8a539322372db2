"""The rows of a month's recovery actions: each with its form, last month's beside it, and why it cannot be changed where it cannot."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from accounting.wording import format_money
from presentation.components import Conflict
from savings.forms.recovery import ProgressForm
from savings.models import RecoveryAction, RecoveryProgress
from savings.operations.recovery_records import directorate_of
from savings.views.month_rows import ENTER, Cell
from services.access import Grant
from services.models import MonitoringPeriod
from services.operations.refusals import Theirs
from services.position.grid import handed_in
from services.roles import Permission

ENTRIES = ("identified", "recouped", "status", "words")
_NONE = "nothing said"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRow:
    """One recovery action of the month."""

    action: RecoveryAction
    held: RecoveryProgress | None
    last: RecoveryProgress | None
    form: ProgressForm
    lock: str = ""
    conflicts: tuple[Conflict, ...] = ()
    theirs: Theirs | None = None

    @property
    def is_carried_forward(self) -> bool:
        """Whether it is a copy of last month that nobody has confirmed."""
        return self.held is not None and self.held.is_carried_forward

    @property
    def now(self) -> RecoveryProgress:
        """What is said this month, to be read; all of it unknown where nothing is."""
        return self.held or RecoveryProgress()

    @property
    def cells(self) -> list[Cell]:
        """Each entry, with what the last period said there."""
        return [Cell(field=self.form[name], last=self._last(name)) for name in ENTRIES]

    @property
    def is_shown_as_form(self) -> bool:
        """Whether there is something to fill in, or something typed to be copied."""
        return not self.lock or (self.form.is_bound and self.form.is_entered)

    def _last(self, name: str) -> str:
        if self.last is None:
            return ""
        if name in ("identified", "recouped"):
            return format_money(getattr(self.last, name), places=2, unknown=_NONE)
        return (self.last.get_status_display() if name == "status" else self.last.words) or _NONE


def progress_rows(grant: Grant, period: MonitoringPeriod, *, posted: QueryDict | None) -> list[ProgressRow]:
    """The actions of the year's plans that the person may see. A fixed number of queries."""
    allowed = grant.directorates(Permission.VIEW_WORKING)
    actions = RecoveryAction.objects.filter(council=period.council, plan__year=period.year).select_related(
        "plan__directorate", "service_line__division__directorate"
    )
    held = {row.action_id: row for row in RecoveryProgress.objects.filter(period=period)}
    earlier = RecoveryProgress.objects.filter(
        period__council=period.council, period__year=period.year, period__number__lt=period.number
    )
    last = {row.action_id: row for row in earlier.order_by("period__number")}
    submitted = handed_in(period)
    rows = []
    for action in actions.order_by("plan__name", "order", "pk"):
        where = directorate_of(action)
        if allowed is not None and where not in allowed:
            continue
        now = held.get(action.pk)
        rows.append(
            ProgressRow(
                action=action,
                held=now,
                last=last.get(action.pk),
                form=_form(action, now, posted),
                lock=_lock(grant, period, where, submitted),
            )
        )
    return rows


def _lock(grant: Grant, period: MonitoringPeriod, where: int | None, submitted: frozenset[int]) -> str:
    if period.is_locked:
        return f"Locked: the period is {period.get_state_display().lower()}"
    if where in submitted:
        return "Locked: the directorate has submitted"
    may = grant.allows_everywhere(ENTER) if where is None else grant.allows(ENTER, directorate_id=where)
    return "" if may else "To be read only"


def _form(action: RecoveryAction, held: RecoveryProgress | None, posted: QueryDict | None) -> ProgressForm:
    values: dict[str, Any] = {name: getattr(held, name) for name in ENTRIES} if held else {}
    values.setdefault("status", RecoveryAction.Status.NOT_STATED.value)
    options: dict[str, Any] = {
        "prefix": f"a{action.pk}",
        "action_id": action.pk,
        "is_carried": held is not None and held.is_carried_forward,
        "initial": values | {"expected_version": held.version if held else 0},
    }
    if posted is not None and f"a{action.pk}-expected_version" in posted:
        form = ProgressForm(posted, **options)
        if form.is_entered:
            return form
    return ProgressForm(**options)


def in_conflict(rows: Iterable[ProgressRow], theirs: Iterable[Theirs]) -> list[ProgressRow]:
    """The rows, those that somebody else changed with the comparison, and their forms begun from what is held now."""
    held = {one.record_id: one for one in theirs}
    found = []
    for row in rows:
        now = held.get(row.action.pk)
        if now is None or not row.form.is_bound:
            found.append(row)
            continue
        compared = row.form.comparison(now.values)
        again = row.form.again(held=now.values, version=now.version)
        assert isinstance(again, ProgressForm)
        found.append(replace(row, form=again, conflicts=compared, theirs=now))
    return found
