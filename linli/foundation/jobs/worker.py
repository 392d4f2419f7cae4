"""The worker: one loop over all namespaces of the installation."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from linli.foundation.core import clock, namespaces
from linli.foundation.core.middleware import registry
from linli.foundation.jobs import queue, services
from linli.foundation.jobs.types import SCHEDULES

log = logging.getLogger(__name__)
ROUND = 50


def known_namespaces() -> list[str]:
    """Return the names of all namespaces, the default one among them."""
    return sorted({n.name for n in registry().all()} | {settings.NAMESPACE_DEFAULT})


class Heartbeat:
    """Keeps the leases of a running batch alive from a thread (and connection) of its own."""

    def __init__(self, namespace: str, token: UUID) -> None:
        """Prepare to prolong what ``token`` holds in ``namespace``."""
        self.namespace, self.token = namespace, token
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_details: object) -> None:
        self.done.set()
        self.thread.join()

    def _beat(self) -> None:
        with namespaces.use(self.namespace):
            try:
                while not self.done.wait(queue.LEASE.total_seconds() / 4):
                    try:
                        queue.prolong(token=self.token, now=clock.now())
                    except DatabaseError as error:
                        log.warning("heartbeat: %s", error)
            finally:
                connection.close()


class Worker:
    """Runs until ``stop`` is set, then ends after the job in hand and gives the others back."""

    def __init__(
        self, stop: threading.Event, *, poll: float = 1.0, names: Callable[[], Sequence[str]] = known_namespaces
    ) -> None:
        """Prepare a worker that looks every ``poll`` seconds when there is nothing to do."""
        self.stop, self.poll, self.names = stop, poll, names
        self._ensured: dict[str, frozenset[str]] = {}

    def run(self) -> None:
        """Loop."""
        while not self.stop.is_set():
            if not self.once():
                self.stop.wait(self.poll)

    def once(self) -> int:
        """Visit every namespace once; return how many jobs were tried."""
        done = 0
        for name in self.names():
            if self.stop.is_set():
                break
            with namespaces.use(name):
                try:
                    close_old_connections()
                    done += self._visit(name)
                except DatabaseError as error:
                    # A namespace that is being made, moved or repaired must not stop the others.
                    log.warning("namespace %s: %s", name, error)
                    connection.close()
        return done

    def _visit(self, name: str) -> int:
        declared = frozenset(SCHEDULES)
        if self._ensured.get(name) != declared:
            queue.ensure_schedules(now=clock.now())
            self._ensured[name] = declared
        done = 0
        while done < ROUND and not self.stop.is_set():
            token, jobs = queue.claim(now=clock.now(), limit=services.BATCH)
            if not jobs:
                break
            with Heartbeat(name, token):
                groups = services.grouped(jobs)
                for i, group in enumerate(groups):
                    if self.stop.is_set():
                        left = [job for rest in groups[i:] for job in rest]
                        queue.release(token=token, jobs=left, now=clock.now())
                        break
                    held = queue.held(group, token) if i else group
                    if held:
                        services.run_group(held, token=token, now=clock.now())
                    done += len(held)
        return done


def run_worker(stop: threading.Event, *, poll: float = 1.0) -> None:
    """Work on all namespaces until ``stop`` is set."""
    Worker(stop, poll=poll).run()
