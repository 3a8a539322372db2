"""Councils, their parts, their rules, and who may do what there; and the commands that make them."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounting.funds import Fund
from accounting.rag import DEFAULT_RULES, Rag, RagRule, Threshold
from accounts.operations import command_line_user
from services.models import (
    AuditEntry,
    Council,
    Forecast,
    OneOffFunding,
    ReserveUse,
    RoleAssignment,
    ServiceLine,
    SourceNote,
    VirementRule,
)
from services.operations import councils, sources
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    LineNotReportingError,
    NotAllowedError,
    PeriodClosedError,
    Refused,
    SlugTakenError,
    WrongCouncilError,
)
from services.roles import Role
from tests.services.factories import (
    make_approved,
    make_council,
    make_directorate,
    make_division,
    make_forecast,
    make_line,
    make_member_of,
    make_one_off_funding,
    make_period,
    make_use,
    make_user,
    the_head,
    the_officer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def line(council):
    return make_line(council, budget="1000")


@pytest.fixture
def period(council):
    return make_period(council)


# --- Councils and their rules -----------------------------------------------------------------------------------------


def test_a_new_council_is_empty_and_has_its_rules(council):
    assert [row.rule for row in council.rag_thresholds.order_by("order")] == list(DEFAULT_RULES)
    rules = council.virement_rules.order_by("order")
    assert {rule.approver for rule in rules} == {Role.HEAD_OF_FINANCE}
    assert next(rule.boundary for rule in rules) == VirementRule.Boundary.BETWEEN_DIRECTORATES
    assert not ServiceLine.objects.exists()
    entry = AuditEntry.objects.get(action="make council")
    assert (entry.council_id, entry.by) == (0, "Command line")
    assert len(entry.after["rag_rules"]) == len(DEFAULT_RULES)


@pytest.mark.parametrize(
    "slug", ["", "North", "north borough", "north_borough", "-north", "north--b", "nörth", "x" * 61, "../etc"]
)
def test_a_council_has_a_short_name_fit_for_an_address(slug):
    with pytest.raises(InvalidEntryError, match="small letters"):
        make_council(slug)
    assert not Council.objects.exists()


@pytest.mark.parametrize("slug", sorted(councils.RESERVED_SLUGS))
def test_an_address_of_the_site_itself_is_no_council(slug):
    with pytest.raises(InvalidEntryError, match="address of the site"):
        make_council(slug)


def test_every_first_part_of_an_address_that_is_not_a_council_is_reserved():
    from django.urls import get_resolver

    first_parts = {str(pattern.pattern).split("/")[0] for pattern in get_resolver().url_patterns}
    fixed = {part for part in first_parts if part and "<" not in part and "^" not in part}
    assert fixed <= councils.RESERVED_SLUGS


def test_two_councils_do_not_share_an_address(council):
    with pytest.raises(SlugTakenError, match="already a council at “north-borough”: North Borough"):
        make_council(name="Another")


def test_rule_tables_are_replaced_whole(council):
    rule = RagRule(
        rating=Rag.RED,
        overspend=True,
        threshold=Threshold.WHICHEVER_IS_LOWER,
        percent=Decimal("2.50"),
        amount=Decimal("50000.00"),
    )
    councils.set_rag_rules(by=the_head(council), council=council, rules=[rule])
    assert [row.rule for row in council.rag_thresholds.all()] == [rule]
    entry = AuditEntry.objects.get(action="set RAG rules")
    assert (len(entry.before["rules"]), entry.after["rules"][0]["amount"]) == (len(DEFAULT_RULES), "50000.00")


def test_names_are_used_once_where_they_could_be_confused(council, line):
    officer, directorate, division = the_officer(council), make_directorate(council), make_division(council)
    again = (
        lambda: councils.add_directorate(by=officer, council=council, name=" Children and Families "),
        lambda: councils.add_division(by=officer, directorate=directorate, name="Social Care"),
        lambda: councils.add_service_line(by=officer, division=division, name="Corporate parenting"),
    )
    for add in again:
        with pytest.raises(AlreadyDoneError, match="already has"):
            add()
    make_line(council, "Corporate parenting", fund=Fund.DSG)  # another fund is another line


def test_a_code_is_text_and_its_zeros_count(council):
    make_line(council, "A", code="00123")
    make_line(council, "B", code="123")
    make_line(council, "C", code="")
    make_line(council, "D", code="")
    with pytest.raises(AlreadyDoneError, match="00123"):
        make_line(council, "E", code="00123")


@pytest.mark.parametrize("name", ["", "two\nlines", "zero\u200bwidth", "right\u202eto left", "x" * 201])
def test_a_name_that_could_deceive_is_refused(council, name):
    with pytest.raises(InvalidEntryError, match=r"^Name: "):
        make_line(council, name)


def test_a_first_period_belongs_to_the_council(council):
    south = make_council("south-borough", "South Borough")
    with pytest.raises(WrongCouncilError):
        make_line(council, "New team", opened_in=make_period(south))


# --- Restructures -----------------------------------------------------------------------------------------------------


def restructure(line, successor, from_period, **details):
    return councils.restructure_line(
        by=the_officer(line.council),
        line=line,
        successor=successor,
        from_period=from_period,
        **{"reason": "Teams merged", **details},
    )


def test_what_a_closed_line_holds_from_then_on_goes_to_its_successor(council, line, period):
    other = make_line(council, "Early help", budget="5")
    make_forecast(line, period, "1100", actual_to_date="3")
    use, funding = make_use(line, period, "5"), make_one_off_funding(line, period, "6")
    restructure(line, other, period)
    line.refresh_from_db()
    assert (line.closed_from, line.successor) == (period, other)
    assert ReserveUse.objects.get(pk=use.pk).service_line == other
    assert OneOffFunding.objects.get(pk=funding.pk).service_line == other
    assert not Forecast.objects.exists()
    entry = AuditEntry.objects.get(action="restructure service line")
    assert entry.before["forecasts"] == [
        {"period": "2023-24/p7", "forecast_outturn": "1100.00", "actual_to_date": "3.00"}
    ]
    assert entry.reason == "Teams merged"


def test_a_line_with_money_from_outside_does_not_close_without_a_successor(council, line, period):
    make_use(line, period, "5")
    with pytest.raises(InvalidEntryError, match="name the line they go to"):
        restructure(line, None, period)


def test_a_line_may_simply_end(council, line, period):
    assert restructure(line, None, period).closed_from == period


def test_a_restructure_that_makes_no_sense_is_refused(council, line, period):
    needs = make_line(council, "Top-ups", fund=Fund.DSG)
    later = make_line(council, "New team", opened_in=make_period(council, "2023-24/p8"))
    for successor, error in (
        (line, InvalidEntryError),
        (needs, InvalidEntryError),
        (later, LineNotReportingError),
    ):
        with pytest.raises(error):
            restructure(line, successor, period)
    with pytest.raises(InvalidEntryError, match="Reason"):
        restructure(line, None, period, reason="")
    restructure(line, None, period)
    with pytest.raises(AlreadyDoneError, match="already closed, from Month 7"):
        restructure(line, None, period)


def test_a_line_does_not_close_from_a_period_that_is_closed_itself(council, line, period):
    june = make_period(council, "2023-24/p3")
    make_approved(period)
    for month in (june, period):
        with pytest.raises(PeriodClosedError):
            restructure(line, None, month)


# --- Roles ------------------------------------------------------------------------------------------------------------


def test_a_role_is_given_once_and_taken_away_with_a_reason(council):
    administrator = make_member_of(council, Role.ADMINISTRATOR)
    person = make_user("new-clerk")
    held = councils.assign_role(by=administrator, user=person, role=Role.CLERK, council=council)
    with pytest.raises(AlreadyDoneError, match="new-clerk is already Committee clerk, North Borough"):
        councils.assign_role(by=administrator, user=person, role=Role.CLERK, council=council)
    with pytest.raises(InvalidEntryError):
        councils.remove_role(by=administrator, assignment=held, reason="")
    councils.remove_role(by=administrator, assignment=held, reason="Left")
    with pytest.raises(AlreadyDoneError):
        councils.remove_role(by=administrator, assignment=held, reason="Left")
    actions = AuditEntry.objects.filter(subject_id=person.pk, subject_type="user").values_list(
        "action", flat=True
    )
    assert list(actions) == ["assign role", "remove role"]


def test_nobody_gives_themselves_a_role(council):
    administrator = make_member_of(council, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError, match="their own role"):
        councils.assign_role(by=administrator, user=administrator, role=Role.HEAD_OF_FINANCE, council=council)
    with pytest.raises(NotAllowedError):
        councils.remove_role(by=administrator, assignment=administrator.roles.get(), reason="x")


def test_an_administrator_of_one_council_gives_no_role_at_another_or_at_all(council):
    administrator = make_member_of(council, Role.ADMINISTRATOR)
    south = make_council("south-borough", "South Borough")
    for where in (south, None):
        with pytest.raises(NotAllowedError):
            councils.assign_role(by=administrator, user=make_user("x"), role=Role.CLERK, council=where)


def test_a_directorate_is_its_councils(council):
    south = make_council("south-borough", "South Borough")
    directorate, by = make_directorate(south), command_line_user()
    with pytest.raises(WrongCouncilError):
        councils.assign_role(
            by=by, user=make_user("x"), role=Role.BUDGET_HOLDER, council=council, directorate=directorate
        )
    with pytest.raises(InvalidEntryError, match="needs the council"):
        councils.assign_role(by=by, user=make_user("x"), role=Role.BUDGET_HOLDER, directorate=directorate)


# --- Sources ----------------------------------------------------------------------------------------------------------


def test_a_source_is_noted_once_for_a_figure_and_may_be_noted_anew(council, line, period):
    def note(*entries):
        return sources.note_sources(by=the_officer(council), period=period, notes=entries)

    printed = sources.SourceEntry(line=line, figure="forecast_outturn", basis="printed", citation="Para 4.2")
    of_scope = sources.SourceEntry(
        subject="council:North Borough:general_fund", figure="drawdown", basis="derived"
    )
    assert len(note(printed, of_scope)) == 2
    assert note(printed, of_scope) == []
    better = sources.SourceEntry(line=line, figure="forecast_outturn", basis="derived", citation="Para 4.3")
    assert len(note(better, of_scope)) == 1
    assert SourceNote.objects.get(service_line=line).citation == "Para 4.3"
    with pytest.raises(InvalidEntryError, match="there twice"):
        note(printed, better)
    with pytest.raises(InvalidEntryError, match="not one of"):
        note(sources.SourceEntry(line=line, figure="movement", basis="guessed"))


@pytest.mark.parametrize("lines", [1, 300])
def test_sources_take_the_same_queries_however_many(council, period, django_assert_num_queries, lines):
    division, officer = make_division(council), the_officer(council)
    made = ServiceLine.objects.bulk_create(
        ServiceLine(council=council, division=division, name=f"Line {number}") for number in range(lines)
    )
    notes = [sources.SourceEntry(line=one, figure="forecast_outturn", basis="printed") for one in made]
    postgres = 2 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(8 + postgres):
        sources.note_sources(by=officer, period=period, notes=notes)


# --- Commands ---------------------------------------------------------------------------------------------------------


def test_the_command_makes_an_empty_council(capsys):
    call_command("create_council", "south-borough", "South Borough Council")
    council = Council.objects.get()
    assert (council.slug, council.name) == ("south-borough", "South Borough Council")
    assert council.rag_thresholds.exists()
    assert council.virement_rules.exists()
    assert "Made South Borough Council, at /south-borough/" in capsys.readouterr().out


def test_the_command_refuses_a_short_name_that_is_taken_or_unfit(council):
    for slug, words in (
        ("north-borough", "already a council"),
        ("North", "small letters"),
        ("health", "the site"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("create_council", slug, "Another")
    assert Council.objects.count() == 1


@pytest.mark.parametrize("role", ["finance_officer", "finance-officer", "Finance officer"])
def test_the_command_gives_a_role(council, role, capsys):
    make_user("someone")
    call_command("grant_role", "Someone", role, "--council", "north-borough")
    held = RoleAssignment.objects.get(user__username="someone")
    assert (held.role, held.council, held.directorate) == (Role.FINANCE_OFFICER, council, None)
    call_command("grant_role", "someone", role, "--council", "north-borough")
    assert "someone is already Finance officer, North Borough" in capsys.readouterr().out


def test_the_command_gives_a_role_for_a_directorate_or_for_every_council(council):
    directorate = make_directorate(council)
    make_user("someone")
    call_command(
        "grant_role", "someone", "budget_holder", council="north-borough", directorate="Children and Families"
    )
    call_command("grant_role", "someone", "auditor")
    held = RoleAssignment.objects.filter(user__username="someone").values_list(
        "role", "council", "directorate"
    )
    assert set(held) == {("budget_holder", council.pk, directorate.pk), ("auditor", None, None)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody", "clerk"), "no user “nobody”"),
        (("someone", "wizard"), "'wizard' is not a role. The roles are: budget_holder"),
        (("someone", "clerk", "--council", "east"), "no council “east”. Councils here: north-borough"),
        (("someone", "clerk", "--directorate", "Education"), "needs --council"),
        (
            ("someone", "clerk", "--council", "north-borough", "--directorate", "Roads"),
            "no directorate 'Roads'. Its directorates are: none yet",
        ),
    ],
)
def test_the_command_says_what_it_does_not_know(council, arguments, words):
    make_user("someone")
    with pytest.raises(CommandError, match=words):
        call_command("grant_role", *arguments)
    assert not RoleAssignment.objects.filter(user__username="someone").exists()


def test_every_refusal_speaks_in_words():
    from services.operations import refusals

    named = [one for one in vars(refusals).values() if isinstance(one, type) and issubclass(one, Exception)]
    assert len(named) > 10
    assert all(issubclass(one, Refused) and one.__doc__ for one in named)
