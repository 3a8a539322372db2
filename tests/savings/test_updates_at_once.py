"""Several people at one saving at the same moment: one is heard, the others are told whose figures stand."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from savings.models import SavingsUpdate
from savings.operations import updates
from services import audit
from services.models import AuditEntry
from services.operations.refusals import StaleVersionError
from services.roles import Role
from tests.savings.delivery_factories import edit_of, make_saving, update
from tests.services.factories import make_council, make_line, make_member_of, make_period, pounds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]

WRITERS = 6


@pytest.mark.parametrize("is_there", [False, True])
def test_of_several_who_save_at_once_one_is_heard_and_the_others_get_theirs(is_there):
    council = make_council()
    line = make_line(council, budget="1000")
    saving, period = make_saving(council, service_line=line), make_period(council)
    version = update(saving, period, "0 250000 0 0").version if is_there else 0
    people = [
        make_member_of(council, Role.FINANCE_OFFICER, username=f"officer-{number}")
        for number in range(WRITERS)
    ]
    start, heard, refused, faults = Barrier(WRITERS), [], [], []

    def save(person, forecast):
        start.wait()
        try:
            edit = edit_of(saving, version, forecast=str(forecast), reason=f"Said by {person}")
            updates.save_updates(by=person, period=period, edits=[edit])
            heard.append(str(person))
        except StaleVersionError as refusal:
            refused.append(refusal.theirs[0])
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=save, args=(person, number)) for number, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = SavingsUpdate.objects.get()
    assert (len(heard), len(refused), faults) == (1, WRITERS - 1, [])
    assert held.reason == f"Said by {heard[0]}"
    assert {(one.saved_by, one.values["forecast"]) for one in refused} == {(heard[0], held.forecast)}
    assert held.version == version + 1
    assert AuditEntry.objects.filter(action="update saving").count() == version + 1
    assert list(audit.broken_chains()) == []
    assert held.forecast in {pounds(number) for number in range(WRITERS)}
