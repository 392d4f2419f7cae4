"""Addresses of the face `field`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.field import uploads
from linli.interfaces.field.app import deeds, intake, package, session, shell
from linli.interfaces.field.cases import acts, contact, reports, views
from linli.interfaces.field.people import views as people

app_name = "field"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.today, name="today"),
    path("map/", views.case_map, name="map"),
    path("areas.json", views.areas, name="areas"),
    path("report/", reports.report, name="report"),
    path("reported/<str:number>/", reports.reported, name="reported"),
    path("upload/", uploads.upload, name="upload"),
    path("around/", people.around, name="around"),
    path("around/<int:area_id>/", people.around, name="around_area"),
    path("cases/<str:number>/", views.detail, name="case"),
    path("cases/<str:number>/file/<uuid:uuid>/", uploads.file, name="file"),
    path("cases/<str:number>/file/<uuid:uuid>/<int:size>/", uploads.file, name="file_shown"),
    path("cases/<str:number>/reach/", contact.reach, name="reach"),
    path("cases/<str:number>/<slug:verb>/", acts.act, name="act"),
    path("app/", shell.shell, name="app"),
    path("app/manifest.webmanifest", shell.manifest, name="app_manifest"),
    path("sw.js", shell.worker, name="app_worker"),
    path("session/", session.session, name="app_session"),
    path("lease/", session.lease, name="app_lease"),
    path("sync/", package.sync, name="app_sync"),
    path("forms/<str:code>/<int:version>/", package.form, name="app_form"),
    path("photos/<uuid:uuid>/", package.photo, name="app_photo"),
    path("files/", intake.upload, name="app_files"),
    path("files/known/", intake.known, name="app_known"),
    path("records/", intake.record, name="app_records"),
    path("receipts/", intake.receipts, name="app_receipts"),
    path("attempts/", deeds.attempt, name="app_attempts"),
    path("visits/", deeds.visit, name="app_visits"),
    path("targets/", deeds.target, name="app_targets"),
    path("findings/", deeds.finding, name="app_findings"),
    path("acts/", deeds.act, name="app_acts"),
    path("order/", deeds.order, name="app_order"),
]
