"""What importing a schedule would do, and whether it may: a reading set beside the council's proposals and the person's role."""

from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from savings.imports.matching import Matches, ProposalIndex, match_lines
from savings.imports.reading import ScheduleReading
from savings.models import ScheduleImport
from savings.operations.stages import permission_for
from services.imports.characters import folded
from services.imports.problems import Check, Confirmation, Problem, Remark
from services.models import Council
from services.operations.authority import authorise
from services.operations.refusals import NotAllowedError
from services.roles import Permission

KEPT = 500
"""How many gaps and remarks of one file are kept for the record."""


@dataclass(slots=True, kw_only=True)
class ScheduleAssessment:
    """Everything a person must see before an import, and everything an import needs."""

    council: Council
    reading: ScheduleReading
    matches: Matches = field(default_factory=Matches)
    problems: list[Problem] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    applied_before: ScheduleImport | None = None

    @property
    def rows_read(self) -> int:
        """Proposals in the file."""
        return len(self.reading.lines)

    @property
    def rows_matched(self) -> int:
        """Proposals that the council has."""
        return len(self.matches.held)

    @property
    def rows_new(self) -> int:
        """Proposals to be recorded."""
        return len(self.matches.new)

    @property
    def rows_changed(self) -> int:
        """Held proposals whose amounts would get a new version."""
        return len(self.matches.changed)

    @property
    def rows_unchanged(self) -> int:
        """Held proposals of which everything in the file is held already."""
        return len(self.matches.unchanged)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is held already."""
        return not self.problems and not self.matches.new and not self.matches.changed

    @property
    def already_imported(self) -> bool:
        """Whether this very file has been imported and still stands."""
        return self.applied_before is not None and self.changes_nothing

    def unconfirmed(self, confirmed: frozenset[str]) -> list[Confirmation]:
        """What still needs a person's word."""
        return [finding for finding in self.confirmations if finding.code not in confirmed]


def assess(*, by: User, council: Council, reading: ScheduleReading) -> ScheduleAssessment:
    """Set a reading beside what is held. Reads only, with a fixed number of queries."""
    found = ScheduleAssessment(
        council=council,
        reading=reading,
        problems=list(reading.problems),
        confirmations=list(reading.confirmations),
        remarks=list(reading.remarks),
    )
    found.problems += _whose(found)
    if reading.table is None or not reading.lines:
        return found
    found.matches = match_lines(reading, ProposalIndex(council))
    found.problems += found.matches.problems
    found.problems += _not_theirs_to_agree(by, found)
    found.confirmations += found.matches.confirmations
    found.remarks += found.matches.remarks
    found.applied_before = _applied_before(found)
    return found


def _whose(found: ScheduleAssessment) -> list[Problem]:
    """A profile made for another council is refused."""
    named, council = found.reading.profile.council, found.council
    if not named or folded(named) in (folded(council.slug), folded(council.name)):
        return []
    what = "The profile is for another council. Import the file there, or correct the profile."
    return [Problem(what=what, found=named, expected=council.slug)]


def _not_theirs_to_agree(by: User, found: ScheduleAssessment) -> list[Problem]:
    """New proposals at a stage that counts in the budget take the right to approve changes."""
    stage = found.reading.profile.decision.stage
    if not found.matches.new or permission_for(None, stage) is Permission.KEEP_BUDGETS:
        return []
    try:
        authorise(by=by, council=found.council, needs=Permission.APPROVE_CHANGES)
    except NotAllowedError as refusal:
        what = f"The profile records new proposals as “{stage.label}”. {refusal}"
        return [Problem(what=what, found=f'stage = "{stage.value}"', expected='stage = "proposal"')]
    return []


def _applied_before(found: ScheduleAssessment) -> ScheduleImport | None:
    return (
        ScheduleImport.objects.filter(
            council=found.council,
            file_digest=found.reading.digest,
            profile_toml=found.reading.profile.toml,
            state=ScheduleImport.State.APPLIED,
        )
        .defer("content")
        .select_related("applied_by")
        .order_by("-applied_at")
        .first()
    )


def outcome_of(found: ScheduleAssessment, *, confirmed: frozenset[str]) -> dict[str, Any]:
    """What was shown, for the record: counts, printed totals, gaps, remarks, and what was confirmed."""
    return {
        "read": found.rows_read,
        "new": found.rows_new,
        "changed": found.rows_changed,
        "unchanged": found.rows_unchanged,
        "facts": found.reading.facts,
        "totals": [_told(check) for check in found.reading.totals][:KEPT],
        "gaps": [_told(check) for check in found.reading.gaps][:KEPT],
        "remarks": [str(remark) for remark in found.remarks][:KEPT],
        "confirmed": sorted(one.code for one in found.confirmations if one.code in confirmed),
        "problems": len(found.problems),
    }


def _told(check: Check) -> dict[str, Any]:
    return {
        "what": check.what,
        "row": check.row,
        "printed": check.words(check.printed),
        "sum": check.words(check.computed),
        "gap": check.words(check.gap),
        "tolerance": check.words(check.tolerance),
    }
