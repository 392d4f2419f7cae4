"""What a process keeps of the database as long as its stamp is the same: one value for each namespace.

The value is read again when its stamp has changed; the stamp is looked at once in some seconds at most, so that
another process's change is seen no later. What this process commits counts at once. Inside a transaction that has
changed the value its own uncommitted one is read, by this thread alone, and forgotten with the transaction if it is
rolled back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connection, transaction

from linli.foundation.core.namespaces import current

T = TypeVar("T")


class _Draft(threading.local, Generic[T]):
    """The uncommitted value of this thread's transaction."""

    marker: Callable[[], None] | None = None
    namespace: str = ""
    found: T | None = None

    def drop(self) -> None:
        self.marker = self.found = None

    def is_open(self, namespace: str) -> bool:
        """Whether this thread's open transaction has changed the value; a rollback drops the marker."""
        if self.marker is None:
            return False
        alive = self.namespace == namespace and any(entry[1] is self.marker for entry in connection.run_on_commit)
        if not alive:
            self.drop()
        return alive


class Versioned(Generic[T]):
    """One value for each namespace, with the stamp that says whether it still holds."""

    every: ClassVar[list[Versioned[Any]]] = []

    def __init__(self, stamp: Callable[[], Any], read: Callable[[Any], T], seconds: float) -> None:
        """Read the value by ``read`` of the stamp taken before, so that a later change is seen as one.

        The stamp is looked at again after ``seconds``.
        """
        self.seconds = seconds
        self._stamp, self._read = stamp, read
        self._kept: dict[str, tuple[float, Any, T]] = {}
        self._draft: _Draft[T] = _Draft()
        Versioned.every.append(self)

    def get(self) -> T:
        """Return the value: the uncommitted one of this thread's transaction where it has changed it."""
        here = current()
        if self._draft.is_open(here):
            if self._draft.found is None:
                self._draft.found = self._read(self._stamp())
            return self._draft.found
        kept = self._kept.get(here)
        if kept is not None and time.monotonic() - kept[0] < self.seconds:
            return kept[2]
        looked_at, stamp = time.monotonic(), self._stamp()
        value = kept[2] if kept is not None and kept[1] == stamp else self._read(stamp)
        self._kept[here] = (looked_at, stamp, value)
        return value

    def changed(self) -> None:
        """Tell that the transaction in force has changed what the value is read from."""
        here = current()

        def committed() -> None:
            self._kept.pop(here, None)
            self._draft.drop()

        transaction.on_commit(committed)
        self._draft.marker, self._draft.namespace, self._draft.found = committed, here, None

    def forget(self, namespace: str | None = None) -> None:
        """Drop what is kept of one namespace, or of all."""
        if namespace is None:
            self._kept.clear()
        else:
            self._kept.pop(namespace, None)
        self._draft.drop()
