"""Fixtures for what is public."""

import pytest

from scrutiny import access
from tests.scrutiny.council import Thorney, make_thorney


@pytest.fixture(autouse=True)
def _nothing_read_before():
    """Each test reads publications for itself."""
    access._read.cache_clear()


@pytest.fixture
def thorney(db) -> Thorney:
    """A council with one open period, month 7 of 2023/24."""
    return make_thorney()
