"""Making a person at the command line."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    """Give the command a line of standard input."""
    return lambda line: monkeypatch.setattr(sys, "stdin", io.StringIO(line + "\n"))


def test_a_person_is_made_who_can_sign_in(typed, client):
    typed("a long enough secret")
    out = io.StringIO()
    call_command("create_user", "Officer", post="Finance Officer", stdout=out)
    assert "grant_role officer" in out.getvalue()
    assert User.objects.get(username="officer").check_password("a long enough secret")


@pytest.mark.parametrize(("password", "why"), [("short", "too short"), ("", "too short")])
def test_a_weak_password_makes_nobody(typed, password, why):
    typed(password)
    with pytest.raises(CommandError, match=why):
        call_command("create_user", "officer", post="Finance Officer")
    assert not User.objects.exists()


def test_a_taken_name_is_refused(typed):
    typed("a long enough secret")
    call_command("create_user", "officer", post="Finance Officer", stdout=io.StringIO())
    typed("a long enough secret")
    with pytest.raises(CommandError, match="already a user"):
        call_command("create_user", "OFFICER", post="Somebody else")


def test_a_person_has_an_address_for_reminders_which_may_change(typed, capsys):
    typed("a long enough secret")
    call_command("create_user", "officer", post="Finance Officer", email="officer@example.gov.uk")
    assert User.objects.get().email == "officer@example.gov.uk"
    call_command("set_email", "OFFICER", "finance@example.gov.uk")
    assert "go to finance@example.gov.uk" in capsys.readouterr().out
    call_command("set_email", "officer", "")
    assert User.objects.get().email == ""


@pytest.mark.parametrize("address", ["officer", "a@b", "a@example.gov.uk\nBcc: all@example.gov.uk"])
def test_what_is_no_address_is_refused(typed, address):
    typed("a long enough secret")
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("create_user", "officer", post="Finance Officer", email=address)
    assert not User.objects.exists()
    typed("a long enough secret")
    call_command("create_user", "officer", post="Finance Officer", stdout=io.StringIO())
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("set_email", "officer", address)
    with pytest.raises(CommandError, match="no user named “nobody”"):
        call_command("set_email", "nobody", "a@example.gov.uk")
