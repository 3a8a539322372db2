"""The month's commands run twice at the same moment: each thing is done once."""

import pytest

from accounts.operations import set_email
from tests.scrutiny.test_publishing_at_once import begin, environment
from tests.services.factories import (
    make_council,
    make_forecast,
    make_line,
    make_period,
    make_published,
    make_reserve,
)
from tests.services.pages import make_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def both(arguments, variables):
    """What two processes that begin together answer."""
    racing = [begin(arguments, variables) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in racing]
    assert [process.returncode for process in racing] == [0, 0], said
    return [out for out, _ in said]


def test_of_two_runs_at_once_one_reminds_and_the_other_has_nothing_to_send(tmp_path):
    office = make_office()
    for who in ("holder", "officer"):
        set_email(user=office.people[who], email=f"{who}@example.gov.uk")
    mail = tmp_path / "mail"
    variables = environment(tmp_path) | {"BUDGETWATCH_MAIL_DIR": str(mail)}
    said = both(["send_reminders", "--date", "2023-11-08"], variables)
    letters = "".join(path.read_text() for path in mail.iterdir())
    assert letters.count("To: holder@example.gov.uk") == 1
    assert letters.count("To: officer@example.gov.uk") == 1
    assert sum(out.count("Sent to ") for out in said) == 2


def test_of_two_rolls_at_once_there_is_one(tmp_path):
    """T13: of two at the same moment, one."""
    council = make_council()
    make_reserve(council, opening="900000")
    period = make_period(council, "2023-24/p13")
    make_forecast(make_line(council, "Fostering", budget="5"), period, "5")
    make_published(period)
    variables = environment(tmp_path)
    roll = ["roll_year", "--council", "north-borough", "--year", "2023-24"]
    for out in both(roll, variables):
        assert "Children's transformation: £900,000.00" in out
    verified = begin(["verify_audit"], variables)
    out, errors = verified.communicate(timeout=60)
    assert verified.returncode == 0, (out, errors)
