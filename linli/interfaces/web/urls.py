"""Addresses of the face `web`."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from linli.interfaces.web.access import public
from linli.interfaces.web.preferences import preferences

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.interfaces.web.accounts.urls")),
    path("", include("linli.interfaces.web.exporting.urls")),
    path("preferences/", public(preferences), name="preferences"),
    path("language/", public(set_language), name="language"),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("gallery/", include("linli.interfaces.web.gallery.urls")))
