"""Accounts from the command line: for the first administrator, and where nobody can log in any more."""

from __future__ import annotations

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import DomainError
from linli.interfaces.cli.set_up import fail, part
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


def reset(username: str, reason: str, *, second_factor: bool) -> str:
    """Give the account a new first password, and return it; the journal names the system as who did it.

    The failed tries are forgotten, and with ``second_factor`` the second factor is turned off. Whoever may
    run this has the server, and so could read the keys: it is the way in for administrators who are locked out.
    """
    services = part("linli.foundation.accounts.services")
    user = part("linli.foundation.accounts.selectors").find_login(username)
    if user is None:
        fail(_("没有这个账号：%(name)s") % {"name": username})
    if not user.is_active:
        fail(_("账号已停用：%(name)s") % {"name": username}, hint=_("请先由系统管理员启用。"))
    try:
        slip = services.let_in_again(by=SYSTEM, now=clock.now(), user=user, reason=reason, second_factor=second_factor)
    except DomainError as error:
        fail(error.message, hint=error.hint)
    return str(slip.password)
