"""Roles in prose, and what each may do. A role is held at a council, and may be limited to one directorate."""

from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    """One thing a person may be allowed to do."""

    VIEW_PUBLISHED = "view what has been published"
    VIEW_WORKING = "view working figures"
    ENTER_FORECASTS = "enter forecasts and reasons"
    IMPORT_RETURNS = "import monitoring returns"
    KEEP_BUDGETS = "keep budgets, virements, reserves, savings, risks and DSG accounts"
    APPROVE_CHANGES = "approve virements, funding changes, savings and uses of reserves"
    PROPOSE_PUBLICATION = "submit a period and propose its publication"
    APPROVE_PUBLICATION = "approve a publication, and reopen a period"
    EXPORT_PAPERS = "export reports for committees"
    VIEW_AUDIT = "view the audit trail"
    KEEP_STRUCTURE = "keep directorates, divisions and service lines"
    KEEP_RULES = "change the council's rules"
    ASSIGN_ROLES = "assign roles"
    NAME_DEPUTIES = "name deputies for other people"
    HAND_OVER = "hand over the work of a person who leaves"
    KEEP_MEETINGS = "keep committees, meetings, minutes, actions and packs"
    ASK_QUESTIONS = "ask about what is published"
    ANSWER_QUESTIONS = "answer questions and actions"
    VIEW_EXEMPT = "read exempt papers"


class Role(models.TextChoices):
    """What a person is at a council."""

    BUDGET_HOLDER = "budget_holder", "Budget holder"
    FINANCE_OFFICER = "finance_officer", "Finance officer"
    HEAD_OF_FINANCE = "head_of_finance", "Head of finance"
    SCRUTINY_MEMBER = "scrutiny_member", "Scrutiny member"
    CLERK = "clerk", "Committee clerk"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role may do."""
        return PERMISSIONS[self]

    @property
    def prose(self) -> str:
        """What the role is, for a person who must decide who should hold it."""
        return PROSE[self]


PROSE: dict[Role, str] = {
    Role.BUDGET_HOLDER: "Runs a service. Enters and explains the forecast of the lines of one directorate. Cannot approve or publish.",
    Role.FINANCE_OFFICER: (
        "Supports the services. Imports and enters forecasts, keeps budgets, virements and reserves, and proposes a period for publication. "
        "Cannot approve what they proposed."
    ),
    Role.HEAD_OF_FINANCE: "Answers for the figures. Approves changes and publications, reopens a period with a reason, and sets the council’s rules.",
    Role.SCRUTINY_MEMBER: "Sits on a scrutiny committee. Reads what has been published, and nothing that has not. Asks about it.",
    Role.CLERK: "Serves the committees. Keeps meetings, minutes and actions, and makes packs of what has been published.",
    Role.AUDITOR: "Checks. Reads working and published figures and the audit trail. Changes nothing.",
    Role.ADMINISTRATOR: "Looks after the site: structure, rule tables and who holds which role. Enters no figure.",
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.BUDGET_HOLDER: frozenset(
        {Permission.VIEW_PUBLISHED, Permission.VIEW_WORKING, Permission.ENTER_FORECASTS}
    ),
    Role.FINANCE_OFFICER: frozenset(
        {
            Permission.VIEW_PUBLISHED,
            Permission.VIEW_WORKING,
            Permission.ENTER_FORECASTS,
            Permission.IMPORT_RETURNS,
            Permission.KEEP_BUDGETS,
            Permission.KEEP_STRUCTURE,
            Permission.PROPOSE_PUBLICATION,
            Permission.EXPORT_PAPERS,
            Permission.ANSWER_QUESTIONS,
        }
    ),
    Role.HEAD_OF_FINANCE: frozenset(
        {
            Permission.VIEW_PUBLISHED,
            Permission.VIEW_WORKING,
            Permission.ENTER_FORECASTS,
            Permission.IMPORT_RETURNS,
            Permission.KEEP_BUDGETS,
            Permission.KEEP_STRUCTURE,
            Permission.KEEP_RULES,
            Permission.APPROVE_CHANGES,
            Permission.PROPOSE_PUBLICATION,
            Permission.APPROVE_PUBLICATION,
            Permission.EXPORT_PAPERS,
            Permission.ANSWER_QUESTIONS,
            Permission.VIEW_EXEMPT,
            Permission.VIEW_AUDIT,
            Permission.NAME_DEPUTIES,
            Permission.HAND_OVER,
        }
    ),
    Role.SCRUTINY_MEMBER: frozenset(
        {Permission.VIEW_PUBLISHED, Permission.ASK_QUESTIONS, Permission.VIEW_EXEMPT}
    ),
    Role.CLERK: frozenset(
        {
            Permission.VIEW_PUBLISHED,
            Permission.EXPORT_PAPERS,
            Permission.KEEP_MEETINGS,
            Permission.ASK_QUESTIONS,
            Permission.VIEW_EXEMPT,
        }
    ),
    Role.AUDITOR: frozenset({Permission.VIEW_PUBLISHED, Permission.VIEW_WORKING, Permission.VIEW_AUDIT}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.VIEW_PUBLISHED,
            Permission.KEEP_STRUCTURE,
            Permission.KEEP_RULES,
            Permission.ASSIGN_ROLES,
            Permission.VIEW_AUDIT,
            Permission.HAND_OVER,
        }
    ),
}

DEPUTISED = (Role.BUDGET_HOLDER, Role.FINANCE_OFFICER, Role.HEAD_OF_FINANCE)
"""The roles in which somebody else may act for a while. Whoever reads, serves or looks after the site is replaced, not deputised."""
