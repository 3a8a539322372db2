"""Rule tables that make no sense are refused, and the words say what to change."""

from decimal import Decimal

import pytest

from accounting.materiality import Materiality, MaterialityError
from accounting.rag import DEFAULT_RULES, Rag, RagRule, RagRuleError, Threshold, check_rules
from accounting.virements import ApprovalRule, Boundary, SchemeError, check_scheme, in_order, rule_met

RANKS = {"budget_holder": 1, "finance_officer": 2, "head_of_finance": 3}
WITHIN, DIVISIONS, DIRECTORATES = Boundary


def rag(rating, percent=None, amount=None, *, overspend=True):
    kind = (
        Threshold.WHICHEVER_IS_LOWER
        if percent and amount
        else Threshold.PERCENT
        if percent
        else Threshold.AMOUNT
    )
    return RagRule(
        rating=rating,
        overspend=overspend,
        threshold=kind,
        percent=None if percent is None else Decimal(percent),
        amount=None if amount is None else Decimal(amount),
    )


def row(boundary, above, approver="head_of_finance", *, for_approval=False):
    return ApprovalRule(
        boundary=boundary, above_amount=Decimal(above), approver=approver, for_approval=for_approval
    )


@pytest.mark.parametrize(
    "rules",
    [
        DEFAULT_RULES,
        [rag(Rag.RED, 5)],
        [rag(Rag.RED, 5, 500_000), rag(Rag.AMBER, 2, 100_000)],
        [rag(Rag.RED, 5), rag(Rag.AMBER, 2, 100_000), rag(Rag.AMBER, 5, overspend=False)],
    ],
)
def test_a_rag_table_that_makes_sense_is_taken(rules):
    check_rules(rules)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], "No overspend would ever be Red"),
        ([rag(Rag.AMBER, 5)], "No overspend would ever be Red"),
        ([rag(Rag.RED, 5, overspend=False)], "No overspend would ever be Red"),
        ([rag(Rag.RED, 5), rag(Rag.GREEN, 1)], "Green is what is left"),
        (
            [rag(Rag.RED, 5), rag(Rag.AMBER, 5)],
            "Amber from 5.0% and Red from 5.0%: Amber must begin below Red",
        ),
        ([rag(Rag.RED, 5), rag(Rag.AMBER, 8)], "Amber must begin below Red"),
        ([rag(Rag.RED, 5, 100), rag(Rag.AMBER, 2, 200)], "Amber from £200 and Red from £100"),
        ([rag(Rag.RED, 5, 100), rag(Rag.AMBER, 2)], "without being Amber: a gap. Give Amber a lower amount"),
        ([rag(Rag.AMBER, 2), rag(Rag.RED, 5)], "Amber is asked before Red, so none would be Red"),
        ([rag(Rag.RED, 5), rag(Rag.RED, None, 100)], "two rules for one rating, which overlap"),
        ([rag(Rag.RED, 5), rag(Rag.AMBER, -2)], "below nil"),
    ],
)
def test_a_rag_table_that_makes_no_sense_is_refused(rules, words):
    with pytest.raises(RagRuleError, match=words):
        check_rules(rules)


def test_the_first_row_of_a_scheme_that_a_virement_meets_decides():
    scheme = in_order(
        [row(WITHIN, 0, "budget_holder"), row(DIVISIONS, 0), row(WITHIN, 1000, "finance_officer")]
    )
    check_scheme(scheme, ranks=RANKS)
    assert rule_met(scheme, boundary=WITHIN, moved=Decimal(1000)).approver == "budget_holder"
    assert rule_met(scheme, boundary=WITHIN, moved=Decimal("1000.01")).approver == "finance_officer"
    assert rule_met(scheme, boundary=DIRECTORATES, moved=Decimal(1)).approver == "head_of_finance"


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([row(WITHIN, 500)], "within a division of more than £0 meets no row: a gap"),
        ([row(DIVISIONS, 0)], "within a division of more than £0 meets no row: a gap"),
        ([row(WITHIN, 0), row(WITHIN, 0, "finance_officer")], "never decides: another row takes every case"),
        (
            [row(WITHIN, 0), row(DIVISIONS, 100)],
            "“Between divisions of a directorate, more than £100: .* never decides",
        ),
        (
            [row(WITHIN, 1000, "finance_officer"), row(WITHIN, 0)],
            "asks less than .* more of the larger|at least as much",
        ),
        ([row(WITHIN, 1000), row(WITHIN, 0, for_approval=True)], "at least as much of the larger"),
        ([row(WITHIN, 0, "clerk")], "A clerk cannot approve a virement"),
        ([row(WITHIN, -5)], "below nil"),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused(rules, words):
    with pytest.raises(SchemeError, match=words):
        check_scheme(rules, ranks=RANKS)


@pytest.mark.parametrize(
    ("amount", "percent", "words"),
    [
        (None, None, "No variance would have to be explained"),
        (0, None, "every penny"),
        (None, -1, "above nil"),
        (None, 101, "above 100"),
    ],
)
def test_a_rule_of_explanation_asks_for_something_and_not_for_everything(amount, percent, words):
    limits = [None if value is None else Decimal(value) for value in (amount, percent)]
    with pytest.raises(MaterialityError, match=words):
        Materiality(amount=limits[0], percent=limits[1]).check()


def test_a_rule_of_explanation_is_said_in_words():
    assert (
        Materiality(amount=Decimal(100000), percent=Decimal(10)).words
        == "£100,000 or more, or 10.0% of the budget or more"
    )
