"""What operations on reports share: the draft as it is now, for somebody who may write it, and its next version."""

from typing import Any, Final

from accounts.models import User
from scrutiny.committees.operations.records import (
    Check,
    as_it_is,
    choice,
    day,
    fresh,
    name,
    stale,
    values_of,
    words,
    write,
)
from scrutiny.models import AgendaItem, Paper
from services.operations.authority import authorise
from services.operations.refusals import AlreadyDoneError
from services.roles import Permission

NEEDS: Final = Permission.EXPORT_PAPERS
HEADER: Final[dict[str, Check]] = {
    "title": name(required=True, limit=300),
    "authority": name(),
    "body": name(),
    "day": day,
    "report_of": name(),
    "portfolio": name(),
    "wards": name(),
    "key_decision": name(limit=120),
    "access": name(limit=120),
    "stamp": name(limit=40),
    "abstract": words(),
    "contact_role": name(),
    "background_papers": words(),
    "publication": as_it_is,
}
KEPT: Final[dict[str, Check]] = {"template": choice(Paper.Template.values), **HEADER}


def draft_of(*, by: User, paper: Paper, expected_version: int | None = None) -> Paper:
    """The report as it is now, held, for somebody who may write it, while it is a draft.

    Raises `AlreadyDoneError` for one that is final, and `StaleVersionError` with theirs for another version than was seen.
    """
    now = open_paper(by=by, paper=paper, expected_version=expected_version)
    if now.state == Paper.State.FINAL:
        raise AlreadyDoneError(
            f"“{now.title}” is final and no longer changes. Write another report to correct it."
        )
    return now


def open_paper(
    *, by: User, paper: Paper, needs: Permission = NEEDS, expected_version: int | None = None
) -> Paper:
    """The report as it is now, held. One that belongs to an exempt item is only for those who may read exempt papers."""
    now = fresh(paper)
    authorise(by=by, council=now.council, needs=needs)
    if AgendaItem.objects.filter(paper=now, classification=AgendaItem.Classification.EXEMPT).exists():
        authorise(by=by, council=now.council, needs=Permission.VIEW_EXEMPT)
    if expected_version is not None and now.version != expected_version:
        raise stale(now, expected_version=expected_version, values=values_of(now, KEPT))
    return now


def touch(paper: Paper) -> None:
    """Give the report its next version, so that nobody makes final what they have not seen."""
    paper.version += 1
    paper.save(update_fields=["version"])


def record_step(
    *, by: User, paper: Paper, record: Any, action: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Write down a change of part of a report, and give the report its next version."""
    touch(paper)
    write(by=by, record=record, action=action, before=before, after=after)
