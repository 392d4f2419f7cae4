"""The inbox inside Linli: there as soon as the transaction is committed, exactly once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError
from linli.foundation.messages.channels.by_hand import ByHand
from linli.foundation.messages.types import Recipient, State


@dataclass(frozen=True, slots=True)
class InApp(ByHand):
    """Kept for a user."""

    def address(self, recipient: Recipient) -> str:
        """Return nothing: a user is enough."""
        if recipient.user_id is None:
            raise InvalidError(_("站内消息只能发给已登记的用户。"), code="messages.user")
        return ""


channel = InApp(first_state=State.DELIVERED, by_hand=False, quiet=False)
