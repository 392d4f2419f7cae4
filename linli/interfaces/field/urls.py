"""Addresses of the face `field`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.field import uploads
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
]
