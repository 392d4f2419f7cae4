"""The ways in which people are told: one folder each, named in ``ChannelCode``.

A folder's ``__init__`` has ``channel``, an object that follows :class:`~.base.Channel`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from linli.foundation.messages.channels.base import Channel
from linli.foundation.messages.types import ChannelCode


@lru_cache(maxsize=len(ChannelCode))
def channel(code: str) -> Channel:
    """Return the channel in the folder ``code``."""
    found: Channel = import_module(f"{__name__}.{ChannelCode(code).value}").channel
    return found
