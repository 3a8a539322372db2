"""Passwords: how they are held, changed and refused."""

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.test import Client

from accounts import operations
from accounts.hashers import Argon2idHasher
from accounts.models import User
from tests.accounts.conftest import PASSWORD


def test_passwords_are_held_as_argon2id_with_the_agreed_cost(settings):
    """M19: sixty people may sign in at nine o'clock."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert isinstance(identify_hasher(encoded), Argon2idHasher)
    assert check_password(PASSWORD, encoded)
    assert not check_password(PASSWORD.upper(), encoded)


def test_a_hash_of_another_cost_is_renewed_when_its_owner_signs_in(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    dear = type("Dear", (Argon2idHasher,), {"time_cost": 3})().encode(PASSWORD, "saltsaltsaltsalt")
    renewed = []
    assert check_password(PASSWORD, dear, setter=renewed.append)
    assert renewed == [PASSWORD]


def test_the_projects_own_settings_use_no_other_hasher():
    from budgetwatch import settings

    assert settings.PASSWORD_HASHERS == ["accounts.hashers.Argon2idHasher"]


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["short", "password1234", "finance-officer"])
def test_a_weak_password_is_refused_with_the_reason(weak):
    with pytest.raises(operations.WeakPasswordError, match=r"too short|too common|too similar"):
        operations.create_user(username="finance-officer", post="Finance officer", password=weak)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_two_people_cannot_share_a_user_name_in_different_capitals(officer):
    with pytest.raises(operations.UserExistsError, match="already a user named 'officer'"):
        operations.create_user(username=" OFFICER ", post="Other", password=PASSWORD)


@pytest.mark.django_db
def test_changing_the_password_ends_the_other_sessions(client, officer):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.post("/sign-in/", {"username": "officer", "password": PASSWORD})
    new = "umbrella-saffron-gravel"
    response = client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, follow=True
    )
    assert "Your password is changed" in response.content.decode()
    assert client.get("/password/").status_code == 200
    assert elsewhere.get("/password/").status_code == 302


@pytest.mark.django_db
def test_a_wrong_present_password_changes_nothing(client, officer):
    client.force_login(officer)
    new = "umbrella-saffron-gravel"
    page = client.post(
        "/password/", {"old_password": "not-this-one", "new_password1": new, "new_password2": new}
    )
    assert "The present password is not right" in page.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_new_password_by_the_administrator_works(client, officer):
    operations.set_password(user=officer, password="umbrella-saffron-gravel")
    response = client.post("/sign-in/", {"username": "officer", "password": "umbrella-saffron-gravel"})
    assert response.status_code == 302
