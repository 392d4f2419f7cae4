"""Several people at once, as threads, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from linli.foundation.core.errors import DomainError


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; return what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(i: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[i] = act()
        except Exception as error:
            results[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def one_wins(results: list[Any]) -> None:
    """Claim that one act was done, and each of the others told in words that it was not."""
    lost = [r for r in results if isinstance(r, Exception)]
    assert len(lost) == len(results) - 1, results
    assert all(isinstance(e, DomainError) for e in lost), lost
