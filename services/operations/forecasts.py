"""Forecasts and the reasons for their variances, entered one at a time or a whole return at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, FilteredRelation, Q

from accounts.models import User
from services import audit
from services.access import Grant
from services.audit import Head
from services.models import Forecast, MonitoringPeriod, ServiceLine
from services.operations import repeats
from services.operations.authority import authorise, open_for_figures, reports_in
from services.operations.entries import UNCHANGED, Entered, checked_money, checked_range
from services.operations.reasons import ReasonEntry, set_reasons
from services.operations.refusals import (
    InvalidEntryError,
    LineNotReportingError,
    Refused,
    StaleVersionError,
    SubmittedError,
    WrongCouncilError,
)
from services.operations.staleness import last_saved, theirs
from services.operations.submissions import HANDED_IN, mark_in_progress
from services.roles import Permission

__all__ = ["UNCHANGED", "ForecastEdit", "ReasonEntry", "SavedForecasts", "save_forecasts", "set_reasons"]

FIGURES = ("actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case")
ENTER = Permission.ENTER_FORECASTS
_MANY = 500  # above this many lines, all the council's are read: no database takes a list of any length


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastEdit:
    """New figures for one line, exact pounds; `None` makes a figure “not yet forecast”, which is not nil.

    `expected_version` is the forecast's version when the person looked; 0 where there was none yet.
    """

    line_id: int
    expected_version: int
    actual_to_date: Entered = UNCHANGED
    commitments: Entered = UNCHANGED
    forecast_outturn: Entered = UNCHANGED
    best_case: Entered = UNCHANGED
    worst_case: Entered = UNCHANGED

    @property
    def figures(self) -> dict[str, Decimal | None]:
        """The figures that the edit sets."""
        entered = {name: getattr(self, name) for name in FIGURES}
        return {name: value for name, value in entered.items() if value is not UNCHANGED}


@dataclass(frozen=True, slots=True)
class SavedForecasts:
    """What a save came to: each line's version afterwards, which lines changed, and the audit trail's head then."""

    versions: Mapping[int, int]
    changed: tuple[int, ...]
    head: Head | None = field(default=None, compare=False)
    """`None` if nothing was written: nothing changed, or it was a request sent again."""


@transaction.atomic
def save_forecasts(
    *,
    by: User,
    period: MonitoringPeriod,
    edits: Sequence[ForecastEdit],
    retry_key: str = "",
    reason: str = "",
) -> SavedForecasts:
    """Save all edits or none. A saved carried-forward forecast is thereby confirmed; an edit that changes nothing has no effect.

    The same `retry_key` with the same edits gives the first answer and changes nothing. `reason`, why a figure that looked odd is right, is kept
    in the audit trail. The queries do not grow with the edits, but for the batches that a database limits its inserts to. Raises
    `PeriodClosedError`, `NotAllowedError`, `StaleVersionError` (nothing saved), `InvalidFigureError`, `LineNotReportingError`, `SubmittedError`,
    `RequestKeyReusedError`.
    """
    return save_held(by=by, period=open_for_figures(period), edits=edits, retry_key=retry_key, reason=reason)


def save_held(
    *,
    by: User,
    period: MonitoringPeriod,
    edits: Sequence[ForecastEdit],
    retry_key: str = "",
    reason: str = "",
    grant: Grant | None = None,
    after: Head | None = None,
    sent: Mapping[str, Any] | None = None,
) -> SavedForecasts:
    """As `save_forecasts`, for a period that this transaction holds open.

    `grant` is what the person may do, and `after` the audit trail's head, if this transaction has read them. `sent` is the request, where the
    edits are made of it and of what is held: by it a request sent again is known.
    """
    held = _held(period, edits)
    directorates = {one.line.division.directorate_id for one in held.values()}
    authorise(by=by, council=period.council, needs=ENTER, directorate_ids=directorates, grant=grant)
    asked = asked_for(period, edits=edits, sent=sent)
    # A repeat finds its line's version moved on, or nothing left to change: only then is the key worth a query.
    try:
        _refuse_wrong_lines(period, edits, held)
        changes = [_Change.of(edit, held[edit.line_id], period) for edit in edits]
        _refuse_stale(changes)
    except Refused:
        earlier = saved_before(by=by, key=retry_key, asked=asked)
        if earlier is None:
            raise
        return earlier
    written = [change for change in changes if change.after]
    head = _write(by=by, period=period, changes=written, reason=reason, after=after)
    states = {change.held.line.division.directorate_id: change.held.submission for change in written}
    mark_in_progress(by=by, period=period, states=states)
    versions = {change.edit.line_id: change.forecast.version for change in changes}
    changed = [change.edit.line_id for change in written]
    if changed:
        outcome = {"versions": list(versions.items()), "changed": changed}
        repeats.remember(by=by, key=retry_key, operation="save forecasts", asked=asked, outcome=outcome)
    return _saved(versions.items(), changed, head)


def asked_for(
    period: MonitoringPeriod, *, edits: Sequence[ForecastEdit] = (), sent: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What is asked for, as a repeated request is known by."""
    return {"period": period.pk} | ({"sent": sent} if sent else {"edits": [_plain(edit) for edit in edits]})


def saved_before(*, by: User, key: str, asked: Mapping[str, Any]) -> SavedForecasts | None:
    """What the same request came to the first time; `None` if this is it. One query, none without a key."""
    earlier = repeats.first_outcome(by=by, key=key, operation="save forecasts", asked=asked)
    return None if earlier is None else _saved(earlier["versions"], earlier["changed"])


def _saved(
    versions: Iterable[tuple[int, int]], changed: Sequence[int], head: Head | None = None
) -> SavedForecasts:
    return SavedForecasts(versions=dict(versions), changed=tuple(changed), head=head)


def _plain(edit: ForecastEdit) -> dict[str, Any]:
    return {each.name: getattr(edit, each.name) for each in fields(edit) if each.name not in FIGURES} | {
        name: value if value is None else str(value) for name, value in edit.figures.items()
    }


@dataclass(frozen=True, slots=True)
class _Held:
    """A line with what is held of it in the period: its forecast, if there is one, and where its directorate has got to."""

    line: ServiceLine
    forecast_id: int | None
    version: int
    is_carried: bool
    figures: Mapping[str, Decimal | None]
    submission: str | None

    @classmethod
    def of(cls, row: Any) -> "_Held":
        """From a row of `_held`, whose annotations the type checker does not know."""
        figures = {name: getattr(row, f"held_{name}") for name in FIGURES}
        return cls(row, row.held_id, row.held_version or 0, bool(row.held_carried), figures, row.submission)


def _held(period: MonitoringPeriod, edits: Sequence[ForecastEdit]) -> dict[int, _Held]:
    """The lines of the edits, each with its forecast and its directorate's submission beside it. One query."""
    lines = ServiceLine.objects.filter(council=period.council)
    if len(edits) <= _MANY:
        lines = lines.filter(pk__in=[edit.line_id for edit in edits])
    handed_in = "division__directorate__submissions"
    rows = (
        lines.select_related("division__directorate", "opened_in", "closed_from")
        .annotate(
            held=FilteredRelation("forecasts", condition=Q(forecasts__period=period)),
            handed_in=FilteredRelation(handed_in, condition=Q(**{f"{handed_in}__period": period})),
        )
        .annotate(
            held_id=F("held__pk"),
            held_version=F("held__version"),
            held_carried=F("held__is_carried_forward"),
            submission=F("handed_in__state"),
            **{f"held_{name}": F(f"held__{name}") for name in FIGURES},
        )
    )
    wanted = {edit.line_id for edit in edits}
    return {row.pk: _Held.of(row) for row in rows if row.pk in wanted}


def _refuse_wrong_lines(
    period: MonitoringPeriod, edits: Sequence[ForecastEdit], held: Mapping[int, _Held]
) -> None:
    seen: set[int] = set()
    for edit in edits:
        if edit.line_id not in held:
            raise WrongCouncilError(f"There is no service line {edit.line_id} at {period.council}.")
        line = held[edit.line_id].line
        if line.pk in seen:
            raise InvalidEntryError("service_line", f"{line} is there twice. Enter each line once.")
        seen.add(line.pk)
        if not reports_in(line, period):
            raise LineNotReportingError(line.name, period.period)
        if held[line.pk].submission in HANDED_IN:
            raise SubmittedError(line.division.directorate.name, period.period)


@dataclass(frozen=True, slots=True)
class _Change:
    """One edit against what is held."""

    edit: ForecastEdit
    held: _Held
    forecast: Forecast
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(cls, edit: ForecastEdit, held: _Held, period: MonitoringPeriod) -> "_Change":
        line = held.line
        asked = {
            name: checked_money(name, value, line=line.name, line_id=line.pk)
            for name, value in edit.figures.items()
        }
        figures = {**held.figures, **asked}
        if edit.expected_version == held.version:  # otherwise it is stale, which is said first
            checked_range(figures, line=line.name, line_id=line.pk)
        after: dict[str, Any] = {name: value for name, value in asked.items() if value != held.figures[name]}
        before: dict[str, Any] = {name: held.figures[name] for name in after}
        if held.is_carried:
            before["is_carried_forward"], after["is_carried_forward"] = True, False
        forecast = Forecast(
            pk=held.forecast_id,
            council=period.council,
            service_line=line,
            period=period,
            version=held.version + 1 if after else held.version,
            **figures,
        )
        return cls(edit, held, forecast, before, after)


def _refuse_stale(changes: Sequence[_Change]) -> None:
    """Refuse every edit if one was made against a version that is no longer held."""
    if not (stale := [change for change in changes if change.edit.expected_version != change.held.version]):
        return
    ids = [change.forecast.pk for change in stale if change.forecast.pk][:_MANY]
    saved = last_saved(council_id=stale[0].forecast.council_id, kind="forecast", ids=ids)
    raise StaleVersionError(
        [
            theirs(
                subject=change.held.line.name,
                record_id=change.held.line.pk,
                expected_version=change.edit.expected_version,
                version=change.held.version,
                values=change.held.figures,
                entry=saved.get(change.forecast.pk),
            )
            for change in stale
        ]
    )


def _write(
    *, by: User, period: MonitoringPeriod, changes: Sequence[_Change], reason: str, after: Head | None
) -> Head | None:
    """Insert what is new, update what is held, and record each line's change."""
    if not changes:
        return None
    Forecast.objects.bulk_create([change.forecast for change in changes if change.forecast.pk is None])
    Forecast.objects.bulk_create(
        [change.forecast for change in changes if change.held.version],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*FIGURES, "is_carried_forward", "version"],
    )
    return audit.record(
        by=by,
        council=period.council,
        after=after,
        changes=[
            audit.Change(
                action="enter forecast",
                subject=change.forecast,
                before=change.before,
                after=change.after | {"version": change.forecast.version},
                period=period,
                reason=reason,
            )
            for change in changes
        ],
    )
