"""Addresses of lists as files."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.web.exporting import views

urlpatterns = [
    path("exports/", views.listing, name="exports"),
    path("exports/of/<slug:code>/", views.begin, name="export_begin"),
    path("exports/<uuid:uuid>/", views.one, name="export"),
    path("exports/<uuid:uuid>/file", views.file, name="export_file"),
    path("exports/<uuid:uuid>/<str:act>/", views.act, name="export_act"),
]
