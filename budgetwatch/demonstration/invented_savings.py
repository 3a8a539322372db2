"""The invented council's savings, month by month: proposals and their steps, updates, and what lines' forecasts owe to savings that fall short."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounting.money import ZERO
from budgetwatch.demonstration import savings_proposals, savings_recovery
from budgetwatch.demonstration.loading import Thamesmere
from budgetwatch.demonstration.savings_proposals import Setting, mitigation_of
from budgetwatch.demonstration.savings_tables import Table, phases_of, read
from savings.models import Mitigation, SavingsProposal, SavingsUpdate
from savings.operations.mitigations import set_mitigations
from savings.operations.phasing import approve_phasing
from savings.operations.updates import UpdateEdit, save_updates
from services.models import MonitoringPeriod

MONTHLY = ("at", "history", "updates", "mitigations", "approved_phases", "expected", "effects")
"""What the fixture says of later months; the rest is said once, when the proposal is recorded."""
INVESTED = (
    "year",
    "planned_investment",
    "planned_benefit",
    "actual_investment",
    "actual_benefit",
    "funded_from",
    "evidence",
)
PARTS = ("delivered", "on_track", "at_risk", "undeliverable", "forecast")


def read_savings(path: Path) -> dict[str, Any]:
    """The invented council's savings; none where there is no such file."""
    return read(path) if path.exists() else {}


def setting_of(loaded: Thamesmere) -> Setting:
    """Who enters and approves, and which lines and directorates there are now."""
    if loaded.setting is None:
        loaded.setting = Setting(
            council=loaded.council,
            officer=loaded.officer,
            head=loaded.head,
            lines=loaded.lines,
            directorates={one.name: one for one in loaded.council.directorates.all()},
        )
    return loaded.setting


def savings(loaded: Thamesmere, opened: MonitoringPeriod, *, is_open_month: bool) -> None:
    """Everything that the month says of savings: new proposals, steps of older ones, the strategy, and the updates."""
    setting, month = setting_of(loaded), opened.period.slug
    rows: Sequence[Table] = loaded.savings.get("proposals", ())
    for row in rows:
        if row["at"] == month:
            _record(row, setting)
    for row in loaded.savings.get("strategies", ()):
        if row["at"] == month:
            savings_recovery.strategy(row, setting)
    for row in rows:
        for at, *said in row.get("history", ()):
            if at == month:
                _step(row, said, setting)
    _update(rows, opened, setting, is_open_month=is_open_month)


def _record(row: Table, setting: Setting) -> None:
    stage = row.get("stage", "agreed")
    once = {name: value for name, value in row.items() if name not in MONTHLY}
    approved = {"approved_by": row["decision_reference"]} if stage == "agreed" else {}
    in_pounds = {
        "phases": [[year, _pounds(amount), kind] for year, amount, kind in row.get("phases", ())],
        "components": [[title, _pounds(amount), posts] for title, amount, posts in row.get("components", ())],
        "shares": [[year, who, _pounds(amount), ours] for year, who, amount, ours in row.get("shares", ())],
        "investment": [_invested(year) for year in row.get("investment", ())],
    }
    kept = {name: value for name, value in in_pounds.items() if value}
    savings_proposals.record(
        {
            "decided_by": row.get("lead_role", ""),
            "is_public": False,
            **once,
            "stage": stage,
            **kept,
            **approved,
        },
        setting,
    )


def _pounds(thousands: Any) -> str:
    """£000 as pounds; nothing where the fixture gives nothing."""
    return "" if thousands == "" else f"{Decimal(thousands) * 1000:.2f}"


def _invested(year: Sequence[Any]) -> dict[str, Any]:
    named = dict(zip(INVESTED, year, strict=True))
    money = {name: _pounds(value) for name, value in named.items() if name.startswith(("planned", "actual"))}
    return {name: value for name, value in {**named, **money}.items() if value != ""}


def _step(row: Table, said: Sequence[Any], setting: Setting) -> None:
    """[stage, who decided, when, decision, reason, what replaces it]; with “agreed” its amounts are approved too."""
    to, decided_by, decided_on, reference, reason, *replaced_by = said
    proposal = setting.proposals[row["title"]]
    if to == "agreed":
        amended = [[year, _pounds(amount), kind] for year, amount, kind in row.get("approved_phases", ())]
        newest = proposal.phasings.order_by("-number")[0]
        approve_phasing(
            by=setting.head,
            version=newest,
            decision_reference=reference,
            phases=phases_of(amended) if amended else None,
            note=reason,
        )
    setting.proposals[row["title"]] = savings_proposals.step(
        proposal,
        setting,
        to=to,
        decided_by=decided_by,
        decided_on=decided_on,
        decision_reference=reference,
        reason=reason,
        replaced_by=_by_reference(replaced_by[0], setting) if replaced_by else None,
    )


def _by_reference(reference: str, setting: Setting) -> SavingsProposal:
    return next(one for one in setting.proposals.values() if one.reference == reference)


def _update(
    rows: Sequence[Table], opened: MonitoringPeriod, setting: Setting, *, is_open_month: bool
) -> None:
    """Enter what is new and confirm the rest; in the open month what has nothing new stays carried forward, to be confirmed."""
    held = {one.proposal_id: one for one in SavingsUpdate.objects.filter(period=opened)}
    edits, month = [], opened.period.slug
    for row in rows:
        proposal = setting.proposals.get(row["title"])
        new = next((said for at, *said in row.get("updates", ()) if at == month), None)
        carried = held.get(proposal.pk) if proposal else None
        if proposal is None or (new is None and (carried is None or is_open_month)):
            continue
        edit = _edit(proposal, new, carried.version if carried else 0)
        edits.append(replace(edit, **_beside(row, month)))
    if edits:
        save_updates(by=setting.officer, period=opened, edits=edits)
    _mitigate(rows, opened, setting)


def _edit(proposal: SavingsProposal, new: Sequence[Any] | None, version: int) -> UpdateEdit:
    if new is None:
        return UpdateEdit(proposal_id=proposal.pk, expected_version=version)
    *parts, rag, confidence, reason = new
    figures: dict[str, Any] = {name: Decimal(_pounds(part)) for name, part in zip(PARTS, parts, strict=True)}
    return UpdateEdit(
        proposal_id=proposal.pk,
        expected_version=version,
        rag=rag,
        confidence=confidence,
        reason=reason,
        **figures,
    )


def _beside(row: Table, month: str) -> dict[str, Any]:
    """What the month says of a saving apart from its figures: when it will be delivered in full, and what those who use the service notice."""
    said = {"expected_on": row.get("expected", ()), "service_effect": row.get("effects", ())}
    return {name: value for name, rows in said.items() for at, value in rows if at == month}


def _mitigate(rows: Sequence[Table], opened: MonitoringPeriod, setting: Setting) -> None:
    for row in rows:
        new = [said for at, *said in row.get("mitigations", ()) if at == opened.period.slug]
        if not new:
            continue
        update = SavingsUpdate.objects.get(period=opened, proposal=setting.proposals[row["title"]])
        set_mitigations(
            by=setting.officer,
            update=update,
            expected_version=update.version,
            mitigations=[
                mitigation_of([kind, _pounds(amount), *rest], setting) for kind, amount, *rest in new
            ],
        )


def slippage(loaded: Thamesmere, opened: MonitoringPeriod) -> Mapping[int, Decimal]:
    """What lines' forecasts owe to savings that fall short this month, less what stands in for them on the line: pounds by line, above nil.

    The fixture's `assumed` lines still count on a failure that their saving no longer tells of, as happens when two people write.
    """
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    updates = SavingsUpdate.objects.filter(period=opened, target__isnull=False, forecast__isnull=False)
    for update in updates.select_related("proposal"):
        if update.proposal.service_line_id and update.target is not None and update.forecast is not None:
            found[update.proposal.service_line_id] += update.target - update.forecast
    covers = Mitigation.objects.filter(period=opened, is_in_forecast=True, amount__isnull=False)
    for cover in covers.select_related("update__proposal"):
        line_id = cover.service_line_id or cover.update.proposal.service_line_id
        if line_id and cover.amount is not None:
            found[line_id] -= cover.amount
    for month, line, thousands in loaded.savings.get("assumed", ()):
        if month == opened.period.slug:
            found[loaded.lines[line].pk] += Decimal(thousands) * 1000
    return {line_id: amount for line_id, amount in found.items() if amount > 0}
