"""Many rows of one table in few statements: a large return is written in seconds, where one object a row takes a minute.

Values pass through the fields' own conversions, so money is whole pence and a figure finer than a penny is refused here as everywhere.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, cast

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, ForeignKey, Model

BATCH = 1000
Conversion = Callable[[Any], Any]


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
    convert = [_conversion(field, real) for field in fields]
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            given = zip(convert, zip(*batch, strict=True), strict=True)
            prepared = [_converted(change, values) for change, values in given]
            cursor.executemany(statement, list(zip(*prepared, strict=True)))


def _conversion(field: Any, real: BaseDatabaseWrapper) -> Conversion | None:
    """How a field's values become those of its column: the field's own conversion, without steps that do nothing. `None` for a relation's key."""
    if isinstance(field, ForeignKey):
        return None
    if _has_no_step_of_its_own(field):
        return cast("Conversion", field.get_prep_value)
    return partial(field.get_db_prep_save, connection=real)


def _has_no_step_of_its_own(field: Any) -> bool:
    """Whether only `get_prep_value` changes a value of this kind of field, on any database."""
    kind = type(field)
    return (
        kind.get_db_prep_save is Field.get_db_prep_save and kind.get_db_prep_value is Field.get_db_prep_value
    )


def _converted(change: Conversion | None, values: Sequence[Any]) -> Sequence[Any]:
    """One column of a batch. A value that all rows share, as who and when, is converted once."""
    if change is None:
        return values
    if len(set(map(id, values))) == 1:
        return [change(values[0])] * len(values)
    return [change(value) for value in values]


def _column(model: type[Model], name: str) -> str:
    return _quoted(str(model._meta.get_field(name).column))  # type: ignore[union-attr]


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
