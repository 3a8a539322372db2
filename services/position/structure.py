"""How a council is divided, who works on it, and by which rules: read for the administrator's pages."""

from collections import defaultdict
from dataclasses import dataclass

from accounting.funds import Fund
from accounting.rag import DEFAULT_RULES, RagRule, Threshold
from accounting.wording import format_money, format_percent
from services.models import Council, Directorate, Division, RagThreshold, RoleAssignment, ServiceLine
from services.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """One service line in the structure, in words."""

    line_id: int
    code: str
    name: str
    fund: str
    words: str
    opened: str
    closed: str
    """From when it no longer reports and what took it over; empty while it reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDivision:
    """A division and its lines."""

    name: str
    lines: tuple[PlacedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDirectorate:
    """A directorate and its divisions."""

    directorate_id: int
    name: str
    divisions: tuple[PlacedDivision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRole:
    """A role that a person holds."""

    assignment_id: int
    user_id: int
    person: str
    username: str
    where: str
    is_site_wide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolders:
    """One role: what it is, in prose, and who holds it."""

    label: str
    prose: str
    holders: tuple[HeldRole, ...]


def structure_of(council: Council) -> tuple[PlacedDirectorate, ...]:
    """The whole structure, closed lines too, in the council's order. Three queries."""
    lines: dict[int, list[PlacedLine]] = defaultdict(list)
    rows = ServiceLine.objects.filter(council=council).select_related("opened_in", "closed_from", "successor")
    for row in rows.order_by("order", "name", "pk"):
        lines[row.division_id].append(_line(row))
    divisions: dict[int, list[PlacedDivision]] = defaultdict(list)
    for division in Division.objects.filter(directorate__council=council).order_by("order", "name"):
        divisions[division.directorate_id].append(
            PlacedDivision(name=division.name, lines=tuple(lines[division.pk]))
        )
    return tuple(
        PlacedDirectorate(directorate_id=row.pk, name=row.name, divisions=tuple(divisions[row.pk]))
        for row in Directorate.objects.filter(council=council).order_by("order", "name")
    )


def _line(row: ServiceLine) -> PlacedLine:
    said = [row.get_kind_display().lower()]
    said += [
        word
        for word, holds in (
            ("statutory", row.is_statutory),
            ("demand-led", row.is_demand_led),
            ("not controllable", not row.is_controllable),
        )
        if holds
    ]
    closed = ""
    if row.closed_from is not None:
        taken_over = f"taken over by {row.successor}" if row.successor else "no line took it over"
        closed = f"{row.closed_from.period.label}; {taken_over}"
    return PlacedLine(
        line_id=row.pk,
        code=row.code,
        name=row.name,
        fund=Fund(row.fund).label,
        words=", ".join(said),
        opened=row.opened_in.period.label if row.opened_in else "",
        closed=closed,
    )


def role_holders(council: Council) -> tuple[RoleHolders, ...]:
    """Every role with who holds it here; people who hold it at every council are among them. One query."""
    held: dict[str, list[HeldRole]] = defaultdict(list)
    rows = RoleAssignment.objects.filter(council=council) | RoleAssignment.objects.filter(
        council__isnull=True
    )
    for row in rows.select_related("user", "directorate").order_by("user__username", "pk"):
        site_wide = "Every council of this site"
        held[row.role].append(
            HeldRole(
                assignment_id=row.pk,
                user_id=row.user_id,
                person=str(row.user),
                username=row.user.username,
                where=str(row.directorate or (council if row.council_id else site_wide)),
                is_site_wide=row.council_id is None,
            )
        )
    return tuple(
        RoleHolders(label=role.label, prose=role.prose, holders=tuple(held[role.value])) for role in Role
    )


def rag_rules(council: Council) -> tuple[RagRule, ...]:
    """The council's RAG rules in order, or those that every council starts with. One query."""
    held = RagThreshold.objects.filter(council=council).order_by("order")
    return tuple(row.rule for row in held) or DEFAULT_RULES


def rag_rules_in_words(council: Council) -> tuple[tuple[str, str], ...]:
    """The council's RAG rules in order, each as its rating and its condition; then what is left. One query."""
    rules = rag_rules(council)
    said = [(f"{rule.rating.shape} {rule.rating.label}", _condition(rule)) for rule in rules]
    return (*said, ("● Green", "in every other case"))


def _condition(rule: RagRule) -> str:
    limits = []
    if rule.percent is not None:
        limits.append(format_percent(rule.percent))
    if rule.amount is not None:
        limits.append(format_money(rule.amount))
    joined = " or ".join(limits)
    least = f"{joined} or more" if rule.inclusive else f"more than {joined}"
    which = ", whichever is lower" if rule.threshold is Threshold.WHICHEVER_IS_LOWER else ""
    return f"{'over' if rule.overspend else 'under'} budget after reserves by {least}{which}"
