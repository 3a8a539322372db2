"""What stands between a reading and the council's records: a locked period, another council, another's directorate, budgets, scale and signs."""

from decimal import Decimal
from typing import TYPE_CHECKING

from accounting.rag import DEFAULT_RULES, Rag, rate
from accounting.returns import looks_rescaled, variance_after
from accounting.tolerance import display_unit, of_identity
from accounts.models import User
from services.access import grant_for
from services.imports.characters import folded
from services.imports.problems import Confirmation, Problem, Remark, in_unit
from services.imports.profile import Field
from services.imports.rows import ReturnRow
from services.models import Council, MonitoringPeriod, RagThreshold, ServiceLine
from services.operations.import_comparison import rescaled
from services.operations.submissions import HANDED_IN
from services.roles import Permission

if TYPE_CHECKING:
    from services.operations.import_assessment import Assessment


def period_problems(monitoring: MonitoringPeriod) -> list[Problem]:
    if not monitoring.is_locked:
        return []
    state = monitoring.get_state_display().lower()
    return [
        Problem(
            what=f"{monitoring.period.label} is {state}, so its figures can no longer be changed. To correct it, ask for the period to be reopened "
            "with a reason, import, and publish again: that makes a new version beside the old one. Or import into a later period."
        )
    ]


def whose(found: "Assessment") -> None:
    """A file that names another council is confirmed; a profile made for another is refused."""
    problem, finding = foreign_title(
        found.council, wanted=found.reading.profile.council, title=found.reading.title
    )
    found.problems += [problem] if problem else []
    found.confirmations += [finding] if finding else []


def foreign_title(council: Council, *, wanted: str, title: str) -> tuple[Problem | None, Confirmation | None]:
    """A problem where the profile (`wanted`) is another council's; a finding to confirm where the title names another.

    One query, none without a title.
    """
    problem = finding = None
    if wanted and folded(wanted) not in (folded(council.slug), folded(council.name)):
        problem = Problem(what="The profile is for another council.", found=wanted, expected=council.slug)
    words = folded(title)
    if not words or folded(council.name) in words:
        return problem, finding
    others = Council.objects.exclude(pk=council.pk).values_list("name", flat=True)
    if named := [name for name in others if folded(name) in words]:
        finding = Confirmation(
            code="other-council",
            question=f"The file's title names {named[0]}, and this is {council.name}. Confirm only if the figures "
            f"are {council.name}'s.",
            details=(title,),
        )
    return problem, finding


def outside_scope(by: User, found: "Assessment") -> list[Problem]:
    """Lines of directorates for which the person may not import."""
    if by.is_superuser:
        return []
    grant = grant_for(by, found.council)
    allowed = grant.directorates(Permission.IMPORT_RETURNS) if grant else frozenset()
    if allowed is None:
        return []
    names = {
        line.division.directorate.name
        for _, line in found.matches.held
        if line.division.directorate_id not in allowed
    }
    names |= {line.directorate for line in found.matches.new}
    return [
        Problem(
            what=f"Your role does not let you import figures of {name}.", column="directorate", found=name
        )
        for name in sorted(names)
    ]


def handed_in(found: "Assessment") -> list[Problem]:
    """Directorates that have submitted the period: their figures change only if they are returned."""
    if found.monitoring.pk is None:
        return []
    submissions = found.monitoring.submissions.filter(state__in=HANDED_IN).values_list(
        "directorate_id", "directorate__name"
    )
    touched = {line.division.directorate_id for _, line in found.matches.held}
    return [
        Problem(
            what=f"{name} has submitted {found.period.label}. Return it to the directorate before importing its figures."
        )
        for directorate_id, name in submissions
        if directorate_id in touched
    ]


def budgets(found: "Assessment") -> None:
    """A line whose original budget is kept has its budget checked; any other needs one from the file or from an earlier return."""
    for row, line in found.matches.held:
        held = found.held.revised(line.pk)
        if row.revised is None:
            if held is None and not row.is_bad:
                found.problems.append(_no_budget(found, row))
        elif line.pk in found.held.originals and held is not None:
            _check_budget(found, row, line, held)
    for new in found.matches.new:
        if new.row.revised is None and not new.row.is_bad:
            found.problems.append(_no_budget(found, new.row))


def _no_budget(found: "Assessment", row: ReturnRow) -> Problem:
    return Problem(
        what="There is no budget for this line, neither in the file nor held here. Add a revised budget, or original budget and virements.",
        sheet=found.reading.sheet,
        row=row.row,
        column=Field.REVISED_BUDGET.label,
        found="none",
        expected="a budget",
    )


def _check_budget(found: "Assessment", row: ReturnRow, line: ServiceLine, held: Decimal) -> None:
    reading = found.reading
    step = display_unit(reading.unit, reading.decimals.get(Field.REVISED_BUDGET, 0))
    if row.revised is not None and abs(row.revised - held) > of_identity(step):
        found.problems.append(
            Problem(
                what=f"The budget of “{line}” in the file is not the budget held here. Post the virement or funding change first: "
                "a return does not move "
                "a budget.",
                sheet=reading.sheet,
                row=row.row,
                column=Field.REVISED_BUDGET.label,
                found=in_unit(row.revised, reading.unit),
                expected=in_unit(held, reading.unit),
            )
        )


def scale_and_signs(found: "Assessment") -> None:
    scale = looks_rescaled(*rescaled(found.matches.held, found.held))
    if scale:
        times = "a thousand times" if scale > 0 else "a thousandth of"
        found.confirmations.append(
            Confirmation(
                code="scale",
                question=f"The forecasts are about {times} those of the period before. The file may be in {'£' if scale > 0 else '£000'}, not in "
                f"{found.reading.unit.label}: check the profile's units. Confirm only if the figures really changed so.",
            )
        )
    flipped = [
        f"Row {row.row}, “{line}”: {in_unit(row.revised, found.reading.unit)}, held {in_unit(held, found.reading.unit)}"
        for row, line in found.matches.held
        if row.revised and (held := found.held.revised(line.pk)) and (row.revised > 0) != (held > 0)
    ]
    flipped += [
        f"Row {row.row}, “{line}”: income without a minus sign"
        for row, line in found.matches.held
        if line.kind == ServiceLine.Kind.INCOME and not row.kind and (row.revised or row.forecast or 0) > 0
    ]
    if flipped and not any(finding.code == "sign" for finding in found.confirmations):
        question = "These budgets have the opposite sign of those held. Income is negative here. Confirm only if they really turned."
        found.confirmations.append(
            Confirmation(code="sign", question=question, details=tuple(dict.fromkeys(flipped))[:20])
        )


def ratings(found: "Assessment") -> None:
    """A printed rating that the council's own rules would not give is told."""
    rated = found.reading.rated
    if not rated:
        return
    rules = [
        row.rule for row in RagThreshold.objects.filter(council=found.council).order_by("order")
    ] or list(DEFAULT_RULES)
    for row in rated:
        printed = _RATINGS.get(folded(row.rag))
        rating = rate(rules, variance=variance_after(row.amounts), budget=row.revised)
        if printed is None:
            found.remarks.append(
                Remark(
                    what=f"“{row.rag[:40]}” is not a rating that is known, and was not compared.",
                    sheet=found.reading.sheet,
                    row=row.row,
                )
            )
        elif rating is not None and rating is not printed:
            words = f"“{row.name or row.code}” is printed {printed.label}, and by the council's rules it is {rating.label}."
            found.remarks.append(Remark(what=words, sheet=found.reading.sheet, row=row.row))


_RATINGS = {
    name: rating
    for rating in Rag
    for name in (rating.value, rating.value[0], folded(f"{rating.shape} {rating.label}"))
}
