"""Words that may tell who a child is are found, and ordinary commentary is left alone."""

import pytest

from accounting.words_lint import ConcernKind, concerns_in, is_nhs_number


@pytest.mark.parametrize(
    ("words", "kind", "passage"),
    [
        ("Costs rose as 3 young people moved to residential care.", "small_number", "3 young people"),
        ("Costs rose as\n3  young people moved.", "small_number", "3 young people"),
        ("There are two siblings in one home.", "small_number", "two siblings"),
        ("One child needs two carers.", "small_number", "One child"),
        ("Four looked-after care leavers", "small_number", "Four looked-after care leavers"),
        ("A sibling group of three was placed.", "small_number", "sibling group of three"),
        ("3 of the children", "small_number", "3 of the children"),
        ("2 UASC arrived", "small_number", "2 UASC"),
        ("A 7-year-old in a secure home", "age", "7-year-old"),
        ("The girl, aged 15, moved.", "age", "aged 15"),
        ("NHS 943 476 5919 is funded", "nhs_number", "943 476 5919"),
        ("see 9434765919", "nhs_number", "9434765919"),
        ("DOB 12/05/2014", "date_of_birth", "DOB 12/05/2014"),
        ("born on 3 May 2012", "date_of_birth", "born on 3 May 2012"),
        ("12.05.2014", "date_of_birth", "12.05.2014"),
        ("Mr Smith has left the team.", "name", "Mr Smith"),
        ("Ms. J. O’Neill-Brown", "name", "Ms. J. O’Neill-Brown"),
        ("Costs of the Jones family", "name", "the Jones family"),
        ("Baby Jane", "name", "Baby Jane"),
    ],
)
def test_a_passage_that_may_tell_who_a_child_is_is_found_once(words, kind, passage):
    assert [(concern.kind, concern.passage) for concern in concerns_in(words)] == [
        (ConcernKind(kind), passage)
    ]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "More children than planned.",
        "Twelve more carers than planned; 13 children in residential care, 1,234 children in all.",
        "£3 children’s homes grant; £2 million for children with disabilities.",
        "Inflation of 5 per cent as children move between bands.",
        "5 children’s homes were inspected.",
        "Ages 16 to 25, and those aged 16 to 18.",
        "The Supporting Families grant ends in March 2027; the Hackney Education traded income is lower.",
        "Contract 02079460000, invoice 1234567890, £1,234,567,890.",
        "From 1 April 2026 the rate is 2.5% higher; 4 agency social workers cover vacancies.",
        "Month 7 shows £1.3m; 3 placements ended.",
        "Fewer 3 and 4 year olds; the 2 year old entitlement, and 2-year-old funding, have grown.",
        "Doctors and masters of the trade; dr of law.",
    ],
)
def test_ordinary_commentary_is_left_alone(words):
    assert concerns_in(words) == ()


def test_passages_are_told_in_the_order_of_the_text():
    found = concerns_in("Mr Smith looks after two siblings, one aged 4.")
    assert [str(concern) for concern in found] == [
        "“Mr Smith” looks like a person’s name",
        "“two siblings” looks like a small number of children",
        "“aged 4” looks like a child’s age",
    ]


@pytest.mark.parametrize(
    ("digits", "is_one"), [("9434765919", True), ("9434765918", False), ("123", False), ("94347659x9", False)]
)
def test_an_nhs_number_ends_in_its_check_digit(digits, is_one):
    assert is_nhs_number(digits) is is_one
