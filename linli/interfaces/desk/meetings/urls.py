"""Addresses of meetings, topics and the deputies' records."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.meetings import (
    deputies,
    lists,
    minuting,
    page,
    papers,
    planning,
    series,
    signing,
    topic,
    topics,
)

urlpatterns = [
    path("meetings/", lists.meetings, name="meetings"),
    path("meetings/calendar/", lists.calendar, name="meeting_calendar"),
    path("meetings/new/", planning.new, name="meeting_new"),
    path("meetings/series/", series.listing, name="meeting_series"),
    path("meetings/series/new/", series.new, name="meeting_series_new"),
    path("meetings/series/<uuid:uuid>/", series.one, name="meeting_series_one"),
    path("meetings/sign/<str:token>/", signing.scanned, name="meeting_sign"),
    path("meetings/papers/<uuid:uuid>/", papers.download, name="meeting_paper"),
    path("meetings/decisions/<uuid:uuid>/", page.decided, name="meeting_decision"),
    path("meetings/<uuid:uuid>/", page.meeting, name="meeting"),
    path("meetings/<uuid:uuid>/edit/", planning.edit, name="meeting_edit"),
    path("meetings/<uuid:uuid>/minute/", minuting.minute, name="meeting_minute"),
    path("meetings/<uuid:uuid>/items/<int:item_id>/record/", minuting.record, name="meeting_record"),
    path("meetings/<uuid:uuid>/signsheet/", signing.sheet, name="meeting_signsheet"),
    path("meetings/<uuid:uuid>/qr/", signing.code, name="meeting_qr"),
    path("meetings/<uuid:uuid>/print/", papers.printed, name="meeting_print"),
    path("meetings/<uuid:uuid>/minutes.docx", papers.docx, name="meeting_docx"),
    path("topics/", topics.listing, name="topics"),
    path("topics/new/", topics.new, name="topic_new"),
    path("topics/<uuid:uuid>/", topic.topic, name="topic"),
    path("topics/<uuid:uuid>/files/<uuid:file_uuid>/<slug:size>/", topic.file, name="topic_file"),
    path("standing/", topics.standing, name="standing"),
    path("deputies/", deputies.listing, name="deputies"),
    path("deputies/new/", deputies.new, name="motion_new"),
    path("deputies/talks/new/", deputies.talks_new, name="negotiation_new"),
    path("deputies/talks/<uuid:uuid>/", deputies.talks, name="negotiation"),
    path("deputies/<uuid:uuid>/", deputies.motion, name="motion"),
]
