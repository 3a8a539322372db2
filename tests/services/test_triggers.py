"""The database itself refuses writes to closed periods, and to what is never changed."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from services import triggers
from services.models import MonitoringPeriod
from services.operations import periods, reserves, sources
from tests.services.factories import (
    explain,
    make_council,
    make_forecast,
    make_line,
    make_one_off_funding,
    make_period,
    make_published,
    make_reserve,
    make_use,
    make_virement,
    pounds,
    the_head,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

PERIOD_OF = {
    "services_forecast",
    "services_variancereason",
    "services_reserveuse",
    "services_oneofffunding",
    "services_reportedbudget",
    "services_dsgaccount",
    "services_riskoropportunity",
    "services_reservetransfer",
    "services_sourcenote",
}


@pytest.fixture
def council():
    """A council whose month 7 is published, with a row in every table; month 8 is open with a copy of it."""
    from accounting.funds import Fund
    from services.operations import budgets, dsg, forecasts, risks

    made = make_council()
    officer, head = the_officer(made), the_head(made)
    line, other = make_line(made, budget="1000"), make_line(made, "Early help", budget="10")
    reported = make_line(made, "Clinical services")
    period = make_period(made)
    make_forecast(other, period, "10")
    edit = forecasts.ForecastEdit(line_id=line.pk, expected_version=0, forecast_outturn=pounds("1300"))
    forecasts.save_forecasts(by=officer, period=period, edits=[edit], retry_key="k")
    explain(line, period)
    make_virement(period, (line, "1"), (other, "-1"))
    first, second = make_reserve(made, opening="900"), make_reserve(made, "Second", opening="1")
    make_use(line, period, "5", reserve=first)
    make_one_off_funding(line, period, "6")
    returned = budgets.ReturnedBudget(line=reported, revised=pounds("7"))
    budgets.set_reported_budgets(by=officer, period=period, budgets=[returned])
    dsg.set_dsg_account(by=officer, period=period, fund=Fund.DSG, name="DSG")
    risks.record_risk(by=officer, period=period, kind="risk", title="A tribunal")
    note = sources.SourceEntry(line=line, figure="forecast_outturn", basis="printed")
    sources.note_sources(by=officer, period=period, notes=[note])
    reserves.transfer_between_reserves(
        by=head,
        period=period,
        from_reserve=first,
        to_reserve=second,
        amount=pounds("2"),
        decision_reference="Cabinet",
    )
    make_published(period)
    make_period(made, "2023-24/p8", carry_forward=True)
    return made


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def one_row(table, where=""):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(id) FROM {table} {where}")
        return cursor.fetchone()[0]


def refused(sql, message):
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        run(sql)


def copy_of(table, period_id, source):
    """An INSERT of a copy of a row into a period; a constraint of its own may refuse it after the triggers have had their say."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    columns = [name for name in names if name not in {"id", "period_id"}]
    quoted = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} (period_id, {quoted}) SELECT {period_id}, {quoted} FROM {table} WHERE id = {source}"


def closed_and_open(council):
    closed, still_open = MonitoringPeriod.objects.filter(council=council).order_by("number")
    assert (closed.state, still_open.state) == ("published", "open")
    return closed.pk, still_open.pk


def test_every_table_of_figures_at_a_period_is_guarded():
    assert set(triggers.LOCKED_TABLES) == PERIOD_OF


@pytest.mark.parametrize("table", sorted(PERIOD_OF))
def test_a_closed_period_takes_no_row_and_gives_none_up(council, table):
    closed, still_open = closed_and_open(council)
    row = one_row(table, f"WHERE period_id = {closed}")
    assert row, f"{table} has no row to try"
    closed_message = "reopen it before changing|never changed"
    refused(f"UPDATE {table} SET council_id = council_id WHERE id = {row}", closed_message)
    refused(f"UPDATE {table} SET period_id = {still_open} WHERE id = {row}", closed_message)
    refused(f"DELETE FROM {table} WHERE id = {row}", closed_message)
    refused(copy_of(table, closed, row), "reopen it before changing")


@pytest.mark.parametrize(
    "table", ["services_forecast", "services_reserveuse", "services_dsgaccount", "services_riskoropportunity"]
)
def test_a_row_of_an_open_period_may_be_changed_but_not_moved_into_a_closed_one(council, table):
    closed, still_open = closed_and_open(council)
    row = one_row(table, f"WHERE period_id = {still_open}")
    assert run(f"UPDATE {table} SET version = 7 WHERE id = {row}") == 1
    refused(f"UPDATE {table} SET period_id = {closed} WHERE id = {row}", "reopen it before changing")
    assert run(f"DELETE FROM {table} WHERE id = {row}") == 1


def test_a_reopened_period_takes_figures_again(council):
    closed, _ = closed_and_open(council)
    period = MonitoringPeriod.objects.get(pk=closed)
    periods.reopen_period(
        by=the_head(council), asked_by=the_officer(council), period=period, reason="A wrong accrual"
    )
    row = one_row("services_forecast", f"WHERE period_id = {closed}")
    assert run(f"UPDATE services_forecast SET version = 7 WHERE id = {row}") == 1


@pytest.mark.parametrize("table", triggers.FROZEN_TABLES)
def test_a_frozen_table_is_never_changed(council, table):
    row = one_row(table)
    assert row, f"{table} has no row to try"
    message = "never changed once written|reopen it before changing"
    refused(f"UPDATE {table} SET id = id WHERE id = {row}", message)
    refused(f"DELETE FROM {table} WHERE id = {row}", message)


@pytest.mark.postgres_only
@pytest.mark.parametrize("table", sorted({*triggers.FROZEN_TABLES, *triggers.LOCKED_TABLES}))
def test_postgresql_refuses_to_empty_a_guarded_table(council, table):
    run("SET CONSTRAINTS ALL IMMEDIATE")  # or the rows just written would be the reason
    refused(f"TRUNCATE {table} CASCADE", "is never emptied")


def test_every_record_that_says_it_never_changes_is_guarded_by_the_database():
    said = {
        model._meta.db_table
        for model in apps.get_app_config("services").get_models()
        if model.mutability in {"append-only", "frozen"}
    }
    assert said == {*triggers.FROZEN_TABLES, *triggers.CYCLE_TABLES, triggers.CHAINED_TABLE}


def names_in_force():
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_triggers_that_were_taken_off_can_be_put_back():
    before = names_in_force()
    triggers.remove(connection, triggers.every_trigger())
    assert not [name for name in names_in_force() if name.startswith("services_")]
    triggers.install(connection, triggers.every_trigger())
    assert names_in_force() == before
