"""The WSGI application of a simulated installation: the whole product, at a moment that the driver sets.

It starts in a simulation's own data folder only, with the key to it in the environment (``marking``), and listens to
this machine alone. The product's own application, ``linli.wsgi``, knows nothing of all this.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from linli.interfaces.cli.simulate import marking

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
PREFIX = "/-/simulate/"
HEADER = "HTTP_X_LINLI_SIMULATION"
_LONGEST = 1_000_000
_ROUNDS = 10_000
Environ = dict[str, Any]
Start = Callable[..., Any]


def _key() -> str:
    key = os.environ.get(marking.KEY, "")
    try:
        marking.check(settings.DATA, key)
    except marking.NotSimulatedError as error:
        message = f"{settings.DATA} is no simulation's data folder, or {marking.KEY} is not the key to it."
        raise ImproperlyConfigured(message) from error
    if not settings.DEMO:
        message = "A simulation runs with LINLI_DEMO=1 only."
        raise ImproperlyConfigured(message)
    return key


class Simulated:
    """The product at a set moment, and what the driver asks beside it: clock, jobs, rules, facts."""

    def __init__(self, product: Callable[[Environ, Start], Iterable[bytes]], key: str) -> None:
        """Wrap ``product``; the driver proves itself by ``key``."""
        self._product, self._key = product, key
        self._moment: datetime | None = None

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer the driver, or let the product answer at the set moment."""
        from linli.foundation.core import clock  # noqa: PLC0415  Django is set up by now

        if environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._driver(environ, start)
        if self._moment is None:
            start("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"no moment set"]
        with clock.frozen(self._moment):
            return self._product(environ, start)

    def _driver(self, environ: Environ, start: Start) -> Iterable[bytes]:
        asked = environ["PATH_INFO"].removeprefix(PREFIX)
        act = {"clock": self._clock, "turn": self._turn, "rules": self._rules, "facts": self._facts}.get(asked)
        if act is None or environ["REQUEST_METHOD"] != "POST" or not self._is_driver(environ):
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"not found"]
        length = min(int(environ.get("CONTENT_LENGTH") or 0), _LONGEST)
        try:
            answer = act(environ["wsgi.input"].read(length).decode())
        except ValueError as error:
            start("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [str(error).encode()]
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer, ensure_ascii=False).encode()]

    def _is_driver(self, environ: Environ) -> bool:
        try:
            near = ipaddress.ip_address(str(environ.get("REMOTE_ADDR", ""))).is_loopback
        except ValueError:
            near = False
        return near and hmac.compare_digest(str(environ.get(HEADER, "")).encode(), self._key.encode())

    def _clock(self, body: str) -> Any:
        """Set the moment; time does not go back."""
        moment = datetime.fromisoformat(body)
        if moment.tzinfo is None or (self._moment is not None and moment < self._moment):
            message = "give a moment with its zone, not before the present one"
            raise ValueError(message)
        self._moment = moment
        return {"now": moment.isoformat()}

    def _set(self) -> datetime:
        if self._moment is None:
            message = "no moment set"
            raise ValueError(message)
        return self._moment

    def _turn(self, _body: str) -> Any:
        """Do what is due: the worker's own round, until nothing is left."""
        from linli.foundation.core import clock, namespaces  # noqa: PLC0415
        from linli.foundation.jobs.worker import Worker  # noqa: PLC0415

        with clock.frozen(self._set()), namespaces.use(settings.NAMESPACE_DEFAULT):
            worker, done = Worker(threading.Event(), names=lambda: [settings.NAMESPACE_DEFAULT]), 0
            for _round in range(_ROUNDS):
                tried = worker.once()
                done += tried
                if not tried:
                    break
        return {"jobs": done}

    def _rules(self, body: str) -> Any:
        """Enter other values of the rulebook, from the day of the present moment on."""
        from linli.foundation.core import clock, namespaces  # noqa: PLC0415
        from linli.interfaces.cli.simulate.ruling import enter  # noqa: PLC0415

        with clock.frozen(self._set()), namespaces.use(settings.NAMESPACE_DEFAULT):
            return enter(json.loads(body), self._set())

    def _facts(self, body: str) -> Any:
        """Tell what became of every case, page by page: ``body`` is how many pages were told before."""
        from linli.foundation.core import clock, namespaces  # noqa: PLC0415
        from linli.interfaces.cli.simulate.facts import facts  # noqa: PLC0415

        with clock.frozen(self._set()), namespaces.use(settings.NAMESPACE_DEFAULT):
            return _page(facts(), int(body or 0))


def _page(pages: Iterator[list[dict[str, Any]]], number: int) -> list[dict[str, Any]]:
    return next((page for n, page in enumerate(pages) if n == number), [])


_opened = _key()  # before anything of the product is started
application = Simulated(get_wsgi_application(), _opened)
