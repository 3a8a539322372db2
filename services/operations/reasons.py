"""The reasons for a line's variance, confirmed afresh each period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounting.words_lint import Concern, concerns_in
from accounts.models import User
from services import audit
from services.models import (
    Driver,
    Forecast,
    MonitoringPeriod,
    ServiceLine,
    VarianceReason,
)
from services.operations.authority import authorise, fresh_line, open_for_figures, reports_in, same_council
from services.operations.entries import checked_money, checked_words
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    LineNotReportingError,
    Refused,
    StaleVersionError,
    SubmittedError,
)
from services.operations.repeats import fingerprint
from services.operations.staleness import last_saved, theirs
from services.operations.submissions import HANDED_IN, state_of
from services.position import Reason
from services.roles import Permission


class NothingToConfirmError(Refused):
    """No reason was given earlier in the year."""


class WordsToCheckError(Refused):
    """Words that may tell who a child is, and nobody has yet said that they do not. `concerns` are the passages."""

    def __init__(self, concerns: Sequence[Concern]) -> None:
        super().__init__(
            f"These words will be published, and may tell who a child is: {'; '.join(str(concern) for concern in concerns)}. "
            "Rewrite them, or tick that you have checked them."
        )
        self.concerns = tuple(concerns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonEntry:
    """One driver of a variance before reserves: signed pounds (+ adds to the overspend), `None` if not broken down."""

    driver: str
    amount: Decimal | None = None
    is_recurrent: bool | None = None
    words: str = ""
    action: str = ""


@transaction.atomic
def set_reasons(
    *,
    by: User,
    line: ServiceLine,
    period: MonitoringPeriod,
    reasons: Sequence[ReasonEntry],
    expected_forecast_version: int | None = None,
    expected_reasons: str | None = None,
    words_accepted: bool = False,
) -> list[VarianceReason]:
    """Put these reasons in the place of the line's reasons for the period, confirmed by `by` now.

    With `expected_forecast_version` it refuses (`StaleVersionError`) to explain a forecast that has changed since the person looked, and with
    `expected_reasons`, the `reasons_mark` of those that the person saw, to take the place of others. Words that
    may tell who a child is are refused (`WordsToCheckError`) unless the person has read the warning and accepts them; the audit entry says so.
    """
    now, line = _open_for_reasons(by=by, line=line, period=period)
    _refuse_stale(line, now, expected_forecast_version)
    _refuse_other_reasons(line, now, expected_reasons)
    return _write(
        by=by,
        line=line,
        period=now,
        reasons=reasons,
        words_accepted=words_accepted,
        action="explain variance",
    )


@transaction.atomic
def confirm_last_reasons(
    *,
    by: User,
    line: ServiceLine,
    period: MonitoringPeriod,
    expected_forecast_version: int | None = None,
    words_accepted: bool = False,
) -> list[VarianceReason]:
    """Make the reasons last given this year this period's as well, word for word, confirmed by `by` now.

    What they leave unexplained of this period's variance stays to be explained. Raises `NothingToConfirmError`, `AlreadyDoneError` if reasons
    have been given for this period, and what `set_reasons` raises.
    """
    now, line = _open_for_reasons(by=by, line=line, period=period)
    _refuse_stale(line, now, expected_forecast_version)
    if VarianceReason.objects.filter(service_line=line, period=now).exists():
        raise AlreadyDoneError(
            f"{line} has reasons for {now.period.label} already. Change those, if they are not right."
        )
    last = last_reasons(line, now)
    if not last:
        raise NothingToConfirmError(f"{line} was given no reason earlier in {now.period.year}. Enter one.")
    entries = [
        ReasonEntry(
            driver=row.driver,
            amount=row.amount,
            is_recurrent=row.is_recurrent,
            words=row.words,
            action=row.action,
        )
        for row in last
    ]
    return _write(
        by=by,
        line=line,
        period=now,
        reasons=entries,
        words_accepted=words_accepted,
        action="confirm reasons",
        copied_from=last[0].period.period.slug,
    )


def last_reasons(line: ServiceLine, period: MonitoringPeriod) -> list[VarianceReason]:
    """The reasons of the latest period before this one in the same year that gave any, in order. One query."""
    rows = list(
        VarianceReason.objects.filter(
            service_line=line, period__year=period.year, period__number__lt=period.number
        )
        .select_related("period")
        .order_by("-period__number", "order")
    )
    return [row for row in rows if row.period_id == rows[0].period_id]


def _open_for_reasons(
    *, by: User, line: ServiceLine, period: MonitoringPeriod
) -> tuple[MonitoringPeriod, ServiceLine]:
    """The period and the line as they are now, held, for a person who may explain it."""
    now = open_for_figures(period)
    line = fresh_line(line)
    same_council(now.council_id, line)
    directorate = line.division.directorate
    authorise(by=by, council=now.council, needs=Permission.ENTER_FORECASTS, directorate_ids=[directorate.pk])
    if not reports_in(line, now):
        raise LineNotReportingError(line.name, now.period)
    if state_of(now, directorate) in HANDED_IN:
        raise SubmittedError(directorate.name, now.period)
    return now, line


def _write(
    *,
    by: User,
    line: ServiceLine,
    period: MonitoringPeriod,
    reasons: Sequence[ReasonEntry],
    words_accepted: bool,
    action: str,
    copied_from: str = "",
) -> list[VarianceReason]:
    now = period
    concerns = [concern for entry in reasons for concern in concerns_in(f"{entry.words}\n{entry.action}")]
    if concerns and not words_accepted:
        raise WordsToCheckError(concerns)
    held = VarianceReason.objects.filter(service_line=line, period=now).order_by("order")
    before = [_plain(reason) for reason in held]
    rows = [
        _row(by=by, line=line, period=now, order=order, entry=entry) for order, entry in enumerate(reasons)
    ]
    held.delete()
    VarianceReason.objects.bulk_create(rows)
    after: dict[str, Any] = {"reasons": [_plain(row) for row in rows]}
    if copied_from:
        after["confirmed_from"] = copied_from
    if concerns:
        after["words_accepted"] = [str(concern) for concern in concerns]
    change = audit.Change(action=action, subject=line, before={"reasons": before}, after=after, period=now)
    audit.record(by=by, council=now.council, changes=[change])
    return rows


def _row(
    *, by: User, line: ServiceLine, period: MonitoringPeriod, order: int, entry: ReasonEntry
) -> VarianceReason:
    if entry.driver not in Driver.values:
        raise InvalidEntryError("driver", f"“{entry.driver}” is not one of {', '.join(Driver.values)}.")
    return VarianceReason(
        council=period.council,
        service_line=line,
        period=period,
        order=order,
        driver=entry.driver,
        amount=checked_money("amount", entry.amount, line=line.name, line_id=line.pk),
        is_recurrent=entry.is_recurrent,
        words=checked_words("words", entry.words),
        action=checked_words("action", entry.action),
        confirmed_by=by,
        confirmed_at=timezone.now(),
    )


def _plain(reason: VarianceReason | ReasonEntry | Reason) -> dict[str, Any]:
    return {
        "driver": str(reason.driver),
        "amount": reason.amount,
        "is_recurrent": reason.is_recurrent,
        "words": reason.words,
        "action": reason.action,
    }


def reasons_mark(reasons: Iterable[VarianceReason | ReasonEntry | Reason]) -> str:
    """What tells one set of reasons from another: a digest of all that they say, in order."""
    return fingerprint({"reasons": [_plain(reason) for reason in reasons]})


def _refuse_other_reasons(line: ServiceLine, period: MonitoringPeriod, expected: str | None) -> None:
    held = list(VarianceReason.objects.filter(service_line=line, period=period).order_by("order"))
    if expected is None or reasons_mark(held) == expected:
        return
    saved = last_saved(council_id=period.council_id, kind="serviceline", ids=[line.pk])
    now = theirs(
        subject=f"the reasons of {line.name}",
        record_id=line.pk,
        expected_version=0,
        version=0,
        values={"reasons": len(held)},
        entry=saved.get(line.pk),
    )
    raise StaleVersionError([now])


def _refuse_stale(line: ServiceLine, period: MonitoringPeriod, expected: int | None) -> None:
    if expected is None:
        return
    held = Forecast.objects.filter(service_line=line, period=period).first()
    version = held.version if held else 0
    if version != expected:
        held_id = held.pk if held else 0
        saved = last_saved(council_id=period.council_id, kind="forecast", ids=[held_id])
        now = theirs(
            subject=line.name,
            record_id=line.pk,
            expected_version=expected,
            version=version,
            values={"forecast_outturn": held.forecast_outturn if held else None},
            entry=saved.get(held_id),
        )
        raise StaleVersionError([now])
