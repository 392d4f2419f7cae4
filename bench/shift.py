"""Moves the clock of a process by a constant, so that a soak runs in a year whose holidays are announced."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from linli.foundation.core import clock

VARIABLE = "LINLI_BENCH_SHIFT"


def apply() -> None:
    """Let :func:`linli.foundation.core.clock.now` run as many seconds apart as the environment says."""
    seconds = float(os.environ.get(VARIABLE, "0"))
    if not seconds:
        return
    plain = clock.now

    def now() -> datetime:
        return plain() + timedelta(seconds=seconds)

    clock.now = now
