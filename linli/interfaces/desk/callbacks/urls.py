"""Addresses of the call-backs."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.callbacks import views

urlpatterns = [
    path("callbacks/", views.listing, name="callbacks"),
    path("callbacks/<uuid:uuid>/", views.one, name="callback"),
]
