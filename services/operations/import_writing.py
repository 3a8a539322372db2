"""Writing an import: set-wise, in the caller's transaction, with an audit entry for every line that changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from services import audit
from services.imports.characters import folded
from services.imports.matching import NewLine
from services.imports.profile import Field
from services.imports.rows import ReturnRow
from services.models import (
    Council,
    Directorate,
    Division,
    Driver,
    Forecast,
    MonitoringPeriod,
    OneOffFunding,
    ReportedBudget,
    ReserveUse,
    ServiceLine,
    UseState,
    VarianceReason,
)
from services.models.many_rows import insert_rows
from services.operations import councils
from services.operations.import_assessment import Assessment, ordered_changes
from services.operations.import_comparison import (
    AS_REPORTED,
    BUDGET_FIELDS,
    FORECAST_FIELDS,
    REASON_ORDER,
    SUPPORT_FIELDS,
    Difference,
    HeldForecast,
    figures_of,
)
from services.operations.submissions import write_states

BATCH = 500
Rows = Sequence[tuple[ReturnRow, ServiceLine]]


def add_divisions(*, by: User, council: Council, new: Iterable[NewLine]) -> dict[tuple[str, str], Division]:
    """The divisions of new lines by folded directorate and division name, made where they are not there."""
    found = {
        (folded(division.directorate.name), folded(division.name)): division
        for division in Division.objects.filter(directorate__council=council).select_related(
            "directorate__council"
        )
    }
    directorates = {
        folded(directorate.name): directorate for directorate in Directorate.objects.filter(council=council)
    }
    for line in new:
        key = (folded(line.directorate), folded(line.division))
        if key in found:
            continue
        if key[0] not in directorates:
            directorates[key[0]] = councils.add_directorate(
                by=by, council=council, name=line.directorate, order=len(directorates)
            )
        directorate = directorates[key[0]]
        directorate.council = council
        order = sum(1 for of_directorate, _ in found if of_directorate == key[0])
        found[key] = councils.add_division(by=by, directorate=directorate, name=line.division, order=order)
    return found


def add_lines(
    *, by: User, council: Council, new: Sequence[NewLine], divisions: Mapping[tuple[str, str], Division]
) -> Rows:
    """Make the lines that the file has and the council has not, in the file's order."""
    if not new:
        return []
    first = (ServiceLine.objects.filter(council=council).aggregate(last=Max("order"))["last"] or 0) + 1
    lines = [
        ServiceLine(
            council_id=council.pk,
            division=divisions[folded(line.directorate), folded(line.division)],
            code=line.row.code,
            name=line.name,
            fund=line.fund,
            kind=line.row.kind or ServiceLine.Kind.NET,
            order=first + place,
        )
        for place, line in enumerate(new)
    ]
    names = (
        "council",
        "division",
        "code",
        "name",
        "fund",
        "kind",
        "order",
        "is_statutory",
        "is_demand_led",
        "is_controllable",
    )
    insert_rows(ServiceLine, names, ([getattr(line, _key(name)) for name in names] for line in lines))
    keys = dict(
        ServiceLine.objects.filter(
            council=council, order__gte=first, order__lt=first + len(lines)
        ).values_list("order", "pk")
    )
    for line in lines:
        line.pk = keys[line.order]
    return [(item.row, line) for item, line in zip(new, lines, strict=True)]


def _key(name: str) -> str:
    return f"{name}_id" if name in ("council", "division") else name


def write_figures(
    *, by: User, period: MonitoringPeriod, found: Assessment, made: Rows, reference: str
) -> None:
    """Store every changed and every new line, and say so in the audit trail."""
    changed = ordered_changes(found)
    rows: Rows = [*((row, line) for row, line, _ in changed), *made]
    _write_forecasts(period, rows, found)
    _write_budgets(period, rows, found)
    _write_support(period, rows, found, reference=reference)
    _write_reasons(by, period, rows)
    _begin(by, period, rows)
    changes = [_change(line, items, period, reference) for _, line, items in changed]
    changes += [_addition(line, _all_new(row, found), period, reference) for row, line in made]
    audit.record(by=by, council=found.council, changes=changes)


def _all_new(row: ReturnRow, found: Assessment) -> tuple[Difference, ...]:
    figures = figures_of(row, held=found.held, line_id=None)
    differences = [
        Difference(name, None, amount)
        for name, amount in figures.items()
        if amount or name not in SUPPORT_FIELDS
    ]
    return (*differences, *([Difference(Field.REASON, None, row.reason)] if row.reason else []))


def _change(
    line: ServiceLine, items: Sequence[Difference], period: MonitoringPeriod, reference: str
) -> audit.Change:
    return audit.Change(
        action="import return",
        subject=line,
        before={item.field.value: item.before for item in items},
        after={item.field.value: item.after for item in items},
        period=period,
        reason=reference,
    )


def _addition(
    line: ServiceLine, items: Sequence[Difference], period: MonitoringPeriod, reference: str
) -> audit.Change:
    """A line made by a return: what it is and its first figures, in one entry."""
    after = {
        "directorate": line.division.directorate.name,
        "division": line.division.name,
        "code": line.code,
        "fund": str(line.fund),
        "kind": str(line.kind),
        **{item.field.value: item.after for item in items},
    }
    return audit.Change(action="add service line", subject=line, after=after, period=period, reason=reference)


def _write_forecasts(period: MonitoringPeriod, rows: Rows, found: Assessment) -> None:
    """Forecasts as the file has them; a figure that the file does not print stays as it was."""
    nothing = HeldForecast((None,) * len(FORECAST_FIELDS), 0, is_carried_forward=False)
    forecasts = []
    for row, line in rows:
        held = found.held.forecasts.get(line.pk, nothing)
        figures = (
            row.amounts.get(name, before) for name, before in zip(FORECAST_FIELDS, held.figures, strict=True)
        )
        forecasts.append((period.council_id, line.pk, period.pk, held.version + 1, False, *figures))
    written = ("version", "is_carried_forward", *(name.value for name in FORECAST_FIELDS))
    insert_rows(
        Forecast,
        ("council", "service_line", "period", *written),
        forecasts,
        unique=("service_line", "period"),
        update=written,
    )


def _write_budgets(period: MonitoringPeriod, rows: Rows, found: Assessment) -> None:
    """Budgets as printed, for lines whose original budget is not kept here."""
    budgets = []
    for row, line in rows:
        if line.pk in found.held.originals or row.revised is None:
            continue
        before = found.held.budgets.get(line.pk, (None, None, None))
        original, virements, _ = (
            row.amounts.get(name, held) for name, held in zip(BUDGET_FIELDS, before, strict=True)
        )
        budgets.append((period.council_id, line.pk, period.pk, original, virements, row.revised))
    written = ("original", "virements", "revised")
    insert_rows(
        ReportedBudget,
        ("council", "service_line", "period", *written),
        budgets,
        unique=("service_line", "period"),
        update=written,
    )


def _write_support(period: MonitoringPeriod, rows: Rows, found: Assessment, *, reference: str) -> None:
    """Uses of reserves and funding as printed, in the place of those that an earlier import of this period made."""
    printed = found.reading.printed
    uses: list[ReserveUse] = []
    funding: list[OneOffFunding] = []
    if printed & {Field.DRAWDOWN, Field.CONTRIBUTION}:
        _delete(ReserveUse, [pk for _, line in rows for pk in found.held.uses.get(line.pk, ())])
    if Field.ONE_OFF_FUNDING in printed:
        _delete(OneOffFunding, [pk for _, line in rows for pk in found.held.funding.get(line.pk, ())])
    shared: dict[str, Any] = {
        "council_id": period.council_id,
        "period": period,
        "state": UseState.APPROVED,
        "purpose": AS_REPORTED,
    }
    for row, line in rows:
        for name in (Field.DRAWDOWN, Field.CONTRIBUTION):
            amount = (
                row.amounts[name]
                if name in row.amounts
                else found.held.support.get((line.pk, name))
                if printed & {Field.DRAWDOWN, Field.CONTRIBUTION}
                else None
            )
            if amount:
                uses.append(
                    ReserveUse(
                        service_line=line,
                        kind=name.value,
                        amount=amount,
                        decision_reference=reference[:120],
                        **shared,
                    )
                )
        if amount := row.amounts.get(Field.ONE_OFF_FUNDING):
            funding.append(
                OneOffFunding(service_line=line, source=OneOffFunding.Source.OTHER, amount=amount, **shared)
            )
    ReserveUse.objects.bulk_create(uses, batch_size=BATCH)
    OneOffFunding.objects.bulk_create(funding, batch_size=BATCH)


def _delete(model: type[ReserveUse] | type[OneOffFunding], keys: Sequence[int]) -> None:
    for start in range(0, len(keys), BATCH):
        model._default_manager.filter(pk__in=keys[start : start + BATCH]).delete()


def _write_reasons(by: User, period: MonitoringPeriod, rows: Rows) -> None:
    """The words that a return prints, beside the reasons that were entered here."""
    now = timezone.now()
    reasons = [
        VarianceReason(
            council_id=period.council_id,
            service_line=line,
            period=period,
            order=REASON_ORDER,
            driver=Driver.OTHER,
            words=row.reason,
            confirmed_by=by,
            confirmed_at=now,
        )
        for row, line in rows
        if row.reason
    ]
    VarianceReason.objects.bulk_create(
        reasons,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["service_line", "period", "order"],
        update_fields=["words", "confirmed_by", "confirmed_at"],
    )


def _begin(by: User, period: MonitoringPeriod, rows: Rows) -> None:
    """The directorates whose figures came are in progress."""
    directorates = {line.division.directorate_id for _, line in rows}
    begun = set(period.submissions.filter(state="in_progress").values_list("directorate_id", flat=True))
    if directorates - begun:
        write_states(by=by, period=period, directorate_ids=directorates - begun, state="in_progress")
