"""Public writes of the room `mailbox`. Keep it small and stable."""

from linli.engines.mailbox.services.connecting import try_connection
from linli.engines.mailbox.services.forgetting import forget
from linli.engines.mailbox.services.judging import add_to_case, discard, make_case, open_mail
from linli.engines.mailbox.services.keeping import add_mailbox, change_mailbox
from linli.engines.mailbox.services.looking import look, look_by_hand, look_soon
from linli.engines.mailbox.services.taking import take_all

__all__ = [
    "add_mailbox",
    "add_to_case",
    "change_mailbox",
    "discard",
    "forget",
    "look",
    "look_by_hand",
    "look_soon",
    "make_case",
    "open_mail",
    "take_all",
    "try_connection",
]
