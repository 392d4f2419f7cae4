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
    path("", include("linli.interfaces.desk.admissions.urls")),
    path("", include("linli.interfaces.desk.tasks.urls")),
    path("", include("linli.interfaces.desk.shifts.urls")),
    path("", include("linli.interfaces.desk.inbox.urls")),
    path("", include("linli.interfaces.desk.phrases.urls")),
    path("", include("linli.interfaces.desk.prints.urls")),
    path("", include("linli.interfaces.desk.exports.urls")),
    path("", include("linli.interfaces.desk.importing.urls")),
    path("", include("linli.interfaces.desk.companies.urls")),
    path("", include("linli.interfaces.desk.more.urls")),
    path("", include("linli.interfaces.desk.stations.urls")),
    path("", include("linli.interfaces.desk.walk_in.urls")),
    path("", include("linli.interfaces.desk.invitations.urls")),
    path("", include("linli.interfaces.desk.callbacks.urls")),
    path("", include("linli.interfaces.desk.roots.urls")),
    path("", include("linli.interfaces.desk.praise.urls")),
]
