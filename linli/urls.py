"""Which face answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.interfaces.web.urls")),
    path("", include("linli.interfaces.portal.urls")),
    path("desk/", include("linli.interfaces.desk.urls")),
    path("field/", include("linli.interfaces.field.urls")),
    path("console/", include("linli.interfaces.console.urls")),
]
