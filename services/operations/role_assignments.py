"""Who holds which role."""

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from services import audit
from services.models import Council, Directorate, RoleAssignment
from services.operations.authority import authorise, authorise_site, same_council
from services.operations.deputies import end_delegations, not_ended
from services.operations.entries import checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, NotAllowedError
from services.roles import Permission, Role


@transaction.atomic
def assign_role(
    *,
    by: User,
    user: User,
    role: Role,
    council: Council | None = None,
    directorate: Directorate | None = None,
) -> RoleAssignment:
    """Give a person a role at a council (`None`: at every council), perhaps only for one directorate.

    Nobody gives a role to themselves. Raises `AlreadyDoneError` if the person holds it.
    """
    _authorise(by=by, user=user, council=council)
    if directorate is not None:
        if council is None:
            raise InvalidEntryError("directorate", "needs the council that it belongs to.")
        same_council(council.pk, directorate)
    audit.hold(council.pk if council else audit.SITE)
    held = RoleAssignment(user=user, council=council, directorate=directorate, role=Role(role))
    if RoleAssignment.objects.filter(user=user, council=council, directorate=directorate, role=role).exists():
        raise AlreadyDoneError(f"{user.username} is already {held.in_words}.")
    held.save()
    change = audit.Change(
        action="assign role", subject=user, after={"username": user.username, "role": held.in_words}
    )
    audit.record(by=by, council=council, changes=[change])
    return held


@transaction.atomic
def remove_role(*, by: User, assignment: RoleAssignment, reason: str) -> None:
    """Take a role away from the person's next request on; nobody acts for them in it either from then on.

    Raises `AlreadyDoneError` if it has gone.
    """
    reason = checked_words("reason", reason, required=True)
    held = (
        RoleAssignment.objects.select_related("user", "council", "directorate")
        .filter(pk=assignment.pk)
        .first()
    )
    if held is None:
        raise AlreadyDoneError("The role has already been taken away.")
    _authorise(by=by, user=held.user, council=held.council)
    before = {"username": held.user.username, "role": held.in_words}
    end_delegations(by=by, delegations=not_ended(Q(assignment=held)), reason=reason)
    held.delete()
    change = audit.Change(action="remove role", subject=held.user, before=before, reason=reason)
    audit.record(by=by, council=held.council, changes=[change])


def _authorise(*, by: User, user: User, council: Council | None) -> None:
    if council is None:
        authorise_site(by=by, needs=Permission.ASSIGN_ROLES)
    else:
        authorise(by=by, council=council, needs=Permission.ASSIGN_ROLES)
    if by.pk == user.pk:
        raise NotAllowedError("Nobody gives or takes away their own role. Ask another administrator.")
