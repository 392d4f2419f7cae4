"""Writes of clocks: start, end, pause, resume, extend, go by another limit; and the one sweep."""

from linli.foundation.deadlines.events import on_mark
from linli.foundation.deadlines.services.clocks import change_limits, end, extend, pause, resume, start_bulk, start_many
from linli.foundation.deadlines.services.sweeping import release, sweep

__all__ = [
    "change_limits",
    "end",
    "extend",
    "on_mark",
    "pause",
    "release",
    "resume",
    "start_bulk",
    "start_many",
    "sweep",
]
