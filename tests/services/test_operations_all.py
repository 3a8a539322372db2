"""What holds for every operation: who may do it, and that it is recorded in the transaction that makes the change."""

import hashlib

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from services import audit
from services.models import AuditEntry
from services.operations.refusals import NotAllowedError
from services.roles import Role
from tests.services.catalogue import EXAMPLES, operations, world
from tests.services.factories import make_council, make_member_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# Functions that operations share; they take `by` and are no operation of their own.
SHARED = {
    *("act_as", "authorise", "authorise_site", "end_delegations", "holds_role", "refuse_own_work"),
    *("fresh", "move_on", "record", "refuse_self_approval"),
    *("first_outcome", "remember", "once"),
    "note_accepted_words",
    *("audited", "authorise_ledger", "new_batch", "preview_ledger", "write_ledger"),
    *("mark_in_progress", "save_held", "saved_before", "set_state", "write_states"),
}
every_operation = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def fingerprint():
    """Return a digest of every row of the working side, the audit trail among them."""
    digest = hashlib.sha256()
    for model in apps.get_app_config("services").get_models():
        digest.update(model.__name__.encode())
        for row in model._base_manager.order_by("pk").values_list():
            digest.update(repr(row).encode())
    return digest.hexdigest()


def tries(example, by, made):
    """Whether the person may do it; what it did is undone."""
    with transaction.atomic():
        given = example.given(made)
        try:
            example.operation(by=by, **given)
        except NotAllowedError:
            return False
        finally:
            transaction.set_rollback(True)
    return True


def test_every_operation_has_an_example_here():
    assert {function.__name__ for function in operations()} - SHARED == {example.name for example in EXAMPLES}


@every_operation
def test_an_operation_is_recorded_with_who_did_it(example):
    made = world()
    by = make_member_of(
        None if example.at_every_council else made.council, sorted(example.roles)[0], username="the-doer"
    )
    given = example.given(made)
    before = AuditEntry.objects.count()
    example.operation(by=by, **given)
    new = AuditEntry.objects.order_by("pk")[before:]
    # A publication is recorded under the person who approves it and names the one who proposed it.
    assert any(entry.by_id == by.pk or entry.after.get("proposed_by") == str(by) for entry in new)
    assert list(audit.broken_chains()) == []


@every_operation
def test_a_change_that_cannot_be_recorded_is_not_made(example, monkeypatch):
    made = world()
    by = make_member_of(
        None if example.at_every_council else made.council, sorted(example.roles)[0], username="the-doer"
    )
    given = example.given(made)
    before = fingerprint()

    def full_disk(entry):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(audit, "digest_of", full_disk)
    with pytest.raises(DatabaseError, match="full"):
        example.operation(by=by, **given)
    assert fingerprint() == before


@every_operation
def test_only_these_roles_may_do_it(example):
    made = world()
    where = None if example.at_every_council else made.council
    allowed = set()
    for role in Role:
        with transaction.atomic():
            person = make_member_of(where, role, username=f"one-{role.value}")
            if tries(example, person, made):
                allowed.add(role)
            transaction.set_rollback(True)
    assert allowed == example.roles


@every_operation
def test_a_person_without_a_role_here_may_do_nothing(example):
    made = world()
    elsewhere = make_council("south-east-borough", "South East Borough")
    away = make_member_of(elsewhere, Role.HEAD_OF_FINANCE, username="head-elsewhere")
    gone = make_member_of(None, Role.HEAD_OF_FINANCE, username="gone")
    gone.is_active = False
    gone.save()
    assert [tries(example, person, made) for person in (make_user("nobody-yet"), away, gone)] == [
        False,
        False,
        False,
    ]
