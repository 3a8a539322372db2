"""Whatever is held and whatever the schedule says: after an import the schedule's years are as printed, and the others as they were."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan, PhaseKind, changes_by_year
from savings.imports.phases import differences, new_phases
from savings.imports.reading import ScheduleLine

YEARS = [FinancialYear(first) for first in range(2024, 2032)]
pounds = st.integers(-(10**9), 10**9).map(lambda pence: Decimal(pence).scaleb(-2))
kinds = st.sampled_from([PhaseKind.RECURRENT, PhaseKind.ONE_OFF, PhaseKind.FULL_YEAR_EFFECT])
held_phases = st.lists(
    st.builds(PhasedAmount, year=st.sampled_from(YEARS), amount=pounds, kind=kinds),
    unique_by=lambda phase: (phase.year, phase.kind),
    max_size=6,
)
changes = st.dictionaries(st.sampled_from(YEARS[2:6]), pounds, min_size=1)


def line(amounts, printed=None):
    return ScheduleLine(
        row=2, reference="A1", title="Contracts", texts={}, changes=amounts, total_as_printed=printed
    )


@given(held_phases, changes)
def test_a_new_version_has_the_schedules_years_as_printed(held, amounts):
    plan = PhasedPlan(phases=tuple(held))
    years = YEARS[2:6]
    by_year = changes_by_year(new_phases(line(amounts), years, plan))
    assert {year: by_year.get(year, 0) for year in years} == {year: amounts.get(year, 0) for year in years}


@given(held_phases, changes)
def test_years_before_the_schedule_stay_as_they_were(held, amounts):
    plan = PhasedPlan(phases=tuple(held))
    by_year = changes_by_year(new_phases(line(amounts), YEARS[2:6], plan))
    for year in YEARS[:2]:
        assert by_year.get(year, 0) == plan.change(year)


@given(held_phases, changes)
def test_a_second_import_of_the_same_finds_no_difference(held, amounts):
    years = YEARS[2:6]
    again = PhasedPlan(phases=new_phases(line(amounts), years, PhasedPlan(phases=tuple(held))))
    assert differences(line(amounts), years, again) == ()


@given(held_phases, changes)
def test_no_year_and_kind_is_written_twice(held, amounts):
    phases = new_phases(line(amounts), YEARS[2:6], PhasedPlan(phases=tuple(held)))
    names = [(phase.year, phase.kind) for phase in phases]
    assert len(names) == len(set(names))
