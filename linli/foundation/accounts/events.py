"""What rooms above may hang on to: sessions of somebody were ended from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Listener = Callable[[int, frozenset[str], datetime], None]
_listeners: list[Listener] = []


def on_sessions_ended(handler: Listener) -> Listener:
    """Register ``handler(user_id, handles, now)``; it runs in the transaction that ends the sessions."""
    if handler not in _listeners:
        _listeners.append(handler)
    return handler


def sessions_ended(user_id: int, handles: frozenset[str], now: datetime) -> None:
    """Tell who listens; not for a session that its owner leaves by logging out, or that ran out."""
    for listener in _listeners:
        listener(user_id, handles, now)
