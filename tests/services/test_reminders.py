"""Reminders: to whom, of what, once a day, without a figure."""

import re
from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from services import audit
from services.models import AuditEntry, ReminderSent
from services.operations import periods
from services.position.reminders import reminders_due
from tests.services.factories import explain, make_forecast, make_published, the_head, the_officer
from tests.services.pages import make_office

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = "2023-11-08"
FORECASTS_DUE = date(2023, 11, 7)


@pytest.fixture
def office(db):
    office = make_office()
    for who in ("holder", "officer", "head"):
        user = office.people[who]
        user.email = f"{who}@example.gov.uk"
        user.save()
    return office


def due(office, day):
    return [
        (found.address, found.step.value)
        for found in reminders_due(office.council, today=date.fromisoformat(day))
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-11-02", []),
        ("2023-11-03", [("holder@example.gov.uk", "forecasts")]),
        ("2023-11-07", [("holder@example.gov.uk", "forecasts")]),
        ("2023-11-08", [("holder@example.gov.uk", "forecasts"), ("officer@example.gov.uk", "review")]),
        (
            "2023-11-20",
            [
                ("holder@example.gov.uk", "forecasts"),
                ("officer@example.gov.uk", "review"),
                ("head@example.gov.uk", "approval"),
            ],
        ),
    ],
)
def test_people_are_reminded_from_two_working_days_before_until_it_is_done(office, day, expected):
    assert due(office, day) == expected


def test_who_has_submitted_is_left_alone(office):
    make_forecast(office.fostering, office.period, "500000")
    explain(office.placements, office.period)
    periods.submit_directorate(
        by=the_officer(office.council),
        period=office.period,
        directorate=office.placements.division.directorate,
    )
    assert ("holder@example.gov.uk", "forecasts") not in due(office, DAY)
    periods.submit_period(by=the_officer(office.council), period=office.period)
    assert due(office, "2023-11-20") == [("head@example.gov.uk", "approval")]
    periods.approve_period(by=the_head(office.council), period=office.period)
    assert due(office, "2023-11-20") == [("head@example.gov.uk", "publication")]


def test_nobody_is_reminded_of_a_published_period_or_its_correction(office):
    make_forecast(office.fostering, office.period, "500000")
    make_published(office.period)
    assert due(office, "2024-02-01") == []
    periods.reopen_period(
        by=the_head(office.council), asked_by=the_officer(office.council), period=office.period, reason="x"
    )
    assert due(office, "2024-02-01") == []


def test_a_period_that_was_left_open_years_ago_troubles_nobody(office):
    assert due(office, "2023-12-18") == [("head@example.gov.uk", "publication")]
    assert due(office, "2026-11-21") == []


def test_a_person_without_an_address_or_who_has_left_is_not_written_to(office):
    holder = office.people["holder"]
    holder.is_active = False
    holder.save()
    officer = office.people["officer"]
    officer.email = ""
    officer.save()
    assert due(office, DAY) == []


def test_an_e_mail_says_what_is_late_and_where_to_go_and_no_figure(office, settings):
    settings.SITE_URL = "https://budget.example.gov.uk"
    call_command("send_reminders", date=DAY)
    to_holder = next(message for message in mail.outbox if message.to == ["holder@example.gov.uk"])
    assert to_holder.subject == "BudgetWatch: Month 7, October 2023, forecasts submitted, 1 working day late"
    assert "https://budget.example.gov.uk/north-borough/working/2023-24/p7/board/" in to_holder.body
    assert "- Children and Families" in to_holder.body
    assert "Education" not in to_holder.body
    assert not re.search(r"£|\d,\d{3}|\d{5}", to_holder.body)
    assert to_holder.content_subtype == "plain"
    assert "&" not in to_holder.body


def test_nobody_is_told_twice_on_one_day_of_one_step(office, capsys):
    call_command("send_reminders", date=DAY)
    call_command("send_reminders", date=DAY, council="north-borough")
    assert len(mail.outbox) == 2
    assert "Reminders sent: 0" in capsys.readouterr().out
    call_command("send_reminders", date="2023-11-09")
    assert len(mail.outbox) == 4


def test_every_reminder_is_in_the_audit_trail(office):
    call_command("send_reminders", date=DAY)
    entries = AuditEntry.objects.filter(action="send reminder")
    assert {(entry.after["to"], entry.after["step"]) for entry in entries} == {
        ("Budget holder", "forecasts"),
        ("Finance officer", "review"),
    }
    assert list(audit.broken_chains()) == []


def test_a_dry_run_says_everything_and_sends_nothing(office, capsys):
    call_command("send_reminders", date=DAY, dry_run=True)
    said = capsys.readouterr().out
    assert "Would send to Budget holder (North Borough)" in said
    assert mail.outbox == []
    assert not ReminderSent.objects.exists()
    assert not AuditEntry.objects.filter(action="send reminder").exists()


def test_what_the_mail_server_refuses_is_tried_again_and_stops_nobody_elses(office, monkeypatch):
    from django.core.mail import EmailMessage

    send = EmailMessage.send

    def refuse(self, *args, **options):
        if self.to == ["holder@example.gov.uk"]:
            raise ConnectionRefusedError("no mail server")
        return send(self, *args, **options)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("send_reminders", date=DAY)
    assert [message.to for message in mail.outbox] == [["officer@example.gov.uk"]]
    monkeypatch.undo()
    call_command("send_reminders", date=DAY)
    assert [message.to for message in mail.outbox] == [["officer@example.gov.uk"], ["holder@example.gov.uk"]]


def test_what_was_sent_is_never_unsaid(office):
    call_command("send_reminders", date=DAY)
    for change in (lambda rows: rows.update(day=date(2023, 1, 1)), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change(ReminderSent.objects.all())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"date": "8/11/2023"}, "Write it like 2026-11-09"),
        ({"council": "nowhere"}, "no council “nowhere”"),
    ],
)
def test_a_mistake_in_the_command_says_what_and_how(office, options, says):
    with pytest.raises(CommandError, match=says):
        call_command("send_reminders", **options)


def test_a_deputy_is_reminded_beside_the_holder_while_it_runs(db):
    """T12: whoever stands in for a head of finance is told of what waits for them."""
    from datetime import timedelta

    from django.utils import timezone

    from services.operations.deputies import name_deputy
    from services.position.reminders import _holding
    from services.roles import Role
    from tests.services.factories import make_council, make_user, the_head

    council = make_council()
    head, deputy = the_head(council), make_user("stand-in")
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + timedelta(days=1)}
    name_deputy(by=head, council=council, assignment=head.roles.get(), deputy=deputy, reason="Leave", **days)
    assert {person.user_id for person, _ in _holding(council, Role.HEAD_OF_FINANCE)} == {head.pk, deputy.pk}
