"""Addresses of setting up the stations."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.stations import views

urlpatterns = [
    path("stations/", views.listing, name="stations"),
    path("stations/new/", views.edit, name="station_new"),
    path("stations/<uuid:uuid>/", views.edit, name="station"),
]
