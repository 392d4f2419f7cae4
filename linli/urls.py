"""Which face answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.interfaces.web.urls")),
    path("", include("linli.interfaces.portal.urls")),
    path("notifications/", RedirectView.as_view(pattern_name="desk:notifications"), name="notifications"),
    path("desk/", include("linli.interfaces.desk.urls")),
    path("field/", include("linli.interfaces.field.urls")),
    path("wall/", include("linli.interfaces.wall.urls")),
    path("console/", include("linli.interfaces.console.urls")),
    path("api/", include("linli.interfaces.api.urls")),
    path("openrosa/", include("linli.interfaces.openrosa.urls")),
]

handler400 = "linli.interfaces.web.errors.bad_request"
handler403 = "linli.interfaces.web.errors.forbidden"
handler404 = "linli.interfaces.web.errors.not_found"
handler500 = "linli.interfaces.web.errors.server_error"
