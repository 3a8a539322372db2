"""Addresses of a council's rules, under its `working/rules/`."""

from django.urls import path

from services.views import rules

urlpatterns = [
    path("", rules.rules, name="rules"),
    path("rag/", rules.rag, name="rules_rag"),
    path("explanations/", rules.explanations, name="rules_explanations"),
    path("virements/", rules.virements, name="rules_virements"),
    path("deadlines/", rules.deadlines, name="rules_deadlines"),
]
