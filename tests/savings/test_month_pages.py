"""The month's savings as officers fill them in: all or nothing, nothing typed is lost, nothing of somebody else's is overwritten."""

import csv
import io
from decimal import Decimal

import pytest

from savings.models import Mitigation, SavingsUpdate
from services.models import AuditEntry, DirectorateSubmission, MonitoringPeriod
from tests.savings.delivery_factories import make_many_savings, make_saving, update
from tests.services.factories import make_period
from tests.services.pages import BASE, make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db
MONTH = f"{BASE}savings/"


@pytest.fixture
def office(db):
    made = make_office()
    families = made.placements.division.directorate
    made.agency = make_saving(made.council, service_line=made.placements)
    made.routes = make_saving(
        made.council, "Fewer taxis", "100000", directorate=made.top_ups.division.directorate
    )
    assert made.agency.directorate == families
    return made


def served(client, address=MONTH):
    """What a browser would send from the month's form as it was served."""
    return form_of(client.get(address), holding="key")[1]


def typed(saving, **entries):
    return {f"s{saving.pk}-{name}": value for name, value in entries.items()}


def divided(saving, parts="100,000 50,000 60,000 40,000", **more):
    names = ("delivered", "on_track", "at_risk", "undeliverable")
    return typed(saving, **dict(zip(names, parts.split(), strict=True)), **more)


def of(saving, office):
    return SavingsUpdate.objects.filter(proposal=saving, period=office.period).first()


def test_every_saving_is_saved_at_once_and_those_left_alone_are_not_touched(office):
    client = office.client("officer")
    entries = divided(office.agency, forecast="210,000", rag="amber", reason="Two posts are hard to fill.")
    response = client.post(MONTH, served(client) | entries, follow=True)
    assert "Saved: Fewer agency placements." in words(response)
    saved = of(office.agency, office)
    assert (saved.forecast, saved.rag, saved.undeliverable) == (Decimal(210000), "amber", Decimal(40000))
    assert of(office.routes, office) is None


def test_parts_that_do_not_sum_save_nothing_of_any_saving_and_say_by_how_much(office):
    client = office.client("officer")
    wrong = divided(office.agency, "100,000 50,000 60,000 39,000", rag="green")
    right = divided(office.routes, "0 100,000 0 0", rag="green")
    response = client.post(MONTH, served(client) | wrong | right)
    assert response.status_code == 422
    assert "£1,000.00 less than the target of £250,000.00" in words(response)
    assert SavingsUpdate.objects.count() == 0
    assert b'value="39,000"' in response.content
    assert b'value="100,000"' in response.content


def test_a_colour_that_is_not_green_says_why_and_every_mistake_is_told_at_once(office):
    client = office.client("officer")
    entries = typed(office.agency, rag="red") | typed(office.routes, rag="amber", forecast="lots")
    response = client.post(MONTH, served(client) | entries)
    assert response.status_code == 422
    assert "Say why it is Red" in words(response)
    assert "Say why it is Amber" in words(response)
    assert b"lots" in response.content


def test_a_blank_part_is_not_taken_as_nil(office):
    client = office.client("officer")
    response = client.post(MONTH, served(client) | typed(office.agency, delivered="250,000"))
    assert response.status_code == 422
    assert "Give all four parts; nil is 0." in words(response)


def test_one_row_is_saved_and_what_was_typed_in_another_stays_and_is_said_not_to_be_saved(office):
    client = office.client("officer")
    entries = typed(office.agency, rag="green", forecast="250,000") | typed(office.routes, forecast="90,000")
    sent = served(client) | entries | {"only": str(office.agency.pk)}
    response = client.post(MONTH, sent)
    assert response.status_code == 200
    assert "Saved: Fewer agency placements. What you typed for 1 other is not saved yet." in words(response)
    assert of(office.agency, office).forecast == Decimal(250000)
    assert of(office.routes, office) is None
    assert b'value="90,000"' in response.content


def test_what_changes_from_last_month_needs_words_and_the_refusal_stands_at_its_saving(office):
    before = make_period(office.council, "2023-24/p6")
    update(office.agency, before, "0 250000 0 0", rag="green", reason="All on track.")
    client = office.client("officer")
    entries = divided(office.agency, "0 200,000 50,000 0", rag="green", reason="All on track.")
    response = client.post(MONTH, served(client) | entries)
    assert response.status_code == 422
    row = next(row for row in response.context["rows"] if row.saving.proposal_id == office.agency.pk)
    assert "changed. Say why" in row.form.errors["reason"][0]
    assert "last month: All on track." in words(response)


def test_somebody_elses_save_is_compared_and_yours_can_be_sent_over_it(office):
    client = office.client("officer")
    sent = served(client) | divided(office.agency, "0 250,000 0 0", forecast="240,000", rag="green")
    update(office.agency, office.period, forecast="230000", by=office.people["head"])
    response = client.post(MONTH, sent)
    assert response.status_code == 409
    said = words(response)
    assert "Head of finance saved this after you opened it" in said
    assert "£240,000.00" in said
    assert "£230,000.00" in said
    assert of(office.agency, office).forecast == Decimal(230000)
    _, again = form_of(response, holding="key")
    assert client.post(MONTH, again).status_code == 302
    saved = of(office.agency, office)
    assert (saved.forecast, saved.on_track) == (Decimal(240000), Decimal(250000))


def test_a_form_sent_twice_has_one_effect(office):
    client = office.client("officer")
    sent = served(client) | typed(office.agency, forecast="250,000")
    assert [client.post(MONTH, sent).status_code for _ in range(2)] == [302, 302]
    assert of(office.agency, office).version == 1


def test_a_copy_of_last_month_is_confirmed_by_a_tick_and_not_by_saving_others(office):
    from savings.operations.carrying_forward import carry_forward_savings

    before = make_period(office.council, "2023-24/p6")
    for saving in (office.agency, office.routes):
        update(saving, before, rag="green", forecast="100000")
    carry_forward_savings(by=office.people["officer"], period=office.period)
    client = office.client("officer")
    assert "2 of 2 are copies of last month" in words(client.get(MONTH))
    client.post(MONTH, served(client) | typed(office.agency, confirm="on"))
    assert not of(office.agency, office).is_carried_forward
    assert of(office.routes, office).is_carried_forward


def test_words_that_may_tell_who_a_child_is_are_asked_about_and_the_tick_is_kept(office):
    client = office.client("officer")
    entries = typed(office.agency, rag="amber", reason="Two children aged 7 moved.")
    sent = served(client) | entries
    response = client.post(MONTH, sent)
    assert response.status_code == 422
    assert "may tell who a child is" in words(response)
    row = next(row for row in response.context["rows"] if row.form.is_bound)
    mark = row.form.fields["words_accepted"].widget.attrs["value"]
    assert client.post(MONTH, sent | typed(office.agency, words_accepted=mark)).status_code == 302
    noted = AuditEntry.objects.get(action="accept words")
    assert noted.subject_id == of(office.agency, office).pk


def test_a_period_locked_while_one_types_keeps_what_was_typed_to_be_copied(office):
    client = office.client("officer")
    sent = served(client) | typed(office.agency, forecast="111,000")
    MonitoringPeriod.objects.filter(pk=office.period.pk).update(state="approved")
    response = client.post(MONTH, sent)
    assert response.status_code == 409
    assert b'value="111,000"' in response.content
    assert "What you typed is here to be copied." in words(response)
    assert SavingsUpdate.objects.count() == 0


def test_a_directorate_that_has_submitted_is_locked_and_says_so(office):
    directorate = office.placements.division.directorate
    update(office.agency, office.period, rag="green")
    DirectorateSubmission.objects.filter(period=office.period, directorate=directorate).update(
        state="submitted"
    )
    response = office.client("officer").get(MONTH)
    locked = {row.saving.proposal_id: row.lock for row in response.context["rows"]}
    assert locked[office.agency.pk] == "Locked: the directorate has submitted"
    assert locked[office.routes.pk] == ""


def test_a_budget_holder_sees_and_saves_the_savings_of_their_directorate_only(office):
    client = office.client("holder")
    shown = client.get(MONTH)
    assert [row.saving.proposal_id for row in shown.context["rows"]] == [office.agency.pk]
    assert "Fewer taxis" not in words(shown)
    sent = served(client)
    assert client.post(MONTH, sent | typed(office.agency, forecast="250,000")).status_code == 302
    assert client.post(MONTH, sent | {"only": str(office.routes.pk)}).status_code == 404
    assert client.get(f"{MONTH}{office.routes.pk}/").status_code == 404
    assert b"Fewer taxis" not in client.get(f"{MONTH}files/savings.csv").content


def test_an_auditor_reads_and_may_not_save_and_a_member_finds_nothing(office):
    auditor = office.client("auditor")
    assert {row.lock for row in auditor.get(MONTH).context["rows"]} == {"To be read only"}
    assert auditor.post(MONTH, {}).status_code == 403
    for who in ("member", "clerk", "stranger", "neighbour"):
        assert office.client(who).get(MONTH).status_code == 404


def test_a_saving_that_says_other_than_its_lines_forecast_is_told(office):
    update(office.agency, office.period, "0 200000 0 50000", forecast="200000", rag="amber", reason="Slow.")
    said = words(office.client("officer").get(MONTH))
    assert "Savings and the forecasts of their lines do not say the same" in said
    assert "gives no savings slippage among its reasons" in said


def test_what_covers_a_shortfall_is_said_on_the_savings_own_page(office):
    update(office.agency, office.period, forecast="200000", rag="amber", reason="Slow.")
    client = office.client("officer")
    address = f"{MONTH}{office.agency.pk}/"
    sent = form_of(client.get(address), holding="expected_version")[1]
    sent |= {"covers-0-kind": "reserve", "covers-0-amount": "30,000", "covers-0-words": "Agreed in May."}
    response = client.post(address, sent, follow=True)
    assert "is saved" in words(response)
    held = Mitigation.objects.get()
    assert (held.kind, held.amount, held.update.version) == ("reserve", Decimal(30000), 2)
    stale = client.post(address, sent | {"key": "another", "covers-0-amount": "31,000"})
    assert stale.status_code == 409
    assert "£31,000.00" in words(stale)
    assert "£30,000.00" in words(stale)


def test_the_months_tables_are_files_with_exact_figures(office):
    update(office.agency, office.period, "0 250000 0 0", forecast="250000.00", rag="green", reason="=1+1")
    client = office.client("officer")
    rows = list(csv.reader(io.StringIO(client.get(f"{MONTH}files/savings.csv").content.decode("utf-8-sig"))))
    assert any("250000.00" in row for row in rows)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert client.get(f"{MONTH}files/tables.xlsx").content[:2] == b"PK"
    assert client.get(f"{MONTH}files/nothing.csv").status_code == 404


def test_an_empty_month_says_what_would_stand_there(db):
    office = make_office()
    assert "No saving has a target this year" in words(office.client("officer").get(MONTH))


def test_the_queries_do_not_grow_with_the_savings(office, django_assert_max_num_queries):
    client = office.client("officer")
    make_many_savings(office.council, 40)
    with django_assert_max_num_queries(45):
        assert len(client.get(MONTH).context["rows"]) == 42


def test_two_hundred_savings_are_saved_in_one_go(office):
    many = make_many_savings(office.council, 200)
    client = office.client("officer")
    sent = served(client)
    for saving in many:
        sent |= typed(saving, forecast="10")
    response = client.post(MONTH, sent, follow=True)
    assert "200 savings are saved." in words(response)
