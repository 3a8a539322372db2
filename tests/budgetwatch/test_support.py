"""The rules of the test run themselves: each is shown to refuse what it should."""

import socket

import pytest
from django.db import DatabaseError, connection
from django.template import engines

from tests.support.network import NetworkRefusedError, stays_here


def render(text, **context):
    return engines["django"].from_string(text).render(context)


def test_an_unknown_variable_fails_the_run():
    with pytest.raises(pytest.fail.Exception, match=r"Unknown template variable \{\{ overspend \}\}"):
        render("{{ overspend }}")


def test_an_unknown_attribute_fails_the_run():
    with pytest.raises(pytest.fail.Exception, match=r"line\.overspend"):
        render("{{ line.overspend }}", line=object())


def test_an_unknown_variable_behind_another_filter_fails_the_run():
    with pytest.raises(pytest.fail.Exception, match="overspend"):
        render("{{ overspend|upper }}")


def test_asking_whether_there_is_a_hint_is_allowed():
    assert (
        render("{% if hint %}{{ hint }}{% else %}none{% endif %}{% for x in rows %}{{ x }}{% endfor %}")
        == "none"
    )


def test_saying_what_to_print_instead_is_allowed():
    assert render('{{ hint|default:"none" }} {{ hint|default:"none"|upper }}') == "none NONE"


def test_another_machine_cannot_be_reached():
    with pytest.raises(NetworkRefusedError, match=r"may not reach 192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        (("127.0.0.1", 80), True),
        (("::1", 80, 0, 0), True),
        ("/run/socket", True),
        (("10.0.0.1", 80), False),
        (("council.example", 80), False),
    ],
)
def test_only_the_loopback_stays_here(address, here):
    assert stays_here(address) is here


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_protected_table_can_be_emptied_between_tests_and_is_protected_afterwards():
    protect = {
        "sqlite": "CREATE TRIGGER keep BEFORE DELETE ON accounts_user BEGIN SELECT RAISE(ABORT, 'kept'); END",
        "postgresql": "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$;"
        "CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON accounts_user EXECUTE FUNCTION keep()",
    }
    unprotect = {
        "sqlite": "DROP TRIGGER keep",
        "postgresql": "DROP TRIGGER keep ON accounts_user; DROP FUNCTION keep()",
    }
    from django.core.management import call_command

    from accounts.models import User

    User.objects.create(username="clerk")
    with connection.cursor() as cursor:
        cursor.execute(protect[connection.vendor])
    try:
        with pytest.raises(DatabaseError, match="kept"):
            User.objects.all().delete()
        call_command("flush", interactive=False, verbosity=0)
        assert not User.objects.exists()
        User.objects.create(username="clerk")
        with pytest.raises(DatabaseError, match="kept"):
            User.objects.all().delete()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(unprotect[connection.vendor])


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_the_postgres_tests_run_on_postgres():
    assert connection.vendor == "postgresql"
