"""Accounts from the command line: for the first administrator, and where nobody can log in any more."""

from __future__ import annotations

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import DomainError
from linli.interfaces.cli.set_up import accounts, fail, part
from linli.interfaces.cli.words import gettext as _


def create(username: str, display_name: str, phone: str) -> str:
    """Make an account; return its first password, which must be changed at the first login."""
    services = part("linli.foundation.accounts.services")
    now = clock.now()
    try:
        user = services.create_user(
            username=username, display_name=display_name, password=None, phone=phone, by=SYSTEM, now=now
        )
        return str(services.issue_password(by=SYSTEM, now=now, user=user).password)
    except DomainError as error:
        fail(error.message, hint=error.hint)


def reset(username: str) -> str:
    """Give the account a new first password, and return it."""
    services = part("linli.foundation.accounts.services")
    user = accounts().filter(username=username).first()
    if user is None:
        fail(_("没有这个账号：%(name)s") % {"name": username})
    try:
        return str(services.issue_password(by=SYSTEM, now=clock.now(), user=user).password)
    except DomainError as error:
        fail(error.message, hint=error.hint)
