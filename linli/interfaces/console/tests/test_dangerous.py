"""Dangerous acts ask for the password again: the list in docs/how-to/people.md."""

from typing import Any

import pytest
from django.urls import resolve, reverse

from linli.foundation.core.ids import uuid7

UUID = str(uuid7())
ACTS: dict[str, dict[str, Any]] = {
    "web:user": {"uuid": UUID},
    "web:user_password": {"uuid": UUID},
    "web:user_sessions": {"uuid": UUID},
    "web:user_second_factor": {"uuid": UUID},
    "web:user_active": {"uuid": UUID},
    "web:second_factor": {},
    "web:second_factor_remove": {},
    "web:recovery_codes": {},
    "console:person_hand_over": {"uuid": UUID},
    "console:see_as": {"uuid": UUID},
    "console:screen_create": {},
    "console:mailbox_new": {},
    "console:mailbox_edit": {"uuid": UUID},
    "console:job_discard": {"job_id": 1},
}


@pytest.mark.parametrize("name", ACTS)
def test_it_asks(name):
    view = resolve(reverse(name, kwargs=ACTS[name])).func
    assert getattr(view, "linli_confirmed", False)
