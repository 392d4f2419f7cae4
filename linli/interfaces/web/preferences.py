"""Text size (长辈版) and theme: kept in cookies, set by a plain POST, so that they work without scripts."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

MODES = ("", "elder", "elder-large", "elder-max")
THEMES = ("light", "dark")
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has chosen on this device."""

    mode: str = ""
    theme: str = "light"


def read(request: HttpRequest) -> Preferences:
    """Return what this device has chosen; unknown values count as none."""
    mode, theme = request.COOKIES.get("linli_mode", ""), request.COOKIES.get("linli_theme", "light")
    return Preferences(mode if mode in MODES else "", theme if theme in THEMES else "light")


def back(request: HttpRequest) -> str:
    """Return the page to go back to: ``next`` or the one that asked, if it is ours."""
    for url in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return url
    return "/"


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember ``mode`` and ``theme`` (each only if it was sent) and go back."""
    answer = HttpResponseRedirect(back(request))
    for name, allowed in (("mode", MODES), ("theme", THEMES)):
        value = request.POST.get(name)
        if value is not None and value in allowed:
            answer.set_cookie(
                f"linli_{name}",
                value,
                max_age=YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
            )
    return answer
