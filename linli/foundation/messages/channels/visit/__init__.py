"""A visit that a person makes and records."""

from __future__ import annotations

from linli.foundation.messages.channels.by_hand import ByHand

channel = ByHand(needs_phone=False)
