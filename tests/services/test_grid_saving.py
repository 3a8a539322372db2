"""Saving in the grid: one figure at a time, answered in JSON, in few queries, and never at another's cost."""

import json

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounting.figures import figures_of
from services import audit
from services.models import AuditEntry, Forecast, RequestKey, ServiceLine
from services.position import Scope, council_position
from services.position.grid_live import live_grid
from tests.services.factories import (
    make_approved,
    make_division,
    make_forecast,
    make_line,
    make_period,
    make_use,
    make_virement,
    the_officer,
)
from tests.services.pages import BASE, make_office, words

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CELL = f"{BASE}grid/cell/"


@pytest.fixture
def office():
    return make_office()


def send(
    office, typed, *, who="officer", line=None, version=None, column="forecast_outturn", key="k1", **more
):
    """What the page sends for one cell."""
    line = line or office.placements
    if version is None:
        held = Forecast.objects.filter(service_line=line, period=office.period).first()
        version = held.version if held else 0
    sent = {"line": line.pk, "version": version, "column": column, "typed": typed, "key": key, **more}
    client = office.client(who) if isinstance(who, str) else who
    return client.post(CELL, json.dumps(sent), content_type="application/json")


def held(office, line=None):
    return Forecast.objects.get(service_line=line or office.placements, period=office.period)


def test_a_figure_is_saved_as_people_type_it_and_answered_with_its_row_and_totals(office):
    answer = send(office, " £1,310,000.50 ").json()
    assert answer["state"] == "saved"
    assert answer["words"] == "Saved: Placements, forecast outturn, 1,310,000.50."
    (row,) = answer["rows"]
    assert (row["version"], row["exact"]["forecast_outturn"]) == (2, "1,310,000.50")
    assert "310,001" in row["cells"]  # the variance before reserves, rounded half away
    assert held(office).forecast_outturn == pytest.approx(1310000.5)
    assert [total["id"].split("-")[0] for total in answer["totals"]] == ["division", "directorate", "council"]


def test_the_answer_says_what_the_position_then_is(office):
    make_use(office.placements, office.period, "50000")
    make_forecast(office.fostering, office.period, "510000")
    answer = send(office, "1,320,000").json()
    position = council_position(office.council, office.period)
    total = next(row for row in answer["totals"] if row["id"].startswith("council"))
    general = next(t for t in position.totals if t.scope == "council" and t.fund == "general_fund").position
    assert total["cells"][6] == f"{general.forecast_outturn:,.0f}"
    assert total["cells"][11] == f"{general.variance_after_reserves:,.0f}"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1.3m", "it is not a number"),
        ("1e6", "scientific notation"),
        ("1,30,000", "commas do not group"),
        ("١٢٣", "digits that are not 0 to 9"),
        ("1.005", "finer than a penny"),
        ("9" * 41, "at most 40 characters"),
    ],
)
def test_what_is_not_money_is_refused_with_the_reason_and_changes_nothing(office, typed, why):
    answer = send(office, typed)
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert why in answer.json()["words"]
    assert held(office).version == 1


def test_a_blank_is_unknown_and_nil_is_nil(office):
    assert send(office, "0", line=office.fostering, reason="Closed in April").json()["state"] == "saved"
    assert held(office, office.fostering).forecast_outturn == 0
    assert send(office, "", line=office.fostering, key="k2").json()["state"] == "saved"
    assert held(office, office.fostering).forecast_outturn is None


def test_a_line_that_somebody_else_saved_is_not_overwritten_and_both_figures_are_given(office):
    make_forecast(office.placements, office.period, "1290000")
    answer = send(office, "1,310,000", version=1)
    said = answer.json()
    assert (answer.status_code, said["state"]) == (409, "conflict")
    (theirs,) = said["theirs"]
    assert (theirs["version"], theirs["exact"]["forecast_outturn"]) == (2, "1,290,000")
    assert theirs["by"]
    assert said["rows"][0]["version"] == 2  # and the row as it now is
    assert theirs["at"]
    assert held(office).forecast_outturn == 1290000


def test_a_save_sent_twice_has_one_effect_and_the_same_answer(office):
    first = send(office, "1,310,000", version=1)
    entries = AuditEntry.objects.count()
    again = send(office, "1,310,000", version=1)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["rows"] == first.json()["rows"]
    assert (AuditEntry.objects.count(), RequestKey.objects.count(), held(office).version) == (entries, 1, 2)


def test_a_period_closed_meanwhile_keeps_nothing_and_says_that_the_text_is_still_there(office):
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    answer = send(office, "1,310,000")
    assert (answer.status_code, answer.json()["state"]) == (409, "closed")
    assert "kept in the cell" in answer.json()["words"]
    assert held(office).forecast_outturn == 1300000


def test_a_directorate_that_has_submitted_takes_no_more_figures(office):
    from services.operations.submissions import submit_directorate
    from tests.services.factories import explain

    explain(office.placements, office.period)
    submit_directorate(
        by=the_officer(office.council),
        period=office.period,
        directorate=office.placements.division.directorate,
    )
    answer = send(office, "1,310,000")
    assert (answer.status_code, answer.json()["state"]) == (409, "closed")


def test_whoever_is_signed_out_is_told_where_to_sign_in_and_come_back(office):
    answer = send(office, "1,310,000", who=Client())
    assert (answer.status_code, answer.json()["state"]) == (401, "signed-out")
    assert answer.json()["sign_in"] == f"/sign-in/?next={BASE.replace('/', '%2F')}grid%2F"


def test_a_request_from_elsewhere_is_refused(office):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people["officer"])
    assert send(office, "1,310,000", who=client).status_code == 403
    assert held(office).version == 1


@pytest.mark.parametrize(
    ("who", "line", "status"),
    [
        ("holder", "placements", 200),
        ("holder", "top_ups", 404),
        ("auditor", "placements", 403),
        ("member", "placements", 404),
        ("neighbour", "placements", 404),
        ("stranger", "placements", 404),
    ],
)
def test_only_who_may_enter_figures_does_and_only_where(office, who, line, status):
    sent = send(office, "1,310,000", who=who, line=getattr(office, line))
    assert sent.status_code == status


def test_a_line_of_another_council_is_not_there(office):
    """F06: a line's number altered to another council's."""
    from services.models import Council

    other = make_line(Council.objects.get(slug="south-borough"), "Theirs", budget="1000")
    assert send(office, "1,000", line=other, version=0).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b'{"line": true}',
        b'{"line": "x", "version": 1, "column": "forecast_outturn", "typed": "1"}',
        b'{"line": 1, "version": 1, "column": "revised_budget", "typed": "1"}',
        b'{"line": 1, "version": 1, "column": "forecast_outturn", "typed": 5}',
        b'{"line": 99999999999999999999, "version": 1, "column": "forecast_outturn", "typed": "1"}',
    ],
)
def test_what_the_page_would_not_send_is_refused_in_words(office, sent):
    answer = office.client("officer").post(CELL, sent, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")


# --- Sense ------------------------------------------------------------------------------------------------------------


def test_an_odd_figure_is_asked_about_and_saved_with_its_reason_in_the_trail(office):
    asked = send(office, "13,000,000")
    assert (asked.status_code, asked.json()["state"]) == (422, "questioned")
    assert asked.json()["findings"][0]["code"] == "scale"
    assert "about ten times" in asked.json()["findings"][0]["words"]
    assert held(office).version == 1
    assert send(office, "13,000,000", reason="A second home opened").json()["state"] == "saved"
    entry = AuditEntry.objects.filter(action="enter forecast").latest("sequence")
    assert entry.reason == "A second home opened"
    assert list(audit.broken_chains()) == []


# --- How much it takes ------------------------------------------------------------------------------------------------


def statements(captured):
    """Statements that read or write a table: not what begins and ends a transaction, nor PostgreSQL's advisory lock."""
    return [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "SELECT pg_advisory"))
    ]


@pytest.mark.parametrize("lines", [1, 300])
def test_a_save_takes_at_most_ten_queries_and_answers_in_two_kilobytes(office, lines):
    division = make_division(office.council)
    ServiceLine.objects.bulk_create(
        ServiceLine(council=office.council, division=division, name=f"Line {number:03d}", order=number)
        for number in range(lines - 1)
    )
    client = office.client("officer")
    client.get(f"{BASE}grid/")
    send(office, "1,305,000", who=client, key="a")
    with CaptureQueriesContext(connection) as captured:
        answer = send(office, "1,310,000", who=client, version=2, key="b")
    assert answer.json()["state"] == "saved"
    assert len(statements(captured)) <= 10 + (connection.vendor == "postgresql"), statements(captured)
    assert len(answer.content) <= 2048


def test_the_grid_kept_in_memory_is_always_the_position(office):
    """After every kind of change the kept grid is compared with one read afresh."""
    council, period = office.council, office.period

    def agrees():
        from services.position.grid import read_grid

        kept = live_grid(council, period)
        fresh = read_grid(council, period, through=kept.through)
        assert kept.lines == fresh.lines
        assert kept.published == fresh.published
        for line in fresh.lines:
            fund = line.position.fund.whole
            for scope, scope_id in (
                (Scope.COUNCIL, None),
                (Scope.DIRECTORATE, line.directorate_id),
                (Scope.DIVISION, line.division_id),
            ):
                total = kept.total(scope, scope_id, fund)
                assert figures_of(total) == figures_of(fresh.total(scope, scope_id, fund))
        position = council_position(council, period)
        for total in position.totals:
            if total.fund is total.fund.whole:
                assert figures_of(kept.total(total.scope, total.scope_id, total.fund)) == figures_of(
                    total.position
                )

    agrees()
    changes = (
        lambda: make_forecast(office.fostering, period, "510000", actual_to_date="1", best_case="400000"),
        lambda: make_forecast(office.fostering, period, None),
        lambda: make_virement(period, (office.placements, "-5000"), (office.fostering, "5000")),
        lambda: make_use(office.placements, period, "20000"),
        lambda: make_line(council, "New line", budget="1000"),
        lambda: make_period(council, "2023-24/p8"),
        lambda: make_forecast(office.placements, make_period(council, "2023-24/p8"), "1400000"),
        lambda: make_forecast(office.placements, make_period(council, "2023-24/p6"), "1200000"),
        lambda: send(office, "1,333,333"),
    )
    for change in changes:
        change()
        agrees()


def test_what_a_save_that_was_undone_left_in_memory_is_not_believed(office):
    """The kept grid says through which entry of the audit trail it is right; where that entry is not there, it is read afresh."""
    send(office, "1,305,000")
    with transaction.atomic():
        assert send(office, "1,310,000", key="undone").json()["state"] == "saved"
        transaction.set_rollback(True)
    now = live_grid(office.council, office.period)
    assert now.by_id[office.placements.pk].position.forecast_outturn == 1305000
    assert now.through == audit.head(office.council.pk)


def test_a_save_after_somebody_elses_follows_it_in_the_audit_trail(office):
    """What this process keeps of the trail's head is right only until another process writes."""
    send(office, "1,305,000", key="a")
    make_forecast(office.fostering, office.period, "510000")  # as another process would, past what is kept
    assert send(office, "1,306,000", key="b").json()["state"] == "saved"
    assert list(audit.broken_chains(council=office.council)) == []


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_every_line_with_what_it_is_compared_with(office):
    page = office.client("officer").get(f"{BASE}grid/")
    assert page.status_code == 200
    said = words(page)
    for expected in (
        "Placements",
        "C01",
        "1,300,000",
        "Straight-line projection",
        "not yet forecast",
        "Reason wanted",
    ):
        assert expected in said


def test_a_holder_sees_their_own_directorate_only(office):
    said = words(office.client("holder").get(f"{BASE}grid/"))
    assert "Placements" in said
    assert "Top-ups" not in said


def test_a_locked_period_looks_locked_and_offers_nothing_to_type_in(office):
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    page = office.client("officer").get(f"{BASE}grid/").content.decode()
    assert "These figures are locked" in page
    assert "cell-open" not in page
    assert page.count("Locked: approved") == 3


# --- Without script ---------------------------------------------------------------------------------------------------


def row_form(office, line, **typed):
    """A row's form as it is served, with figures typed over it."""
    page = office.client("officer").get(f"{BASE}grid/").content.decode()
    import re

    names = re.findall(rf'name="(line-{line.pk}-\w+)" form="form-{line.pk}" value="([^"]*)"', page)
    form = page[page.index(f'id="form-{line.pk}"') :]
    hidden = dict(re.findall(r'type="hidden" name="(version|key)" value="([^"]*)"', form[:800]))
    return {**dict(names), **hidden, **{f"line-{line.pk}-{name}": value for name, value in typed.items()}}


def post_row(office, line, sent, who="officer"):
    return office.client(who).post(f"{BASE}grid/lines/{line.pk}/", sent)


def test_a_row_is_saved_by_its_own_form(office):
    sent = row_form(office, office.placements, forecast_outturn="1,310,000", commitments="(500)")
    response = post_row(office, office.placements, sent)
    assert response["Location"] == f"{BASE}grid/#line-{office.placements.pk}"
    saved = held(office)
    assert (saved.forecast_outturn, saved.commitments, saved.actual_to_date) == (1310000, -500, 700000)


def test_a_mistake_in_a_row_comes_back_with_everything_typed(office):
    sent = row_form(office, office.placements, forecast_outturn="1.31m", commitments="42")
    response = post_row(office, office.placements, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="1.31m"' in page
    assert 'value="42"' in page
    assert "What you typed is still in" in page
    assert held(office).version == 1


def test_an_odd_figure_in_a_row_asks_for_its_reason(office):
    sent = row_form(office, office.placements, forecast_outturn="13,000,000")
    response = post_row(office, office.placements, sent)
    assert response.status_code == 422
    assert "about ten times" in response.content.decode()
    assert 'name="reason"' in response.content.decode()
    assert post_row(office, office.placements, sent | {"reason": "A second home"}).status_code == 302
    assert held(office).forecast_outturn == 13000000


def test_a_row_that_somebody_else_saved_shows_both_and_can_be_saved_again(office):
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    make_forecast(office.placements, office.period, "1290000")
    response = post_row(office, office.placements, sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert "yours 1,310,000, theirs 1,290,000" in page
    assert 'name="version" value="2"' in page
    again = post_row(office, office.placements, sent | {"version": "2", "key": "other"})
    assert again.status_code == 302
    assert held(office).forecast_outturn == 1310000


def test_a_row_sent_after_the_period_closed_keeps_what_was_typed(office):
    sent = row_form(office, office.placements, forecast_outturn="1,310,000")
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    response = post_row(office, office.placements, sent)
    assert response.status_code == 409
    assert 'value="1,310,000"' in response.content.decode()


def test_a_row_of_another_directorate_is_not_there(office):
    assert post_row(office, office.top_ups, {}, who="holder").status_code == 404
    assert post_row(office, office.placements, {}, who="auditor").status_code == 403


# --- Roles at every council, and periods that are not there -------------------------------------------------------------


def test_a_role_held_at_every_council_opens_the_grid_and_saves_in_it(office):
    from services.roles import Role
    from tests.services.factories import make_member_of

    everywhere = make_member_of(None, Role.FINANCE_OFFICER)
    client = Client()
    client.force_login(everywhere)
    assert client.get(f"{BASE}grid/").status_code == 200
    assert send(office, "1,310,000", who=client).json()["state"] == "saved"


def test_a_period_that_is_not_open_yet_is_not_there(office):
    client = office.client("officer")
    assert client.get(BASE.replace("p7", "p8") + "grid/").status_code == 404
    sent = {"line": office.placements.pk, "version": 1, "column": "forecast_outturn", "typed": "1"}
    address = CELL.replace("p7", "p8")
    assert client.post(address, json.dumps(sent), content_type="application/json").status_code == 404


# --- One row as it now is ---------------------------------------------------------------------------------------------


def shown(office, who, line):
    client = office.client(who) if who else Client()
    return client.get(f"{BASE}grid/row/", {"line": line})


def test_a_row_is_shown_as_it_is_after_its_line_was_saved_elsewhere(office):
    make_forecast(office.placements, office.period, "1290000")
    answer = shown(office, "officer", office.placements.pk)
    (row,) = answer.json()["rows"]
    assert (row["version"], row["exact"]["forecast_outturn"]) == (2, "1,290,000")
    assert [total["id"].split("-")[0] for total in answer.json()["totals"]] == [
        "division",
        "directorate",
        "council",
    ]


@pytest.mark.parametrize(
    ("who", "line", "status"),
    [
        ("auditor", "placements", 200),
        ("holder", "placements", 200),
        ("holder", "top_ups", 404),
        ("member", "placements", 404),
        ("neighbour", "placements", 404),
        ("stranger", "placements", 404),
        (None, "placements", 401),
    ],
)
def test_a_row_is_shown_only_to_who_may_see_its_line(office, who, line, status):
    assert shown(office, who, getattr(office, line).pk).status_code == status


@pytest.mark.parametrize(("line", "status"), [("", 422), ("1.5", 422), ("9" * 16, 422), ("999999", 404)])
def test_a_line_that_is_no_line_is_refused_in_words(office, line, status):
    answer = shown(office, "officer", line)
    assert answer.status_code == status
    assert "line" in answer.json()["words"]
