"""A reply that stands on the public page: for those who left no contact it is the feedback."""

from __future__ import annotations

from dataclasses import dataclass

from linli.foundation.messages.channels.by_hand import ByHand
from linli.foundation.messages.types import Recipient, State


@dataclass(frozen=True, slots=True)
class PublicReply(ByHand):
    """Published with the case; nobody's address is needed."""

    def address(self, recipient: Recipient) -> str:
        """Return nothing."""
        return ""


channel = PublicReply(first_state=State.DELIVERED, by_hand=False, quiet=False)
