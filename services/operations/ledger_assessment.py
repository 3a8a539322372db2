"""What applying a ledger would do, and whether it may: a reading set beside the mapping table, the forecasts held and the last ledger applied."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.db.models import Sum

from accounting.money import ZERO, total
from accounting.periods import Period
from accounting.words_lint import Concern
from services.imports.findings import concerns_in_name
from services.imports.ledger import LedgerReading
from services.imports.ledger_matching import CodeIndex, LedgerMatches, match_rows
from services.imports.problems import Confirmation, Problem, Remark, listed
from services.models import Council, Forecast, LedgerAmount, LedgerBatch, MonitoringPeriod, ServiceLine
from services.operations.import_guards import foreign_title, period_problems
from services.operations.ledger_guards import doubts
from services.operations.repeats import fingerprint
from services.operations.submissions import HANDED_IN


@dataclass(frozen=True, slots=True)
class Sums:
    """A line's figures from the ledger, pounds; commitments `None` where the file has none."""

    actual: Decimal
    commitments: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One line of which a figure would change."""

    line_id: int
    line: str
    directorate_id: int
    forecast_id: int | None
    version: int
    actual_before: Decimal | None
    actual_after: Decimal
    commitments_before: Decimal | None
    commitments_after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A line of which the ledger now says something else about the period before than the ledger that was applied then."""

    line: str
    then: Decimal
    now: Decimal
    difference: Decimal


@dataclass(slots=True, kw_only=True)
class Held:
    """What the council holds: forecasts of the period, and the newest applied ledger of this period and of the last before it in the year."""

    lines: dict[int, ServiceLine] = field(default_factory=dict)
    forecasts: dict[int, Forecast] = field(default_factory=dict)
    applied: LedgerBatch | None = None
    here: dict[int, Decimal] = field(default_factory=dict)
    earlier_batch: LedgerBatch | None = None
    earlier: dict[int, Decimal] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class LedgerAssessment:
    """Everything a person must see before a ledger is applied, and everything applying it needs."""

    council: Council
    monitoring: MonitoringPeriod
    reading: LedgerReading
    matches: LedgerMatches = field(default_factory=LedgerMatches)
    held: Held = field(default_factory=Held)
    sums: dict[int, Sums] = field(default_factory=dict)
    changes: list[LineChange] = field(default_factory=list)
    restated: list[Restated] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def already_applied(self) -> bool:
        """Whether this very file is the newest ledger of the period and everything in it still stands."""
        applied = self.held.applied
        return (
            applied is not None
            and applied.file_digest == self.reading.digest
            and not self.problems
            and not self.changes
        )

    @property
    def effect(self) -> str:
        """A digest of what would be written and over what, to tell whether it is still what a person saw."""
        changes = [asdict(change) for change in self.changes]
        return fingerprint({"changes": changes, "over": self.held.applied.pk if self.held.applied else None})


def assess_ledger(
    *, council: Council, monitoring: MonitoringPeriod, reading: LedgerReading
) -> LedgerAssessment:
    """Set a ledger beside what is held. Reads only, with a number of queries that does not grow with its rows."""
    found = LedgerAssessment(
        council=council,
        monitoring=monitoring,
        reading=reading,
        problems=[*period_problems(monitoring), *reading.problems],
        confirmations=list(reading.confirmations),
        remarks=list(reading.remarks),
    )
    problem, finding = foreign_title(council, wanted=reading.profile.council, title=reading.title)
    found.problems += [problem] if problem else []
    found.confirmations += [finding] if finding else []
    if not reading.rows:
        return found
    period = monitoring.period
    found.matches = match_rows(reading, index=CodeIndex(council, period), period=period)
    found.problems += found.matches.problems
    found.held = _held(council, monitoring)
    found.sums = _sums(found)
    missing = _missing(found)
    found.changes = list(_changes(found, missing))
    found.problems += _handed_in(found)
    _earlier_figures(found)
    _personal(found)
    found.confirmations += doubts(found, missing)
    return found


def _held(council: Council, monitoring: MonitoringPeriod) -> Held:
    applied = LedgerBatch.objects.filter(council=council, state=LedgerBatch.State.APPLIED).defer(
        "content", "outcome", "problems"
    )
    of_year = applied.filter(period__year=monitoring.year).select_related("period", "applied_by")
    here = of_year.filter(period=monitoring).order_by("-applied_at", "-pk").first()
    earlier = (
        of_year.filter(period__number__lt=monitoring.number)
        .order_by("-period__number", "-applied_at", "-pk")
        .first()
    )
    return Held(
        lines={
            line.pk: line
            for line in ServiceLine.objects.filter(council=council)
            .select_related("division__directorate")
            .order_by("division__directorate__order", "division__order", "order", "pk")
        },
        forecasts={row.service_line_id: row for row in Forecast.objects.filter(period=monitoring)},
        applied=here,
        here=_by_line(here),
        earlier_batch=earlier,
        earlier=_by_line(earlier),
    )


def _by_line(batch: LedgerBatch | None) -> dict[int, Decimal]:
    """Actual to date by line, of the amounts that the batch's period holds."""
    if batch is None:
        return {}
    rows = LedgerAmount.objects.filter(period_id=batch.period_id).values("service_line_id")
    return dict(rows.annotate(actual=Sum("actual_to_date")).values_list("service_line_id", "actual"))


def _sums(found: LedgerAssessment) -> dict[int, Sums]:
    actual: dict[int, list[Decimal]] = {}
    commitments: dict[int, list[Decimal]] = {}
    for row, line_id in found.matches.rows:
        actual.setdefault(line_id, []).append(row.actual)
        if row.commitments is not None:
            commitments.setdefault(line_id, []).append(row.commitments)
    return {
        line_id: Sums(total(amounts), total(commitments[line_id]) if line_id in commitments else None)
        for line_id, amounts in actual.items()
    }


def _missing(found: LedgerAssessment) -> list[int]:
    """Lines on which the last ledger of the year had something and this file has nothing."""
    before = found.held.here or found.held.earlier
    return [line_id for line_id in found.held.lines if before.get(line_id) and line_id not in found.sums]


def _changes(found: LedgerAssessment, missing: Iterable[int]) -> Iterable[LineChange]:
    nil = Sums(ZERO, ZERO if found.reading.has_commitments else None)
    wanted: Mapping[int, Sums] = found.sums | dict.fromkeys(missing, nil)
    for line_id, line in found.held.lines.items():
        if line_id not in wanted:
            continue
        sums, held = wanted[line_id], found.held.forecasts.get(line_id)
        actual, commitments = (held.actual_to_date, held.commitments) if held else (None, None)
        after = commitments if sums.commitments is None else sums.commitments
        if (actual, commitments) != (sums.actual, after):
            yield LineChange(
                line_id=line_id,
                line=line.name,
                directorate_id=line.division.directorate_id,
                forecast_id=held.pk if held else None,
                version=held.version if held else 0,
                actual_before=actual,
                actual_after=sums.actual,
                commitments_before=commitments,
                commitments_after=after,
            )


def _handed_in(found: LedgerAssessment) -> list[Problem]:
    """Directorates that have submitted the period: their figures change only if they are returned."""
    touched = {change.directorate_id for change in found.changes}
    submitted = found.monitoring.submissions.filter(state__in=HANDED_IN, directorate_id__in=touched)
    return [
        Problem(
            what=f"{name} has submitted {found.monitoring.period.label}, and the ledger would change its figures. Return it to the directorate first."
        )
        for name in submitted.values_list("directorate__name", flat=True)
    ]


def _earlier_figures(found: LedgerAssessment) -> None:
    """What the ledger now says of the period before, against the ledger that was applied then. Shown, never absorbed."""
    before, period = found.held.earlier_batch, found.monitoring.period
    if before is None:
        return
    then = before.period.period
    if not found.reading.tells_earlier or then != period.previous:
        fallen = [
            found.held.lines[line_id].name
            for line_id, sums in found.sums.items()
            if line_id in found.held.earlier and abs(sums.actual) < abs(found.held.earlier[line_id])
        ]
        told = (
            f" Less is spent now than in the ledger of {then.label} on: {listed(fallen)}." if fallen else ""
        )
        found.remarks.append(
            Remark(
                what=f"The file does not say what had been spent by the end of {then.label}, so it cannot be told whether the ledger restated that "
                f"month. A column “Actual this period” or “Actual to date last period” would tell.{told}"
            )
        )
        return
    now: dict[int, list[Decimal]] = {}
    for row, line_id in found.matches.rows:
        now.setdefault(line_id, []).append(row.earlier or ZERO)
    for line_id, amounts in now.items():
        said, held = total(amounts), found.held.earlier.get(line_id, ZERO)
        if said != held:
            found.restated.append(
                Restated(line=found.held.lines[line_id].name, then=held, now=said, difference=said - held)
            )
    if found.restated:
        found.confirmations.append(
            Confirmation(
                code="restated",
                question=f"The ledger has changed what it said about {then.label}, on {len(found.restated)} lines; the differences are in the table. "
                f"What was reported for {then.label} stays as it was. Confirm that the actual to date may be taken over all the same.",
            )
        )


def _personal(found: LedgerAssessment) -> None:
    read: dict[str, tuple[Concern, ...]] = {"": ()}
    told = []
    for row in found.reading.rows:
        if row.description not in read:
            read[row.description] = concerns_in_name(row.description)
        told += [f"Row {row.row}: {concern}" for concern in read[row.description]]
    if told:
        found.confirmations.append(
            Confirmation(
                code="personal-details",
                question="Some descriptions may tell who a child is, and the file is kept. Take them out of the file. Confirm only if they do not.",
                details=tuple(told[:20]),
            )
        )


def earlier_period(found: LedgerAssessment) -> Period | None:
    """The period of the last ledger applied before this one in the year."""
    return found.held.earlier_batch.period.period if found.held.earlier_batch else None
