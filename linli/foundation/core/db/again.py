"""Does again what the database gave up because two transactions waited for each other."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

TIMES = 4
# deadlock_detected, PostgreSQL's documentation, appendix A
DEADLOCK = "40P01"


def again(work: Callable[P, R]) -> Callable[P, R]:
    """Return ``work`` so that a deadlock is not its caller's trouble: it is begun ``TIMES`` times in all.

    ``work`` opens a transaction of its own and has no effect outside of it. Called within one it is done once: what
    came before it is lost with it, and only who began that transaction can do all of it again.

    Raises:
        OperationalError: given up as often as that, or for any other reason.
    """

    @functools.wraps(work)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for _again in range(TIMES - 1):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
                    raise
            time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - two who wait alike would meet again
        return work(*args, **kwargs)

    return tried


def whole(work: Callable[P, R]) -> Callable[P, R]:
    """Return ``work`` done wholly or not at all, and again where it and another waited for each other."""
    return again(transaction.atomic(work))
