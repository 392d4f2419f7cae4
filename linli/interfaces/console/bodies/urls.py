"""Addresses of the leading groups."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.bodies import views

urlpatterns = [
    path("bodies/", views.listing, name="bodies"),
    path("bodies/new/", views.new, name="body_new"),
    path("bodies/<uuid:uuid>/", views.one, name="body"),
]
