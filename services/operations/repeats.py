"""A request sent again with its key: it gets the first answer, and changes nothing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from services import audit
from services.models import RequestKey
from services.operations.refusals import InvalidEntryError, RequestKeyReusedError

KEY_LENGTH = 64


def fingerprint(asked: Mapping[str, Any]) -> str:
    """SHA-256 of what is asked for, money as decimal strings."""
    return hashlib.sha256(json.dumps(audit.plain(asked), sort_keys=True).encode()).hexdigest()


def first_outcome(*, by: User, key: str, operation: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the same request was answered the first time; `None` if this is it.

    Ask after the period is held, so that of two requests at once the second waits and sees the first. One query, none without a key.
    Raises `RequestKeyReusedError` if the key came with something else.
    """
    if not key:
        return None
    if len(key) > KEY_LENGTH:
        raise InvalidEntryError("retry_key", f"is longer than {KEY_LENGTH} characters.")
    earlier = RequestKey.objects.filter(user=by, key=key).first()
    if earlier is None:
        return None
    if (earlier.operation, earlier.fingerprint) != (operation, fingerprint(asked)):
        raise RequestKeyReusedError
    outcome: dict[str, Any] = earlier.outcome
    return outcome


def remember(
    *, by: User, key: str, operation: str, asked: Mapping[str, Any], outcome: Mapping[str, Any]
) -> None:
    """Keep the answer under the key. One query, none without a key. Raises `RequestKeyReusedError` if the key came with something else."""
    if not key:
        return
    if len(key) > KEY_LENGTH:
        raise InvalidEntryError("retry_key", f"is longer than {KEY_LENGTH} characters.")
    try:
        RequestKey.objects.create(
            user=by,
            key=key,
            operation=operation,
            fingerprint=fingerprint(asked),
            outcome=audit.plain(outcome),
            at=timezone.now(),
        )
    except IntegrityError as error:
        raise RequestKeyReusedError from error
