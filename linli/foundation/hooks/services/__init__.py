"""The public writes of webhooks."""

from linli.foundation.hooks.services.delivering import deliver, deliver_due
from linli.foundation.hooks.services.following import follow
from linli.foundation.hooks.services.keeping import (
    change_hook,
    check_mapping,
    close_hook,
    create_hook,
    new_secret,
    pause_hook,
    replay,
    replay_failed,
    resume_hook,
    send_test,
    set_mapping,
)

__all__ = [
    "change_hook",
    "check_mapping",
    "close_hook",
    "create_hook",
    "deliver",
    "deliver_due",
    "follow",
    "new_secret",
    "pause_hook",
    "replay",
    "replay_failed",
    "resume_hook",
    "send_test",
    "set_mapping",
]
