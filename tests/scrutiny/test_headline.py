"""The sentences of a published position: exact, the same every time, and never vague."""

from decimal import Decimal

import pytest

from accounting.funds import Fund
from scrutiny.headline import compared_sentence, headlines
from tests.scrutiny.records import figures, line, period, reason, total, whole


def said(its, **extra):
    (only,) = headlines(whole(its, **extra))
    return only


def test_an_overspend_says_its_amount_and_the_reserves_used():
    told = said(figures("100000000", "107400000", drawdown="3600000"))
    assert told.sentence == "Children's services will overspend by £3.8m after using £3.6m of reserves."
    assert told.before == "Before reserves it is £7.4m over budget."


def test_an_underspend_says_so():
    assert said(figures("1500000", "1348000")).sentence == (
        "Children's services will underspend by £152k, with no use of reserves."
    )


def test_a_position_that_breaks_even_after_reserves_says_what_it_took():
    told = said(figures("1000000", "1500000", drawdown="500000"))
    assert told.sentence == "Children's services will be on budget after using £500k of reserves."
    assert told.before == "Before reserves it is £500k over budget."


def test_a_position_on_budget_without_reserves_says_that_none_are_used():
    told = said(figures("1000000", "1000000"))
    assert told.sentence == "Children's services will be on budget, with no use of reserves."
    assert told.before == ""
    assert told.services == ""


def test_contributions_and_other_funding_are_named_apart_from_reserves():
    told = said(figures("1000000", "1900000", drawdown="100000", contribution="200000", other="300000"))
    assert told.sentence == (
        "Children's services will overspend by £700k after using £100k of reserves, putting £200k into reserves "
        "and applying £300k of other one-off funding."
    )
    assert told.before == "Before reserves and other one-off funding it is £900k over budget."


def test_an_unknown_outturn_says_how_many_lines_are_missing():
    told = said(figures(forecast=None), lines=[line(), line("Fostering", figures(forecast=None))], missing=1)
    assert told.sentence == (
        "Children's services: the outturn is not yet known, because 1 of 2 service lines have no forecast."
    )
    assert told.before == ""


def test_the_provisional_outturn_speaks_of_the_past():
    told = said(figures("1000000", "1250000"), when="2023-24/p13", last="2023-24/p12")
    assert told.sentence == "Children's services overspent by £250k, with no use of reserves."
    assert (
        "than in month 12, the last published."
        in said(figures("1000000", "1250000", last="0"), when="2023-24/p13", last="2023-24/p12").movement
    )


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("200000", "That is £50k worse than in month 6, the last published."),
        ("300000", "That is £50k better than in month 6, the last published."),
        ("250000", "That is the same as in month 6, the last published."),
        ("249999.60", "That is £0.40 worse than in month 6, the last published."),
        (None, "There is no figure in month 6, the last published, to compare with."),
    ],
)
def test_movement_is_told_from_the_last_published_period(last, words):
    assert said(figures("1000000", "1250000", last=last)).movement == words


def test_the_first_report_of_a_year_says_so():
    assert said(figures(), last=None).movement == "This is the first published report of 2023/24."


def test_what_the_approval_of_all_planned_uses_would_change_is_said():
    told = said(figures("1000000", "1500000", pending="500000"))
    assert told.pending == (
        "If all planned uses of reserves and other one-off funding are approved, it will be on budget."
    )
    assert said(figures("1000000", "1500000")).pending == ""


def test_the_two_services_furthest_from_budget_in_the_totals_direction_are_named():
    lines = [
        line("Clinical", figures("1500000", "500000")),
        line("Fostering", figures("1000000", "1100000")),
        line("Placements", figures("1000000", "3700000")),
        line("Agency", figures("1000000", "2445000")),
    ]
    told = said(figures("4500000", "7745000"), lines=lines)
    assert (
        told.services
        == "The largest overspends after reserves are Placements (£2.7m over) and Agency (£1.4m over)."
    )
    under = said(figures("4500000", "4000000"), lines=lines)
    assert under.services == "The largest underspend after reserves is Clinical (£1.0m under)."


def test_services_with_the_same_variance_are_named_in_the_order_of_the_alphabet():
    lines = [line(name, figures("1000000", "1100000")) for name in ("Youth", "Adoption", "Hubs")]
    told = said(figures("3000000", "3300000"), lines=lines)
    assert (
        told.services
        == "The largest overspends after reserves are Adoption (£100k over) and Hubs (£100k over)."
    )


def test_causes_are_summed_by_driver_over_services_and_those_without_amounts_are_left_out():
    lines = [
        line("Placements", reasons=(reason("Price and inflation", "1500000"), reason("Other"))),
        line(
            "Fostering",
            reasons=(reason("Price and inflation", "600000"), reason("Agency staffing", "900000")),
        ),
        line("Schools", reasons=(reason("Demand", "9000000"),), fund=Fund.DSG),
    ]
    told = said(figures(), lines=lines)
    assert told.causes == (
        "The largest causes given, before reserves, are price and inflation (+£2.1m) and agency staffing (+£900k)."
    )


def test_each_directorate_has_a_headline_of_its_own_so_that_none_is_read_as_another():
    care = figures("100000000", "107400000", drawdown="3600000")
    education = figures("20000000", "24300000")
    both = figures("120000000", "131700000", drawdown="3600000")
    found = headlines(
        period(
            lines=[
                line("Corporate parenting", care, directorate="Children and Families"),
                line("SEND", education, directorate="Education"),
            ],
            totals=[
                total("council", "Thorney", both),
                total("directorate", "Children and Families", care),
                total("directorate", "Education", education),
                total("directorate", "Education", figures("9", "1"), fund=Fund.DSG),
            ],
        )
    )
    assert [told.sentence for told in found] == [
        "Children's services will overspend by £8.1m after using £3.6m of reserves.",
        "Children and Families will overspend by £3.8m after using £3.6m of reserves.",
        "Education will overspend by £4.3m, with no use of reserves.",
    ]
    assert found[1].before == "Before reserves it is £7.4m over budget."
    assert "SEND" not in found[1].detail


def test_a_publication_without_general_fund_lines_has_no_headline():
    assert (
        headlines(
            period(
                lines=[line(fund=Fund.DSG)], totals=[total("council", "Thorney", figures(), fund=Fund.DSG)]
            )
        )
        == ()
    )


def test_two_publications_are_compared_in_one_sentence():
    now, then = (
        whole(figures("1000000", "1500000")),
        whole(figures("1000000", "1400000"), when="2023-24/p6", last=None),
    )
    assert compared_sentence(now, then) == (
        "Children's services: £500k over after reserves, £100k worse than the £400k over of month 6 of 2023/24, version 1."
    )
    assert "£100k better than the £500k over" in compared_sentence(then, now)
    assert compared_sentence(now, now) == "Children's services: £500k over after reserves in both."
    assert "no known variance" in compared_sentence(now, whole(figures(forecast=None), missing=1))


def test_the_words_never_use_what_says_nothing():
    told = said(figures("1000000", "1500000", drawdown=Decimal(1)))
    for word in ("significant", "challenging", "various", "some "):
        assert word not in f"{told.sentence} {told.detail}".lower()
