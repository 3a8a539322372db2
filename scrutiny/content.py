"""The canonical text of frozen records, and back: JSON with sorted keys, money as decimal strings, never a float.

The same record always gives the same text, so that a digest of the text names exactly what was published.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from accounting.periods import FinancialYear, Period

Record = TypeVar("Record")
Reader = Callable[[Any], Any]
POSITIVE_ZERO = Decimal(0)
BRIEF = {"is_brief": True}
"""Metadata of a field that is left out of the text at its default, and within which every field is.

What a field holds that came into use later then changes no text, and so no digest, of what does not use it.
"""


class ContentError(ValueError):
    """The text is not the content that was asked for, or holds something that cannot be content."""


def text_of(record: object) -> str:
    """A frozen dataclass as canonical JSON."""
    return json.dumps(_plain(record), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(text: str) -> str:
    """SHA-256 of canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def record_from(kind: type[Record], text: str) -> Record:
    """Read what `text_of` wrote. A field that came into use after the text was written takes its default.

    Raises `ContentError` for anything else.
    """
    try:
        read: Reader = _reader(kind)  # type: ignore[arg-type]
        record: Record = read(json.loads(text, parse_float=_refuse_float))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ContentError(f"This is not the content of a {kind.__name__}: {error!r}.") from error
    return record


def _refuse_float(text: str) -> Any:
    raise ContentError(f"{text} is a floating-point number; figures are decimal strings.")


def _plain(value: Any, *, is_brief: bool = False) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value + POSITIVE_ZERO, "f")
    if isinstance(value, Period | FinancialYear):
        return value.slug
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item, is_brief=is_brief) for item in value]
    if is_dataclass(value):
        return dict(_plain_fields(value, is_brief=is_brief))
    raise ContentError(f"{type(value).__name__} cannot be part of what is published.")


def _plain_fields(record: Any, *, is_brief: bool) -> Iterator[tuple[str, Any]]:
    for field in fields(record):
        value, brief = getattr(record, field.name), is_brief or bool(field.metadata.get("is_brief"))
        if not (brief and field.default is not MISSING and value == field.default):
            yield field.name, _plain(value, is_brief=brief)


@cache
def _reader(kind: Any) -> Reader:
    """How to read one type. Made once for each, because a page reads hundreds of lines."""
    if get_origin(kind) is UnionType:
        [inner] = [option for option in get_args(kind) if option is not NoneType]
        return _optional_reader(_reader(inner))
    if get_origin(kind) is tuple:
        return _tuple_reader(_reader(get_args(kind)[0]))
    if kind is Decimal:
        return _decimal
    if kind is Period:
        return Period.parse
    if kind is FinancialYear:
        return FinancialYear.parse
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if is_dataclass(kind):
        return _record_reader(kind)
    return _plain_reader(kind)


def _decimal(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise ContentError(f"{value!r} is a number; figures are decimal strings")
    return Decimal(value)


def _optional_reader(inner: Reader) -> Reader:
    return lambda value: None if value is None else inner(value)


def _tuple_reader(inner: Reader) -> Reader:
    return lambda values: tuple([inner(value) for value in values])


def _plain_reader(kind: type) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise ContentError(f"{value!r} is not {kind.__name__}")
        return value

    return read


def _record_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    may_be_missing = {
        field.name
        for field in fields(kind)
        if field.default is not MISSING or field.default_factory is not MISSING
    }

    def read(values: dict[str, Any]) -> Any:
        if not isinstance(values, dict):
            raise ContentError(f"{values!r} is not a {kind.__name__}")
        missing = readers.keys() - values.keys() - may_be_missing
        if missing or values.keys() - readers.keys():
            raise ContentError(f"{kind.__name__} has other fields than {sorted(values)}")
        return kind(**{name: readers[name](value) for name, value in values.items()})

    return read
