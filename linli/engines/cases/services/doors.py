"""Shutting a way in, and opening it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import ShutDoor
from linli.engines.cases.selectors.doors import forget
from linli.engines.cases.services.inputs import need
from linli.engines.cases.types import Source
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions


@whole
def shut_door(*, by: Actor, now: datetime, source: Source, reason: str) -> None:
    """Take nothing more from ``source`` until it is opened; what was taken goes on.

    Raises:
        ConflictError: it is shut already.
        ForbiddenError: ``by`` may not configure.
    """
    permissions.check(by, "console:configure")
    need(reason=reason)
    _row, made = ShutDoor.objects.get_or_create(source=source, defaults={"reason": clean(reason)[:200], "shut_at": now})
    if not made:
        raise ConflictError(_("“%(door)s”已经关闭。") % {"door": source.label}, code="cases.door_shut")
    journal.record(
        by=by, verb="cases.shut_door", kind="door", uuid=None, label=source.value, now=now, reason=reason,
        before={"open": True}, after={"open": False},
    )  # fmt: skip
    forget()
    transaction.on_commit(forget)


@whole
def open_door(*, by: Actor, now: datetime, source: Source, reason: str) -> None:
    """Take in from ``source`` again.

    Raises:
        ConflictError: it is open already.
        ForbiddenError: ``by`` may not configure.
    """
    permissions.check(by, "console:configure")
    need(reason=reason)
    if not ShutDoor.objects.filter(source=source).delete()[0]:
        raise ConflictError(_("“%(door)s”已经开放。") % {"door": source.label}, code="cases.door_open")
    journal.record(
        by=by, verb="cases.open_door", kind="door", uuid=None, label=source.value, now=now, reason=reason,
        before={"open": False}, after={"open": True},
    )  # fmt: skip
    forget()
    transaction.on_commit(forget)
