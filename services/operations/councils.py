"""Councils and how they are divided: directorates, divisions, service lines. Rules, roles and restructures are beside this."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction

from accounting.funds import Fund
from accounting.rag import DEFAULT_RULES, RagRule
from accounts.models import User
from services import audit
from services.models import (
    Council,
    Directorate,
    Division,
    MonitoringPeriod,
    ServiceLine,
)
from services.operations.authority import authorise, authorise_site, same_council
from services.operations.deadlines import set_deadlines, write_deadlines
from services.operations.entries import checked_money, checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, SlugTakenError
from services.operations.restructuring import restructure_line
from services.operations.role_assignments import assign_role, remove_role
from services.operations.rule_tables import (
    DEFAULT_VIREMENT_RULES,
    VirementApproval,
    rag_words,
    set_rag_rules,
    set_virement_rules,
    virement_words,
    write_rag_rules,
    write_virement_rules,
)
from services.roles import Permission

__all__ = [
    "DEFAULT_VIREMENT_RULES",
    "RESERVED_SLUGS",
    "VirementApproval",
    "add_directorate",
    "add_division",
    "add_service_line",
    "assign_role",
    "create_council",
    "remove_role",
    "restructure_line",
    "set_deadlines",
    "set_rag_rules",
    "set_virement_rules",
]

RESERVED_SLUGS: Final = frozenset(
    {"sign-in", "sign-out", "password", "health", "components", "static", "media", "admin", "api", "jobs"}
)
"""First parts of addresses that are the site's own."""


@transaction.atomic
def create_council(
    *,
    by: User,
    slug: str,
    name: str,
    remit: str = "Children's services",
    display_unit: str = Council.DisplayUnit.THOUSANDS,
    explain_above_amount: Decimal | None = Decimal("100000.00"),
    explain_above_percent: Decimal | None = Decimal("10.00"),
    is_illustration: bool = False,
    source_note: str = "",
    rag_rules: Sequence[RagRule] = DEFAULT_RULES,
    virement_rules: Sequence[VirementApproval] = DEFAULT_VIREMENT_RULES,
) -> Council:
    """Make an empty council with its rule tables. `slug` is its part of every address. Raises `SlugTakenError`."""
    authorise_site(by=by, needs=Permission.KEEP_STRUCTURE)
    audit.hold(audit.SITE)
    _check_slug(slug)
    council = Council(
        slug=slug,
        name=checked_name("name", name),
        remit=checked_name("remit", remit, limit=120),
        display_unit=Council.DisplayUnit(display_unit),
        explain_above_amount=checked_money("explain_above_amount", explain_above_amount),
        explain_above_percent=explain_above_percent,
        is_illustration=is_illustration,
        source_note=checked_words("source_note", source_note),
    )
    council.save()
    write_rag_rules(council, rag_rules)
    write_virement_rules(council, virement_rules)
    write_deadlines(council)
    after = {
        "slug": slug,
        "name": council.name,
        "rag_rules": [rag_words(rule) for rule in rag_rules],
        "virement_rules": [virement_words(rule) for rule in virement_rules],
    }
    audit.record(
        by=by, council=None, changes=[audit.Change(action="make council", subject=council, after=after)]
    )
    return council


def _check_slug(slug: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug) or len(slug) > 60:
        raise InvalidEntryError(
            "slug", f"“{slug}” must be small letters, digits and single hyphens, for example north-borough."
        )
    if slug in RESERVED_SLUGS:
        raise InvalidEntryError("slug", f"“{slug}” is an address of the site itself. Choose another.")
    taken = Council.objects.filter(slug=slug).first()
    if taken is not None:
        raise SlugTakenError(slug, taken.name)


@transaction.atomic
def add_directorate(*, by: User, council: Council, name: str, order: int = 0) -> Directorate:
    """Add a directorate to a council. Raises `AlreadyDoneError` if there is one of that name."""
    authorise(by=by, council=council, needs=Permission.KEEP_STRUCTURE)
    name = checked_name("name", name)
    audit.hold(council.pk)
    if Directorate.objects.filter(council=council, name=name).exists():
        raise AlreadyDoneError(f"{council} already has a directorate named “{name}”.")
    directorate = Directorate.objects.create(council=council, name=name, order=order)
    _record_addition(by=by, council=council, added=directorate, after={"name": name, "order": order})
    return directorate


@transaction.atomic
def add_division(*, by: User, directorate: Directorate, name: str, order: int = 0) -> Division:
    """Add a division to a directorate. Raises `AlreadyDoneError` if there is one of that name."""
    authorise(
        by=by,
        council=directorate.council,
        needs=Permission.KEEP_STRUCTURE,
        directorate_ids=[directorate.pk],
    )
    name = checked_name("name", name)
    audit.hold(directorate.council_id)
    if Division.objects.filter(directorate=directorate, name=name).exists():
        raise AlreadyDoneError(f"{directorate} already has a division named “{name}”.")
    division = Division.objects.create(directorate=directorate, name=name, order=order)
    after = {"directorate": directorate, "name": name, "order": order}
    _record_addition(by=by, council=directorate.council, added=division, after=after)
    return division


@transaction.atomic
def add_service_line(
    *,
    by: User,
    division: Division,
    name: str,
    code: str = "",
    fund: Fund = Fund.GENERAL_FUND,
    kind: str = ServiceLine.Kind.NET,
    is_statutory: bool = False,
    is_demand_led: bool = False,
    is_controllable: bool = True,
    order: int = 0,
    opened_in: MonitoringPeriod | None = None,
) -> ServiceLine:
    """Add a line to a division. `code` is matched exactly, as text; `opened_in` is its first period, `None` for always.

    Raises `AlreadyDoneError` if the council has the code, or the division has a line of that name in that fund.
    """
    council = division.directorate.council
    authorise(
        by=by, council=council, needs=Permission.KEEP_STRUCTURE, directorate_ids=[division.directorate_id]
    )
    same_council(council.pk, opened_in)
    line = ServiceLine(
        council=council,
        division=division,
        code=checked_name("code", code, required=False, limit=40),
        name=checked_name("name", name),
        fund=Fund(fund),
        kind=ServiceLine.Kind(kind),
        is_statutory=is_statutory,
        is_demand_led=is_demand_led,
        is_controllable=is_controllable,
        order=order,
        opened_in=opened_in,
    )
    audit.hold(council.pk)
    _check_line_is_new(line)
    line.save()
    after = {
        "division": division,
        "code": line.code,
        "name": line.name,
        "fund": str(line.fund),
        "kind": str(line.kind),
        "is_statutory": is_statutory,
        "is_demand_led": is_demand_led,
        "is_controllable": is_controllable,
        "opened_in": opened_in.period.slug if opened_in else None,
    }
    _record_addition(by=by, council=council, added=line, after=after)
    return line


def _check_line_is_new(line: ServiceLine) -> None:
    if line.code and ServiceLine.objects.filter(council=line.council, code=line.code).exists():
        raise AlreadyDoneError(f"{line.council} already has a service line with the code “{line.code}”.")
    if ServiceLine.objects.filter(division=line.division, name=line.name, fund=line.fund).exists():
        raise AlreadyDoneError(
            f"{line.division} already has a service line named “{line.name}” in that fund."
        )


def _record_addition(
    *, by: User, council: Council, added: Directorate | Division | ServiceLine, after: dict[str, object]
) -> None:
    change = audit.Change(action=f"add {added._meta.verbose_name}", subject=added, after=after)
    audit.record(by=by, council=council, changes=[change])
