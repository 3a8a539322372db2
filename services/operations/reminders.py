"""Reminds people by e-mail of what is late or due: plain text, no figures, a link to the board; once a day for a step."""

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from services import audit
from services.models import ReminderSent
from services.operations.authority import authorise, locked_period
from services.position.reminders import Reminder
from services.roles import Permission


@transaction.atomic
def send_reminder(*, by: User, reminder: Reminder, day: date) -> ReminderSent | None:
    """Send one reminder and note it; `None` if it has been sent on that London day.

    The note and the e-mail stand or fall together: what the mail server refuses is not noted, and is tried again at the next run.
    """
    period = locked_period(reminder.period)
    authorise(by=by, council=period.council, needs=Permission.PROPOSE_PUBLICATION)
    sent, is_new = ReminderSent.objects.get_or_create(
        period=period,
        step=reminder.step,
        user_id=reminder.user_id,
        day=day,
        defaults={"council": period.council, "sent_at": timezone.now()},
    )
    if not is_new:
        return None
    change = audit.Change(
        action="send reminder",
        subject=sent,
        after={"step": str(reminder.step), "to": reminder.post, "day": day, "stands": reminder.words},
        period=period,
    )
    audit.record(by=by, council=period.council, changes=[change])
    message_for(reminder).send()
    return sent


def message_for(reminder: Reminder) -> EmailMessage:
    """The e-mail: what, how it stands, and where to go."""
    period = reminder.period
    board = reverse("services:board", args=[period.council.slug, period.period])
    words = render_to_string(
        "services/reminder.txt",
        {"reminder": reminder, "council": period.council, "link": f"{settings.SITE_URL}{board}"},
    )
    return EmailMessage(
        subject=f"BudgetWatch: {period.period.label}, {reminder.step.label.lower()}, {reminder.words}",
        body=words,
        to=[reminder.address],
    )
