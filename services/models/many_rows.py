"""Many rows of one table in few statements: a large return is written in seconds, where one object a row takes a minute.

Values pass through the fields' own conversions, so money is whole pence and a figure finer than a penny is refused here as everywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, connections
from django.db.models import ForeignKey, Model

BATCH = 1000


def insert_rows(
    model: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Insert rows of values, in the order of the field names; for a relation, the other record's key.

    Where a row of the same `unique` fields is there, its `update` fields are set instead.
    """
    fields = [model._meta.get_field(name) for name in names]
    columns = [_column(model, name) for name in names]
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({', '.join('%s' for _ in columns)})"
    if unique:
        there = ", ".join(_column(model, name) for name in unique)
        changes = ", ".join(f"{_column(model, name)} = excluded.{_column(model, name)}" for name in update)
        statement += f" ON CONFLICT ({there}) DO UPDATE SET {changes}"
    real = connections[connection.alias]  # asked for once: the usual name looks itself up at every use
    convert = [_as_it_is if isinstance(field, ForeignKey) else field.get_db_prep_save for field in fields]  # type: ignore[union-attr]
    prepared = (
        tuple(change(value, real) for change, value in zip(convert, row, strict=True)) for row in rows
    )
    with connection.cursor() as cursor:
        for batch in _batches(prepared):
            cursor.executemany(statement, batch)


def _as_it_is(key: Any, _: Any) -> Any:
    return key


def _column(model: type[Model], name: str) -> str:
    return _quoted(str(model._meta.get_field(name).column))  # type: ignore[union-attr]


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
