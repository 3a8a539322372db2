"""The medium-term view: base + growth + reopened + savings = requirement; requirement − funding = gap."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from accounting.mtfs import YearInputs, medium_term
from accounting.periods import FinancialYear

PENCE = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
FIGURES = st.fixed_dictionaries(
    {"growth": PENCE, "savings": PENCE, "reopened": PENCE, "funding": st.none() | PENCE}
)


def inputs(first, **figures):
    amounts = {name: None if value is None else Decimal(value) for name, value in figures.items()}
    return YearInputs(year=FinancialYear(first), **amounts)


def test_each_year_starts_from_what_the_year_before_leads_to():
    first, second = medium_term(
        [
            inputs(2026, base=1000, growth=60, savings=-40, funding=1000),
            inputs(2027, growth=30, savings=-20, reopened=15, funding=1010),
        ]
    )
    assert (first.requirement, first.gap) == (1020, 20)
    assert (second.base, second.requirement, second.gap) == (1020, 1045, 35)


def test_a_base_that_is_given_stands_and_its_difference_is_shown():
    first, second, third = medium_term(
        [inputs(2026, base=1000, savings=-40), inputs(2027, base=970, growth=5), inputs(2028, base=975)]
    )
    assert (first.base_differs, second.base_differs, third.base_differs) == (None, 10, None)
    assert (second.base, second.requirement) == (970, 975)


def test_what_is_not_known_stays_not_known_until_a_base_is_given():
    years = medium_term([inputs(2026, funding=5), inputs(2027, growth=3), inputs(2028, base=9, funding=9)])
    assert [(one.base, one.requirement, one.gap) for one in years] == [
        (None, None, None),
        (None, None, None),
        (9, 9, 0),
    ]
    assert [one.growth for one in years] == [0, 3, 0]


def test_the_order_in_which_years_are_given_changes_nothing():
    years = [inputs(2027, growth=1), inputs(2026, base=10)]
    assert medium_term(years) == medium_term(reversed(years))
    assert medium_term([]) == ()


@given(PENCE, st.lists(FIGURES, min_size=1, max_size=8))
def test_all_changes_together_lead_from_the_first_base_to_the_last_requirement(base, figures):
    years = medium_term(
        YearInputs(year=FinancialYear(2020 + place), base=base if place == 0 else None, **one)
        for place, one in enumerate(figures)
    )
    changes = sum(one.growth + one.savings + one.reopened for one in years)
    assert years[-1].requirement == base + changes
    for one in years:
        assert one.gap == (None if one.funding is None else one.requirement - one.funding)
        assert one.base_differs is None


@given(st.lists(FIGURES, min_size=2, max_size=8), PENCE, st.data())
def test_a_saving_made_for_good_closes_the_gap_of_its_own_and_of_every_later_year(figures, saving, data):
    def years(extra_in=None):
        return medium_term(
            YearInputs(
                year=FinancialYear(2020 + place),
                base=Decimal(0) if place == 0 else None,
                **{**one, "savings": one["savings"] - (saving if place == extra_in else 0)},
            )
            for place, one in enumerate(figures)
        )

    place = data.draw(st.integers(0, len(figures) - 1))
    for index, (without, with_it) in enumerate(zip(years(), years(extra_in=place), strict=True)):
        assert without.requirement - with_it.requirement == (saving if index >= place else 0)
