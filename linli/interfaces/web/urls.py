"""Addresses of the face `web`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.interfaces.web.accounts.urls")),
]
