"""Figures in templates are the formatter's words."""

from decimal import Decimal

import pytest
from django.template import engines

from accounting.rag import Rag

AMOUNT = Decimal("3800000.00")


@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        ("{{ value|money }}", AMOUNT, "£3,800,000"),
        ("{{ value|money }}", Decimal("-5"), "−£5"),
        ("{{ value|money }}", Decimal("-0.00"), "£0"),
        ("{{ value|money }}", None, "not yet forecast"),
        ('{{ value|money:"not given" }}', None, "not given"),
        ("{{ value|pounds_and_pence }}", Decimal("1234.5"), "£1,234.50"),
        ("{{ value|thousands }}", AMOUNT, "3,800"),
        ("{{ value|short_money }}", AMOUNT, "£3.8m"),
        ("{{ value|signed_short_money }}", AMOUNT, "+£3.8m"),
        ("{{ value|over_under }}", AMOUNT, "£3.8m over"),
        ("{{ value|over_under }}", Decimal("-152000"), "£152k under"),
        ("{{ value|better_worse }}", None, "first report"),
        ("{{ value|percent }}", Decimal("20"), "20.0%"),
        ("{{ value|percent }}", None, "n/a"),
        ("{{ value|rag_word }}", Rag.RED, "■ Red"),
        ("{{ value|rag_word }}", None, "not rated"),
    ],
)
def test_a_filter_prints_the_formatters_words(source, value, words):
    assert engines["django"].from_string(source).render({"value": value}) == words
