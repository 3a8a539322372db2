"""Settings refuse to start a public site with something forgotten (each in a process of its own)."""

import os
import subprocess
import sys

import pytest

PRODUCTION = {
    "BUDGETWATCH_PRODUCTION": "true",
    "BUDGETWATCH_SECRET_KEY": "k" * 60,
    "BUDGETWATCH_HOSTS": "budget.example.gov.uk",
}


def start(tmp_path, *, code="", **variables):
    """Load the settings in a fresh process with just these variables; return what it did and said."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "BUDGETWATCH_STATE_DIR": str(tmp_path), **variables}
    script = f"from budgetwatch import settings\n{code}"
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )


def test_development_starts_with_nothing_set(tmp_path):
    assert start(tmp_path).returncode == 0


def test_production_starts_with_everything_set(tmp_path):
    done = start(
        tmp_path, code="print(settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS)", **PRODUCTION
    )
    assert done.stdout == "True 31536000\n", done.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"BUDGETWATCH_SECRET_KEY": ""}, "BUDGETWATCH_SECRET_KEY is not set"),
        ({"BUDGETWATCH_HOSTS": ""}, "BUDGETWATCH_HOSTS must name"),
        ({"BUDGETWATCH_HOSTS": "*"}, "A wildcard is refused"),
        ({"BUDGETWATCH_DEBUG": "true"}, "refused in production"),
        ({"BUDGETWATCH_PRODUCTION": "yes"}, "must be 'true' or 'false'"),
    ],
)
def test_production_refuses_to_start_without(tmp_path, change, says):
    done = start(tmp_path, **{**PRODUCTION, **change})
    assert done.returncode != 0
    assert says in done.stderr


def test_a_wildcard_among_real_hosts_is_refused_too(tmp_path):
    done = start(tmp_path, **{**PRODUCTION, "BUDGETWATCH_HOSTS": "budget.example.gov.uk,*"})
    assert "A wildcard is refused" in done.stderr


@pytest.mark.parametrize(
    "header", ["X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy"]
)
def test_every_page_carries_the_headers_that_stop_framing_and_sniffing(client, db, header):
    assert header in client.get("/health/")


def test_scripts_written_into_a_page_do_not_run(client, db):
    policy = client.get("/health/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_a_false_host_name_is_refused(client, db):
    assert client.get("/health/", headers={"host": "evil.example"}).status_code == 400


def test_the_health_page_answers_without_signing_in(client, db):
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        (PRODUCTION, "https://budget.example.gov.uk"),
        ({"BUDGETWATCH_SITE_URL": "https://www.example.gov.uk/"}, "https://www.example.gov.uk"),
    ],
)
def test_links_in_e_mails_lead_to_the_site(tmp_path, variables, address):
    assert start(tmp_path, code="print(settings.SITE_URL)", **variables).stdout == f"{address}\n"


def test_an_address_of_the_site_that_is_none_is_refused(tmp_path):
    done = start(tmp_path, BUDGETWATCH_SITE_URL="budget.example.gov.uk")
    assert "BUDGETWATCH_SITE_URL must begin with https://" in done.stderr


@pytest.mark.parametrize(
    ("variables", "backend"),
    [
        ({}, "console"),
        ({"BUDGETWATCH_MAIL_DIR": "mail"}, "filebased"),
        ({"BUDGETWATCH_SMTP_HOST": "mail.example.gov.uk", "BUDGETWATCH_MAIL_DIR": "mail"}, "smtp"),
    ],
)
def test_e_mails_go_to_the_console_until_a_folder_or_a_server_is_named(tmp_path, variables, backend):
    said = start(tmp_path, code="print(settings.EMAIL_BACKEND)", **variables).stdout
    assert said.split(".")[-2] == backend
