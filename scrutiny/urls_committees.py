"""Addresses of committees, all under a council: members' pages of what is published, and the clerk's desk."""

from django.urls import URLPattern, URLResolver, include, path

from scrutiny import views_committees, views_desk, views_desk_meetings

_desk_committee: list[URLPattern | URLResolver] = [
    path("", views_desk.committee, name="desk_committee"),
    path("edit/", views_desk.edit_committee, name="desk_committee_edit"),
    path("seats/", views_desk.seats, name="desk_seats"),
    path("work/new/", views_desk.new_work, name="desk_work_new"),
    path("work/<int:work_id>/", views_desk.edit_work, name="desk_work"),
    path("meetings/new/", views_desk.new_meeting, name="desk_meeting_new"),
]
_desk_meeting: list[URLPattern | URLResolver] = [
    path("", views_desk_meetings.meeting, name="desk_meeting"),
    path("edit/", views_desk_meetings.edit_meeting, name="desk_meeting_edit"),
    path("publish/", views_desk_meetings.publish, name="desk_publish"),
    path("cancel/", views_desk_meetings.cancel, name="desk_cancel"),
    path("steps/<slug:step>/", views_desk_meetings.step, name="desk_step"),
    path("items/new/", views_desk_meetings.new_item, name="desk_item_new"),
    path("items/<int:item_id>/", views_desk_meetings.edit_item, name="desk_item"),
    path("items/<int:item_id>/classify/", views_desk_meetings.classify, name="desk_classify"),
    path("items/<int:item_id>/withdraw/", views_desk_meetings.withdraw, name="desk_withdraw"),
    path("items/<int:item_id>/move/", views_desk_meetings.move_item, name="desk_move"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("committees/", views_committees.committees, name="committees"),
    path("committees/<slug:committee>/", views_committees.committee, name="committee"),
    path("meetings/<int:meeting_id>/", views_committees.meeting, name="meeting"),
    path("meetings.ics", views_committees.meetings_calendar, name="calendar"),
    path("desk/", views_desk.home, name="desk"),
    path("desk/committees/new/", views_desk.new_committee, name="desk_committee_new"),
    path("desk/committees/<slug:committee>/", include(_desk_committee)),
    path("desk/meetings/<int:meeting_id>/", include(_desk_meeting)),
]
