"""What importing a schedule writes: new proposals with their first amounts, and a new proposed version where amounts differ."""

from django.db.models import Max

from accounts.models import User
from savings.imports.columns import Field
from savings.imports.matching import NewProposal
from savings.imports.phases import covers, new_phases
from savings.models import SavingsProposal
from savings.operations.import_assessment import ScheduleAssessment
from savings.operations.phasing import propose_phasing
from savings.operations.proposals import ProposalFields, record_proposal
from services.models import Directorate
from services.operations.councils import add_directorate


def write_schedule(*, by: User, found: ScheduleAssessment) -> None:
    """Everything that an assessed schedule changes, in the caller's transaction. Nothing held is overwritten."""
    made = {
        name: add_directorate(by=by, council=found.council, name=name)
        for name in found.matches.new_directorates
    }
    places = SavingsProposal.objects.filter(council=found.council).aggregate(last=Max("order"))
    start = places["last"] + 1 if places["last"] is not None else 0
    for place, new in enumerate(found.matches.new, start=start):
        _record(by, found, new, made, place)
    reading = found.reading
    for held in found.matches.changed:
        is_whole = covers(reading.years, held.plan)
        propose_phasing(
            by=by,
            proposal=held.proposal,
            phases=new_phases(held.line, reading.years, held.plan),
            total_as_printed=held.line.total_as_printed if is_whole else None,
            first_year_is_level=reading.profile.first_year_is_level,
            note=_source(found),
            as_printed=True,
        )


def _record(
    by: User, found: ScheduleAssessment, new: NewProposal, made: dict[str, Directorate], place: int
) -> None:
    """One new proposal at the stage the profile says, and its amounts where it has any."""
    line, decision = new.line, found.reading.profile.decision
    fields: ProposalFields = {
        "description": line.texts.get(Field.DESCRIPTION, ""),
        "type": new.type,
        "service": line.texts.get(Field.SERVICE, "") if new.service_line is None else "",
        "priority": line.texts.get(Field.PRIORITY, ""),
        "lead_role": line.texts.get(Field.LEAD_ROLE, ""),
        "order": place,
    }
    if new.service_line is not None:
        fields["service_line"] = new.service_line
    directorate = new.directorate or made.get(new.directorate_name)
    if directorate is not None:
        fields["directorate"] = directorate
    proposal = record_proposal(
        by=by,
        council=found.council,
        kind=found.reading.profile.kind,
        reference=line.reference,
        title=line.title,
        stage=decision.stage,
        decided_by=decision.decided_by,
        decided_on=decision.decided_on,
        decision_reference=decision.reference,
        stage_reason=_source(found),
        **fields,
    )
    if line.changes:
        propose_phasing(
            by=by,
            proposal=proposal,
            phases=new_phases(line, found.reading.years, None),
            total_as_printed=line.total_as_printed,
            first_year_is_level=found.reading.profile.first_year_is_level,
            note=_source(found),
            as_printed=True,
        )


def _source(found: ScheduleAssessment) -> str:
    """Where the amounts come from, for whoever reads the version later."""
    title = f", {found.reading.title}" if found.reading.title else ""
    return f"From the schedule “{found.reading.file_name}”{title}."
