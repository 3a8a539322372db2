"""Which of the council's proposals each line of a schedule is: by reference, exactly, otherwise by title. What is new, changed, unchanged."""

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches

from accounting.phasing import PhasedPlan
from accounting.savings import Stage
from savings.imports.columns import Field
from savings.imports.phases import Difference, differences
from savings.imports.reading import ScheduleLine, ScheduleReading
from savings.models import PhasingVersion, SavingsProposal
from savings.position.phasing import plan_of
from services.imports.characters import folded
from services.imports.problems import Confirmation, Problem, Remark, listed
from services.models import Council, Directorate, ServiceLine

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal:
    """A line that the council has no proposal for. `directorate_name` is one to be made."""

    line: ScheduleLine
    directorate: Directorate | None = None
    directorate_name: str = ""
    service_line: ServiceLine | None = None
    type: str = SavingsProposal.Type.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldProposal:
    """A line with its proposal, the newest version of its amounts, and where the two differ."""

    line: ScheduleLine
    proposal: SavingsProposal
    plan: PhasedPlan | None
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class Matches:
    """Every line, new or held; lines that are neither are in `problems`."""

    new: list[NewProposal] = field(default_factory=list)
    held: list[HeldProposal] = field(default_factory=list)
    absent: list[SavingsProposal] = field(default_factory=list)
    """Held proposals of the same kind with amounts in the schedule's years that the schedule does not have."""
    problems: list[Problem] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def changed(self) -> list[HeldProposal]:
        """Those whose amounts would get a new version."""
        return [one for one in self.held if one.differences]

    @property
    def unchanged(self) -> list[HeldProposal]:
        """Those of which everything in the file is held already."""
        return [one for one in self.held if not one.differences]

    @property
    def new_directorates(self) -> list[str]:
        """Names of directorates to be made, each once."""
        return list(dict.fromkeys(one.directorate_name for one in self.new if one.directorate_name))


class ProposalIndex:
    """What the council has, found by reference and by title. Six queries, whatever the number of proposals."""

    def __init__(self, council: Council) -> None:
        self.council = council
        rows = SavingsProposal.objects.filter(council=council)
        self.proposals = list(
            rows.prefetch_related("phasings__phases", "phasings__spans", "phasings__shares")
        )
        self.by_reference = {one.reference: one for one in self.proposals if one.reference}
        self.by_title: dict[str, list[SavingsProposal]] = defaultdict(list)
        for one in self.proposals:
            self.by_title[folded(one.title)].append(one)
        self.directorates = {folded(one.name): one for one in Directorate.objects.filter(council=council)}
        self.lines: dict[str, list[ServiceLine]] = defaultdict(list)
        for line in ServiceLine.objects.filter(council=council).select_related("division__directorate"):
            self.lines[folded(line.name)].append(line)


def newest_version(proposal: SavingsProposal) -> PhasingVersion | None:
    """The version recorded last, proposed or approved. No query where the versions are beside it."""
    return max(proposal.phasings.all(), key=lambda version: version.number, default=None)


def match_lines(reading: ScheduleReading, index: ProposalIndex) -> Matches:
    """Match every line; refuse what is ambiguous, of another kind, closed, or matched twice."""
    return _Matcher(reading, index).matches()


class _Matcher:
    def __init__(self, reading: ScheduleReading, index: ProposalIndex) -> None:
        self.reading, self.index, self.found = reading, index, Matches()
        self.seen: dict[int, ScheduleLine] = {}
        self.titles: list[str] = []
        self.types = {
            folded(word): value
            for value, label in SavingsProposal.Type.choices
            for word in (value, label, value.replace("_", " "))
        }

    def matches(self) -> Matches:
        for line in self.reading.lines:
            proposal = self._proposal(line)
            if isinstance(proposal, Problem):
                self.found.problems.append(proposal)
            elif proposal is not None:
                self._held(line, proposal)
            elif line.is_readable:
                self._new(line)
        if self.titles:
            question = "These references are held with other titles. Confirm only if they are the same proposals; their titles stay as they are held."
            details = tuple(self.titles[:SHOWN])
            self.found.confirmations.append(
                Confirmation(code="other-title", question=question, details=details)
            )
        self._absent()
        return self.found

    def _problem(
        self, line: ScheduleLine, what: str, field: Field, *, found: str = "", expected: str = ""
    ) -> Problem:
        table = self.reading.table
        column = (table.column(field) or table.column(Field.TITLE)) if table else None
        name = column.name if column else ""
        return Problem(
            what=what, sheet=self.reading.sheet, row=line.row, column=name, found=found, expected=expected
        )

    def _remark(self, line: ScheduleLine, what: str) -> None:
        self.found.remarks.append(Remark(what=what, sheet=self.reading.sheet, row=line.row))

    def _proposal(self, line: ScheduleLine) -> SavingsProposal | Problem | None:
        if line.reference:
            return self._by_reference(line)
        named = self.index.by_title.get(folded(line.title), [])
        if len(named) > 1:
            references = listed([one.reference or "no reference" for one in named])
            what = f"“{line.title}” is the title of {len(named)} proposals ({references}). Give the row a reference."
            return self._problem(line, what, Field.TITLE, found=line.title, expected="one proposal")
        return named[0] if named else None

    def _by_reference(self, line: ScheduleLine) -> SavingsProposal | Problem | None:
        held = self.index.by_reference.get(line.reference)
        if held is not None:
            if folded(_bare(held.title, held.reference)) != folded(_bare(line.title, line.reference)):
                self.titles.append(
                    f"Row {line.row}, {line.reference}: held “{held.title}”, in the file “{line.title}”"
                )
            return held
        near = [one for one in self.index.by_reference if folded(one) == folded(line.reference)]
        if near:
            what = f"There is a proposal “{near[0]}”, written a little differently. Write the reference as it is held."
            return self._problem(line, what, Field.REFERENCE, found=line.reference, expected=near[0])
        without = [one for one in self.index.by_title.get(folded(line.title), []) if not one.reference]
        if without:
            self._remark(
                line, f"“{line.title}” is held without a reference; give it {line.reference} on its page."
            )
        return without[0] if without else None

    def _held(self, line: ScheduleLine, proposal: SavingsProposal) -> None:
        other = self.seen.get(proposal.pk)
        if other is not None:
            self._twice(line, other, proposal)
            return
        self.seen[proposal.pk] = line
        if not line.is_readable:
            return
        version = newest_version(proposal)
        plan = plan_of(version) if version else None
        changed = differences(line, self.reading.years, plan)
        problem = self._other_kind(line, proposal)
        problem = problem or (self._not_to_be_changed(line, proposal, version) if changed else None)
        if problem:
            self.found.problems.append(problem)
            return
        self.found.held.append(HeldProposal(line=line, proposal=proposal, plan=plan, differences=changed))

    def _twice(self, line: ScheduleLine, other: ScheduleLine, proposal: SavingsProposal) -> None:
        """One proposal matched by two rows; where they have the same reference or title, the reading has said so."""
        if line.reference == other.reference:
            return
        what = (
            f"Rows {other.row} and {line.row} are both “{proposal}”. Each proposal stands in a schedule once."
        )
        problem = self._problem(line, what, Field.TITLE, found=line.name, expected="each once")
        self.found.problems.append(problem)

    def _other_kind(self, line: ScheduleLine, proposal: SavingsProposal) -> Problem | None:
        if proposal.kind == self.reading.profile.kind:
            return None
        held, here = proposal.get_kind_display().lower(), self.reading.profile.kind
        what = f"“{proposal}” is held as {held}, and this is a schedule of {here}. Say the kind in the profile, or give the row another reference."
        return self._problem(line, what, Field.REFERENCE, found=here, expected=held)

    def _not_to_be_changed(
        self, line: ScheduleLine, proposal: SavingsProposal, version: PhasingVersion | None
    ) -> Problem | None:
        """Amounts that a schedule cannot change: of a closed proposal, shared between councils, or printed for several years together."""
        stage = Stage(proposal.stage)
        what = ""
        if stage.is_closed:
            what = f"“{proposal}” is at “{stage.label}”: its amounts can no longer be changed. Leave the row out, or give it another reference."
        elif version and (version.spans.all() or version.shares.all()):
            what = f"The amounts of “{proposal}” are shared between councils or stand for several years together. Change them on its page."
        return self._problem(line, what, Field.TITLE, found=line.name) if what else None

    def _new(self, line: ScheduleLine) -> None:
        service_line = self._service_line(line)
        directorate, name = self._directorate(line, service_line)
        self.found.new.append(
            NewProposal(
                line=line,
                directorate=directorate,
                directorate_name=name,
                service_line=service_line if directorate or not name else None,
                type=self._type(line),
            )
        )

    def _service_line(self, line: ScheduleLine) -> ServiceLine | None:
        """The one line of that name, in the row's directorate if it names one."""
        named = self.index.lines.get(folded(line.texts.get(Field.SERVICE, "")), [])
        where = folded(line.texts.get(Field.DIRECTORATE, ""))
        fitting = [one for one in named if where in ("", folded(one.division.directorate.name))]
        return fitting[0] if len(fitting) == 1 else None

    def _directorate(
        self, line: ScheduleLine, service_line: ServiceLine | None
    ) -> tuple[Directorate | None, str]:
        """The row's directorate, or the name of one to be made; a council that has none yet cannot have misspelt one."""
        name = line.texts.get(Field.DIRECTORATE, "")
        if not name:
            return (service_line.division.directorate if service_line else None), ""
        held = self.index.directorates.get(folded(name))
        if held is not None:
            return held, ""
        if self.reading.profile.create_missing_directorates or not self.index.directorates:
            return None, name
        known = [one.name for one in self.index.directorates.values()]
        near = get_close_matches(folded(name), list(self.index.directorates), n=1)
        wanted = self.index.directorates[near[0]].name if near else listed(known)
        what = f"{self.index.council} has no directorate “{name}”. Correct it, or say create_missing_directorates = true in the profile."
        self.found.problems.append(self._problem(line, what, Field.DIRECTORATE, found=name, expected=wanted))
        return None, ""

    def _type(self, line: ScheduleLine) -> str:
        words = line.texts.get(Field.TYPE, "")
        value = self.types.get(folded(words))
        if words and value is None:
            self._remark(
                line,
                f"“{words}” is not a type of saving here; it is recorded as “{SavingsProposal.Type.OTHER.label}”.",
            )
        return value or SavingsProposal.Type.OTHER.value

    def _absent(self) -> None:
        years = {year.first_year for year in self.reading.years}
        for proposal in self.index.proposals:
            version = newest_version(proposal)
            is_alike = proposal.kind == self.reading.profile.kind and not Stage(proposal.stage).is_closed
            if proposal.pk in self.seen or version is None or not is_alike:
                continue
            if any(phase.amount and phase.year in years for phase in version.phases.all()):
                self.found.absent.append(proposal)
        if self.found.absent and self.found.held:
            names = listed([f"“{one}”" for one in self.found.absent], limit=12)
            what = f"Not in this file, and left as they are: {names}."
            self.found.remarks.append(Remark(what=what, sheet=self.reading.sheet))


def _bare(title: str, reference: str) -> str:
    """A title without the reference at its front."""
    rest = title.removeprefix(reference) if reference else title
    return rest.lstrip(" .:)–—-") or title
