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
from linli.foundation.hooks.services.sending import RefusedError, is_loopback, resolve

__all__ = [
    "RefusedError",
    "change_hook",
    "check_mapping",
    "close_hook",
    "create_hook",
    "deliver",
    "deliver_due",
    "follow",
    "is_loopback",
    "new_secret",
    "pause_hook",
    "replay",
    "replay_failed",
    "resolve",
    "resume_hook",
    "send_test",
    "set_mapping",
]
