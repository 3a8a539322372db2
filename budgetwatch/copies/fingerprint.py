"""A fingerprint of a database: for every table its number of rows and the SHA-256 over them in order.

Two databases of the same kind have the same fingerprint exactly when every row and every definition is the same.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

Fingerprint = dict[str, str]
ROWS_AT_ONCE = 5_000


class Cursor(Protocol):
    """What both databases' cursors can do."""

    def execute(self, sql: str, /) -> Any: ...
    def fetchall(self) -> Sequence[Any]: ...
    def fetchmany(self, size: int, /) -> Sequence[Any]: ...


def of_sqlite(cursor: Cursor) -> Fingerprint:
    """Fingerprint an SQLite database through a cursor that sees one consistent state."""
    cursor.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    )
    definitions = cursor.fetchall()
    result = {"definitions": _digest([definitions])}
    for kind, name, _, _ in definitions:
        if kind == "table":
            cursor.execute(f'SELECT * FROM "{name}" ORDER BY {_sqlite_order(cursor, name)}')
            result[name] = _rows(cursor)
    return result


def _sqlite_order(cursor: Cursor, table: str) -> str:
    """Return the primary key's columns by position, or all columns where there is none."""
    cursor.execute(f'PRAGMA table_info("{table}")')
    columns = cursor.fetchall()
    keys = sorted((column for column in columns if column[5]), key=lambda column: column[5])
    return ", ".join(f'"{column[1]}"' for column in keys or columns)


def of_postgres(cursor: Cursor) -> Fingerprint:
    """Fingerprint the public schema of a PostgreSQL database through a cursor that sees one consistent state."""
    cursor.execute(
        "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL extra_float_digits = 3"
    )
    result = {"definitions": _digest([_postgres_definitions(cursor)])}
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    for (name,) in cursor.fetchall():
        cursor.execute(
            f'SELECT row::text FROM public."{name}" AS row ORDER BY {_postgres_order(cursor, name)}'
        )
        result[name] = _rows(cursor)
    return result


def _postgres_definitions(cursor: Cursor) -> list[Any]:
    """Return columns, constraints, indexes and triggers, which a copy must bring back too."""
    queries = (
        "SELECT table_name, column_name, data_type, is_nullable, coalesce(column_default, '') FROM information_schema.columns "
        "WHERE table_schema = 'public' ORDER BY 1, 2",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        "SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    )
    found: list[Any] = []
    for query in queries:
        cursor.execute(query)
        found.extend(tuple(_as_read_back(column) for column in row) for row in cursor.fetchall())
    return found


_CAST = re.compile(r"::(?:character varying|text)(?:\[\])?")
_NEEDLESS = re.compile(r"\(('(?:[^']|'')*'|\w+|ARRAY\[[^\[\]]*\])\)")


def _as_read_back(definition: Any) -> Any:
    """A definition without the casts that PostgreSQL writes otherwise once it has read its own words back.

    `state IN ('a')` is first told as ANY ((ARRAY['a'::character varying])::text[]), and in a restored copy as ANY (ARRAY[('a'::character
    varying)::text]): the same rule in two spellings.
    """
    if not isinstance(definition, str):
        return definition
    words = _CAST.sub("", definition)
    while (plainer := _NEEDLESS.sub(r"\1", words)) != words:
        words = plainer
    return words


def _postgres_order(cursor: Cursor, table: str) -> str:
    """Return the primary key's columns, or the whole row as text where there is none."""
    cursor.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
        f"WHERE i.indisprimary AND i.indrelid = 'public.\"{table}\"'::regclass ORDER BY array_position(i.indkey::int[], a.attnum::int)"
    )
    keys = [f'"{name}"' for (name,) in cursor.fetchall()]
    return ", ".join(keys) or "row::text"


def _rows(cursor: Cursor) -> str:
    """Return the number of rows of the open query and their digest."""
    digest, count = hashlib.sha256(), 0
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        count += len(rows)
        for row in rows:
            digest.update(repr(tuple(row)).encode())
    return f"{count} rows {digest.hexdigest()}"


def _digest(parts: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr([tuple(row) for row in part]).encode())
    return digest.hexdigest()


def differences(expected: Fingerprint, found: Fingerprint) -> list[str]:
    """Say, table by table, where two fingerprints differ; an empty list means that they are the same."""
    return [
        f"{name}: expected {expected.get(name, 'no such table')}, found {found.get(name, 'no such table')}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]
