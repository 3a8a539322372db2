#!/usr/bin/env python
"""Runs BudgetWatch's management commands."""

import os
import sys


def main() -> None:
    """Hand the command line to Django, with this project's settings; a missing database is said in words."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetwatch.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if "unable to open database file" not in str(error) or "--traceback" in sys.argv:
            raise
        from budgetwatch.readiness import missing_database

        sys.exit(missing_database())


if __name__ == "__main__":
    main()
