"""Two applications in one: the whole product, and for the floor the same Django with nothing around its views."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

from bench import shift

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
_whole = get_wsgi_application()
shift.apply()
settings.ROOT_URLCONF = "bench.urls"
with override_settings(MIDDLEWARE=["linli.foundation.core.middleware.NamespaceMiddleware"]):
    _bare = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request: /bench/floor/… bare, everything else by the whole stack."""
    chosen = _bare if environ.get("PATH_INFO", "").startswith("/bench/floor/") else _whole
    return chosen(environ, start_response)  # type: ignore[no-any-return]
