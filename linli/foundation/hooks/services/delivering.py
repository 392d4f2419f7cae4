"""Sending what waits: again after a growing while, and no more to an address that keeps failing."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.db.again import whole
from linli.foundation.hooks import rules, selectors
from linli.foundation.hooks.models import Delivery, Hook
from linli.foundation.hooks.services.sending import send
from linli.foundation.hooks.types import Answer, DeliveryState, HookState
from linli.foundation.journal import services as journal
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

BATCH = 100
# Longer than one sending takes: a worker that stopped in the midst of it gives way to the next.
_LEASE = timedelta(minutes=2)


def deliver_due(*, now: datetime) -> int:
    """Send what is due; return how many were tried. Each is claimed first, so that two workers send it once."""
    due = Delivery.objects.filter(
        state=DeliveryState.WAITING, due_at__lte=now, hook__state=HookState.ACTIVE
    ).select_related("hook")
    tried = 0
    for row in due.order_by("due_at", "id")[:BATCH]:
        claimed = Delivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING, due_at=row.due_at)
        if claimed.update(due_at=now + _LEASE):
            # One may have been paused since by what came before it.
            if Hook.objects.filter(pk=row.hook_id, state=HookState.ACTIVE).exists():
                deliver(delivery=row, now=now)
                tried += 1
            else:
                Delivery.objects.filter(pk=row.pk).update(due_at=now)
    return tried


def deliver(*, delivery: Delivery, now: datetime) -> Answer:
    """Try one delivery, outside of any transaction, and note what became of it."""
    hook = delivery.hook
    answer = send(
        url=hook.url, id=str(delivery.event), body=delivery.body.encode(), secret=key_of(hook.secret),
        algorithm=hook.algorithm, plain=not delivery.body.startswith('{"specversion":'),
    )  # fmt: skip
    _note(delivery=delivery, answer=answer, now=now)
    return answer


def key_of(secret: str) -> bytes:
    """Return the key that a shown secret (``whsec_…``) stands for."""
    return base64.b64decode(secret.removeprefix("whsec_"))


@whole
def _note(*, delivery: Delivery, answer: Answer, now: datetime) -> None:
    attempts = delivery.attempts + 1
    waiting = not answer.arrived and attempts < selectors.attempts(now)
    ended = DeliveryState.DONE if answer.arrived else DeliveryState.FAILED
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.WAITING if waiting else ended, attempts=attempts, status=answer.status,
        error=answer.error, tried_at=now, due_at=now + rules.wait_after(attempts) if waiting else now,
    )  # fmt: skip
    hook = Hook.objects.filter(pk=delivery.hook_id)
    if answer.arrived:
        hook.update(failures=0, last_error="", last_arrived_at=now)
        return
    hook.update(failures=F("failures") + 1, last_error=answer.error or f"HTTP {answer.status}")
    limit = selectors.number("pause_after", now, rules.PAUSE_AFTER)
    paused = hook.filter(state=HookState.ACTIVE, failures__gte=limit)
    if paused.update(state=HookState.PAUSED, paused_at=now):
        _say_paused(hook.get(), now)


def _say_paused(hook: Hook, now: datetime) -> None:
    """Write it into the journal and tell who keeps it, else the system administrators."""
    why = _("连续 %(n)s 次未送达：%(error)s") % {"n": hook.failures, "error": hook.last_error}
    journal.record(by=SYSTEM, verb="hooks.pause", kind="hook", uuid=hook.uuid, label=hook.name, now=now, reason=why)
    link = f"/console/hooks/{hook.uuid}/"
    active = hook.keeper is not None and hook.keeper.is_active
    messages.tell_users(
        [hook.keeper_id] if active and hook.keeper_id is not None else people.holders("system_admin", "", now),
        template="hooks.paused",
        params={"name": hook.name, "failures": str(hook.failures), "error": hook.last_error, "link": link},
        url=link, key=f"hooks.paused:{hook.uuid}:{now.isoformat()}", now=now,
    )  # fmt: skip
