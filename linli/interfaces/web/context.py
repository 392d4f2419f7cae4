"""What every template sees."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext_lazy

from linli.foundation.core import clock
from linli.interfaces.web import navigation, preferences

log = logging.getLogger(__name__)
Provider = Callable[[HttpRequest], Any]
_PROVIDERS: dict[str, Provider] = {}

# What the shells show when no room has said better. Keys are the providers' names.
DEFAULTS: dict[str, Any] = {
    "place_name": "",
    "areas": [],
    "duty": "",
    "unread": 0,
    "committee_phone": "",
    "committee_name": gettext_lazy("居委会"),
    "profile": None,
    "filing_number": "",
}


def provide(name: str, provider: Provider) -> None:
    """Let ``provider(request)`` answer the shell's variable ``name``, a key of ``DEFAULTS``; asked only where shown."""
    if name not in DEFAULTS:
        message = f"the shell knows no variable {name!r}"
        raise KeyError(message)
    _PROVIDERS[name] = provider


class Shell:
    """The variables of the shells, each asked of its provider at most once a request."""

    def __init__(self, request: HttpRequest) -> None:
        """Answer for ``request``."""
        self._request = request
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """Return the variable ``name``; templates write ``shell.unread``."""
        if name not in self._known:
            provider = _PROVIDERS.get(name)
            self._known[name] = provider(self._request) if provider else DEFAULTS[name]
        return self._known[name]


class GuardedShell(Shell):
    """The shell of an error page, which must be shown even where the database is the error.

    After the first provider that fails nothing more is asked, so that a database that does not
    answer is waited for once.
    """

    def __init__(self, request: HttpRequest) -> None:
        """Answer for ``request``."""
        super().__init__(request)
        self._failed = False

    def __getitem__(self, name: str) -> Any:
        """Return the variable ``name``, or its default where it cannot be had."""
        if not self._failed:
            try:
                return super().__getitem__(name)
            except Exception:
                self._failed = True
                log.warning("the shell of an error page does without %s", name, exc_info=True)
        return self._known.get(name, DEFAULTS[name])


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the variables that the layout needs."""
    chosen = preferences.read(request)
    return {
        "actor": getattr(request, "actor", None),
        "shell": Shell(request),
        "nav": SimpleLazyObject(lambda: navigation.entries(request)),
        "now": clock.now(),
        "seeing": getattr(request, "seeing", None),
        "mode": chosen.mode,
        "theme": chosen.theme,
        "html_lang": "zh-CN" if (get_language() or "zh").startswith("zh") else "en",
        "is_demo": settings.DEMO,
        "is_htmx": request.headers.get("HX-Request") == "true",
    }
