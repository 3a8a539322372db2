"""The project's settings with what tests change: files in a temporary folder, quick passwords, PostgreSQL on request."""

import atexit
import os
import shutil
import tempfile

# Each test process has its own folder, made before the settings read where it is.
_state = tempfile.mkdtemp(prefix="budgetwatch-tests-")
atexit.register(shutil.rmtree, _state, ignore_errors=True)
os.environ["BUDGETWATCH_STATE_DIR"] = _state

from budgetwatch.settings import *  # noqa: E402, F403
from budgetwatch.settings import TEMPLATES  # noqa: E402
from tests.support.templates import UnknownVariable  # noqa: E402

# The real hasher takes 25 ms a password on purpose; tests of hashing ask for it by name.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "accounts.hashers.Argon2idHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable()
