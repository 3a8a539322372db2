"""What a person who leaves has in hand at a council: roles, forecasts not yet submitted, files, requests, and whom they act for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Max, Model, Q
from django.utils import timezone

from accounts.models import User
from services.models import (
    ApprovalState,
    AuditEntry,
    Council,
    Delegation,
    DirectorateSubmission,
    Forecast,
    FundingChange,
    ImportBatch,
    LedgerBatch,
    MonitoringPeriod,
    OneOffFunding,
    ReopenRequest,
    ReserveUse,
    RoleAssignment,
    UseState,
    Virement,
)

_HANDED_IN = (DirectorateSubmission.State.SUBMITTED, DirectorateSubmission.State.APPROVED)
_LEDGER_OPEN = (
    LedgerBatch.State.STAGED,
    LedgerBatch.State.CHECKING,
    LedgerBatch.State.CHECKED,
    LedgerBatch.State.FAILED,
)
_REQUESTED = (UseState.PLANNED, UseState.REQUESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one person has in hand at one council, as it now stands."""

    council: Council
    person: User
    roles: tuple[RoleAssignment, ...]
    """Those held here, and those held at every council."""
    forecasts: tuple[Forecast, ...]
    """Those of open periods that this person saved last, of directorates that have not submitted."""
    files: tuple[ImportBatch | LedgerBatch, ...]
    """Staged and not yet applied."""
    requests: tuple[Virement | FundingChange | ReserveUse | OneOffFunding | ReopenRequest, ...]
    """Asked for and not yet decided, or not yet posted."""
    delegations: tuple[Delegation, ...]
    """Not yet ended: where the person is deputy, and where somebody is for them."""

    @property
    def lines_by_period(self) -> tuple[tuple[MonitoringPeriod, tuple[str, ...]], ...]:
        """The lines of the forecasts, period by period."""
        found: dict[MonitoringPeriod, list[str]] = {}
        for forecast in self.forecasts:
            found.setdefault(forecast.period, []).append(str(forecast.service_line))
        return tuple((period, tuple(lines)) for period, lines in found.items())

    @property
    def is_nothing(self) -> bool:
        """Whether the person has nothing in hand here."""
        return not (self.roles or self.forecasts or self.files or self.requests or self.delegations)


def people_of(council: Council) -> tuple[User, ...]:
    """Everybody who holds a role here or at every council, by user name; people who may no longer sign in too. One query."""
    held = RoleAssignment.objects.filter(Q(council=council) | Q(council__isnull=True)).values("user_id")
    return tuple(User.objects.filter(pk__in=held).order_by("username"))


def work_of(council: Council, person: User) -> Work:
    """What the person has in hand at the council. The queries do not grow with it."""
    return Work(
        council=council,
        person=person,
        roles=tuple(
            RoleAssignment.objects.filter(Q(council=council) | Q(council__isnull=True), user=person)
            .select_related("user", "council", "directorate")
            .order_by("role", "pk")
        ),
        forecasts=tuple(_forecasts(council, person)),
        files=tuple(_files(council, person)),
        requests=tuple(_requests(council, person)),
        delegations=tuple(
            Delegation.objects.filter(
                Q(deputy=person) | Q(holder=person),
                council=council,
                ended_at__isnull=True,
                ends_on__gte=timezone.localdate(),
            )
            .select_related("council", "holder", "deputy")
            .order_by("starts_on", "pk")
        ),
    )


def _forecasts(council: Council, person: User) -> Iterable[Forecast]:
    handed_in = DirectorateSubmission.objects.filter(council=council, state__in=_HANDED_IN)
    submitted = set(handed_in.values_list("period_id", "directorate_id"))
    rows = [
        row
        for row in Forecast.objects.filter(council=council, period__state=MonitoringPeriod.State.OPEN)
        .annotate(of_directorate=F("service_line__division__directorate_id"))
        .select_related("service_line", "period")
        .order_by("period__year", "period__number", "service_line__order", "service_line__name")
        if (row.period_id, row.of_directorate) not in submitted
    ]
    mine = _last_by(council, "forecast", person, action="enter forecast")
    return [row for row in rows if row.pk in mine]


def _last_by(council: Council, kind: str, person: User, *, action: str) -> set[int]:
    """The records of a kind that the person did this to last. Two queries."""
    about = AuditEntry.objects.filter(council_id=council.pk, subject_type=kind, action=action)
    touched = about.filter(by_id=person.pk).values("subject_id")
    last = about.filter(subject_id__in=touched).values("subject_id").annotate(last=Max("sequence"))
    newest = about.filter(sequence__in=[row["last"] for row in last], by_id=person.pk)
    return {pk for pk in newest.values_list("subject_id", flat=True) if pk is not None}


def _files(council: Council, person: User) -> Iterable[ImportBatch | LedgerBatch]:
    returns = ImportBatch.objects.filter(
        council=council, staged_by=person, state=ImportBatch.State.STAGED
    ).defer("content")
    ledgers = LedgerBatch.objects.filter(council=council, staged_by=person, state__in=_LEDGER_OPEN).defer(
        "content"
    )
    return [*returns.select_related("period"), *ledgers.select_related("period")]


def _requests(
    council: Council, person: User
) -> Sequence[Virement | FundingChange | ReserveUse | OneOffFunding | ReopenRequest]:
    asked = {"council": council, "requested_by": person}
    waiting = (ApprovalState.REQUESTED, ApprovalState.APPROVED)
    virements = Virement.objects.filter(**asked, state__in=waiting).select_related("effective_period")
    changes = FundingChange.objects.filter(**asked, state=ApprovalState.REQUESTED)
    reopenings = ReopenRequest.objects.filter(
        council=council, asked_by=person, state=ReopenRequest.State.ASKED
    )
    return [
        *virements.order_by("pk"),
        *changes.select_related("effective_period").order_by("pk"),
        *_asked_money(council, person, ReserveUse),
        *_asked_money(council, person, OneOffFunding),
        *reopenings.select_related("period"),
    ]


def _asked_money(
    council: Council, person: User, kind: type[ReserveUse] | type[OneOffFunding]
) -> Iterable[ReserveUse | OneOffFunding]:
    """Planned or requested money that the person answers for, of periods that still take changes: they planned it or asked for it, in this
    period or in one that it was carried forward from, or took it over. Three queries.
    """
    rows = kind._default_manager.filter(council=council)
    before = dict(rows.values_list("pk", "carried_from_id"))
    answers = _answerable(council, str(kind._meta.model_name))
    waiting = rows.filter(state__in=_REQUESTED, period__state=MonitoringPeriod.State.OPEN)

    def answerable(pk: int | None) -> int | None:
        while pk is not None and pk not in answers:
            pk = before.get(pk)
        return None if pk is None else answers[pk]

    found = waiting.select_related("service_line", "period").order_by("pk")
    return [row for row in found if answerable(row.pk) == person.pk]


def _answerable(council: Council, kind: str) -> dict[int, int]:
    """Who answers for each record of a kind: whoever planned it or asked for it last, or took it over since. One query."""
    steps = Q(action__startswith="plan") | Q(action__startswith="request") | Q(action__startswith="hand over")
    entries = AuditEntry.objects.filter(steps, council_id=council.pk, subject_type=kind).order_by("sequence")
    found: dict[int, int] = {}
    for entry in entries:
        answers = entry.after.get("to_id") or entry.by_id
        if entry.subject_id is not None and answers is not None:
            found[entry.subject_id] = answers
    return found


def kind_of(record: Model) -> str:
    """What a record is, for a reader: “Virement”."""
    return str(record._meta.verbose_name).capitalize()
