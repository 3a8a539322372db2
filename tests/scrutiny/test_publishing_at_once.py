"""Publishing while others press the same button, or change the figures."""

import os
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from scrutiny.content import digest_of
from scrutiny.freezing import freeze
from scrutiny.models import Publication
from scrutiny.operations import approve_publication, propose_publication
from services import audit
from services.models import AuditEntry, Forecast
from services.operations.forecasts import ForecastEdit, save_forecasts
from services.operations.refusals import AlreadyDoneError
from tests.scrutiny.council import make_thorney
from tests.support.commands import ROOT

pytestmark = [pytest.mark.django_db(transaction=True)]
OPTIONS = ["--council", "thorney", "--period", "2023-24/p7"]


class InThread(threading.Thread):
    """A thread with a connection of its own, that keeps what went wrong."""

    def __init__(self, work):
        super().__init__()
        self.work, self.problem = work, None

    def run(self):
        try:
            self.work()
        except Exception as problem:
            self.problem = problem
        finally:
            connection.close()


def environment(folder: Path) -> dict[str, str]:
    """What lets another process work on this test's database: PostgreSQL's own, or a copy of the one in memory."""
    shared = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "budgetwatch.settings",
        "BUDGETWATCH_STATE_DIR": str(folder),
    }
    if connection.vendor == "postgresql":
        whole = settings.DATABASES["default"]
        user = f"{whole['USER']}:{whole['PASSWORD']}@{whole['HOST']}:{whole['PORT']}"
        return {**shared, "DATABASE_URL": f"postgres://{user}/{connection.settings_dict['NAME']}"}
    shared.pop("DATABASE_URL", None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "budgetwatch.sqlite3")])
    return shared


def begin(arguments: list[str], variables: dict[str, str]) -> "subprocess.Popen[str]":
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=variables, stdout=pipe, stderr=pipe, text=True, cwd=ROOT)


@pytest.mark.postgres
def test_of_two_people_who_publish_at_once_one_does_and_the_other_is_told(tmp_path):
    """F15: one publication; the second is told who published and when."""
    make_thorney()
    variables = environment(tmp_path)
    people = ["--by", "officer", "--approved-by"]
    racing = [begin(["publish", *OPTIONS, *people, head], variables) for head in ("head", "second_head")]
    said = [process.communicate(timeout=60) for process in racing]
    assert sorted(process.returncode for process in racing) == [0, 1], said
    [refusal] = [errors for (_, errors), process in zip(said, racing, strict=True) if process.returncode]
    assert "Month 7, October 2023, version 1 was published by Officer and approved by" in refusal
    listed = begin(["position", *OPTIONS, "--published", "--format", "json"], variables)
    out, errors = listed.communicate(timeout=60)
    assert '"published": 1' in out, errors


@pytest.mark.postgres_only
def test_while_a_period_is_frozen_an_edit_waits_and_lands_in_the_next_version():
    """T06: one consistent reading; an edit in flight is in the next version."""
    thorney = make_thorney()
    forecast = Forecast.objects.get(period=thorney.period, service_line=thorney.lines["Family support"])
    edit = ForecastEdit(
        line_id=forecast.service_line_id,
        expected_version=forecast.version,
        forecast_outturn=Decimal("8700000.00"),
    )
    saver = InThread(lambda: save_forecasts(by=thorney.officer, period=thorney.period, edits=[edit]))
    with transaction.atomic():
        audit.hold(thorney.council.pk)
        first = freeze(thorney.council, thorney.period)
        saver.start()
        saver.join(0.7)
        assert saver.is_alive()
        assert freeze(thorney.council, thorney.period).digest == first.digest
    saver.join(10)
    assert saver.problem is None
    assert freeze(thorney.council, thorney.period).digest != first.digest


@pytest.mark.postgres_only
def test_of_two_approvals_in_two_connections_one_publishes():
    thorney = make_thorney()
    proposal = propose_publication(by=thorney.officer, council=thorney.council, period=thorney.period)
    both = threading.Barrier(2)

    def approve(by):
        both.wait(10)
        approve_publication(by=by, proposal=proposal)

    racing = [InThread(lambda by=by: approve(by)) for by in (thorney.head, thorney.second_head)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join(20)
    problems = [thread.problem for thread in racing if thread.problem is not None]
    assert [type(problem) for problem in problems] == [AlreadyDoneError]
    publication = Publication.objects.get()
    assert digest_of(publication.content) == publication.digest == proposal.digest
    assert AuditEntry.objects.filter(action="publish").count() == 1
    assert list(audit.broken_chains()) == []
