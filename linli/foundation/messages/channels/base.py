"""What a channel is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from linli.foundation.messages.types import Letter, Recipient, Sent, State


class Channel(Protocol):
    """One way of telling people.

    Attributes:
        first_state: the state of a fresh message.
        by_hand: a person does it and records the result; it stands in a to-do list till then.
        quiet: it disturbs people, so it waits for the end of the quiet hours.
        optional: a user may switch it off.
        sends: the delivery job hands its messages to ``opened``.
    """

    first_state: State
    by_hand: bool
    quiet: bool
    optional: bool
    sends: bool

    def address(self, recipient: Recipient) -> str:
        """Return the address that this channel needs, checked; InvalidError if it is missing or malformed."""
        ...

    def opened(self) -> AbstractContextManager[Callable[[Letter], Sent]]:
        """Open the channel for several letters and give the function that sends one; it never raises."""
        ...
