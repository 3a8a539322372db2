"""People for the tests of signing in."""

import pytest

from accounts import operations

PASSWORD = "marmalade-bicycle-thunder"


@pytest.fixture
def officer(db):
    return operations.create_user(username="officer", post="Finance officer", password=PASSWORD)
