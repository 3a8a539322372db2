"""Addresses of questions, actions and recommendations, below a council's."""

from django.urls import URLPattern, URLResolver, include, path

from scrutiny import views_actions, views_minutes, views_questions, views_recording
from scrutiny import views_recording_outcomes as outcomes

_record: list[URLPattern] = [
    path("", views_recording.record, name="desk_record"),
    path("paragraphs/new/", views_recording.new_paragraph, name="desk_paragraph_new"),
    path("paragraphs/<int:paragraph_id>/", views_recording.edit_paragraph, name="desk_paragraph"),
    path("questions/new/", views_recording.new_question, name="desk_question_new"),
    path("questions/<int:question_id>/", views_recording.edit_question, name="desk_question"),
    path("questions/<int:question_id>/take/", views_recording.take_question, name="desk_question_take"),
    path("questions/<int:question_id>/answers/new/", views_recording.new_answer, name="desk_answer_new"),
    path("questions/<int:question_id>/agree/", outcomes.new_action, name="desk_agree"),
    path("answers/<int:answer_id>/", views_recording.edit_answer, name="desk_answer"),
    path("actions/new/", outcomes.new_action, name="desk_action_new"),
    path("actions/<int:action_id>/", outcomes.edit_action, name="desk_action"),
    path("actions/<int:action_id>/response/", outcomes.action_response, name="desk_action_response"),
    path(
        "actions/<int:action_id>/close/", outcomes.look_at_action, {"step": "close"}, name="desk_action_close"
    ),
    path("actions/<int:action_id>/keep/", outcomes.look_at_action, {"step": "keep"}, name="desk_action_keep"),
    path("recommendations/new/", outcomes.new_recommendation, name="desk_recommendation_new"),
    path(
        "recommendations/<int:recommendation_id>/", outcomes.edit_recommendation, name="desk_recommendation"
    ),
    path("recommendations/<int:recommendation_id>/receipt/", outcomes.receipt, name="desk_receipt"),
    path(
        "recommendations/<int:recommendation_id>/response/",
        outcomes.executive_response,
        name="desk_executive_response",
    ),
    path(
        "recommendations/<int:recommendation_id>/implementation/",
        outcomes.implementation,
        name="desk_implementation",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/questions/", views_questions.questions, name="questions"),
    path("<slug:slug>/questions/<int:question_id>/", views_questions.question, name="question"),
    path("<slug:slug>/questions/<int:question_id>/answer/", views_questions.answer, name="answer_question"),
    path("<slug:slug>/actions/", views_actions.actions, name="actions"),
    path("<slug:slug>/actions/<int:action_id>/", views_actions.action, name="action"),
    path("<slug:slug>/actions/<int:action_id>/respond/", views_actions.respond, name="respond_to_action"),
    path("<slug:slug>/actions/<int:action_id>/progress/", views_actions.progress, name="report_progress"),
    path("<slug:slug>/recommendations/", views_actions.recommendations, name="recommendations"),
    path("<slug:slug>/meetings/<int:meeting_id>/minutes/", views_minutes.minutes, name="minutes"),
    path(
        "<slug:slug>/meetings/<int:meeting_id>/minutes.<str:kind>",
        views_minutes.minutes_as_file,
        name="minutes_file",
    ),
    path("<slug:slug>/desk/meetings/<int:meeting_id>/record/", include(_record)),
]
