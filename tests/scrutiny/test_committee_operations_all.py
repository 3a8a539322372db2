"""What holds for every operation on committees: who may do it, that it is recorded, that it is all or nothing, and that a repeat has no effect."""

import hashlib
import inspect

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from services import audit
from services.models import AuditEntry, RequestKey
from services.operations.once import once
from services.operations.refusals import NotAllowedError, StaleVersionError
from services.roles import Role
from tests.scrutiny.committees_catalogue import EXAMPLES, SHARED, operations, world
from tests.services.factories import make_council, make_member_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
every_operation = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def fingerprint():
    """Return a digest of every row of committees and of the working side, the audit trail among them."""
    digest = hashlib.sha256()
    for label in ("services", "scrutiny"):
        for model in apps.get_app_config(label).get_models():
            digest.update(model.__name__.encode())
            for row in model._base_manager.order_by("pk").values_list():
                digest.update(repr(row).encode())
    return digest.hexdigest()


def doer(example, made):
    """A person whose role lets them do it."""
    return make_member_of(made.council, sorted(example.roles)[0], username="the-doer")


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
def test_an_operation_is_recorded_with_who_did_it_and_changes_something(example):
    made = world()
    by, given = doer(example, made), example.given(made)
    before, held = AuditEntry.objects.count(), fingerprint()
    example.operation(by=by, **given)
    assert {entry.by_id for entry in AuditEntry.objects.order_by("pk")[before:]} == {by.pk}
    assert list(audit.broken_chains()) == []
    assert fingerprint() != held


@every_operation
def test_a_change_that_cannot_be_recorded_is_not_made(example, monkeypatch):
    made = world()
    by, given = doer(example, made), example.given(made)
    before = fingerprint()

    def full_disk(entry):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(audit, "digest_of", full_disk)
    with pytest.raises(DatabaseError, match="full"):
        example.operation(by=by, **given)
    assert fingerprint() == before


@every_operation
def test_only_these_roles_may_do_it_and_nobody_from_elsewhere(example):
    made = world()
    allowed = set()
    for role in Role:
        with transaction.atomic():
            if tries(example, make_member_of(made.council, role, username=f"one-{role.value}"), made):
                allowed.add(role)
            transaction.set_rollback(True)
    assert allowed == example.roles
    elsewhere = make_council("south-east-borough", "South East Borough")
    away = make_member_of(elsewhere, sorted(example.roles)[0], username="elsewhere")
    gone = make_member_of(None, sorted(example.roles)[0], username="gone")
    gone.is_active = False
    gone.save()
    assert not any(tries(example, person, made) for person in (make_user("nobody-yet"), away, gone))


@every_operation
def test_an_operation_sent_again_with_its_key_is_carried_out_once(example):
    made = world()
    by, given = doer(example, made), example.given(made)
    done = []
    for _ in range(2):
        once(
            by=by,
            key="k1",
            operation="a form",
            asked={"as": "printed"},
            act=lambda: done.append(example.operation(by=by, **given)),
        )
    assert (len(done), RequestKey.objects.count()) == (1, 1)


VERSIONED = [one for one in EXAMPLES if "expected_version" in inspect.signature(one.operation).parameters]


@pytest.mark.parametrize("example", VERSIONED, ids=lambda example: example.name)
def test_an_edit_of_what_somebody_else_changed_since_is_refused_with_theirs(example):
    made = world()
    by, given = doer(example, made), example.given(made)
    before = fingerprint()
    with pytest.raises(StaleVersionError) as refusal:
        example.operation(by=by, **given | {"expected_version": given["expected_version"] + 7})
    assert refusal.value.theirs[0].version == given["expected_version"]
    assert fingerprint() == before
