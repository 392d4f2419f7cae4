"""Thresholds that somebody set."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.indicators.models import Watch
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError


def own_watches(actor: Actor) -> list[Watch]:
    """Return the thresholds that ``actor`` set, the crossed ones first."""
    rows = Watch.objects.filter(user=actor.user_id) if actor.user_id is not None else Watch.objects.none()
    return sorted(rows[:200], key=lambda w: (w.raised_at is None, w.figure, w.pk))


def watch_for(actor: Actor, uuid: UUID) -> Watch:
    """Return a threshold of ``actor``'s own.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    found = Watch.objects.filter(uuid=uuid, user=actor.user_id).first() if actor.user_id is not None else None
    if found is None:
        raise NotFoundError(_("没有找到这个提醒。"), code="indicators.watch")
    return found
