"""What the channels without a machine have in common: a person does it, or nothing needs doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.foundation.core.errors import InvalidError
from linli.foundation.messages.types import Letter, Recipient, Sent, State


def _nothing(letter: Letter) -> Sent:
    return Sent(State.QUEUED)


@dataclass(frozen=True, slots=True)
class ByHand:
    """A recorded way: it stands in the to-do list until a result is recorded, or is done at once."""

    first_state: State = State.QUEUED
    by_hand: bool = True
    quiet: bool = True
    optional: bool = False
    sends: bool = False
    needs_phone: bool = False

    def address(self, recipient: Recipient) -> str:
        """Return the telephone number, where one is needed."""
        number = "".join(c for c in recipient.phone if c.isdigit() or c == "+")
        if self.needs_phone and not 5 <= len(number.lstrip("+")) <= 15:
            raise InvalidError(_("没有可用的联系电话。"), code="messages.phone", hint=_("请先补充电话号码。"))
        return number

    @contextmanager
    def opened(self) -> Iterator[Callable[[Letter], Sent]]:
        """Give a function that leaves the letter where it is."""
        yield _nothing
