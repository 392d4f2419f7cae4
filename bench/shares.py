"""Where the time of a request goes: processor time shared out among the layers, each moment to the innermost one."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLAggregateCompiler, SQLCompiler, SQLInsertCompiler, SQLUpdateCompiler
from django.template.base import Template

from bench.measuring import Client
from linli.interfaces.web.errors import ErrorMiddleware
from linli.interfaces.web.middleware import ActorMiddleware

LAYERS = ("stack", "person", "view", "statements", "SQL", "models", "template")
# View: resolving the address, rules, services, selectors, presenters. Person: session, user and grants with all below.
# Models: rows read into objects, objects made ready to be written.
_WRAPPED: list[tuple[Any, str, str]] = [
    (ActorMiddleware, "_who", "person"),
    (ErrorMiddleware, "__call__", "view"),
    (SQLCompiler, "as_sql", "statements"),
    (SQLAggregateCompiler, "as_sql", "statements"),
    (SQLInsertCompiler, "as_sql", "statements"),
    (SQLUpdateCompiler, "as_sql", "statements"),
    (SQLCompiler, "execute_sql", "SQL"),
    (CursorWrapper, "execute", "SQL"),
    (QuerySet, "_fetch_all", "models"),
    (QuerySet, "bulk_create", "models"),
    (Model, "save", "models"),
    (Template, "render", "template"),
]


class Shares:
    """A stack of layers; the time between two changes belongs to the layer on top."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.spent: dict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._since = 0.0

    @contextmanager
    def within(self, layer: str) -> Iterator[None]:
        """Count what happens inside to ``layer``; within the person everything is the person's."""
        now = time.thread_time()
        if self._stack:
            self.spent[self._stack[-1]] += now - self._since
        self._stack.append("person" if "person" in self._stack else layer)
        self._since = now
        try:
            yield
        finally:
            now = time.thread_time()
            self.spent[self._stack.pop()] += now - self._since
            self._since = now

    def wrap(self, function: Callable[..., Any], layer: str) -> Callable[..., Any]:
        """Return ``function`` counted to ``layer``."""

        @wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            with self.within(layer):
                return function(*args, **kwargs)

        return counted


def share(ask: Callable[[], Any], rounds: int) -> dict[str, float]:
    """Return the milliseconds of processor time that ``ask`` spends in each layer, the mean of ``rounds``."""
    for _i in range(3):
        ask()
    shares = Shares()
    with ExitStack() as stack:
        for owner, name, layer in _WRAPPED:
            stack.enter_context(patch.object(owner, name, shares.wrap(getattr(owner, name), layer)))
        for _i in range(rounds):
            with shares.within("stack"):
                ask()
    return {layer: shares.spent[layer] * 1000 / rounds for layer in LAYERS}


def measure(pages: list[tuple[str, Client, Callable[[], Any]]], rounds: int) -> list[dict[str, Any]]:
    """Return for each page its name and the shares of the layers."""
    return [{"name": name, **share(ask, rounds)} for name, _client, ask in pages]
