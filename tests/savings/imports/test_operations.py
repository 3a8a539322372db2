"""What holds for every operation of importing a schedule: who may, that it is recorded, and that it is all or nothing."""

import pytest
from django.db import DatabaseError

from savings.models import PhasingVersion, SavingsProposal
from savings.operations.imports import (
    abandon_schedule,
    apply_schedule,
    import_schedule,
    preview_schedule,
    save_schedule_profile,
    stage_schedule,
)
from services import audit
from services.models import AuditEntry
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, NotAllowedError
from services.roles import Role
from tests.savings.imports.support import as_file, fingerprint, imported, schedule
from tests.services.factories import make_council, make_member_of, make_user, the_head, the_officer

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

FILE = as_file(
    schedule(("A1", "Contracts", "(1,000)", "(500)", "(1,500)"), ("A2", "Fees", "(5)", "0", "(5)"))
)


@pytest.fixture
def council():
    return make_council()


def staged(council):
    return stage_schedule(by=the_officer(council), council=council, file=FILE)


OPERATIONS = {
    "import": lambda by, council: import_schedule(by=by, council=council, file=FILE),
    "stage": lambda by, council: stage_schedule(by=by, council=council, file=FILE),
    "apply": lambda by, council: apply_schedule(by=by, batch=staged(council)),
    "put aside": lambda by, council: abandon_schedule(by=by, batch=staged(council)),
    "keep a profile": lambda by, council: save_schedule_profile(by=by, council=council, name="Ours", toml=""),
}
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


@every_operation
def test_it_is_recorded_with_who_did_it(operation, council):
    by = make_member_of(council, Role.HEAD_OF_FINANCE, username="the-doer")
    operation(by, council)
    mine = AuditEntry.objects.filter(by_id=by.pk)
    assert mine.exists()
    assert list(audit.broken_chains()) == []


@every_operation
def test_a_change_that_cannot_be_recorded_is_not_made(operation, council, monkeypatch):
    by = the_head(council)
    staged(council)
    before = fingerprint()

    def full_disk(entry):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(audit, "digest_of", full_disk)
    if operation is OPERATIONS["stage"]:
        by = make_user(
            "somebody-else"
        )  # the officer's own file is there already, and staging it again changes nothing
        by.is_superuser = True
    with pytest.raises(DatabaseError, match="full"):
        operation(by, council)
    assert fingerprint() == before


@every_operation
def test_only_those_who_may_import_for_the_whole_council_may(operation, council):
    batch = staged(council)
    assert batch.pk
    allowed = set()
    for role in (Role.BUDGET_HOLDER, Role.SCRUTINY_MEMBER, Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR):
        before = fingerprint()
        person = make_member_of(council, role, username=f"one-{role.value}")
        after_joining = fingerprint()
        try:
            operation(person, council)
        except NotAllowedError:
            assert fingerprint() == after_joining != before
        else:
            allowed.add(role)
    assert not allowed
    away = make_member_of(
        make_council("south-borough", "South Borough"), Role.HEAD_OF_FINANCE, username="away"
    )
    with pytest.raises(NotAllowedError):
        operation(away, council)


def test_looking_writes_nothing(council):
    by = the_officer(council)
    before = fingerprint()
    preview_schedule(by=by, council=council, file=FILE)
    assert fingerprint() == before


def test_a_failure_midway_writes_none_of_the_schedule(council, monkeypatch):
    from savings.operations import import_writing

    calls = []
    real = import_writing.propose_phasing

    def fail_at_the_second(**given):
        calls.append(given)
        if len(calls) == 2:
            raise DatabaseError("connection lost")
        return real(**given)

    monkeypatch.setattr(import_writing, "propose_phasing", fail_at_the_second)
    with pytest.raises(DatabaseError, match="lost"):
        imported(council, FILE.content)
    assert not SavingsProposal.objects.exists()
    assert not PhasingVersion.objects.exists()


def test_an_applied_schedule_is_applied_once(council):
    batch = staged(council)
    apply_schedule(by=the_head(council), batch=batch)
    before = fingerprint()
    for again in (apply_schedule, abandon_schedule):
        with pytest.raises(AlreadyDoneError, match="already been imported"):
            again(by=the_head(council), batch=batch)
    assert fingerprint() == before


def test_what_was_shown_is_kept_with_the_file(council):
    batch = staged(council)
    apply_schedule(by=the_head(council), batch=batch)
    batch.refresh_from_db()
    assert bytes(batch.content) == FILE.content
    assert {name: batch.outcome[name] for name in ("read", "new", "changed", "unchanged")} == {
        "read": 2, "new": 2, "changed": 0, "unchanged": 0,
    }  # fmt: skip
    entry = AuditEntry.objects.filter(action="apply schedule").get()
    assert entry.after["digest"] == batch.file_digest


def test_a_profile_that_cannot_be_read_is_not_kept(council):
    with pytest.raises(InvalidEntryError, match="units is “pence”"):
        save_schedule_profile(by=the_officer(council), council=council, name="Ours", toml='units = "pence"')


def test_a_profile_of_the_same_name_is_replaced_and_both_are_on_record(council):
    save_schedule_profile(by=the_officer(council), council=council, name="Ours", toml='units = "pounds"')
    held = save_schedule_profile(
        by=the_officer(council), council=council, name="Ours", toml='units = "thousands"'
    )
    assert held.version == 2
    entry = AuditEntry.objects.filter(action="save schedule profile").last()
    assert entry.before["toml"] == 'units = "pounds"'
