"""The way from officers' pages to the operations on actions."""

from typing import Any

from scrutiny.committees.operations import actions
from scrutiny.models import CommitteeAction
from services.access import Grant


def respond(grant: Grant, action_id: int, **given: Any) -> CommitteeAction:
    """Respond to an action that the person has been shown."""
    return actions.respond_to_action(by=grant.user, action=_action(grant, action_id), **given)


def report(grant: Grant, action_id: int, **given: Any) -> CommitteeAction:
    """Report progress on an action that the person has been shown."""
    return actions.report_progress(by=grant.user, action=_action(grant, action_id), **given)


def _action(grant: Grant, action_id: int) -> CommitteeAction:
    return CommitteeAction.objects.get(council=grant.council, pk=action_id)
