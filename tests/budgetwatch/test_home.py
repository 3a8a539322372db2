"""The first page after signing in."""

import pytest

from accounts import operations
from services.models import Council, RoleAssignment
from services.roles import Role
from tests.scrutiny.council import make_thorney

pytestmark = pytest.mark.django_db


def test_a_person_with_one_council_goes_straight_to_it(client):
    client.force_login(make_thorney().member)
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/thorney/"


def test_a_person_with_two_councils_chooses(client):
    thorney = make_thorney()
    second = Council.objects.create(slug="second", name="Second Council")
    RoleAssignment.objects.create(user=thorney.officer, council=second, role=Role.SCRUTINY_MEMBER)
    client.force_login(thorney.officer)
    page = client.get("/").content.decode()
    assert "Thorney Borough Council" in page
    assert "Second Council" in page
    assert "/thorney/working/" in page
    assert "/second/working/" not in page


def test_a_person_without_a_role_is_told_so(client):
    client.force_login(
        operations.create_user(username="nobody", post="", password="marmalade-bicycle-thunder")
    )
    assert "You have no role yet" in client.get("/").content.decode()


def test_every_word_at_the_start_of_an_address_is_refused_as_a_councils_name(client):
    from django.urls import get_resolver

    from services.operations.councils import RESERVED_SLUGS

    first = {str(pattern.pattern).split("/")[0] for pattern in get_resolver("accounts.urls").url_patterns}
    words = first | {"health", "components", "static"}
    assert words <= set(RESERVED_SLUGS)
