"""Who may see and who may change what is set up in the console; to everyone else its pages do not exist."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people import permissions
from linli.interfaces.web.access import View, actor_of, behind

__all__ = [
    "CONFIGURE", "LEADERS", "READERS", "actor_of", "door", "for_changers", "for_readers", "holding",
    "in_roles", "may", "may_change", "only", "only_roles", "today",
]  # fmt: skip

CONFIGURE = "console:configure"
LEADERS = frozenset({"shift_leader", "street_leader", "supervisor"})
READERS = LEADERS | {"system_admin"}


def _can(actor: Actor, *codes: str) -> bool:
    return any(permissions.can(actor, code) for code in codes)


def may(request: HttpRequest, *codes: str) -> bool:
    """Return whether who asks has one of the permissions."""
    return _can(actor_of(request), *codes)


def may_change(request: HttpRequest) -> bool:
    """Return whether the person who asks sets the installation up."""
    return may(request, CONFIGURE)


def today() -> date:
    """Return the day here."""
    return localtime(clock.now()).date()


def door(allowed: Callable[[Actor], bool]) -> Callable[[Actor], None]:
    """Return a check that raises NotFoundError for everyone whom ``allowed`` does not let in, as their page does."""

    def check(actor: Actor) -> None:
        if not allowed(actor):
            raise NotFoundError(_("没有找到这个页面。"))

    return check


def holding(*codes: str) -> Callable[[Actor], None]:
    """Return the check of pages that :func:`only` opens."""
    return door(lambda actor: _can(actor, *codes))


def in_roles(roles: Collection[str]) -> Callable[[Actor], None]:
    """Return the check of pages that :func:`only_roles` opens."""
    return door(lambda actor: bool(actor.roles & set(roles)))


def only(*codes: str) -> Callable[[View], View]:
    """Let in who has one of the permissions."""
    return behind(holding(*codes))


def only_roles(roles: Collection[str]) -> Callable[[View], View]:
    """Let in who holds one of ``roles``."""
    return behind(in_roles(roles))


def for_readers(view: View) -> View:
    """Let in who sets up and who leads."""
    return only_roles(READERS)(view)


def for_changers(view: View) -> View:
    """Let in who sets up."""
    return only(CONFIGURE)(view)
