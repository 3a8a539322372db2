"""Carrying out a form's operation once, however often the form is sent: a double press, a refresh, Back and send again."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from services.operations import repeats
from services.operations.refusals import RequestKeyReusedError


def once(*, by: User, key: str, operation: str, asked: Mapping[str, Any], act: Callable[[], object]) -> None:
    """Do `act`, unless this person sent the same request with this key before: then nothing is done again.

    `act` and the note of its key are one transaction. Without a key it is simply done. Raises `RequestKeyReusedError` for a key that came with
    something else, and whatever `act` raises.
    """
    if not key:
        act()
        return
    try:
        with transaction.atomic():
            if repeats.first_outcome(by=by, key=key, operation=operation, asked=asked) is None:
                act()
                repeats.remember(by=by, key=key, operation=operation, asked=asked, outcome={})
    except (IntegrityError, RequestKeyReusedError):
        # Of two at the same moment the second fails on the key, and is undone: it has the first one's effect. A key that came with something
        # else is refused here again; any other fault is not ours to hide.
        if repeats.first_outcome(by=by, key=key, operation=operation, asked=asked) is None:
            raise
