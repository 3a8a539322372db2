"""Publishing takes two people and freezes what they agreed on."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounting.funds import Fund
from scrutiny.models import Publication, PublicationProposal, PublishedFigure
from scrutiny.operations import (
    FiguresChangedError,
    NothingForecastError,
    approve_publication,
    propose_publication,
    publish,
    withdraw_proposal,
)
from scrutiny.published import content_from
from services import audit
from services.models import AuditEntry, Forecast, PublishedVariance, RoleAssignment
from services.operations.periods import reopen_period, submit_period
from services.operations.refusals import (
    AlreadyDoneError,
    NotAllowedError,
    Refused,
    SelfApprovalError,
    WrongCouncilError,
)
from services.roles import Permission, Role
from tests.scrutiny.council import make_person, open_month

State = PublicationProposal.State


def propose(thorney, by=None):
    return propose_publication(by=by or thorney.officer, council=thorney.council, period=thorney.period)


def publish_now(thorney, period=None):
    return publish(
        by=thorney.officer,
        approved_by=thorney.head,
        council=thorney.council,
        period=period or thorney.period,
    )


def change_forecast(thorney, name, amount, period=None):
    Forecast.objects.filter(period=period or thorney.period, service_line=thorney.lines[name]).update(
        forecast_outturn=Decimal(amount), best_case=None
    )


def correct(thorney, name, amount):
    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late invoice.")
    change_forecast(thorney, name, amount)
    return publish_now(thorney)


def test_what_one_person_proposes_another_publishes(thorney):
    proposal = propose(thorney)
    publication = approve_publication(by=thorney.head, proposal=proposal)
    thorney.period.refresh_from_db()
    proposal.refresh_from_db()
    assert thorney.period.state == "published"
    assert (publication.version, publication.published_by_post, publication.approved_by_post) == (
        1,
        "Officer",
        "Head",
    )
    assert (proposal.state, proposal.publication, proposal.decided_by) == (
        State.APPROVED,
        publication,
        thorney.head,
    )
    assert publication.digest == proposal.digest
    assert publication.changes == []


def test_publishing_writes_exactly_one_publication_with_a_figure_for_every_line_and_total(thorney):
    publication = publish_now(thorney)
    content = content_from(publication.content)
    assert Publication.objects.count() == 1
    kept = {(row.scope, row.key, row.fund): row for row in PublishedFigure.objects.all()}
    assert len(kept) == len(content.lines) + len(content.totals)
    for line in content.lines:
        row = kept["line", line.key, line.fund.value]
        assert (row.figures, row.rag, row.name) == (line.figures, line.rag.value, line.name)
    for total in content.totals:
        assert kept[total.scope, total.key, total.fund.value].figures == total.figures


def test_the_published_variances_are_those_of_the_lines(thorney):
    content = content_from(publish_now(thorney).content)
    noted = dict(PublishedVariance.objects.values_list("service_line_id", "variance_after_reserves"))
    assert noted == {line.line_id: line.figures.variance_after_reserves for line in content.lines}


def test_the_trail_says_who_proposed_and_who_published_and_still_agrees_with_itself(thorney):
    publication = publish_now(thorney)
    actions = list(AuditEntry.objects.order_by("sequence").values_list("action", "by"))
    assert actions == [
        ("submit period", "Officer"),
        ("propose publication", "Officer"),
        ("approve period", "Head"),
        ("publish period", "Head"),
        ("publish", "Head"),
    ]
    assert AuditEntry.objects.get(action="publish").after["digest"] == publication.digest
    assert list(audit.broken_chains()) == []


# Two people --------------------------------------------------------------------------------------------------------------------------


def test_nobody_approves_what_they_proposed(thorney):
    """F13: who proposed does not approve."""
    proposal = propose(thorney, by=thorney.head)
    with pytest.raises(SelfApprovalError, match="another person must approve"):
        approve_publication(by=thorney.head, proposal=proposal)
    assert approve_publication(by=thorney.second_head, proposal=proposal).version == 1


def test_one_person_cannot_be_both(thorney):
    """F13: from the command line too."""
    with pytest.raises(SelfApprovalError):
        publish(by=thorney.head, approved_by=thorney.head, council=thorney.council, period=thorney.period)


def test_the_database_refuses_one_person_twice(thorney):
    """F13: by the database as well."""
    publication = publish_now(thorney)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(
            council=thorney.council,
            monitoring_period=thorney.period,
            period_year=2023,
            period_number=7,
            version=2,
            digest=publication.digest,
            content=publication.content,
            published_at=publication.published_at,
            published_by=thorney.head,
            published_by_post="Head",
            approved_by=thorney.head,
            approved_by_post="Head",
        )


@pytest.mark.parametrize(
    "role", [None, *(role for role in Role if Permission.PROPOSE_PUBLICATION not in role.permissions)]
)
def test_others_can_neither_propose_nor_approve(thorney, role):
    other = make_person("other", thorney.council, role)
    with pytest.raises(NotAllowedError):
        propose(thorney, by=other)
    proposal = propose(thorney)
    with pytest.raises(NotAllowedError):
        approve_publication(by=other, proposal=proposal)
    with pytest.raises(NotAllowedError):
        withdraw_proposal(by=other, proposal=proposal)
    assert not Publication.objects.exists()


def test_a_finance_officer_cannot_approve(thorney):
    proposal = propose(thorney)
    with pytest.raises(NotAllowedError):
        approve_publication(
            by=make_person("second_officer", thorney.council, Role.FINANCE_OFFICER), proposal=proposal
        )


def test_a_head_of_finance_for_one_directorate_cannot_publish_the_council(thorney):
    part = make_person("part", None, None)
    RoleAssignment.objects.create(
        user=part,
        council=thorney.council,
        directorate=thorney.council.directorates.first(),
        role=Role.HEAD_OF_FINANCE,
    )
    with pytest.raises(NotAllowedError):
        approve_publication(by=part, proposal=propose(thorney))


def test_somebody_elses_role_at_another_council_is_no_role_here(thorney, django_user_model):
    from services.models import Council

    elsewhere = Council.objects.create(slug="elsewhere", name="Elsewhere")
    outsider = make_person("outsider", elsewhere, Role.HEAD_OF_FINANCE)
    with pytest.raises(NotAllowedError):
        propose(thorney, by=outsider)
    with pytest.raises(WrongCouncilError):
        propose_publication(by=outsider, council=elsewhere, period=thorney.period)


# Pressing twice ----------------------------------------------------------------------------------------------------------------------


def test_a_second_press_is_told_who_published_and_when(thorney):
    proposal = propose(thorney)
    approve_publication(by=thorney.head, proposal=proposal)
    with pytest.raises(AlreadyDoneError, match="published by Officer and approved by Head, "):
        approve_publication(by=thorney.second_head, proposal=proposal)
    with pytest.raises(AlreadyDoneError, match="reopen the period"):
        propose(thorney)
    with pytest.raises(AlreadyDoneError):
        publish_now(thorney)
    assert Publication.objects.count() == 1


def test_proposing_the_same_figures_again_says_who_already_has(thorney):
    propose(thorney)
    with pytest.raises(AlreadyDoneError, match="proposed for publication by Officer"):
        propose(thorney, by=thorney.head)
    assert PublicationProposal.objects.count() == 1


def test_a_withdrawn_proposal_cannot_be_approved_and_says_who_withdrew_it(thorney):
    proposal = propose(thorney)
    withdraw_proposal(by=thorney.head, proposal=proposal, reason="Wait for the invoice.")
    with pytest.raises(AlreadyDoneError, match="withdrawn: Head"):
        approve_publication(by=thorney.second_head, proposal=proposal)
    with pytest.raises(AlreadyDoneError):
        withdraw_proposal(by=thorney.officer, proposal=proposal)
    assert propose(thorney).state == State.PROPOSED
    assert AuditEntry.objects.get(action="withdraw proposal").reason == "Wait for the invoice."


# What was agreed on ------------------------------------------------------------------------------------------------------------------


def test_figures_changed_since_the_proposal_are_not_published(thorney):
    proposal = propose(thorney)
    change_forecast(thorney, "Family support", "8700000.00")
    with pytest.raises(
        FiguresChangedError, match="forecast outturn from £8,670,000 to £8,700,000"
    ) as refusal:
        approve_publication(by=thorney.head, proposal=proposal)
    assert refusal.value.changes[0].startswith("Family support: forecast outturn")
    assert not Publication.objects.exists()
    thorney.period.refresh_from_db()
    assert thorney.period.state == "submitted"
    again = propose(thorney)
    proposal.refresh_from_db()
    assert proposal.state == State.SUPERSEDED
    assert approve_publication(by=thorney.head, proposal=again).version == 1


def test_a_proposal_whose_period_was_opened_again_must_be_made_again(thorney):
    proposal = propose(thorney)
    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late invoice.")
    with pytest.raises(Refused, match="not been submitted"):
        approve_publication(by=thorney.head, proposal=proposal)
    again = propose(thorney)
    assert again.pk != proposal.pk
    assert approve_publication(by=thorney.head, proposal=again).version == 1


def test_a_period_submitted_by_hand_is_published_all_the_same(thorney):
    submit_period(by=thorney.officer, period=thorney.period)
    assert publish_now(thorney).version == 1


def test_a_proposal_already_made_by_the_same_person_is_used(thorney):
    proposal = propose(thorney)
    assert publish_now(thorney).proposal == proposal


def test_nothing_is_published_where_nothing_is_forecast(thorney):
    Forecast.objects.filter(period=thorney.period).update(forecast_outturn=None, best_case=None)
    with pytest.raises(
        NothingForecastError, match="No service line has a forecast for Month 7, October 2023"
    ):
        publish_now(thorney)
    thorney.period.refresh_from_db()
    assert thorney.period.state == "open"
    assert not AuditEntry.objects.exists()


def test_nothing_is_left_half_done_when_the_second_person_may_not(thorney):
    with pytest.raises(NotAllowedError):
        publish(
            by=thorney.officer, approved_by=thorney.member, council=thorney.council, period=thorney.period
        )
    thorney.period.refresh_from_db()
    assert thorney.period.state == "open"
    assert not PublicationProposal.objects.exists()


# Corrections -------------------------------------------------------------------------------------------------------------------------


def test_working_figures_changed_afterwards_do_not_change_what_was_published(thorney):
    """T05, T06: what is published is a copy."""
    publication = publish_now(thorney)
    before = (publication.content, publication.digest)
    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late invoice.")
    change_forecast(thorney, "Corporate parenting", "25000000.00")
    thorney.lines["Corporate parenting"].name = "Corporate parenting service"
    thorney.lines["Corporate parenting"].save()
    thorney.officer.post = "Former officer"
    thorney.officer.save()
    publication.refresh_from_db()
    assert (publication.content, publication.digest) == before
    assert publication.published_by_post == "Officer"


def test_a_correction_is_version_2_and_says_what_changed_from_what_to_what(thorney):
    """T14: a correction is a version of its own, and both are kept."""
    first = publish_now(thorney)
    text = first.content
    second = correct(thorney, "Corporate parenting", "24100000.17")
    first.refresh_from_db()
    assert first.content == text
    assert second.version == 2
    assert second.changes[0] == (
        "Corporate parenting: forecast outturn from £24,000,000 to £24,100,000; "
        "best-case outturn from £23,999,000 to unknown; "
        "variance before reserves from £4,394,000 to £4,494,000; "
        "variance after reserves from £3,094,000 to £3,194,000; "
        "variance if all uses of reserves are approved from £2,894,000 to £2,994,000; "
        "underlying variance from £4,394,000 to £4,494,000."
    )
    named = [change.split(":")[0] for change in second.changes]
    assert named == [
        "Corporate parenting",
        "Thorney Borough Council, General Fund total",
        "Children and Families (directorate), General Fund total",
        "Social care (division), General Fund total",
    ]


def test_a_change_of_pence_is_told_in_pence(thorney):
    publish_now(thorney)
    changes = correct(thorney, "Early years entitlement", "30000000.01").changes
    assert "forecast outturn from £30,000,000.00 to £30,000,000.01" in changes[0]


def test_a_period_reopened_without_a_change_is_not_published_again(thorney):
    publish_now(thorney)
    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="By mistake.")
    with pytest.raises(AlreadyDoneError, match="Nothing has changed since, so it stands"):
        publish_now(thorney)
    assert Publication.objects.count() == 1


def test_movement_is_told_from_the_newest_version_of_the_last_published_period(thorney):
    publish_now(thorney)
    correct(thorney, "Family support", "8680000.01")
    september = open_month(thorney, 9)
    change_forecast(thorney, "Family support", "8700000.01", period=september)
    content = content_from(publish_now(thorney, september).content)
    assert (content.last_published.number, content.last_published_version) == (7, 2)
    line = next(line for line in content.lines if line.name == "Family support")
    assert line.figures.movement == Decimal("20000.00")
    assert content.total("council", Fund.GENERAL_FUND).figures.movement == Decimal("20000.00")
    assert content.total("council", Fund.DSG).figures.movement == 0


def test_correcting_an_earlier_period_leaves_later_publications_as_they_were(thorney):
    publish_now(thorney)
    september = open_month(thorney, 9)
    later = publish_now(thorney, september)
    text = later.content
    correct(thorney, "Family support", "8680000.01")
    later.refresh_from_db()
    assert later.content == text


# The database itself -----------------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["scrutiny_publication", "scrutiny_publishedfigure"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET version = 9", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_is_published(thorney, table, statement):
    publish_now(thorney)
    with (
        pytest.raises(IntegrityError, match="is published and is never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert Publication.objects.get().version == 1


@pytest.mark.postgres
def test_the_database_keeps_one_open_proposal_a_period(thorney):
    proposal = propose(thorney)
    proposal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save(force_insert=True)
