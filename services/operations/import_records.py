"""What is kept of imports beside their figures: profiles, and what was shown to the person who confirmed."""

from typing import Any

from django.db import transaction

from accounts.models import User
from services import audit
from services.access import grant_for
from services.imports.problems import Check
from services.imports.profile import ProfileError, parse_profile
from services.models import Council, ImportProfile
from services.operations.authority import act_as
from services.operations.entries import checked_name
from services.operations.import_assessment import Assessment
from services.operations.refusals import InvalidEntryError, NotAllowedError
from services.roles import Permission


def authorise_import(*, by: User, council: Council) -> None:
    """Refuse a person who may import at no part of the council; lines outside their part are problems of the file."""
    by.acting_for = ()
    if by.is_superuser:
        return
    grant = grant_for(by, council)
    if grant is None or not grant.allows(Permission.IMPORT_RETURNS):
        raise NotAllowedError(f"Your role does not let you {Permission.IMPORT_RETURNS.value} at {council}.")
    own = grant.in_person().directorates(Permission.IMPORT_RETURNS)
    if own is not None and not own:
        act_as(
            by,
            grant,
            needs=Permission.IMPORT_RETURNS,
            directorate_ids=grant.directorates(Permission.IMPORT_RETURNS),
        )


@transaction.atomic
def save_profile(*, by: User, council: Council, name: str, toml: str) -> ImportProfile:
    """Keep a profile under a name; one of that name is replaced. Raises `InvalidEntryError` with everything that is wrong with it."""
    authorise_import(by=by, council=council)
    name = checked_name("name", name, limit=120)
    try:
        parse_profile(toml)
    except ProfileError as error:
        raise InvalidEntryError("profile", str(error)) from error
    held = ImportProfile.objects.select_for_update(of=("self",)).filter(council=council, name=name).first()
    before = held.toml if held else None
    profile = held or ImportProfile(council=council, name=name, version=0)
    profile.toml, profile.version = toml, profile.version + 1
    profile.save()
    change = audit.Change(
        action="save import profile", subject=profile, before={"toml": before}, after={"toml": toml}
    )
    audit.record(by=by, council=council, changes=[change])
    return profile


def outcome_of(found: Assessment, *, confirmed: frozenset[str]) -> dict[str, Any]:
    """What was shown, for the record: counts, control totals, gaps, remarks, and what was confirmed."""
    return {
        "read": found.rows_read,
        "matched": found.rows_matched,
        "created": found.rows_created,
        "changed": found.rows_changed,
        "facts": found.reading.facts,
        "totals": [_told(check) for check in found.reading.totals],
        "gaps": [_told(check) for check in found.reading.gaps][:500],
        "remarks": [str(remark) for remark in found.remarks][:500],
        "confirmed": sorted(finding.code for finding in found.confirmations if finding.code in confirmed),
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
