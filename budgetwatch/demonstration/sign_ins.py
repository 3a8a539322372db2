"""The people of the demonstration: one for each role, with a password that everyone knows. Never for a real council."""

from dataclasses import dataclass

from accounts.models import User
from accounts.operations import create_user
from services.models import Council, Directorate, RoleAssignment
from services.operations.role_assignments import assign_role
from services.roles import Role

PASSWORD = "open-to-everyone-2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A demonstration person. Those who serve the whole site hold their role at every council; the others at the councils named."""

    username: str
    post: str
    role: Role
    whole_site: bool = False
    directorate: str = ""


SIGN_INS = (
    SignIn(
        username="holder",
        post="Head of Corporate Parenting",
        role=Role.BUDGET_HOLDER,
        directorate="Children and Families",
    ),
    SignIn(username="finance", post="Finance Business Partner", role=Role.FINANCE_OFFICER, whole_site=True),
    SignIn(username="head", post="Head of Finance", role=Role.HEAD_OF_FINANCE, whole_site=True),
    SignIn(username="member", post="Scrutiny Member", role=Role.SCRUTINY_MEMBER),
    SignIn(username="clerk", post="Governance Officer", role=Role.CLERK),
    SignIn(username="auditor", post="Internal Auditor", role=Role.AUDITOR, whole_site=True),
    SignIn(username="admin", post="System Administrator", role=Role.ADMINISTRATOR, whole_site=True),
)


def ensure_people(*, by: User) -> dict[str, User]:
    """Create the people who are not there yet, with the roles that they hold at every council; return all of them."""
    people = {}
    for sign_in in SIGN_INS:
        person = User.objects.filter(username=sign_in.username).first()
        if person is None:
            person = create_user(
                username=sign_in.username,
                post=sign_in.post,
                password=PASSWORD,
                email=f"{sign_in.username}@budgetwatch.example",  # .example is nobody's (RFC 2606)
            )
        if sign_in.whole_site:
            _ensure_role(by=by, person=person, role=sign_in.role, council=None, directorate=None)
        people[sign_in.username] = person
    return people


def ensure_roles_at(council: Council, *, by: User, people: dict[str, User]) -> None:
    """Give the people who serve single councils their roles at this one."""
    for sign_in in SIGN_INS:
        if sign_in.whole_site:
            continue
        directorate = (
            council.directorates.filter(name=sign_in.directorate).first() if sign_in.directorate else None
        )
        _ensure_role(
            by=by,
            person=people[sign_in.username],
            role=sign_in.role,
            council=council,
            directorate=directorate,
        )


def _ensure_role(
    *, by: User, person: User, role: Role, council: Council | None, directorate: Directorate | None
) -> None:
    if not RoleAssignment.objects.filter(
        user=person, role=role, council=council, directorate=directorate
    ).exists():
        assign_role(by=by, user=person, role=role, council=council, directorate=directorate)
