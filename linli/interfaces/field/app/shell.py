"""The shell of the app: one page without anything of anybody, its worker and its manifest; all may be kept."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from linli.interfaces.web.access import public
from linli.interfaces.web.templatetags.linli import BUILD

ICONS = ((192, "any"), (512, "any"), (512, "maskable"))


def _read() -> tuple[list[str], str]:
    path = BUILD / "offline.json"
    names: list[str] = json.loads(path.read_text(encoding="utf8")) if path.exists() else []
    return names, hashlib.sha256("|".join(names).encode()).hexdigest()[:12]


_kept = lru_cache(maxsize=1)(_read)


def build_number() -> str:
    """Return the name of the app's build: of its files and of this page's words in every language."""
    return (_read() if settings.DEBUG else _kept())[1]


def _files() -> list[str]:
    names = (_read() if settings.DEBUG else _kept())[0]
    return [static(f"linli/build/{name}") for name in names]


def _icons() -> list[str]:
    return [static(f"linli/app/icon-{size}{'-maskable' if how == 'maskable' else ''}.png") for size, how in ICONS]


@gzip_page
@require_GET
@public
def shell(request: HttpRequest) -> HttpResponse:
    """Show the shell: templates and words; who uses it is asked by the script."""
    answer = render(request, "field/app/shell.html", {"build": build_number()})
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """Answer the service worker, which keeps the shell of this build."""
    shelf: dict[str, Any] = {
        "build": build_number(),
        "shell": reverse("field:app"),
        "files": [*_files(), *_icons(), static("linli/logo.svg"), reverse("field:app_manifest")],
    }
    answer = render(
        request, "field/app/worker.js", {"shelf": json.dumps(shelf)}, content_type="text/javascript; charset=utf-8"
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
@public
def manifest(request: HttpRequest) -> HttpResponse:
    """Answer what the home screen needs."""
    start = reverse("field:app")
    return JsonResponse(
        {
            "id": start, "start_url": start, "scope": start, "display": "standalone", "lang": "zh-CN",
            "name": _("邻里 现场"), "short_name": _("邻里 现场"), "theme_color": "#0f3459",
            "background_color": "#eef1f4", "orientation": "portrait",
            "icons": [
                {"src": src, "sizes": f"{size}x{size}", "type": "image/png", "purpose": how}
                for src, (size, how) in zip(_icons(), ICONS, strict=True)
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip
