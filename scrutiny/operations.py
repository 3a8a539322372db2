"""Publishing: one person proposes a period, another approves it, and what they agreed on is frozen. A correction is a new version."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounting.periods import Period
from accounts.models import User
from scrutiny.changes import changes_between
from scrutiny.figure_rows import figure_rows, saving_rows
from scrutiny.freezing import Freeze, freeze
from scrutiny.models import Publication, PublicationProposal, PublishedFigure, PublishedSaving
from scrutiny.published import content_from
from services import audit
from services.models import Council, MonitoringPeriod
from services.operations.authority import (
    authorise,
    authorise_asker,
    locked_period,
    may_still,
    refuse_own_work,
    same_council,
)
from services.operations.periods import LineVariance, approve_period, record_publication, submit_period
from services.operations.refusals import AlreadyDoneError, Refused, SelfApprovalError
from services.roles import Permission

State = PublicationProposal.State
PROPOSE = Permission.PROPOSE_PUBLICATION
TOLD = 3
"""How many changes a refusal tells; it carries them all."""


class NothingForecastError(Refused):
    """No line of the period has a forecast, and nothing is said of savings or recovery."""

    def __init__(self, period: Period) -> None:
        super().__init__(
            f"No service line has a forecast for {period.label}, and there is nothing on savings or recovery, so there is nothing to publish. "
            "Enter or import forecasts first."
        )


class FiguresChangedError(Refused):
    """What would be published now is not what was proposed. `changes` says what differs."""

    def __init__(self, period: Period, changes: Sequence[str]) -> None:
        more = f" (and {len(changes[TOLD:])} more)" if changes[TOLD:] else ""
        super().__init__(
            f"The figures of {period.label} have changed since their publication was proposed: {' '.join(changes[:TOLD])}{more} "
            "Propose it again, so that two people have seen the same figures."
        )
        self.changes = tuple(changes)


@transaction.atomic
def propose_publication(*, by: User, council: Council, period: MonitoringPeriod) -> PublicationProposal:
    """Put a period forward as it now stands; an open period is submitted with it. Takes the place of an earlier proposal.

    Raises `NotAllowedError`, `AlreadyDoneError` (published as it stands, or proposed as it stands), `NothingForecastError`, and whatever
    `submit_period` refuses.
    """
    now = _held(by=by, council=council, period=period, needs=PROPOSE)
    was_open = now.state == MonitoringPeriod.State.OPEN
    found = _freeze_for_proposal(by=by, period=now)
    earlier = _open_proposal(now)
    is_same = not was_open and earlier is not None and earlier.digest == found.digest
    if earlier and is_same and may_still(earlier.proposed_by, council=council, needs=PROPOSE):
        raise AlreadyDoneError(
            f"{now.period.label} was proposed for publication by {earlier.proposed_by}, {_at(earlier.proposed_at)}, with the same figures. "
            "It waits for another person's approval."
        )
    return _propose(by=by, period=now, found=found, earlier=earlier)


@transaction.atomic
def withdraw_proposal(*, by: User, proposal: PublicationProposal, reason: str = "") -> PublicationProposal:
    """Take a proposal back; nothing is published. Raises `NotAllowedError`, `AlreadyDoneError`."""
    period = _held(by=by, council=proposal.council, period=proposal.monitoring_period, needs=PROPOSE)
    waiting = _still_waiting(proposal)
    _decide(waiting, by=by, state=State.WITHDRAWN)
    change = audit.Change(
        action="withdraw proposal",
        subject=waiting,
        before={"state": State.PROPOSED},
        after={"state": State.WITHDRAWN},
        period=period,
        reason=reason,
    )
    audit.record(by=by, council=period.council, changes=[change])
    return waiting


@transaction.atomic
def approve_publication(*, by: User, proposal: PublicationProposal) -> Publication:
    """Publish what was proposed, if it still stands; a submitted period is approved with it.

    Raises `NotAllowedError`, `AlreadyDoneError` (with who and when), `SelfApprovalError`, `FiguresChangedError`, and whatever
    `approve_period` refuses.
    """
    return _approve(by=by, proposal=proposal, found=None)


def _approve(*, by: User, proposal: PublicationProposal, found: Freeze | None) -> Publication:
    """Publish what was proposed. `found` is the period as it stands, where it was frozen in this transaction, which lets nobody change it since."""
    period = _held(
        by=by,
        council=proposal.council,
        period=proposal.monitoring_period,
        needs=Permission.APPROVE_PUBLICATION,
    )
    waiting = _still_waiting(proposal)
    what = f"the publication of {period.period.label}"
    authorise_asker(asked_by=waiting.proposed_by, council=period.council, needs=PROPOSE, what=what)
    refuse_own_work(by=by, subjects=[waiting], actions=("propose",), what=what)
    found = found or freeze(period.council, period)
    if found.digest != waiting.digest:
        raise FiguresChangedError(
            period.period, changes_between(content_from(waiting.content), found.content)
        )
    if period.state != MonitoringPeriod.State.APPROVED:
        approve_period(by=by, period=period)
    publication = _publish(proposed_by=waiting.proposed_by, approved_by=by, period=period, found=found)
    _decide(waiting, by=by, state=State.APPROVED, publication=publication)
    return publication


@transaction.atomic
def publish(*, by: User, approved_by: User, council: Council, period: MonitoringPeriod) -> Publication:
    """Propose in one person's name and approve in another's, at once. Raises what the two steps raise; then neither is done."""
    if by.pk == approved_by.pk:
        raise SelfApprovalError(f"the publication of {period.period.label}")
    now = _held(by=by, council=council, period=period, needs=PROPOSE)
    found = _freeze_for_proposal(by=by, period=now)
    proposal = _open_proposal(now)
    if proposal is None or (proposal.digest, proposal.proposed_by_id) != (found.digest, by.pk):
        proposal = _propose(by=by, period=now, found=found, earlier=proposal)
    return _approve(by=approved_by, proposal=proposal, found=found)


def _held(*, by: User, council: Council, period: MonitoringPeriod, needs: Permission) -> MonitoringPeriod:
    """The period as it is now, held, for a person who may do this for the whole council."""
    same_council(council.pk, period)
    now = locked_period(period)
    authorise(by=by, council=now.council, needs=needs)
    return now


def _freeze_for_proposal(*, by: User, period: MonitoringPeriod) -> Freeze:
    """What would be published, if there is something that has not been; submits an open period."""
    latest = Publication.objects.filter(monitoring_period=period).order_by("-version").first()
    if period.state == MonitoringPeriod.State.PUBLISHED and latest is not None:
        raise AlreadyDoneError(f"{_published_by(latest)} To correct it, reopen the period with a reason.")
    if period.state == MonitoringPeriod.State.OPEN:
        submit_period(by=by, period=period)
        period.refresh_from_db(fields=["state", "version"])
    found = freeze(period.council, period)
    if found.content.says_nothing:
        raise NothingForecastError(period.period)
    if latest is not None and latest.digest == found.digest:
        raise AlreadyDoneError(
            f"{_published_by(latest)} Nothing has changed since, so it stands: ask for the period to be closed as it was."
        )
    return found


def _published_by(publication: Publication) -> str:
    return (
        f"{publication} was published by {publication.published_by_post} and approved by {publication.approved_by_post}, "
        f"{_at(publication.published_at)}."
    )


def _at(moment: datetime) -> str:
    """“14 November 2023 at 09:05”, London time."""
    return f"{timezone.localtime(moment):%-d %B %Y at %H:%M}"


def _open_proposal(period: MonitoringPeriod) -> PublicationProposal | None:
    return (
        PublicationProposal.objects.filter(monitoring_period=period, state=State.PROPOSED)
        .select_related("proposed_by")
        .first()
    )


def _still_waiting(proposal: PublicationProposal) -> PublicationProposal:
    """The proposal as it is now; `AlreadyDoneError`, with who and when, if it has been decided."""
    now = PublicationProposal.objects.select_related("proposed_by", "decided_by", "publication").get(
        pk=proposal.pk
    )
    if now.publication is not None:
        raise AlreadyDoneError(_published_by(now.publication))
    if now.state != State.PROPOSED and now.decided_at is not None:
        raise AlreadyDoneError(
            f"This proposal was {now.get_state_display().lower()}: {now.decided_by}, {_at(now.decided_at)}."
        )
    return now


def _propose(
    *, by: User, period: MonitoringPeriod, found: Freeze, earlier: PublicationProposal | None
) -> PublicationProposal:
    if earlier is not None:
        _decide(earlier, by=by, state=State.SUPERSEDED)
    proposal = PublicationProposal.objects.create(
        council=period.council,
        monitoring_period=period,
        proposed_by=by,
        proposed_at=timezone.now(),
        digest=found.digest,
        content=found.text,
    )
    change = audit.Change(
        action="propose publication",
        subject=proposal,
        before={"proposed": earlier.digest if earlier else None},
        after={"proposed": found.digest},
        period=period,
    )
    audit.record(by=by, council=period.council, changes=[change])
    return proposal


def _decide(
    proposal: PublicationProposal, *, by: User, state: str, publication: Publication | None = None
) -> None:
    proposal.state = state
    proposal.decided_by, proposal.decided_at = by, timezone.now()
    proposal.publication = publication
    proposal.save(update_fields=["state", "decided_by", "decided_at", "publication"])


def _publish(*, proposed_by: User, approved_by: User, period: MonitoringPeriod, found: Freeze) -> Publication:
    """Write one version, its figures, what movement will be measured from, and the audit entry."""
    before = Publication.objects.filter(monitoring_period=period).order_by("-version").first()
    version = record_publication(
        by=proposed_by,
        approved_by=approved_by,
        period=period,
        variances=_variances(found),
    )
    publication = Publication.objects.create(
        council=period.council,
        monitoring_period=period,
        period_year=period.year,
        period_number=period.number,
        version=version,
        digest=found.digest,
        published_at=timezone.now(),
        published_by=proposed_by,
        published_by_post=audit.spoken(proposed_by)[:200],
        approved_by=approved_by,
        approved_by_post=audit.spoken(approved_by)[:200],
        changes=list(changes_between(content_from(before.content), found.content)) if before else [],
        content=found.text,
    )
    PublishedFigure.objects.bulk_create(figure_rows(publication, found.content), batch_size=500)
    PublishedSaving.objects.bulk_create(saving_rows(publication, found.content), batch_size=500)
    change = audit.Change(
        action="publish",
        subject=publication,
        before={"version": before.version, "digest": before.digest} if before else {},
        after={"version": version, "digest": found.digest, "proposed_by": audit.spoken(proposed_by)},
        period=period,
    )
    audit.record(by=approved_by, council=period.council, changes=[change])
    return publication


def _variances(found: Freeze) -> list[LineVariance]:
    return [
        LineVariance(
            line_id=line.line_id,
            division_id=line.division_id,
            directorate_id=line.directorate_id,
            fund=line.position.fund,
            variance_after_reserves=line.position.variance_after_reserves,
        )
        for line in found.position.lines
    ]
