"""Addresses of programs and tokens."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.console.programs import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("programs/", views.programs, name="programs"),
    path("programs/new/", views.create, name="program_new"),
    path("programs/<uuid:uuid>/", views.program, name="program"),
    path("programs/<uuid:uuid>/tokens/", views.issue, name="program_token"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<uuid:uuid>/revoke/", views.revoke, name="token_revoke"),
]
