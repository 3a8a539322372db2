"""What may be there once only is there once, also where one of its parts is left empty."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from services.models import Council, MonitoringPeriod, RoleAssignment, SourceNote
from services.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def council():
    return Council.objects.create(slug="thorney", name="Thorney Borough Council")


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_role_at_a_council_or_at_all_councils_is_held_once(council, everywhere):
    person = User.objects.create(username="head")
    held = {"user": person, "council": None if everywhere else council, "role": Role.HEAD_OF_FINANCE}
    RoleAssignment.objects.create(**held)
    with pytest.raises(IntegrityError, match="role_held_once"), transaction.atomic():
        RoleAssignment.objects.create(**held)
    with pytest.raises(ValidationError):
        RoleAssignment(**held).full_clean()


def test_a_source_that_belongs_to_no_line_is_noted_once(council):
    period = MonitoringPeriod.objects.create(council=council, year=2023, number=7)
    noted = {
        "council": council,
        "period": period,
        "subject": "reserve:Placements",
        "figure": "opening",
        "basis": "printed",
    }
    SourceNote.objects.create(**noted)
    with pytest.raises(IntegrityError, match="source_noted_once"), transaction.atomic():
        SourceNote.objects.create(**noted)
