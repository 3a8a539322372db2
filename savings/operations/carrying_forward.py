"""Starts a period's savings and recovery actions with a copy of the period before: marked as such until somebody confirms it."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounting.savings import Stage
from accounts.models import User
from savings.models import PARTS, Mitigation, RecoveryProgress, SavingsUpdate
from savings.operations.recovery_records import directorate_of
from savings.position.targets import targets_of
from services import audit
from services.models import DirectorateSubmission, MonitoringPeriod
from services.operations.authority import authorise, open_for_figures
from services.operations.submissions import HANDED_IN
from services.roles import Permission

_COUNTING = [stage.value for stage in Stage if stage.counts]


@transaction.atomic
def carry_forward_savings(*, by: User, period: MonitoringPeriod) -> dict[str, int]:
    """Copy what the last period of the same year says of savings and recovery actions that have nothing yet; return how many of each.

    The same again copies nothing. In the first period of a year there is nothing to copy: targets come from the phasing. Raises
    `NotAllowedError`, `PeriodClosedError`.
    """
    now = open_for_figures(period)
    authorise(by=by, council=now.council, needs=Permission.KEEP_BUDGETS)
    source = (
        MonitoringPeriod.objects.filter(council=now.council, year=now.year, number__lt=now.number)
        .order_by("-number")
        .first()
    )
    counts = copy_into(source, now) if source else {}
    if any(counts.values()):
        change = audit.Change(action="carry forward savings", subject=now, after=counts, period=now)
        audit.record(by=by, council=now.council, changes=[change])
    return counts


def copy_into(source: MonitoringPeriod, period: MonitoringPeriod) -> dict[str, int]:
    """Copy updates with their mitigations, and progress; how many of each. Called by whoever authorises and records it.

    Savings that no longer count are left behind, and what a directorate has handed in stays as it is. Where an approved change of phasing has
    given another target, its parts are for somebody to say.
    """
    updates = _updates_to_copy(source, period)
    handed_in = set(
        DirectorateSubmission.objects.filter(period=period, state__in=HANDED_IN).values_list(
            "directorate_id", flat=True
        )
    )
    updates = [update for update in updates if update.proposal.directorate_id not in handed_in]
    copies = _copy_updates(updates, period)
    return {
        "savings_updates": len(copies),
        "mitigations": _copy_mitigations(copies, period),
        "recovery_progress": _copy_progress(source, period, handed_in),
    }


def _updates_to_copy(source: MonitoringPeriod, period: MonitoringPeriod) -> list[SavingsUpdate]:
    there = SavingsUpdate.objects.filter(period=period, proposal=OuterRef("proposal"))
    rows = SavingsUpdate.objects.filter(~Exists(there), period=source, proposal__stage__in=_COUNTING)
    return list(rows.select_related("proposal").order_by("pk"))


def _copy_updates(updates: list[SavingsUpdate], period: MonitoringPeriod) -> dict[int, SavingsUpdate]:
    """The copies, by the key of what each was copied from."""
    if not updates:
        return {}
    targets = targets_of(period.council, proposal_ids=[update.proposal_id for update in updates])
    copies: dict[int, SavingsUpdate] = {}
    for update in updates:
        came_from = update.pk
        target = targets.of(update.proposal_id, period.period.year).amount
        if target is not None and target != update.target:
            update.target = target
            for part in PARTS:
                setattr(update, part, None)
        update.pk, update._state.adding = None, True
        update.period, update.is_carried_forward, update.version = period, True, 1
        copies[came_from] = update
    SavingsUpdate.objects.bulk_create(copies.values())
    return copies


def _copy_mitigations(copies: dict[int, SavingsUpdate], period: MonitoringPeriod) -> int:
    if not copies:
        return 0
    mitigations = list(Mitigation.objects.filter(update__in=list(copies)).order_by("order", "pk"))
    for mitigation in mitigations:
        mitigation.update = copies[mitigation.update_id]
        mitigation.period = period
        mitigation.pk, mitigation._state.adding = None, True
    Mitigation.objects.bulk_create(mitigations)
    return len(mitigations)


def _copy_progress(source: MonitoringPeriod, period: MonitoringPeriod, handed_in: set[int]) -> int:
    there = RecoveryProgress.objects.filter(period=period, action=OuterRef("action"))
    rows = (
        RecoveryProgress.objects.filter(~Exists(there), period=source)
        .select_related("action__service_line__division", "action__plan")
        .order_by("pk")
    )
    copies = [row for row in rows if directorate_of(row.action) not in handed_in]
    for row in copies:
        row.pk, row._state.adding = None, True
        row.period, row.is_carried_forward, row.version = period, True, 1
    RecoveryProgress.objects.bulk_create(copies)
    return len(copies)
