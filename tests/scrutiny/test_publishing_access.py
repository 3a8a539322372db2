"""A member reaches what is published, and nothing that is not."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounting.funds import Fund
from accounting.periods import FinancialYear, Period
from scrutiny import access
from scrutiny.access import (
    ContentAlteredError,
    history_of,
    publication_for,
    publications_of,
    published_at,
    published_before,
)
from scrutiny.content import digest_of
from scrutiny.models import Publication
from scrutiny.operations import approve_publication, propose_publication
from services.access import grant_for
from services.models import Council
from services.operations.deputies import name_deputy
from services.operations.handing_over import hand_over
from services.operations.periods import reopen_period
from services.operations.refusals import AskerGoneError, SelfApprovalError
from services.roles import Role
from tests.scrutiny.council import make_person, open_month
from tests.scrutiny.test_publishing import change_forecast, correct, publish_now

OCTOBER = Period(FinancialYear(2023), 7)
PUBLIC_TABLES = (
    *("scrutiny_", "accounts_", "services_council", "django_session"),
    *("services_roleassignment", "services_delegation"),
)


def tables_read(queries) -> set[str]:
    """Every table that a query names."""
    return {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}


def refusal(*arguments) -> str:
    with pytest.raises(Http404) as refused:
        publication_for(*arguments)
    return str(refused.value)


def test_a_member_gets_the_figures_that_were_published(thorney):
    publication = publish_now(thorney)
    grant, published, versions = publication_for(thorney.member, "thorney", OCTOBER)
    assert grant.council == thorney.council
    assert (published.version, published.digest, published.published_by, published.approved_by) == (
        1,
        publication.digest,
        "Officer",
        "Head",
    )
    assert published.total("council", Fund.GENERAL_FUND).figures.variance_after_reserves == Decimal(
        "4582999.10"
    )
    assert [version.version for version in versions] == [1]


def test_every_role_at_the_council_reads_what_is_published(thorney):
    publish_now(thorney)
    for role in Role:
        assert publication_for(make_person(f"a_{role}", thorney.council, role), "thorney", OCTOBER)


def test_reading_what_is_published_touches_no_working_table(thorney):
    publish_now(thorney)
    correct(thorney, "Family support", "8680000.01")
    with CaptureQueriesContext(connection) as queries:
        grant, published, _ = publication_for(thorney.member, "thorney", OCTOBER)
        publications_of(grant)
        published_before(grant, OCTOBER)
        published_at(grant, OCTOBER, 1)
        history_of(grant, scope="line", key=published.lines[0].key, fund=Fund.GENERAL_FUND)
    read = tables_read(queries.captured_queries)
    assert "scrutiny_publication" in read
    assert [table for table in read if not table.startswith(PUBLIC_TABLES)] == []


def test_a_publication_takes_three_queries_and_two_once_it_has_been_read(thorney, django_assert_num_queries):
    publish_now(thorney)
    with django_assert_num_queries(3):
        publication_for(thorney.member, "thorney", OCTOBER)
    with django_assert_num_queries(2):
        publication_for(thorney.member, "thorney", OCTOBER)


def test_the_newest_version_is_given_unless_another_is_asked_for(thorney):
    publish_now(thorney)
    correct(thorney, "Family support", "8680000.01")
    _, newest, versions = publication_for(thorney.member, "thorney", OCTOBER)
    _, first, _ = publication_for(thorney.member, "thorney", OCTOBER, 1)
    assert (newest.version, first.version) == (2, 1)
    assert [version.version for version in versions] == [2, 1]
    assert versions[0].changes == newest.changes
    assert newest.changes[0].startswith("Family support: forecast outturn from £8,670,000 to £8,680,000")
    assert first.changes == ()


def test_strangers_and_unpublished_periods_get_one_and_the_same_answer(thorney):
    open_month(thorney, 8)
    publish_now(thorney)
    november = Period(FinancialYear(2023), 8)
    answers = {
        refusal(thorney.member, "thorney", november),
        refusal(thorney.member, "thorney", Period(FinancialYear(2023), 12)),
        refusal(thorney.member, "thorney", OCTOBER, 2),
        refusal(thorney.member, "nowhere", OCTOBER),
        refusal(thorney.stranger, "thorney", OCTOBER),
        refusal(AnonymousUser(), "thorney", OCTOBER),
        refusal(thorney.officer, "thorney", november),
    }
    assert len(answers) == 1


def test_a_person_shut_out_reads_nothing_more(thorney):
    publish_now(thorney)
    thorney.member.is_active = False
    thorney.member.save()
    refusal(thorney.member, "thorney", OCTOBER)


def test_content_altered_in_the_database_is_not_shown(thorney):
    publication = publish_now(thorney)
    header = publication.header
    altered = publication.content.replace("8670000.01", "8470000.01")
    assert altered != publication.content
    with pytest.raises(ContentAlteredError, match="restore it from a backup"):
        access._read(publication.pk, replace(header, digest=digest_of(altered)))


def test_two_publications_are_never_taken_for_one_another(thorney):
    """The same figures at the same version of two periods differ in nothing but the period: what is kept must know."""
    publish_now(thorney)
    publish_now(thorney, open_month(thorney, 8))
    for number in (7, 8, 7):
        _, published, _ = publication_for(thorney.member, "thorney", Period(FinancialYear(2023), number))
        assert published.period.number == number


# Lists and histories -----------------------------------------------------------------------------------------------------------------


def test_the_list_of_publications_has_the_newest_version_of_each_period_newest_first(
    thorney, django_assert_num_queries
):
    publish_now(thorney)
    correct(thorney, "Family support", "8680000.01")
    publish_now(thorney, open_month(thorney, 8))
    publish_now(thorney, open_month(thorney, 2, year=2024))
    open_month(thorney, 3, year=2024)
    grant, _, _ = publication_for(thorney.member, "thorney", OCTOBER)
    with django_assert_num_queries(1):
        listed = publications_of(grant)
    assert [(str(item.period.year), item.period.number, item.version) for item in listed] == [
        ("2024/25", 2, 1),
        ("2023/24", 8, 1),
        ("2023/24", 7, 2),
    ]


def test_the_period_to_compare_with_is_the_last_one_published_in_the_same_year(thorney):
    publish_now(thorney)
    correct(thorney, "Family support", "8680000.01")
    publish_now(thorney, open_month(thorney, 10))
    grant, _, _ = publication_for(thorney.member, "thorney", OCTOBER)
    before = published_before(grant, Period(FinancialYear(2023), 10))
    assert (before.period, before.version) == (OCTOBER, 2)
    assert published_before(grant, OCTOBER) is None
    assert published_before(grant, Period(FinancialYear(2024), 1)) is None
    assert published_at(grant, before.period).version == 2


def test_a_history_has_the_newest_version_of_each_period_in_order(thorney, django_assert_num_queries):
    publish_now(thorney)
    correct(thorney, "Family support", "8680000.01")
    november = open_month(thorney, 8)
    change_forecast(thorney, "Family support", "8700000.01", period=november)
    publish_now(thorney, november)
    grant, _, _ = publication_for(thorney.member, "thorney", OCTOBER)
    line = str(thorney.lines["Family support"].pk)
    with django_assert_num_queries(2):
        history = history_of(grant, scope="line", key=line, fund=Fund.GENERAL_FUND, year=FinancialYear(2023))
    assert [(period.number, version, figures.forecast_outturn) for period, version, figures in history] == [
        (7, 2, Decimal("8680000.01")),
        (8, 1, Decimal("8700000.01")),
    ]
    _, published, _ = publication_for(thorney.member, "thorney", november.period)
    assert history[-1][2] == published.line(int(line)).figures
    assert history_of(grant, scope="line", key=line, fund=Fund.GENERAL_FUND, year=FinancialYear(2022)) == ()


def test_a_line_left_out_by_a_correction_leaves_the_history_too(thorney):
    publish_now(thorney)
    reopen_period(
        by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="It opened in November."
    )
    november = open_month(thorney, 8)
    line = thorney.lines["Early years entitlement"]
    line.opened_in = november
    line.save()
    second = publish_now(thorney)
    assert "Early years entitlement: no longer included." in second.changes
    grant, _, _ = publication_for(thorney.member, "thorney", OCTOBER)
    assert history_of(grant, scope="line", key=str(line.pk), fund=Fund.DSG_EARLY_YEARS) == ()


def test_another_councils_history_is_not_mixed_in(thorney):
    publish_now(thorney)
    elsewhere = Council.objects.create(slug="elsewhere", name="Elsewhere")
    member = make_person("neighbour", elsewhere, Role.SCRUTINY_MEMBER)
    grant = grant_for(member, elsewhere)
    assert history_of(grant, scope="council", key="", fund=Fund.GENERAL_FUND) == ()
    assert publications_of(grant) == ()
    assert Publication.objects.count() == 1


def test_what_a_leaver_proposed_is_proposed_again_by_whoever_took_it_over(thorney):
    """T11: nobody approves what somebody proposed who may no longer; the colleague who took the work over proposes it again."""
    proposal = propose_publication(by=thorney.officer, council=thorney.council, period=thorney.period)
    colleague = make_person("colleague", None, None)
    hand_over(
        by=thorney.head, council=thorney.council, leaver=thorney.officer, colleague=colleague, reason="Left"
    )
    with pytest.raises(AskerGoneError, match=r"Officer asked for .* and may no longer do that"):
        approve_publication(by=thorney.head, proposal=proposal)
    again = propose_publication(by=colleague, council=thorney.council, period=thorney.period)
    published = approve_publication(by=thorney.head, proposal=again)
    assert (published.published_by_post, published.version) == ("Colleague", 1)


def test_f13_a_publication_sees_through_a_deputy_and_names_for_whom(thorney):
    """F13, T12: the deputy of whoever proposed does not approve for them; what a deputy approves is published as approved for the holder."""
    today = timezone.localdate()
    deputy = make_person("deputy", None, None)
    second = make_person("second_deputy", None, None)
    for holder, person in ((thorney.head, deputy), (thorney.second_head, second)):
        name_deputy(
            by=holder,
            council=thorney.council,
            assignment=holder.roles.get(),
            deputy=person,
            starts_on=today,
            ends_on=today,
            reason="On leave",
        )
    proposal = propose_publication(by=thorney.head, council=thorney.council, period=thorney.period)
    with pytest.raises(SelfApprovalError):
        approve_publication(by=deputy, proposal=proposal)
    published = approve_publication(by=second, proposal=proposal)
    assert published.approved_by_post == "Second deputy for Second head"
