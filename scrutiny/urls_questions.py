"""Addresses of questions, actions and recommendations, below a council's."""

from django.urls import URLPattern, path

from scrutiny import views_actions, views_questions

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/questions/", views_questions.questions, name="questions"),
    path("<slug:slug>/questions/<int:question_id>/", views_questions.question, name="question"),
    path("<slug:slug>/questions/<int:question_id>/answer/", views_questions.answer, name="answer_question"),
    path("<slug:slug>/actions/", views_actions.actions, name="actions"),
    path("<slug:slug>/actions/<int:action_id>/", views_actions.action, name="action"),
    path("<slug:slug>/actions/<int:action_id>/respond/", views_actions.respond, name="respond_to_action"),
    path("<slug:slug>/actions/<int:action_id>/progress/", views_actions.progress, name="report_progress"),
    path("<slug:slug>/recommendations/", views_actions.recommendations, name="recommendations"),
]
