"""An error tells its reader nothing but a reference, and the log cannot be forged."""

import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import path

from budgetwatch.logs import HEADER, OneLineFormatter


@login_not_required
def broken(request):
    raise ValueError("the forecast of Thorney is 8670000")


urlpatterns = [path("broken/", broken)]
handler500 = "budgetwatch.views.server_error"

FORMAT = "%(levelname)s [%(reference)s] %(message)s"


def written(message, *arguments, **extra):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, arguments, None)
    for name, value in extra.items():
        setattr(record, name, value)
    return OneLineFormatter(FORMAT).format(record)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_error_shows_a_reference_and_nothing_else(caplog):
    response = Client(raise_request_exception=False).get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500
    assert response[HEADER] in page
    assert "8670000" not in page
    assert "Traceback" not in page
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert f"[{response[HEADER]}]" in OneLineFormatter(FORMAT).format(record)


@pytest.mark.django_db
def test_a_reference_sent_from_outside_is_not_taken(client):
    sent = client.get("/health/", headers={HEADER: "chosen-by-sender"})
    assert sent[HEADER] != "chosen-by-sender"
    assert len(sent[HEADER]) == 8


def test_what_a_person_typed_cannot_begin_a_line_of_its_own():
    line = written("Not Found: %s", "/x\n2026-01-01 ERROR all figures lost\x1b[2J")
    assert "\n" not in line
    assert "\x1b" not in line
    assert r"\n2026-01-01 ERROR" in line


def test_a_line_outside_a_request_has_no_reference():
    assert written("Started") == "WARNING [-] Started"
