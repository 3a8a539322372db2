"""The frame of every page, the gallery of components, and the pages of errors."""

import itertools
import re

import pytest
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

GALLERY = "/components/"
ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")


@pytest.fixture
def gallery(client, db):
    return client.get(GALLERY).content.decode()


def test_the_gallery_shows_every_component(gallery):
    for mark in ("headline", "figure-steps", "figures", "chart", "definitions", "empty-state", "field-error", "error-summary",
                 "switcher", "tag-published", "pagination", "notice-conflict", "loading", "breadcrumbs", "rag-amber", "ledger"):  # fmt: skip
        assert re.search(rf'class="[^"]*\b{mark}\b', gallery), mark


def test_a_page_has_one_first_heading_and_no_level_is_skipped(gallery):
    levels = [int(level) for level in re.findall(r"<h([1-6])", gallery)]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_no_id_is_used_twice(gallery):
    ids = re.findall(r'\sid="([^"]+)"', gallery)
    assert sorted(ids) == sorted(set(ids))


def test_the_gallery_is_not_part_of_a_councils_site(rf):
    from django.http import Http404

    from presentation.views import components

    with override_settings(PRODUCTION=True), pytest.raises(Http404):
        components(rf.get(GALLERY))


def test_a_reader_who_is_not_signed_in_is_offered_no_sign_out(gallery):
    assert "Sign out" not in gallery


def test_a_person_signed_in_sees_their_post_and_signs_out_by_a_form(client, db):
    client.force_login(get_user_model().objects.create(username="someone", post="Finance Business Partner"))
    page = client.get(GALLERY).content.decode()
    assert "<span>Finance Business Partner</span>" in page
    assert re.search(
        r'<form method="post" action="/sign-out/"><input type="hidden" name="csrfmiddlewaretoken"', page
    )


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_says_what_became_of_the_work_and_what_to_do(name):
    page = render_to_string(name)
    assert page.count("<h1") == 1
    assert re.search(r"Nothing was|saved before is safe|no page at this address", page)
    assert re.search(r"[Gg]o back|Go to the home page", page)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_works_with_a_request_too(name):
    assert "<h1" in render_to_string(name, {"exception": "Not found"}, RequestFactory().get("/x/"))
