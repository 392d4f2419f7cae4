"""Addresses of warnings."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.alerts import views

urlpatterns = [
    path("alerts/", views.listing, name="alerts"),
    path("alerts/new/", views.new, name="alert_new"),
    path("alerts/<uuid:uuid>/", views.one, name="alert"),
    path("alerts/<uuid:uuid>/note/", views.note, name="alert_note"),
    path("alerts/<uuid:uuid>/change/", views.change, name="alert_change"),
    path("alerts/<uuid:uuid>/lift/", views.lift, name="alert_lift"),
]
