"""Reading webhooks and what was sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.hooks import rules
from linli.foundation.hooks.models import Delivery, Hook
from linli.foundation.hooks.permissions import check_keep
from linli.foundation.hooks.types import DeliveryState
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import RuleMissingError


def number(code: str, now: datetime, without: int) -> int:
    """Return the rule ``hooks.<code>``, ``without`` where the rulebook does not have it."""
    try:
        return int(rulebook.value(f"hooks.{code}", on=localtime(now).date()))
    except RuleMissingError:
        return without


def attempts(now: datetime) -> int:
    """Return how often a delivery is tried."""
    return number("attempts", now, rules.ATTEMPTS)


def hooks(*, by: Actor) -> list[Hook]:
    """Return the subscriptions, the newest first, with how much waits and failed (at most 200).

    Raises:
        ForbiddenError: ``by`` keeps none.
    """
    check_keep(by)
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    failed = Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED))
    rows = Hook.objects.select_related("keeper").annotate(waiting=waiting, failed=failed)
    return list(rows.order_by("-id")[:200])


def hook(*, by: Actor, uuid: UUID) -> Hook:
    """Return a subscription.

    Raises:
        ForbiddenError: ``by`` keeps none.
        NotFoundError: there is none.
    """
    check_keep(by)
    found = Hook.objects.select_related("keeper").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个事件推送。"))
    return found


def delivery_page(*, by: Actor, hook: Hook, state: str = "", cursor: str = "", size: int = 50) -> Page[Delivery]:
    """Return a page of what was sent or waits, the newest first: one statement."""
    check_keep(by)
    rows = Delivery.objects.filter(hook=hook).defer("body")
    if state in DeliveryState.values:
        rows = rows.filter(state=state)
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def delivery(*, by: Actor, hook: Hook, uuid: UUID) -> Delivery:
    """Return one delivery with its text.

    Raises:
        NotFoundError: there is none.
    """
    check_keep(by)
    found = Delivery.objects.filter(hook=hook, uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这次推送。"))
    return found
