"""The database itself locks what is said of savings with its period, and never lets a version be overwritten."""

import pytest
from django.apps import apps
from django.db import connection

from accounting.periods import FinancialYear
from accounting.phasing import PhaseKind, SpanMeaning, SpanReading
from savings import triggers
from savings.operations.phasing import ShareFields
from services import triggers as of_services
from services.models import MonitoringPeriod
from services.operations import periods
from tests.savings.delivery_factories import (
    cover,
    make_action,
    make_plan,
    make_saving,
    phase,
    progress,
    update,
)
from tests.services.factories import (
    make_council,
    make_line,
    make_period,
    make_published,
    pounds,
    the_head,
    the_officer,
)
from tests.services.test_triggers import closed_and_open, copy_of, names_in_force, one_row, refused, run

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LOCKED = "reopen it before changing"
GUARDED = pytest.mark.parametrize("table", triggers.LOCKED_TABLES)


@pytest.fixture
def council():
    """A council whose month 7 is published, with a row in every guarded table; month 8 is open with a copy of it."""
    made = make_council()
    line = make_line(made, budget="1000")
    period = make_period(made)
    saving = make_saving(made, service_line=line)
    span = SpanReading(
        first=FinancialYear(2024),
        last=FinancialYear(2025),
        amount=pounds("-100"),
        meaning=SpanMeaning.EACH_YEAR,
        words="£100 a year",
    )
    share = ShareFields(year=FinancialYear(2023), partner="North Borough", is_ours=True)
    phase(saving, (2023, "250000", PhaseKind.RECURRENT), spans=[span], shares=[share])
    cover(update(saving, period, reason="The split is not agreed."), "reserve", "5")
    progress(make_action(make_plan(made)), period, identified="5")
    make_published(period)
    make_period(made, "2023-24/p8", carry_forward=True)
    return made


@GUARDED
def test_a_closed_period_takes_no_row_of_savings_and_gives_none_up(council, table):
    closed, still_open = closed_and_open(council)
    row = one_row(table, f"WHERE period_id = {closed}")
    assert row, f"{table} has no row to try"
    refused(f"UPDATE {table} SET council_id = council_id WHERE id = {row}", LOCKED)
    refused(f"UPDATE {table} SET period_id = {still_open} WHERE id = {row}", LOCKED)
    refused(f"DELETE FROM {table} WHERE id = {row}", LOCKED)
    refused(copy_of(table, closed, row), LOCKED)


@GUARDED
def test_a_row_of_an_open_period_may_be_changed_but_not_moved_into_a_closed_one(council, table):
    closed, still_open = closed_and_open(council)
    row = one_row(table, f"WHERE period_id = {still_open}")
    assert run(f"UPDATE {table} SET council_id = council_id WHERE id = {row}") == 1
    refused(f"UPDATE {table} SET period_id = {closed} WHERE id = {row}", LOCKED)


@GUARDED
def test_a_reopened_period_takes_updates_again(council, table):
    closed, _ = closed_and_open(council)
    period = MonitoringPeriod.objects.get(pk=closed)
    periods.reopen_period(
        by=the_head(council), asked_by=the_officer(council), period=period, reason="A wrong colour"
    )
    row = one_row(table, f"WHERE period_id = {closed}")
    assert run(f"UPDATE {table} SET council_id = council_id WHERE id = {row}") == 1


@pytest.mark.parametrize("table", triggers.FROZEN_TABLES)
def test_a_version_or_a_stage_is_never_changed(council, table):
    row = one_row(table)
    assert row, f"{table} has no row to try"
    refused(f"UPDATE {table} SET id = id WHERE id = {row}", "is a version and is never changed")
    refused(f"DELETE FROM {table} WHERE id = {row}", "is a version and is never changed")


@pytest.mark.postgres_only
@pytest.mark.parametrize("table", sorted({*triggers.FROZEN_TABLES, *triggers.LOCKED_TABLES}))
def test_postgresql_refuses_to_empty_a_guarded_table(council, table):
    run("SET CONSTRAINTS ALL IMMEDIATE")  # or the rows just written would be the reason
    refused(f"TRUNCATE {table} CASCADE", "is never emptied")


def test_every_table_of_savings_at_a_period_and_every_version_is_guarded():
    models = list(apps.get_app_config("savings").get_models())
    at_a_period = {
        model._meta.db_table for model in models if "period" in {field.name for field in model._meta.fields}
    }
    never_changed = {
        model._meta.db_table for model in models if model.mutability in {"append-only", "frozen"}
    }
    assert at_a_period == set(triggers.LOCKED_TABLES)
    assert never_changed == set(triggers.FROZEN_TABLES)


def test_triggers_that_were_taken_off_can_be_put_back(council):
    before = names_in_force()
    of_services.remove(connection, triggers.every_trigger())
    assert not [name for name in names_in_force() if name.startswith("savings_")]
    of_services.install(connection, triggers.every_trigger())
    assert names_in_force() == before
