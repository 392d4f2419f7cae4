"""Addresses of setting up walk-in desks."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.desks import views

urlpatterns = [
    path("desks/", views.listing, name="desks"),
    path("desks/new/", views.edit, name="desk_new"),
    path("desks/<uuid:uuid>/", views.edit, name="desk"),
]
