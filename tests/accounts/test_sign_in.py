"""Signing in, signing out, and what a guesser meets."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import operations
from accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"


def attempt(client, *, username="officer", password=PASSWORD, next_page="", **extra):
    return client.post(SIGN_IN, {"username": username, "password": password, "next": next_page}, **extra)


def test_the_right_password_signs_an_officer_in(client, officer):
    response = attempt(client)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_capitals_in_the_user_name_do_not_matter(client, officer):
    assert attempt(client, username="Officer").status_code == 302


def test_a_wrong_password_and_an_unknown_user_read_the_same(officer):
    known = attempt(Client(), password="wrong-wrong-wrong").content.decode()
    unknown = attempt(Client(), username="nobody-at-all", password="wrong-wrong-wrong").content.decode()
    assert "The user name or the password is not right" in known
    same = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|value="(officer|nobody-at-all)"')
    assert same.sub("", known) == same.sub("", unknown)


def test_a_disabled_person_reads_what_a_stranger_reads(client, officer):
    operations.disable_user(user=officer)
    response = attempt(client)
    assert response.status_code == 200
    assert "The user name or the password is not right" in response.content.decode()


def test_the_user_name_typed_is_kept_and_the_password_is_not(client, officer):
    page = attempt(client, password="wrong-wrong-wrong").content.decode()
    assert 'value="officer"' in page
    assert "wrong-wrong-wrong" not in page


def test_an_empty_form_says_which_fields_are_missing(client, db):
    page = attempt(client, username="", password="").content.decode()
    assert "Enter your user name" in page
    assert "Enter your password" in page


def test_signing_in_leads_back_to_the_page_asked_for(client, officer):
    assert attempt(client, next_page="/password/")["Location"] == "/password/"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "///evil.example"],
)
def test_signing_in_never_leads_to_another_site(client, officer, elsewhere):
    assert attempt(client, next_page=elsewhere)["Location"] == "/"


def test_the_session_changes_its_key_at_sign_in(client, officer):
    session = client.session
    session["before"] = "kept by whoever planted it"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    attempt(client)
    assert client.cookies["sessionid"].value != planted


def test_a_copied_cookie_is_dead_after_signing_out(client, officer):
    attempt(client)
    copied = client.cookies["sessionid"].value
    client.post(reverse("accounts:sign_out"))
    thief = Client()
    thief.cookies["sessionid"] = copied
    assert thief.get("/password/").status_code == 302


def test_signing_out_by_a_link_is_refused(client, officer):
    attempt(client)
    assert client.get(reverse("accounts:sign_out")).status_code == 405
    assert "_auth_user_id" in client.session


def test_signing_out_says_so(client, officer):
    attempt(client)
    page = client.post(reverse("accounts:sign_out"), follow=True)
    assert "You are signed out" in page.content.decode()


def test_a_person_disabled_in_mid_session_is_out_at_the_next_page(client, officer):
    attempt(client)
    operations.disable_user(user=officer)
    assert client.get("/password/").status_code == 302


def test_a_page_behind_the_door_is_not_kept_by_the_browser(client, officer):
    attempt(client)
    assert client.get("/password/")["Cache-Control"] == "no-store"


def test_a_form_without_its_token_changes_nothing(officer):
    assert attempt(Client(enforce_csrf_checks=True)).status_code == 403


def test_the_eleventh_guess_is_stopped_even_with_the_right_password(client, officer):
    answers = [attempt(client, password=f"guess-number-{number}").status_code for number in range(10)]
    assert answers[:9] == [200] * 9
    locked = attempt(client)
    assert locked.status_code == 429
    assert "stopped for 15 minutes" in locked.content.decode()


def test_a_colleague_at_the_same_address_is_not_stopped_with_the_guesser(client, officer):
    operations.create_user(username="clerk", post="Clerk", password=PASSWORD)
    for number in range(10):
        attempt(client, password=f"guess-number-{number}")
    assert attempt(Client(), username="clerk").status_code == 302


def test_one_account_tried_from_many_addresses_is_stopped(officer):
    for number in range(30):
        attempt(Client(), password=f"guess-number-{number}", REMOTE_ADDR=f"192.0.2.{number + 1}")
    assert attempt(Client(), REMOTE_ADDR="198.51.100.1").status_code == 429


def test_one_address_trying_many_accounts_is_stopped(officer):
    for number in range(100):
        attempt(Client(), username=f"name{number}", password="guess-guess-guess", REMOTE_ADDR="192.0.2.9")
    assert attempt(Client(), REMOTE_ADDR="192.0.2.9").status_code == 429
    assert attempt(Client(), REMOTE_ADDR="192.0.2.10").status_code == 302


def test_a_claimed_forwarding_address_does_not_get_round_the_limit(officer):
    for number in range(10):
        attempt(Client(), password=f"guess-number-{number}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert attempt(Client(), HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 429


def test_behind_a_proxy_only_the_proxys_own_entry_counts(officer, settings):
    settings.BEHIND_PROXY = True
    for number in range(10):
        attempt(
            Client(), password=f"guess-number-{number}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 192.0.2.7"
        )
    assert attempt(Client(), HTTP_X_FORWARDED_FOR="203.0.113.99, 192.0.2.7").status_code == 429
    assert attempt(Client(), HTTP_X_FORWARDED_FOR="192.0.2.8").status_code == 302


def test_a_person_locked_out_may_try_again_after_a_quarter_of_an_hour(client, officer, monkeypatch):
    from datetime import timedelta

    from axes.models import AccessAttempt

    for number in range(10):
        attempt(client, password=f"guess-number-{number}")
    attempt(client)  # trying while locked out does not lengthen it
    assert attempt(client).status_code == 429
    for record in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=record.pk).update(
            attempt_time=record.attempt_time - timedelta(minutes=15, seconds=1)
        )
    assert attempt(client).status_code == 302


def test_a_password_is_never_written_down_by_the_throttle(client, officer):
    from axes.models import AccessAttempt

    attempt(client, password="my-secret-by-mistake")
    assert "my-secret-by-mistake" not in "".join(AccessAttempt.objects.values_list("post_data", flat=True))


def test_a_person_already_inside_is_sent_on(client, officer):
    client.force_login(officer)
    assert client.get(SIGN_IN).status_code == 302


def test_a_person_is_shown_by_post(officer):
    assert str(User.objects.get(username="officer")) == "Finance officer"
