"""What a process keeps of the database for some seconds, apart for each namespace."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, ClassVar, TypeVar

from linli.foundation.core.namespaces import current

T = TypeVar("T")
_MOST = 10_000


class Kept:
    """Values that are read again after some seconds, so that another process's change is seen no later.

    Whoever changes what is kept calls :meth:`forget`, and this process sees it at once.
    """

    every: ClassVar[list[Kept]] = []

    def __init__(self, seconds: float) -> None:
        """Keep each value for at most ``seconds``."""
        self.seconds = seconds
        self._values: dict[tuple[Hashable, ...], tuple[float, Any]] = {}
        Kept.every.append(self)

    def get(self, read: Callable[[], T], *key: Hashable) -> T:
        """Return what ``read`` returns, or what it returned within the last seconds under ``key`` in this namespace."""
        whole = (current(), *key)
        found = self._values.get(whole)
        if found is None or time.monotonic() - found[0] > self.seconds:
            if len(self._values) >= _MOST:
                self._values.clear()
            found = self._values[whole] = (time.monotonic(), read())
        value: T = found[1]
        return value

    def forget(self) -> None:
        """Drop what is kept of the current namespace."""
        here = current()
        for key in [k for k in list(self._values) if k[0] == here]:
            self._values.pop(key, None)

    def clear(self) -> None:
        """Drop everything."""
        self._values.clear()
