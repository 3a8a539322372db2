"""A line's page: what is typed is saved exactly, or refused with nothing lost."""

from decimal import Decimal

import pytest

from services.models import AuditEntry, Forecast, OneOffFunding, ReserveUse, VarianceReason
from tests.services.factories import make_approved, make_forecast, make_reserve
from tests.services.pages import BASE, figures, make_office, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def held(line):
    return Forecast.objects.get(service_line=line)


def reasons(*rows, **more):
    """A browser's reasons form with these rows filled in."""
    sent = {"reasons-TOTAL_FORMS": str(len(rows)), "reasons-INITIAL_FORMS": "0", "reasons-MIN_NUM_FORMS": "0"}
    for number, row in enumerate(rows):
        sent |= {f"reasons-{number}-{name}": value for name, value in row.items()}
    return sent | more


def test_a_forecast_is_saved_to_the_penny_and_the_change_is_told(office):
    client, address = office.client("holder"), office.line_address(office.fostering)
    response = client.post(
        address,
        figures(
            client, address, forecast_outturn="£512,345.67", commitments="(1,200)", why="A refund is due."
        ),
        follow=True,
    )
    forecast = held(office.fostering)
    assert (forecast.forecast_outturn, forecast.commitments) == (Decimal("512345.67"), Decimal("-1200.00"))
    assert response.redirect_chain == [(address, 302)]
    assert "Saved: Fostering, Month 7, October 2023." in words(response)
    assert AuditEntry.objects.filter(action="enter forecast", subject_id=forecast.pk).count() == 1


def test_blank_is_not_yet_known_and_nought_is_nil(office):
    client, address = office.client("officer"), office.line_address(office.placements)
    client.post(address, figures(client, address, forecast_outturn="0", actual_to_date="", why="Closed."))
    forecast = held(office.placements)
    assert (forecast.forecast_outturn, forecast.actual_to_date) == (Decimal("0.00"), None)


@pytest.mark.parametrize("typed", ["1e5", "1.234,50", "NaN", "12.345", "１２３", "--5", "999999999999"])
def test_what_is_not_money_is_refused_and_kept_as_typed(office, typed):
    client, address = office.client("officer"), office.line_address(office.placements)
    response = client.post(address, figures(client, address, forecast_outturn=typed, commitments="5"))
    assert response.status_code == 422
    assert "The figures are not saved. What you typed is still in the form below" in words(response)
    assert response.context["figures"]["forecast_outturn"].value() == typed
    assert response.context["figures"]["commitments"].value() == "5"
    assert held(office.placements).forecast_outturn == Decimal("1300000.00")


def test_a_best_case_above_the_outturn_is_refused_beside_its_field(office):
    client, address = office.client("officer"), office.line_address(office.placements)
    response = client.post(address, figures(client, address, best_case="1,400,000"))
    assert response.status_code == 422
    assert "The best case is above the forecast outturn." in words(response)


def test_a_stale_save_shows_yours_theirs_and_base_and_overwrites_nothing(office):
    """F01: a line's figures."""
    client, address = office.client("holder"), office.line_address(office.placements)
    mine = figures(client, address, forecast_outturn="1,350,000", worst_case="1,500,000")
    make_forecast(office.placements, office.period, "1320000", actual_to_date="710000")
    response = client.post(address, mine)
    assert response.status_code == 409
    said = words(response)
    assert "Forecast outturn £1,350,000.00 £1,320,000.00 £1,300,000.00" in said
    assert "Actual to date £700,000.00 £710,000.00 £700,000.00" in said
    assert "Placements: Finance officer saved it on" in said
    assert held(office.placements).forecast_outturn == Decimal("1320000.00")


def test_a_conflict_is_settled_by_sending_its_form_and_keeps_their_other_figures(office):
    client, address = office.client("holder"), office.line_address(office.placements)
    mine = figures(client, address, forecast_outturn="1,350,000")
    make_forecast(office.placements, office.period, "1320000", actual_to_date="710000")
    form = client.post(address, mine).context["form"]
    response = client.post(address, {name: str(value) for name, value in form.data.items()})
    assert response.status_code == 302
    forecast = held(office.placements)
    assert (forecast.forecast_outturn, forecast.actual_to_date) == (
        Decimal("1350000.00"),
        Decimal("710000.00"),
    )


def test_a_form_sent_twice_has_one_effect(office):
    """F02: a line's figures."""
    client, address = office.client("officer"), office.line_address(office.placements)
    sent = figures(client, address, forecast_outturn="1,310,000")
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert (
        AuditEntry.objects.filter(
            action="enter forecast", subject="Placements, Month 7, October 2023"
        ).count()
        == 2
    )
    assert held(office.placements).version == 2


def test_a_period_locked_meanwhile_keeps_the_text_to_be_copied(office):
    """F05: a line's figures."""
    client, address = office.client("holder"), office.line_address(office.placements)
    sent = figures(client, address, forecast_outturn="1,333,333")
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    response = client.post(address, sent)
    assert response.status_code == 409
    said = words(response)
    assert "These figures are locked" in said
    assert "its figures can no longer be changed" in said
    assert 'value="1,333,333"' in response.content.decode()
    assert held(office.placements).forecast_outturn == Decimal("1300000.00")


@pytest.mark.parametrize("version", ["0", "7", "999999"])
def test_a_version_that_was_tampered_with_is_a_conflict(office, version):
    """F06: a version that was altered is a conflict, and nothing is saved."""
    client, address = office.client("officer"), office.line_address(office.placements)
    assert (
        client.post(address, figures(client, address, version=version, forecast_outturn="1")).status_code
        == 409
    )


@pytest.mark.parametrize("version", ["", "-1", "one"])
def test_a_version_that_is_no_number_is_refused(office, version):
    client, address = office.client("officer"), office.line_address(office.placements)
    assert (
        client.post(address, figures(client, address, version=version, forecast_outturn="1")).status_code
        == 422
    )


def test_a_line_of_another_directorate_is_not_there_for_a_budget_holder(office):
    """F06: a line's number altered to one that is not theirs."""
    client = office.client("holder")
    ours = office.line_address(office.placements)
    sent = figures(client, ours, forecast_outturn="1")
    assert client.get(office.line_address(office.top_ups)).status_code == 404
    assert client.post(office.line_address(office.top_ups), sent).status_code == 404


def test_reasons_are_saved_and_the_remainder_is_told(office):
    client, address = office.client("holder"), office.line_address(office.placements)
    sent = reasons(
        {"driver": "demand", "amount": "250,000", "is_recurrent": "yes", "words": "Sixteen more children."},
        {"driver": "price", "amount": "", "is_recurrent": "", "words": ""},
        {"driver": "", "amount": "", "is_recurrent": "", "words": ""},
        forecast_version="1",
    )
    refused = client.post(f"{address}reasons/", sent)
    assert refused.status_code == 422
    assert "Say why in words." in words(refused)
    sent["reasons-1-driver"] = ""
    assert client.post(f"{address}reasons/", sent).status_code == 302
    reason = VarianceReason.objects.get(service_line=office.placements)
    assert (reason.amount, reason.is_recurrent, reason.confirmed_by) == (
        Decimal("250000.00"),
        True,
        office.people["holder"],
    )
    said = words(client.get(address))
    assert "Still unexplained £50,000.00" in said
    assert "A reason is needed" not in said


def test_a_reason_for_a_forecast_that_has_changed_is_refused_and_kept(office):
    client, address = office.client("holder"), office.line_address(office.placements)
    sent = reasons(
        {"driver": "demand", "amount": "1", "words": "Sixteen more children."}, forecast_version="1"
    )
    make_forecast(office.placements, office.period, "1250000")
    response = client.post(f"{address}reasons/", sent)
    assert response.status_code == 409
    assert "Sixteen more children." in response.content.decode()
    assert not VarianceReason.objects.exists()


def test_markup_in_words_is_shown_as_it_was_typed(office):
    client, address = office.client("officer"), office.line_address(office.placements)
    hostile = "<img src=http://x/y onerror=alert(1)> {{ 7|add:7 }} \u202e ends"
    client.post(f"{address}reasons/", reasons({"driver": "other", "words": hostile}, forecast_version="1"))
    page = client.get(address).content.decode()
    assert "<img src=http" not in page
    assert "&lt;img src=http://x/y onerror=alert(1)&gt; {{ 7|add:7 }}" in page


def test_words_beyond_the_limit_are_refused_with_the_limit_and_nothing_is_cut(office):
    client, address = office.client("officer"), office.line_address(office.placements)
    long = "word " * 1000
    response = client.post(
        f"{address}reasons/", reasons({"driver": "other", "words": long}, forecast_version="1")
    )
    assert response.status_code == 422
    assert "shorten it to 4,000" in words(response)
    assert long.strip() in response.content.decode()


def test_last_periods_reasons_are_offered_and_not_kept_silently(office):
    from tests.services.factories import make_period

    client = office.client("officer")
    sent = reasons({"driver": "demand", "words": "Sixteen more children."}, forecast_version="1")
    client.post(office.line_address(office.placements, "reasons/"), sent)
    later = make_period(office.council, "2023-24/p8")
    make_forecast(office.placements, later, "1300000")
    page = client.get(f"/north-borough/working/2023-24/p8/lines/{office.placements.pk}/")
    assert "Nothing is confirmed for this period yet" in words(page)
    assert "Sixteen more children." in page.content.decode()
    assert not VarianceReason.objects.filter(period=later).exists()


def test_a_use_of_a_reserve_is_planned_from_the_line(office):
    reserve = make_reserve(office.council, opening="900000")
    client = office.client("officer")
    address = office.line_address(office.placements, "uses/")
    sent = {
        "use-kind": "drawdown",
        "use-reserve": reserve.pk,
        "use-amount": "-5",
        "use-purpose": "Placements.",
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Enter an amount above nil, without a sign." in words(refused)
    assert client.post(address, sent | {"use-amount": "120,000"}).status_code == 302
    use = ReserveUse.objects.get()
    assert (use.amount, use.state, use.service_line) == (Decimal("120000.00"), "planned", office.placements)


def test_one_off_funding_is_added_from_the_line(office):
    client = office.client("officer")
    sent = {"funding-source": "grant", "funding-amount": "40,000", "funding-purpose": "Winter grant."}
    assert client.post(office.line_address(office.placements, "funding/"), sent).status_code == 302
    assert OneOffFunding.objects.get().amount == Decimal("40000.00")
    assert "Not until approved" in words(client.get(office.line_address(office.placements)))


def test_the_page_says_who_changed_what(office):
    client, address = office.client("holder"), office.line_address(office.placements)
    client.post(address, figures(client, address, forecast_outturn="1,310,000"))
    said = words(client.get(address))
    assert "Budget holder enter forecast" in said
    assert "forecast outturn before: £1,300,000.00 → after: £1,310,000.00" in said


def test_a_reader_sees_no_form(office):
    page = office.client("auditor").get(office.line_address(office.placements))
    assert "Save figures" not in words(page)
    assert page.content.decode().count("<form") == 1  # sign out


def test_the_line_page_costs_the_same_whatever_the_council_holds(office, django_assert_max_num_queries):
    client = office.client("officer")
    with django_assert_max_num_queries(26):
        client.get(office.line_address(office.placements))


def test_a_line_that_does_not_report_in_the_period_is_not_found(office):
    assert office.client("officer").get(f"{BASE}lines/99999/").status_code == 404
