"""The audit trail: a chain that shows every tampering, alone or against a head kept elsewhere."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from services import audit, triggers
from services.models import AuditEntry, Forecast
from tests.services.factories import make_council, make_forecast, make_line, make_period, the_officer

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

TABLE = "services_auditentry"


@pytest.fixture
def council():
    """A council with a chain of several entries."""
    made = make_council()
    line = make_line(made, budget="1000")
    period = make_period(made)
    for outturn in ("1001", "1002", "1003"):
        make_forecast(line, period, outturn)
    return made


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def behind_the_triggers(sql, *parameters):
    """Do what an administrator of the database could: take the triggers off, and change what is written."""
    triggers.remove(connection, triggers.working_triggers())
    run(sql, *parameters)
    triggers.install(connection, triggers.working_triggers())


def last_of(council):
    return AuditEntry.objects.filter(council_id=council.pk).order_by("sequence").last()


def breaks(council):
    return [(one.council_id == council.pk, one.sequence, one.problem) for one in audit.broken_chains()]


def test_an_untouched_chain_holds(council):
    assert breaks(council) == []
    head = audit.heads()[council.pk]
    assert (head.sequence, head.hash) == (last_of(council).sequence, last_of(council).hash)
    assert head.sequence == AuditEntry.objects.filter(council_id=council.pk).count()


def test_an_entry_says_what_was_there_before_and_after_in_exact_pounds(council):
    entry = last_of(council)
    assert (entry.by, entry.action, entry.period) == ("Finance officer", "enter forecast", "2023-24/p7")
    assert entry.before == {"forecast_outturn": "1002.00"}
    assert entry.after == {"forecast_outturn": "1003.00", "version": 3}
    assert entry.subject_id == Forecast.objects.get().pk


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("by", "Somebody else"),
        ("subject", "Another line"),
        ("action", "approve period"),
        ("reason", "A reason given later"),
        ("period", "2023-24/p8"),
        ("after", json.dumps({"forecast_outturn": "9999.00"})),
    ],
)
def test_an_edited_entry_is_found(council, column, value):
    behind_the_triggers(
        f'UPDATE {TABLE} SET "{column}" = %s WHERE council_id = %s AND sequence = 3', value, council.pk
    )
    assert breaks(council) == [(True, 3, "what it says is not what was written")]


def test_an_entry_edited_with_its_own_hash_made_anew_is_found_by_the_next(council):
    entry = AuditEntry.objects.get(council_id=council.pk, sequence=3)
    entry.subject = "Another line"
    behind_the_triggers(
        f"UPDATE {TABLE} SET subject = %s, hash = %s WHERE council_id = %s AND sequence = 3",
        entry.subject,
        audit.digest_of(entry),
        council.pk,
    )
    assert breaks(council) == [(True, 4, "it does not follow the entry before it")]


def test_a_deleted_entry_is_found(council):
    behind_the_triggers(f"DELETE FROM {TABLE} WHERE council_id = %s AND sequence = 3", council.pk)
    assert breaks(council) == [(True, 4, "entry 3 is missing before it")]


def test_a_beginning_cut_off_is_found(council):
    behind_the_triggers(f"DELETE FROM {TABLE} WHERE council_id = %s AND sequence <= 2", council.pk)
    assert breaks(council) == [(True, 3, "entry 1 is missing before it")]


def test_entries_that_changed_places_are_found(council):
    behind_the_triggers(
        f"UPDATE {TABLE} SET sequence = CASE sequence WHEN 3 THEN 1004 ELSE 1003 END WHERE council_id = %s AND sequence IN (3, 4)",
        council.pk,
    )
    behind_the_triggers(
        f"UPDATE {TABLE} SET sequence = sequence - 1000 WHERE council_id = %s AND sequence > 1000", council.pk
    )
    assert breaks(council)[0][:2] == (True, 3)


def test_each_broken_chain_is_named_once_and_the_others_still_hold(council):
    other = make_council("south-borough", "South Borough")
    make_line(other, budget="5")
    behind_the_triggers(f"DELETE FROM {TABLE} WHERE council_id = %s AND sequence IN (2, 4)", council.pk)
    assert breaks(council) == [(True, 3, "entry 2 is missing before it")]
    assert list(audit.broken_chains(council=other)) == []


def refused(sql, *parameters, message):
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        run(sql, *parameters)


def test_the_database_refuses_to_edit_or_delete_an_entry(council):
    refused(f"UPDATE {TABLE} SET reason = 'x'", message="append-only")
    refused(f"DELETE FROM {TABLE}", message="append-only")
    assert breaks(council) == []


@pytest.mark.parametrize("shift", [-1, 0, 2])
def test_the_database_refuses_an_entry_out_of_order(council, shift):
    entry = last_of(council)
    entry.pk, entry.sequence = None, entry.sequence + shift
    entry._state.adding = True
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()


def test_insert_or_replace_overwrites_nothing(council):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such statement; its ON CONFLICT is an UPDATE, refused above")
    entry = last_of(council)
    columns = "council_id, sequence, at, by, action, subject_type, subject, period, before, after, reason, previous_hash, hash"
    values = f"{council.pk}, %s, '2026-01-01', 'x', 'x', '', 'x', '', '{{}}', '{{}}', '', 'x', 'x'"
    for pragma in ("ON", "OFF"):  # off: as a program that is not this one would open the file
        run(f"PRAGMA recursive_triggers = {pragma}")
        refused(
            f"INSERT OR REPLACE INTO {TABLE} ({columns}) VALUES ({values})",
            entry.sequence,
            message="must follow",
        )
        refused(
            f"INSERT OR REPLACE INTO {TABLE} (id, {columns}) VALUES ({entry.pk}, {values})",
            entry.sequence + 1,
            message="must follow|append-only",
        )
    run("PRAGMA recursive_triggers = ON")
    assert breaks(council) == []


@pytest.mark.postgres_only
@pytest.mark.parametrize("extra", ["", " CASCADE", " RESTART IDENTITY"])
def test_postgresql_refuses_to_empty_the_trail(council, extra):
    refused(f"TRUNCATE {TABLE}{extra}", message="never emptied: The audit trail is append-only")


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_the_transaction_of_its_change_is_refused():
    made = make_council()
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(by=the_officer(made), council=made, changes=[])


@pytest.mark.parametrize(("entries", "queries"), [(1, 2), (300, 2)])
def test_any_number_of_changes_is_recorded_in_two_queries(
    council, django_assert_num_queries, entries, queries
):
    officer = the_officer(council)
    changes = [audit.Change(action="note", subject=f"line {number}") for number in range(entries)]
    locks = 1 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(queries + locks):
        audit.record(by=officer, council=council, changes=changes)
    assert breaks(council) == []


# --- The command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_each_head(council, capsys):
    call_command("verify_audit")
    printed = capsys.readouterr().out
    head = audit.heads()[council.pk]
    assert f"north-borough: {head.sequence} entries, head {head.hash}" in printed
    assert f"the site: {audit.heads()[audit.SITE].sequence} entries" in printed
    assert "Every chain holds: 2 checked." in printed


def test_the_command_names_council_sequence_and_problem(council):
    behind_the_triggers(f"DELETE FROM {TABLE} WHERE council_id = %s AND sequence = 3", council.pk)
    with pytest.raises(CommandError, match=r"north-borough: entry 4: entry 3 is missing before it"):
        call_command("verify_audit")


def test_a_chain_cut_short_at_its_end_is_found_by_its_kept_head(council, tmp_path):
    kept = str(tmp_path / "heads.json")
    call_command("verify_audit", "--write-heads", kept)
    behind_the_triggers(
        f"DELETE FROM {TABLE} WHERE council_id = %s AND sequence = %s", council.pk, last_of(council).sequence
    )
    call_command("verify_audit")  # by itself it still agrees with itself
    with pytest.raises(CommandError, match=r"north-borough: entry .* cut short"):
        call_command("verify_audit", "--heads", kept)


def test_a_chain_cut_short_and_grown_again_is_found_by_its_kept_head(council, tmp_path):
    kept = str(tmp_path / "heads.json")
    call_command("verify_audit", "--write-heads", kept)
    behind_the_triggers(
        f"DELETE FROM {TABLE} WHERE council_id = %s AND sequence = %s", council.pk, last_of(council).sequence
    )
    make_line(council, "Another line")
    assert breaks(council) == []
    with pytest.raises(CommandError, match="not the one that was there"):
        call_command("verify_audit", "--heads", kept)


def test_a_whole_chain_taken_away_is_found_by_its_kept_head(council, tmp_path):
    kept = str(tmp_path / "heads.json")
    call_command("verify_audit", "--write-heads", kept)
    behind_the_triggers(f"DELETE FROM {TABLE} WHERE council_id = %s", council.pk)
    with pytest.raises(CommandError, match=r"north-borough: entry .* cut short"):
        call_command("verify_audit", "--heads", kept)


def test_a_chain_that_has_only_grown_agrees_with_its_kept_head(council, tmp_path, capsys):
    kept = str(tmp_path / "heads.json")
    call_command("verify_audit", "--write-heads", kept)
    make_line(council, "Another line")
    call_command("verify_audit", "--heads", kept)
    assert "Every chain holds" in capsys.readouterr().out


def test_a_broken_chain_leaves_the_kept_heads_as_they_were(council, tmp_path):
    kept = tmp_path / "heads.json"
    behind_the_triggers(f"DELETE FROM {TABLE} WHERE council_id = %s AND sequence = 3", council.pk)
    with pytest.raises(CommandError):
        call_command("verify_audit", "--write-heads", str(kept))
    assert not kept.exists()


@pytest.mark.parametrize("content", [None, "", "[]", '{"1": 5}', '{"x": {"sequence": 1, "hash": ""}}'])
def test_a_file_that_holds_no_heads_is_refused_by_name(tmp_path, content):
    path = tmp_path / "heads.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match=r"heads\.json"):
        call_command("verify_audit", "--heads", str(path))
