"""Addresses of the face `desk`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.interfaces.desk.cases.urls")),
    path("", include("linli.interfaces.desk.intake.urls")),
    path("", include("linli.interfaces.desk.files.urls")),
    path("", include("linli.interfaces.desk.merging.urls")),
    path("", include("linli.interfaces.desk.consultations.urls")),
    path("", include("linli.interfaces.desk.meetings.urls")),
    path("", include("linli.interfaces.desk.admissions.urls")),
    path("", include("linli.interfaces.desk.tasks.urls")),
    path("", include("linli.interfaces.desk.projects.urls")),
    path("", include("linli.interfaces.desk.owed.urls")),
    path("", include("linli.interfaces.desk.shifts.urls")),
    path("", include("linli.interfaces.desk.inbox.urls")),
    path("", include("linli.interfaces.desk.phrases.urls")),
    path("", include("linli.interfaces.desk.prints.urls")),
    path("", include("linli.interfaces.desk.importing.urls")),
    path("", include("linli.interfaces.desk.companies.urls")),
    path("", include("linli.interfaces.desk.more.urls")),
    path("", include("linli.interfaces.desk.stations.urls")),
    path("", include("linli.interfaces.desk.walk_in.urls")),
    path("", include("linli.interfaces.desk.callbacks.urls")),
    path("", include("linli.interfaces.desk.roots.urls")),
    path("", include("linli.interfaces.desk.hot_topics.urls")),
    path("", include("linli.interfaces.desk.praise.urls")),
    path("", include("linli.interfaces.desk.documents.urls")),
    path("", include("linli.interfaces.desk.alliance.urls")),
    path("", include("linli.interfaces.desk.publishing.urls")),
    path("fieldwork/", include("linli.interfaces.desk.fieldwork.ledgers.urls")),
    path("fieldwork/", include("linli.interfaces.desk.fieldwork.rounds.urls")),
    path("fieldwork/", include("linli.interfaces.desk.fieldwork.records.urls")),
    path("", include("linli.interfaces.desk.programmes.urls")),
    path("", include("linli.interfaces.desk.surveys.urls")),
    path("", include("linli.interfaces.desk.civility.urls")),
    path("", include("linli.interfaces.desk.visits.urls")),
    path("", include("linli.interfaces.desk.streets.urls")),
    path("", include("linli.interfaces.desk.housing.urls")),
    path("", include("linli.interfaces.desk.owners.urls")),
    path("", include("linli.interfaces.desk.figures.urls")),
    path("", include("linli.interfaces.desk.signals.urls")),
    path("", include("linli.interfaces.desk.mails.urls")),
    path("", include("linli.interfaces.desk.alerts.urls")),
]
