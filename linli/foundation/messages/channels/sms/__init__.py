"""A text message: by the operator's gateway where one is set (``LINLI_GATEWAY_SMS_URL``), else by a person's hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from linli.foundation.messages.channels import gateway
from linli.foundation.messages.channels.by_hand import ByHand
from linli.foundation.messages.types import Letter, Recipient, Sent, State

_HAND = ByHand(needs_phone=True)


class Sms:
    """Follows the settings: set up a gateway and text messages leave by themselves."""

    first_state = State.QUEUED
    quiet = True
    optional = False

    @property
    def sends(self) -> bool:
        """Whether a gateway is set."""
        return bool(gateway.url_of("sms"))

    @property
    def by_hand(self) -> bool:
        """Whether a person sends it."""
        return not self.sends

    def address(self, recipient: Recipient) -> str:
        """Return the telephone number; InvalidError where there is none."""
        return _HAND.address(recipient)

    def opened(self) -> AbstractContextManager[Callable[[Letter], Sent]]:
        """Give a function that asks the gateway."""
        return gateway.opened("sms")


channel = Sms()
