"""One settings file: development by default, production by environment variables that refuse to be forgotten."""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from budgetwatch import sqlite

BASE_DIR = Path(__file__).resolve().parent.parent
SQLITE_VERSION = sqlite.use_sound_library()


def env_bool(name: str, *, default: bool) -> bool:
    """Read a yes or no from the environment; anything but `true` or `false` is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 'true' or 'false', not {value!r}.")
    return value == "true"


# --- Mode -----------------------------------------------------------------------------------------------------------
PRODUCTION = env_bool("BUDGETWATCH_PRODUCTION", default=False)
DEBUG = env_bool("BUDGETWATCH_DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured(
        "BUDGETWATCH_DEBUG=true shows settings to readers; it is refused in production."
    )

SECRET_KEY = os.environ.get("BUDGETWATCH_SECRET_KEY", "")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured(
            "BUDGETWATCH_SECRET_KEY is not set. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))' and keep it out of the repository."
        )
    SECRET_KEY = "development-only-" + "x" * 40

ALLOWED_HOSTS = [host for host in os.environ.get("BUDGETWATCH_HOSTS", "").split(",") if host]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "testserver"]
elif not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "BUDGETWATCH_HOSTS must name the addresses this site answers to, "
        "for example BUDGETWATCH_HOSTS=budget.example.gov.uk. A wildcard is refused."
    )
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []

# --- Applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "budgetwatch.apps.BudgetWatchConfig",
    "scrutiny.apps.ScrutinyConfig",
    "savings",
    "services",
    "accounts",
    "presentation",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "budgetwatch.logs.RequestReferenceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "budgetwatch.middleware.PrivateByDefaultMiddleware",
    "budgetwatch.middleware.RefusedWritesMiddleware",
    "budgetwatch.middleware.StorageFaultMiddleware",
    "accounts.middleware.GiveBackTypedMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "budgetwatch.urls"
WSGI_APPLICATION = "budgetwatch.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["presentation.templatetags.figures"],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------------------------
STATE_DIR = Path(os.environ.get("BUDGETWATCH_STATE_DIR", BASE_DIR / "var"))
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{STATE_DIR / 'budgetwatch.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Only `migrate` makes the file: a lost or misnamed database is an error that says so, never a fresh empty one.
    DATABASES["default"]["NAME"] = sqlite.existing_file_uri(DATABASES["default"]["NAME"])
    # Each thread keeps its connection for a minute, as on a server: to open one costs as much as half a save, and to close the last one
    # writes the whole log back. A restore sees that the file is in use, and refuses.
    # IMMEDIATE: a transaction that reads and then writes takes its lock at the start, so none fails with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={sqlite.journal_mode(SQLITE_VERSION)};PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;PRAGMA temp_store=MEMORY;PRAGMA cache_size=-20000;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # with IMMEDIATE it would take the write lock for every page that is only read

FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024  # a return larger than this is refused before it is read
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
BEHIND_PROXY = env_bool("BUDGETWATCH_BEHIND_PROXY", default=False)
AXES_HANDLER = "accounts.throttling.SignInThrottle"  # holds the three limits: an account from one source, an account, a source
AXES_FAILURE_LIMIT = 10
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["username"], ["ip_address"]]
AXES_COOLOFF_TIME = 0.25  # hours: a real user is never locked out for ever
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying while locked out does not lengthen it
AXES_CLIENT_IP_CALLABLE = "accounts.throttling.source_address"
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_VERBOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked for by the machine itself, over plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "script-src": ["'self'"],
        # plotly.js adds an empty <style>, and one of its own, when a reader asks for a live chart; their hashes allow just those.
        "style-src": [
            "'self'",
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
            "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
        ],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Words and time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"  # financial dates are decided in London; instants are stored in UTC
USE_TZ = True
USE_I18N = False

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = (
    BASE_DIR / "staticfiles" if PRODUCTION else None
)  # elsewhere files are served from where they lie
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "presentation.assets.InstalledPackageFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STATE_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# --- Jobs and mail --------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
SITE_URL = os.environ.get("BUDGETWATCH_SITE_URL", "").rstrip("/")
if not SITE_URL:  # where links in e-mails lead
    SITE_URL = f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://127.0.0.1:8000"
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"BUDGETWATCH_SITE_URL must begin with https://, for example https://budget.example.gov.uk, and not be {SITE_URL!r}."
    )
# E-mails go to the console, or to files in a folder, until a mail server is named.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_FILE_PATH = os.environ.get("BUDGETWATCH_MAIL_DIR", "")
EMAIL_HOST = os.environ.get("BUDGETWATCH_SMTP_HOST", "")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = int(os.environ.get("BUDGETWATCH_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("BUDGETWATCH_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("BUDGETWATCH_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = env_bool("BUDGETWATCH_SMTP_TLS", default=True)
elif EMAIL_FILE_PATH:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds: a mail server that does not answer holds nothing up for long
DEFAULT_FROM_EMAIL = os.environ.get("BUDGETWATCH_MAIL_FROM", "budgetwatch@localhost")
PDF_CACHE_DIR = STATE_DIR / "pdf-parts"

DJANGO_TABLES2_TEMPLATE = "components/table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "budgetwatch.logs.OneLineFormatter",
            "format": "%(asctime)s %(levelname)s [%(reference)s] %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
