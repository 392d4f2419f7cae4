"""Accounts from the command line: for the first administrator, and where nobody can log in any more."""

from __future__ import annotations

import secrets

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import DomainError
from linli.interfaces.cli.set_up import ExitCode, fail, part

# Nothing that can be mistaken for something else when read out or copied by hand.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """Return a password of 16 characters (79 bits) in groups of four."""
    raw = "".join(secrets.choice(_ALPHABET) for _position in range(16))
    return "-".join(raw[i : i + 4] for i in range(0, 16, 4))


def create(username: str, display_name: str, phone: str) -> str:
    """Make an account; return its first password."""
    services = part("linli.foundation.accounts.services")
    password = first_password()
    try:
        services.create_user(
            username=username, display_name=display_name, password=password, phone=phone, by=SYSTEM, now=clock.now()
        )
    except DomainError as error:
        fail(error.message, hint=error.hint, code=ExitCode.PROBLEM)
    return password


def reset(username: str) -> str:
    """Give the account a new first password, and return it."""
    services = part("linli.foundation.accounts.services")
    password = first_password()
    try:
        services.reset_password(username=username, password=password, by=SYSTEM, now=clock.now())
    except DomainError as error:
        fail(error.message, hint=error.hint, code=ExitCode.PROBLEM)
    return password
