"""An address that fails."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from linli.interfaces.web.access import public

handler500 = "linli.interfaces.web.errors.server_error"


def _broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [path("broken/", public(_broken)), path("", include("linli.interfaces.web.urls"))]
