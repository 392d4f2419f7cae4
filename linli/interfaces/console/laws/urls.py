"""Addresses of the library of legal texts."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.laws import views

urlpatterns = [
    path("", views.listing, name="laws"),
    path("new/", views.one, name="law_new"),
    path("<uuid:uuid>/", views.one, name="law"),
    path("<uuid:uuid>/switch/", views.switch, name="law_switch"),
]
