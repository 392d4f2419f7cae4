"""Addresses of areas."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.areas import uploads, views

urlpatterns = [
    path("", views.listing, name="areas"),
    path("new/", views.create, name="area_new"),
    path("upload/", uploads.create, name="area_upload_new"),
    path("uploads/<uuid:uuid>/", uploads.report, name="area_upload"),
    path("uploads/<uuid:uuid>/map.json", uploads.drawing, name="area_upload_map"),
    path("uploads/<uuid:uuid>/apply/", uploads.apply, name="area_upload_apply"),
    path("uploads/<uuid:uuid>/drop/", uploads.drop, name="area_upload_drop"),
    path("<int:area_id>/", views.area, name="area"),
    path("<int:area_id>/map.json", views.drawing, name="area_map"),
    path("<int:area_id>/<slug:name>/", views.act, name="area_act"),
]
