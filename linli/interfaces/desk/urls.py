"""Addresses of the face `desk`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.interfaces.desk.cases.urls")),
]
