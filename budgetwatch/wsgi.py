"""The door for a WSGI server such as gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budgetwatch.settings")
application = get_wsgi_application()

from budgetwatch.readiness import require_database  # noqa: E402 - Django must be set up first

require_database()
