"""Several people at one proposal at the same moment: every version of the amounts gets its own number, and one decision wins."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounting.savings import Stage
from savings.models import PhasingVersion, StageChange
from savings.operations import phasing, proposals
from services import audit
from services.operations.refusals import AlreadyDoneError, StaleVersionError
from tests.savings.factories import make_proposal, propose, recurrent
from tests.services.factories import make_council, the_head, the_officer

pytestmark = [pytest.mark.postgres_only, pytest.mark.django_db(transaction=True)]

PEOPLE = 6


def at_once(act):
    """Let several people do it at the same moment; return what each met with."""
    start, met = Barrier(PEOPLE), []

    def do(number):
        start.wait()
        try:
            act(number)
            met.append(None)
        except Exception as fault:
            met.append(type(fault))
        finally:
            connection.close()

    threads = [Thread(target=do, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


def test_amounts_proposed_at_once_are_versions_of_their_own():
    council = make_council()
    proposal, officer = make_proposal(council), the_officer(council)
    met = at_once(
        lambda number: phasing.propose_phasing(
            by=officer, proposal=proposal, phases=[recurrent(2026, f"-{number + 1}")]
        )
    )
    assert met == [None] * PEOPLE
    assert list(PhasingVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert list(audit.broken_chains()) == []


def test_amounts_are_approved_once_however_many_approve_them():
    council = make_council()
    version, head = propose(make_proposal(council), recurrent(2026, "-1")), the_head(council)
    met = at_once(lambda _: phasing.approve_phasing(by=head, version=version, decision_reference="Minute 12"))
    assert sorted(met, key=str) == sorted([None, *[AlreadyDoneError] * (PEOPLE - 1)], key=str)
    assert PhasingVersion.objects.filter(status="approved").count() == 1


def test_one_decision_on_a_stage_wins_and_the_others_are_told():
    council = make_council()
    proposal, officer = make_proposal(council), the_officer(council)
    met = at_once(
        lambda _: proposals.move_stage(
            by=officer, proposal=proposal, expected_version=1, to=Stage.PROPOSAL, decided_by="Director"
        )
    )
    assert sorted(met, key=str) == sorted([None, *[StaleVersionError] * (PEOPLE - 1)], key=str)
    assert StageChange.objects.filter(to_stage="proposal").count() == 1
