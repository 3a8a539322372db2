"""Two imports of the same period at the same moment (T07): the second waits for the first, and is told what was done."""

import json

import pytest

from tests.scrutiny.test_publishing_at_once import begin, environment
from tests.services.factories import make_council, make_line, make_period
from tests.services.imports.support import csv_bytes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def council():
    made = make_council()
    for name in ("Placements", "Fostering"):
        make_line(made, name, budget="1000")
    make_period(made)
    return made


def race(tmp_path, *files):
    """What two commands that begin together print."""
    variables = environment(tmp_path)
    racing = []
    for number, content in enumerate(files):
        path = tmp_path / f"return-{number}.csv"
        path.write_bytes(content)
        command = ["import_return", str(path), "--council", "north-borough", "--period", "2023-24/p7"]
        racing.append(begin(command, variables))
    said = [process.communicate(timeout=120) for process in racing]
    assert [process.returncode for process in racing] == [0, 0], said
    verified = begin(["verify_audit"], variables)
    out, errors = verified.communicate(timeout=60)
    assert verified.returncode == 0, (out, errors)
    listed = begin(
        ["position", "--council", "north-borough", "--period", "2023-24/p7", "--format", "json"], variables
    )
    out, errors = listed.communicate(timeout=60)
    figures = {
        line["service_line"]: line["forecast_outturn"]
        for line in json.loads(out)["lines"]
        if line["service_line"] in ("Placements", "Fostering")
    }
    return [out for out, _ in said], figures


def test_t07_of_the_same_file_twice_at_once_one_is_written_and_the_other_is_told_when_and_by_whom(
    council, tmp_path
):
    content = csv_bytes(("Placements", "1000", "1100"), ("Fostering", "1000", "900"))
    said, held = race(tmp_path, content, content)
    assert sorted("Nothing written: 0 changes." in out for out in said) == [False, True]
    told = next(out for out in said if "Nothing written" in out)
    assert "Already imported on" in told
    assert "by Command line" in told
    assert held == {"Placements": "1100.00", "Fostering": "900.00"}


def test_t07_of_two_files_at_once_each_is_written_whole_one_after_the_other(council, tmp_path):
    first = csv_bytes(("Placements", "1000", "1100"), ("Fostering", "1000", "900"))
    second = csv_bytes(("Placements", "1000", "1200"), ("Fostering", "1000", "800"))
    said, held = race(tmp_path, first, second)
    assert all("Written." in out for out in said)
    assert held in (
        {"Placements": "1100.00", "Fostering": "900.00"},
        {"Placements": "1200.00", "Fostering": "800.00"},
    )
