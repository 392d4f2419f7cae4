"""A text message that a person sends and records; Linli has no gateway of its own."""

from __future__ import annotations

from linli.foundation.messages.channels.by_hand import ByHand

channel = ByHand(needs_phone=True)
