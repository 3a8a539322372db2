"""What every answer carries, and what is said when the disk is full."""

import logging

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import User
from budgetwatch.middleware import PrivateByDefaultMiddleware, StorageFaultMiddleware


def answer(middleware, view):
    request = RequestFactory().get("/")
    stack = middleware(view)
    return stack(request)


def test_an_answer_is_private_unless_it_says_otherwise():
    assert answer(PrivateByDefaultMiddleware, lambda request: HttpResponse())["Cache-Control"] == "no-store"


def test_an_answer_that_may_be_kept_keeps_its_own_rule():
    public = HttpResponse(headers={"Cache-Control": "public, max-age=60"})
    assert answer(PrivateByDefaultMiddleware, lambda request: public)["Cache-Control"] == "public, max-age=60"


def fault(message):
    return StorageFaultMiddleware(lambda request: HttpResponse()).process_exception(
        RequestFactory().post("/"), OperationalError(message)
    )


def test_a_full_disk_is_said_in_plain_words_and_as_unavailable():
    response = fault("database or disk is full")
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "was not saved" in response.content.decode()
    assert "disk is full" not in response.content.decode()


def test_a_busy_database_is_said_as_unavailable():
    assert fault("database is locked").status_code == 503


def test_any_other_fault_is_not_swallowed():
    assert fault("no such table: services_forecast") is None


@pytest.mark.django_db
def test_a_change_that_a_signed_in_person_was_refused_is_logged_with_who_and_where(client, caplog):
    """F06: somebody who tries an address or a number that is not theirs leaves a line in the log; a page that is only read leaves none."""
    user = User.objects.create(username="officer")
    with caplog.at_level(logging.WARNING, logger="budgetwatch.security"):
        client.post("/nowhere/working/structure/", {"name": "x"})  # not signed in: sent to the door
        client.force_login(user)
        client.get("/nowhere/working/structure/")
        client.post("/nowhere/working/structure/", {"name": "x"})
    said = [one.getMessage() for one in caplog.records if one.name == "budgetwatch.security"]
    assert said == ["Refused with 404: POST /nowhere/working/structure/, sent by officer"]
