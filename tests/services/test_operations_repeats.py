"""A form sent twice, by a double press, a refresh or Back and send again, has one effect."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from services.models import AuditEntry, RequestKey, RiskOrOpportunity
from services.operations import risks
from services.operations.once import once
from services.operations.refusals import InvalidEntryError, RequestKeyReusedError
from services.roles import Role
from tests.services.catalogue import EXAMPLES, world
from tests.services.factories import make_council, make_member_of, make_period, the_officer

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def send(by, key, asked, act):
    once(by=by, key=key, operation="a form", asked=asked, act=act)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_any_operation_sent_again_with_its_key_is_carried_out_once(example):
    made = world()
    by = make_member_of(
        None if example.at_every_council else made.council, sorted(example.roles)[0], username="the-doer"
    )
    given = example.given(made)
    given.pop("retry_key", None)
    done = []
    for _ in range(2):
        send(by, "k1", {"as": "printed"}, lambda: done.append(example.operation(by=by, **given)))
    assert (len(done), RequestKey.objects.count()) == (1, 1)


def test_a_key_sent_with_something_else_is_refused():
    made = world()
    send(made.head, "k1", {"title": "A tribunal"}, lambda: None)
    with pytest.raises(RequestKeyReusedError):
        send(made.head, "k1", {"title": "A strike"}, lambda: None)


def test_a_refused_operation_leaves_its_key_free():
    made = world()

    def record(title):
        risks.record_risk(by=made.head, period=made.period, kind="risk", title=title)

    with pytest.raises(InvalidEntryError):
        send(made.head, "k1", {"title": ""}, lambda: record(""))
    send(made.head, "k1", {"title": "A tribunal"}, lambda: record("A tribunal"))
    assert RiskOrOpportunity.objects.count() == 1


def test_a_key_is_its_own_persons_and_has_a_limit():
    made = world()
    deputy = make_member_of(made.council, Role.HEAD_OF_FINANCE, username="deputy")
    for person in (made.head, deputy):
        send(person, "k1", {}, lambda: None)
    assert RequestKey.objects.count() == 2
    with pytest.raises(InvalidEntryError, match="64 characters"):
        send(made.head, "k" * 65, {}, lambda: None)


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_eight_times_at_once_has_one_effect():
    council = make_council()
    period, officer, start = make_period(council), the_officer(council), Barrier(8)
    faults = []

    def press():
        start.wait()
        try:
            send(
                officer,
                "k1",
                {"title": "A tribunal"},
                lambda: risks.record_risk(by=officer, period=period, kind="risk", title="A tribunal"),
            )
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (RiskOrOpportunity.objects.count(), AuditEntry.objects.filter(action="record risk").count()) == (
        1,
        1,
    )
