"""A council's rules, changed by a head of finance who has seen what the change would do."""

from decimal import Decimal

import pytest

from accounting.rag import Rag
from services.models import AuditEntry, DeadlineRule, PublishedVariance, RagThreshold, VirementRule
from services.position import council_position
from tests.services.factories import make_forecast, make_published, make_virement
from tests.services.pages import make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db
RULES = "/north-borough/working/rules/"
TABLES = ("rag", "explanations", "virements", "deadlines")


@pytest.fixture
def office(db):
    return make_office()


def sent(client, table, **typed):
    """What the form of a table sends with this typed over it: the address, and the entries."""
    address, fields = form_of(client.get(f"{RULES}{table}/"), holding="seen")
    return address, fields | typed


def change(client, table, **typed):
    """See what it would do, then save it: both answers."""
    address, fields = sent(client, table, **typed)
    seen = client.post(address, fields)
    return seen, client.post(address, fields | {"confirm": "yes"})


def effects(response):
    """The examples: what each gives now and with the change."""
    return {
        effect.record.example: (effect.record.now, effect.record.then)
        for effect in response.context["effects"].rows
    }


def rag_of(office, line):
    return next(
        row.rag for row in council_position(office.council, office.period).lines if row.line_id == line.pk
    )


def test_rag_rules_are_changed_after_seeing_what_they_would_do(office):
    make_forecast(office.fostering, office.period, "515000")
    head = office.client("head")
    address, fields = sent(head, "rag", over_amber_percent="4")
    shown = head.post(address, fields)
    assert shown.status_code == 200
    assert effects(shown)["Fostering: £15k over"] == ("▲ Amber", "● Green")
    assert effects(shown)["£30k over on a budget of £1,000,000"] == ("▲ Amber", "● Green")
    assert effects(shown)["Placements: £300k over"] == ("■ Red", "■ Red")
    assert "Nothing is saved yet." in words(shown)
    assert rag_of(office, office.fostering) is Rag.AMBER
    assert head.post(address, fields | {"confirm": "yes"}).status_code == 302
    assert rag_of(office, office.fostering) is Rag.GREEN
    entry = AuditEntry.objects.get(action="set RAG rules")
    assert (entry.before["rules"][1]["percent"], entry.after["rules"][1]["percent"]) == ("2.00", "4.00")
    assert "Version 2, set by Head of finance" in words(head.get(RULES))


def test_what_has_been_published_keeps_the_rules_it_was_published_under(office):
    make_forecast(office.fostering, office.period, "500000")
    make_published(office.period)
    before = list(PublishedVariance.objects.values_list())
    change(office.client("head"), "rag", over_red_percent="40", over_amber_percent="30")
    assert list(PublishedVariance.objects.values_list()) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"over_amber_percent": "5"}, "Amber must begin below Red"),
        ({"over_amber_percent": "9"}, "Amber must begin below Red"),
        ({"over_red_by": "amount", "over_red_amount": "100,000"}, "a gap. Give Amber a lower amount"),
        ({"over_red_percent": ""}, "Give the percent, or choose another way to rate."),
        ({"over_red_percent": "-5"}, "Write a percentage such as 5 or 2.5, without a sign."),
        ({"over_red_percent": "5.001"}, "Write at most two decimals"),
    ],
)
def test_rag_rules_that_make_no_sense_are_refused_and_kept_to_be_put_right(office, typed, said):
    seen, saved = change(office.client("head"), "rag", **typed)
    assert (seen.status_code, saved.status_code) == (422, 422)
    assert said in words(saved)
    assert not AuditEntry.objects.filter(action="set RAG rules").exists()
    assert all(
        f'value="{value}"' in saved.content.decode()
        for value in typed.values()
        if value and value != "amount"
    )


def test_the_scheme_of_virement_is_changed_after_seeing_who_would_decide(office):
    virement = make_virement(
        office.period, (office.placements, "-5000"), (office.fostering, "5000"), posted=False
    )
    head = office.client("head")
    rows = {"rows-4-approver": "finance_officer"}
    seen, saved = change(head, "virements", **rows)
    assert effects(seen)[f"Virement {virement.reference}"] == (
        "head of finance, for information",
        "finance officer, for information",
    )
    assert effects(seen)["£20,000 within a division"][1] == "finance officer, for information"
    assert saved.status_code == 302
    assert VirementRule.objects.filter(council=office.council).last().approver == "finance_officer"
    assert "Within a division, more than £0: finance officer, for information" in words(head.get(RULES))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"rows-4-boundary": ""}, "meets no row: a gap"),
        ({"rows-0-approver": "budget_holder"}, "Ask at least as much of the larger."),
        ({"rows-5-boundary": "division", "rows-5-above_amount": "0"}, "never decides"),
        (
            {"rows-5-boundary": "division", "rows-5-above_amount": ""},
            "Enter the amount; 0 is for every virement.",
        ),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused(office, rows, said):
    before = list(VirementRule.objects.values_list())
    _, saved = change(office.client("head"), "virements", **rows)
    assert saved.status_code == 422
    assert said in words(saved)
    assert list(VirementRule.objects.values_list()) == before


def test_what_must_be_explained_is_changed_after_seeing_which_lines_it_would_ask(office):
    seen, saved = change(office.client("head"), "explanations", amount="500,000", percent="")
    assert effects(seen)["Placements: £300k over"] == ("must be explained", "need not be explained")
    assert saved.status_code == 302
    office.council.refresh_from_db()
    assert office.council.materiality.amount == Decimal(500000)
    _, none = change(office.client("head"), "explanations", amount="", percent="")
    assert "No variance would have to be explained." in words(none)


def test_deadlines_are_changed_after_seeing_the_dates(office):
    seen, saved = change(office.client("head"), "deadlines", month_forecasts="6")
    assert effects(seen)["Forecasts submitted, Month 7, October 2023"] == (
        "7 November 2023",
        "8 November 2023",
    )
    assert saved.status_code == 302
    assert (
        DeadlineRule.objects.get(council=office.council, timetable="month", step="forecasts").working_days
        == 6
    )
    _, late = change(office.client("head"), "deadlines", month_forecasts="60")
    assert "It must be from" in words(late)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"month_review": "4"}, "Finance review is due on working day 4"),
        ({"month_forecasts": "0"}, "greater than or equal to 1"),
    ],
)
def test_deadlines_out_of_order_are_refused_with_what_was_typed(office, typed, said):
    _, saved = change(office.client("head"), "deadlines", **typed)
    assert saved.status_code == 422
    assert said in words(saved)


@pytest.mark.parametrize(
    ("table", "theirs", "mine"),
    [
        ("rag", {"over_red_percent": "6"}, {"over_amber_percent": "3"}),
        ("explanations", {"amount": "200,000"}, {"percent": "5"}),
        ("virements", {"rows-4-approver": "finance_officer"}, {"rows-2-above_amount": "10"}),
        ("deadlines", {"month_review": "9"}, {"month_forecasts": "6"}),
    ],
)
def test_rules_that_somebody_else_changed_meanwhile_are_compared_and_not_overwritten(
    office, table, theirs, mine
):
    """F01 for rule tables."""
    head, other = office.client("head"), office.client("administrator")
    address, fields = sent(head, table, **mine)
    assert change(other, table, **theirs)[1].status_code == 302
    entries = AuditEntry.objects.count()
    response = head.post(address, fields | {"confirm": "yes"})
    assert response.status_code == 409
    assert "Administrator saved it on" in words(response)
    assert any(row.yours != row.theirs for row in response.context["conflicts"])
    assert AuditEntry.objects.count() == entries
    again, kept = form_of(response, holding="seen")
    assert head.post(again, kept | {"confirm": "yes"}).status_code == 302


def test_rules_are_changed_by_nobody_else_and_read_by_whoever_works_there(office):
    for who in ("officer", "holder", "auditor"):
        client = office.client(who)
        assert "Change the RAG rules" not in words(client.get(RULES))
        assert {client.get(f"{RULES}{table}/").status_code for table in TABLES} == {403}
        assert {client.post(f"{RULES}{table}/").status_code for table in TABLES} == {403}
    for who in ("member", "clerk", "stranger", "neighbour"):
        assert office.client(who).get(RULES).status_code == 404


def test_an_administrator_is_shown_no_working_figure_as_an_example(office):
    client = office.client("administrator")
    address, fields = sent(client, "rag", over_amber_percent="4")
    assert "Placements" not in words(client.post(address, fields))


def test_a_change_sent_twice_has_one_effect(office):
    """F02."""
    head = office.client("head")
    address, fields = sent(head, "rag", over_amber_percent="4")
    assert [head.post(address, fields | {"confirm": "yes"}).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="set RAG rules").count() == 1
    assert RagThreshold.objects.filter(council=office.council).count() == 3
