"""Addresses of the stations."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.stations import views

urlpatterns = [
    path("stations/", views.listing, name="stations"),
    path("stations/<uuid:uuid>/", views.pool, name="station"),
    path("stations/<uuid:uuid>/joint/", views.joint, name="station_joint"),
]
