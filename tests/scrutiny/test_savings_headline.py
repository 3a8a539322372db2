"""How a period's savings are said: the same figures give the same words, and nothing is said that is not known."""

from dataclasses import replace
from decimal import Decimal

import pytest

from accounting.rag import Rag
from accounting.savings import Stage
from savings.entries import ComponentEntry, SavingsContent, VacancyEntry
from scrutiny.savings import sentences
from scrutiny.savings.headline import savings_headline
from scrutiny.savings.pages import facts_of
from scrutiny.savings.position import not_green, phased_sum, rated_targets
from tests.scrutiny import savings_records as of


def said(content, *, is_outturn=False):
    return savings_headline(content, is_outturn=is_outturn)


def rated(**targets):
    """The first sentence over savings with these targets in each colour."""
    by_rating = {Rag(name) if name != "unrated" else None: amount for name, amount in targets.items()}
    whole = of.figures(str(sum(map(int, targets.values()))))
    return said(of.content(of.saving(), whole=whole, by_rating=by_rating)).sentence


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (
            {"amber": "250000", "green": "2050000"},
            "£250k of this year's £2.3m target is rated amber; none is red.",
        ),
        (
            {"red": "100000", "amber": "250000", "green": "1950000"},
            "£100k of this year's £2.3m target is rated red and £250k is rated amber.",
        ),
        ({"red": "100000", "green": "2200000"}, "£100k of this year's £2.3m target is rated red."),
        ({"green": "2300000"}, "All of this year's £2.3m target is rated green."),
        ({"amber": "1800000"}, "All of this year's £1.8m target is rated amber."),
        (
            {"green": "2000000", "unrated": "300000"},
            "£2.0m of this year's £2.3m target is rated green and £300k is not yet rated; none is amber or red.",
        ),
        ({"unrated": "10000"}, "1 saving is to bring in £10k this year. None has been rated yet."),
    ],
)
def test_the_headline_says_how_much_of_the_target_has_which_colour(targets, words):
    assert rated(**targets) == words


def test_savings_without_any_pound_are_counted_and_not_summed():
    content = of.content(of.saving(its=of.figures(None)), whole=of.figures(None))
    assert said(content).sentence == "1 saving is followed this period, none of them with a £ target."


def test_a_period_without_savings_has_no_headline():
    assert said(SavingsContent()) is None


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            of.figures("2300000", "2100000"),
            "£2.1m is forecast to be delivered by 31 March, £200k short of the target.",
        ),
        (of.figures("2300000", "2300000"), "All of it is forecast to be delivered by 31 March."),
        (
            of.figures("2300000", "2400000"),
            "£2.4m is forecast to be delivered by 31 March, £100k more than the target.",
        ),
        (of.figures("2300000"), "How much of it will be delivered by 31 March has not been forecast."),
    ],
)
def test_what_will_be_delivered_is_said_against_the_target(figures, words):
    assert said(of.content(of.saving(its=figures), whole=figures)).delivery == words


def test_at_the_outturn_delivery_is_told_as_past():
    figures = of.figures("2300000", "2100000", "2100000 0 0 200000")
    told = said(of.content(of.saving(its=figures), whole=figures), is_outturn=True)
    assert told.delivery == "£2.1m was delivered by 31 March, £200k short of the target."
    assert told.delivered == ""


def test_while_one_forecast_is_missing_no_shortfall_is_claimed():
    known, unknown = (
        of.saving(its=of.figures("1150000", "1150000")),
        of.saving(its=of.figures("650000"), key="8"),
    )
    whole = replace(of.figures("1800000", "1150000"), shortfall=None, unmitigated=None)
    told = said(of.content(known, unknown, whole=whole))
    assert (
        told.delivery == "£1.2m is forecast to be delivered by 31 March, of the savings that have a forecast."
    )
    assert told.cover == ""
    assert "1 saving has no forecast yet" in told.unknown


@pytest.mark.parametrize(
    ("mitigation", "words"),
    [
        ("0", "Nothing with a £ stands in for the shortfall, so £200k adds to the overspend."),
        ("120000", "£120k of the shortfall is met by other means; the other £80k adds to the overspend."),
        ("200000", "The shortfall is met in full by other means."),
    ],
)
def test_what_covers_a_shortfall_is_said_with_what_is_left(mitigation, words):
    figures = of.figures("2300000", "2100000", mitigation=mitigation)
    assert said(of.content(of.saving(its=figures), whole=figures)).cover == words


def test_cover_without_a_pound_is_said_to_have_none():
    figures = of.figures("2300000", "2100000")
    saving = of.saving(its=figures, mitigations=(of.cover(amount=None),))
    assert said(of.content(saving, whole=figures)).cover.endswith(
        "For some of what is to cover it no £ is given."
    )


def test_what_only_this_year_covers_comes_back_next_year():
    once = of.figures("2300000", "2100000", mitigation="200000")
    told = said(of.content(of.saving(its=once), whole=once))
    assert told.next_year == (
        "£200k comes back as a pressure next year, because nothing that lasts stands in for it."
    )
    for_good = of.figures("2300000", "2100000", mitigation="200000", lasting="200000")
    assert said(of.content(of.saving(its=for_good), whole=for_good)).next_year == ""


def test_how_much_has_been_delivered_is_said_with_its_share():
    figures = of.figures("2000000", "2000000", "1580000 420000 0 0")
    told = said(of.content(of.saving(its=figures), whole=figures))
    assert told.delivered == "£1.6m (79.0%) has been delivered so far."
    nothing = of.figures("2000000", "2000000", "0 2000000 0 0")
    assert (
        said(of.content(of.saving(its=nothing), whole=nothing)).delivered
        == "Nothing has been delivered so far."
    )


# --- One saving


def test_the_facts_beside_a_colour_are_held_apart_from_it():
    amber = of.saving(its=of.figures("250000", "250000"), mitigations=(of.cover(amount=None),))
    assert facts_of(amber) == (
        "Forecast delivery £250,000; confidence medium; no date given; would be covered by: reserve (no £ given)."
    )
    short = of.saving(its=of.figures("250000", "200000"))
    assert "£50,000 short" in facts_of(short)
    assert facts_of(short).endswith("nothing covers it.")
    assert facts_of(of.saving()).startswith("Delivery not yet forecast;")


def test_red_stands_before_amber_and_the_largest_first():
    small, large = of.saving("Small", of.figures("1")), of.saving("Large", of.figures("2"))
    red, green = of.saving("Red", of.figures("1"), Rag.RED), of.saving("Green", rag=Rag.GREEN)
    unrated = of.saving("Unrated", rag=None)
    assert [one.proposal.title for one in not_green([small, green, large, red, unrated])] == [
        "Red",
        "Large",
        "Small",
    ]


def test_targets_by_directorate_and_colour_sum_to_the_target():
    other = of.proposal("Other", "8", directorate="Education")
    rows = rated_targets(
        [
            of.saving(its=of.figures("250000")),
            of.saving(its=of.figures("100000"), rag=Rag.RED, of=other),
            of.saving(its=of.figures("50000"), rag=None, of=other),
            of.saving(its=of.figures(None), of=other),
        ]
    )
    assert [(row.name, row.red, row.amber, row.unrated, row.target) for row in rows] == [
        ("Children and Families", 0, 250000, 0, 250000),
        ("Education", 100000, 0, 50000, 150000),
        ("Total", 100000, 250000, 50000, 400000),
    ]
    assert rated_targets([of.saving(its=of.figures(None))]) == ()


# --- One proposal, a plan, the strategy


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        (
            ((2016, "-300000"), (2017, "-400000")),
            "It is to save £700k: £300k in 2016/17 and £400k in 2017/18.",
        ),
        (((2012, "-240000"),), "It is to save £240k in 2012/13."),
        (((2024, "5000"), (2025, "1000")), "It is to add £6k: £5k in 2024/25 and £1k in 2025/26."),
        (
            ((2026, "-742032"), (2027, "645032")),
            "It changes the budget by −£742k in 2026/27 and +£645k in 2027/28: −£97k in all.",
        ),
        ((), "No £ is given for this proposal."),
    ],
)
def test_a_proposals_amounts_are_said_year_by_year(amounts, words):
    assert sentences.amounts_sentence(of.phasing(*amounts)) == words


def test_an_amount_that_can_be_read_in_two_ways_is_said_to_be_so():
    assert sentences.amounts_sentence(of.phasing((2012, "-125000"), spans=(of.span(),))) == (
        "It is to save £125k in 2012/13. £250k given for 2013/14 to 2014/15 can be read in two ways, and is counted in no year."
    )


def test_parts_without_amounts_are_not_yet_broken_down():
    parts = tuple(ComponentEntry(title=title) for title in ("Triage", "Schools"))
    assert sentences.components_sentence(of.proposal(components=parts)) == (
        "2 parts are named. How much each brings in is not yet broken down."
    )
    one = (replace(parts[0], amount=Decimal(5)), parts[1])
    assert sentences.components_sentence(of.proposal(components=one)) == (
        "2 parts are named; 1 has an amount. The rest is not yet broken down."
    )


def test_the_terms_of_a_vacancy_factor_are_said():
    told = sentences.vacancy_sentences(
        VacancyEntry(
            percent=Decimal("3.50"),
            implied_pay_budget=Decimal("48571429"),
            exempt_posts="Front-line social workers.",
            is_substitution_allowed=True,
            review_months=3,
        )
    )
    assert told == (
        "3.5% of the pay budget is not filled with money, because some posts are always empty.",
        "The pay budget is not stated; at this percentage, this saving alone is that of about £48.6m of pay.",
        "Left out: Front-line social workers.",
        "Another saving than pay may stand in its place.",
        "It is reviewed every quarter.",
    )


def test_a_plan_says_what_its_actions_bring_in_and_what_the_paper_adds_them_to():
    plan = of.plan(
        of.action(),
        of.action("Review placements", "170000", is_full_year_target=True),
        identified=Decimal("224537"),
        total_as_printed=Decimal("1120000"),
        gap=Decimal(0),
    )
    assert sentences.plan_sentence(plan) == "1 action is to bring in £1,120,000 in 2014/15."
    assert sentences.plan_details(plan) == (
        "£224,537 has been identified, of the actions that say so.",
        "The paper prints a total of £1,120,000, which is what its actions add to.",
        "1 more action is named without a target for this year.",
    )
    differs = replace(plan, gap=Decimal(1))
    assert "£1 from what its actions add to" in " ".join(sentences.plan_details(differs))


def test_a_bridge_says_where_it_starts_where_it_ends_and_what_it_does_not_explain():
    assert sentences.bridge_sentence(of.bridge()) == (
        "£5,466,000 over becomes £4,681,000 over: £785,000 better. What it is made of is not given."
    )
    assert sentences.bridge_sentence(of.bridge("4652000", "3751000", ("Freeze", "-901000"))) == (
        "£4,652,000 over becomes £3,751,000 over: £901,000 better."
    )
    assert sentences.bridge_sentence(of.bridge("100", "200", ("Freeze", "-50"))).endswith(
        "£100 worse. £150 of it is not explained."
    )


def test_the_strategy_names_its_largest_gap_or_says_that_none_is_known():
    known = of.strategy(of.strategy_year(2024), of.strategy_year(2025, "2500000"))
    assert sentences.strategy_sentence(known) == (
        "With what is agreed, £2.5m is still to be found in 2025/26, the largest gap of 2024/25 to 2025/26."
    )
    assert "so there is no gap to show" in sentences.strategy_sentence(
        of.strategy(of.strategy_year(2018, None))
    )
    closed = of.strategy(of.strategy_year(2024, "-5"))
    assert sentences.strategy_sentence(closed) == "With what is agreed, no year of 2024/25 has a gap."


def test_what_is_withdrawn_is_listed_and_not_summed():
    standing = of.proposal("A", "1", phasing=of.phasing((2024, "-100"), (2025, "-50")))
    gone = of.proposal("B", "2", stage=Stage.WITHDRAWN, phasing=of.phasing((2024, "-1000")))
    unpriced = of.proposal("C", "3")
    summed = phased_sum([standing, gone, unpriced])
    assert (summed.total, summed.without_amounts) == (Decimal(-150), 1)
    assert summed.by_year == {of.year(2024): Decimal(-100), of.year(2025): Decimal(-50)}
