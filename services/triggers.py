"""Database triggers that hold where the code's own promises could be walked round: append-only, frozen and locked tables.

They are installed by migrations on SQLite and PostgreSQL, and taken off only by a migration or by a test that must empty its tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

CHAINED_TABLE = "services_auditentry"
FROZEN_TABLES = (
    "services_publishedvariance",
    "services_originalbudget",
    "services_reserveopening",
    "services_virementleg",
    "services_reservetransfer",
    "services_requestkey",
)
LOCKED_TABLES = (
    "services_forecast",
    "services_variancereason",
    "services_reserveuse",
    "services_oneofffunding",
    "services_reportedbudget",
    "services_dsgaccount",
    "services_riskoropportunity",
    "services_reservetransfer",
    "services_sourcenote",
)


@dataclass(frozen=True, slots=True)
class Trigger:
    table: str
    name: str
    when: str
    condition: str
    message: str


def _frozen(table: str, message: str) -> Iterator[Trigger]:
    for verb in ("UPDATE", "DELETE"):
        yield Trigger(table, f"{table}_no_{verb.lower()}", f"BEFORE {verb}", "", message)


def _locked(table: str) -> Iterator[Trigger]:
    message = "The period is approved or published: reopen it before changing its figures."
    # An update may not take a row out of a closed period either, hence both.
    for verb, periods in (
        ("INSERT", "NEW.period_id"),
        ("UPDATE", "OLD.period_id, NEW.period_id"),
        ("DELETE", "OLD.period_id"),
    ):
        condition = f"EXISTS (SELECT 1 FROM services_monitoringperiod p WHERE p.id IN ({periods}) AND p.state IN ('approved', 'published'))"
        yield Trigger(table, f"{table}_locked_{verb.lower()}", f"BEFORE {verb}", condition, message)


def _chained() -> Iterator[Trigger]:
    yield from _frozen(CHAINED_TABLE, "The audit trail is append-only.")
    # The last of a chain is asked for by ORDER BY, which PostgreSQL reads off the end of the index however little it knows of the table; MAX it
    # may work out from every entry. The second half stops SQLite's INSERT OR REPLACE, which deletes the row in its way without asking the trigger
    # on deletion.
    last = f"SELECT e.sequence FROM {CHAINED_TABLE} e WHERE e.council_id = NEW.council_id ORDER BY e.sequence DESC LIMIT 1"
    condition = f"NEW.sequence <> COALESCE(({last}), 0) + 1 OR EXISTS (SELECT 1 FROM {CHAINED_TABLE} e WHERE e.id = NEW.id)"
    message = "An audit entry must follow the last one of its council."
    yield Trigger(CHAINED_TABLE, f"{CHAINED_TABLE}_in_sequence", "BEFORE INSERT", condition, message)


def working_triggers() -> list[Trigger]:
    """The triggers of the working tables."""
    triggers = list(_chained())
    for table in FROZEN_TABLES:
        triggers += _frozen(table, f"{table} is never changed once written.")
    for table in LOCKED_TABLES:
        triggers += _locked(table)
    return triggers


CYCLE_TABLES = ("services_remindersent", "services_yearroll")
"""Append-only tables that came later, so that the migrations before them do not look for them."""


def cycle_triggers() -> list[Trigger]:
    """The triggers of the tables of the month's cycle."""
    return [
        trigger
        for table in CYCLE_TABLES
        for trigger in _frozen(table, f"{table} is never changed once written.")
    ]


LEDGER_TABLES = ("services_ledgeramount",)
"""Tables of the ledger that are locked with their period."""


def ledger_triggers() -> list[Trigger]:
    """The triggers of the ledger's tables."""
    return [trigger for table in LEDGER_TABLES for trigger in _locked(table)]


def every_trigger() -> list[Trigger]:
    """All that guard the tables of this app."""
    return [*working_triggers(), *cycle_triggers(), *ledger_triggers()]


def frozen_triggers(tables: tuple[str, ...], *, because: str = "is published and") -> list[Trigger]:
    """Triggers that freeze other tables, for the app that owns them."""
    return [trigger for table in tables for trigger in _frozen(table, f"{table} {because} is never changed.")]


def locked_triggers(tables: tuple[str, ...]) -> list[Trigger]:
    """Triggers that lock other tables with their period (`period_id`), for the app that owns them."""
    return [trigger for table in tables for trigger in _locked(table)]


def install(connection: BaseDatabaseWrapper, triggers: list[Trigger]) -> None:
    """Create the triggers."""
    make = _sqlite_sql if connection.vendor == "sqlite" else _postgres_sql
    with connection.cursor() as cursor:
        for trigger in triggers:
            for statement in make(trigger):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, triggers: list[Trigger]) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        for trigger in triggers:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")
                continue
            cursor.execute(f"DROP FUNCTION IF EXISTS {trigger.name}() CASCADE")
            if "DELETE" in trigger.when:
                cursor.execute(f"DROP FUNCTION IF EXISTS {trigger.table}_no_truncate() CASCADE")


def _sqlite_sql(trigger: Trigger) -> Iterator[str]:
    when = f"WHEN {trigger.condition} " if trigger.condition else ""
    yield (
        f"CREATE TRIGGER {trigger.name} {trigger.when} ON {trigger.table} FOR EACH ROW {when}"
        f"BEGIN SELECT RAISE(ABORT, '{trigger.message}'); END"
    )


def _postgres_sql(trigger: Trigger) -> Iterator[str]:
    row = "OLD" if "DELETE" in trigger.when else "NEW"
    refuse = f"RAISE EXCEPTION '{trigger.message}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF {trigger.condition} THEN {refuse} END IF; RETURN {row};" if trigger.condition else refuse
    yield _postgres_function(trigger.name, body)
    yield f"CREATE TRIGGER {trigger.name} {trigger.when} ON {trigger.table} FOR EACH ROW EXECUTE FUNCTION {trigger.name}()"
    if "DELETE" in trigger.when:  # TRUNCATE asks no trigger on deletion
        name = f"{trigger.table}_no_truncate"
        yield _postgres_function(
            name, f"RAISE EXCEPTION '{trigger.table} is never emptied: {trigger.message}';"
        )
        yield f"DROP TRIGGER IF EXISTS {name} ON {trigger.table}"
        yield f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {trigger.table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def _postgres_function(name: str, body: str) -> str:
    # A plan made while a table was small, and kept by the session, would read the whole of it for every row once it has grown.
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off "
        f"AS $$ BEGIN {body} END $$"
    )
