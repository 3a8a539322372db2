"""`import_return` as a person runs it: what it prints, and how it ends."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from services.models import ImportBatch
from tests.services.factories import make_council, make_line
from tests.services.imports.support import csv_bytes, fingerprint, position_of


@pytest.fixture
def council(db):
    from accounts.operations import command_line_user

    command_line_user()
    council = make_council()
    make_line(council, "Fostering")
    return council


def run(tmp_path, content, *options, profile=None, period="2023-24/p7"):
    path = tmp_path / "return.csv"
    path.write_bytes(content)
    if profile:
        (tmp_path / "profile.toml").write_text(profile)
        options += ("--profile", str(tmp_path / "profile.toml"))
    out = StringIO()
    try:
        call_command(
            "import_return", str(path), "--council", "north-borough", "--period", period, *options, stdout=out
        )
    except CommandError as error:
        return out.getvalue() + str(error), 1
    return out.getvalue(), 0


def test_it_says_what_it_read_matched_and_checked_and_writes(council, tmp_path):
    told, status = run(
        tmp_path,
        csv_bytes(("Fostering", "1000.00", "1200.00"), ("Total", "1000.00", "1200.00")),
        profile='total_rows = ["Total"]',
    )
    assert status == 0
    assert "Rows read: 1, matched: 1, created: 0, unknown: 0, changed: 1" in told
    assert (
        "Total: forecast outturn: printed £1,200.00, sum £1,200.00, gap £0.00, tolerance £0.00: agrees"
        in told
    )
    assert told.rstrip().endswith("Written.")
    assert position_of(council).lines[0].position.variance_before_reserves == 200


def test_a_dry_run_writes_nothing_at_all(council, tmp_path):
    before = fingerprint()
    told, status = run(tmp_path, csv_bytes(("Fostering", "1000", "1200")), "--dry-run")
    assert (status, fingerprint()) == (0, before)
    assert "nothing written" in told
    assert not ImportBatch.objects.exists()


def test_problems_end_it_with_1_and_nothing_written(council, tmp_path):
    before = fingerprint()
    told, status = run(tmp_path, csv_bytes(("Fostering", "1000", "1,2"), ("Nowhere", "1", "2")))
    assert (status, fingerprint()) == (1, before)
    assert "2 problems. Nothing written." in told
    assert "Row 2, column “Forecast outturn”" in told


def test_a_finding_is_confirmed_by_its_code(council, tmp_path):
    content = csv_bytes(("Fostering", "1000", "1200"), ("Total", "1000", "1200"))
    told, status = run(tmp_path, content)
    assert status == 1
    assert "--confirm total-row" in told
    assert run(tmp_path, content, "--confirm", "total-row")[1] == 0


def test_the_same_file_again_is_no_error(council, tmp_path):
    content = csv_bytes(("Fostering", "1000", "1200"))
    run(tmp_path, content)
    told, status = run(tmp_path, content)
    assert status == 0
    assert "Already imported on" in told
    assert "0 changes" in told


def test_it_acts_as_a_user_who_cannot_sign_in(council, tmp_path):
    run(tmp_path, csv_bytes(("Fostering", "1000", "1200")))
    assert ImportBatch.objects.get().applied_by == User.objects.get(username="command-line", is_active=False)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--control-total", "1200.01"), "£1,200.01"),
        (("--control-total", "revised_budget=1000.00"), "Written."),
        (("--control-total", "1.2e3"), "scientific notation"),
        (("--control-total", "wobble=1"), "is not a field"),
    ],
)
def test_a_control_total_may_be_given_beside_the_file(council, tmp_path, options, says):
    assert says in run(tmp_path, csv_bytes(("Fostering", "1000.00", "1200.00")), *options)[0]


@pytest.mark.parametrize(
    ("period", "profile", "says"),
    [
        ("2023-25/p7", None, "is not a financial year"),
        ("2023-24/p14", None, "There is no period 14"),
        ("2023-24/p7", "units = 1", "units is"),
    ],
)
def test_what_is_typed_wrong_is_said(council, tmp_path, period, profile, says):
    told, status = run(tmp_path, csv_bytes(("Fostering", "1", "2")), period=period, profile=profile)
    assert status == 1
    assert says in told


def test_a_council_that_is_not_there_is_said(council, tmp_path):
    with pytest.raises(CommandError, match="There is no council “elsewhere”"):
        call_command(
            "import_return", str(tmp_path / "x.csv"), "--council", "elsewhere", "--period", "2023-24/p7"
        )
