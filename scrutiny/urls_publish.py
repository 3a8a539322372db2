"""Addresses of the officers' pages on which a period is published."""

from django.urls import path

import services.converters  # noqa: F401 - registers how a period is written
from scrutiny import views_publish

app_name = "publishing"
urlpatterns = [
    path("<slug:council>/working/<period:period>/publish/", views_publish.publish, name="publish"),
    path("<slug:council>/working/<period:period>/publish/propose/", views_publish.propose, name="propose"),
    path(
        "<slug:council>/working/<period:period>/publish/<int:proposal_id>/approve/",
        views_publish.approve,
        name="approve",
    ),
    path(
        "<slug:council>/working/<period:period>/publish/<int:proposal_id>/withdraw/",
        views_publish.withdraw,
        name="withdraw",
    ),
    path("<slug:council>/working/<period:period>/publish/reopen/", views_publish.reopen, name="reopen"),
    path(
        "<slug:council>/working/<period:period>/publish/reopen/ask/",
        views_publish.ask_reopen,
        name="ask_reopen",
    ),
    path(
        "<slug:council>/working/<period:period>/publish/reopen/<int:request_id>/agree/",
        views_publish.agree_reopen,
        name="agree_reopen",
    ),
    path(
        "<slug:council>/working/<period:period>/publish/reopen/<int:request_id>/decline/",
        views_publish.decline_reopen,
        name="decline_reopen",
    ),
    path("<slug:council>/working/<period:period>/publish/close/", views_publish.ask_close, name="ask_close"),
    path(
        "<slug:council>/working/<period:period>/publish/close/<int:request_id>/agree/",
        views_publish.agree_close,
        name="agree_close",
    ),
    path(
        "<slug:council>/working/<period:period>/publish/close/<int:request_id>/decline/",
        views_publish.decline_close,
        name="decline_close",
    ),
]
