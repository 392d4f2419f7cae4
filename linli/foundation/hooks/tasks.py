"""Jobs of the room `hooks`: the journal is followed and what waits is sent, in every namespace."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.foundation.hooks import services
from linli.foundation.hooks.models import Delivery
from linli.foundation.hooks.selectors import number
from linli.foundation.hooks.types import DeliveryState
from linli.foundation.jobs.services import handler, schedule
from linli.foundation.jobs.types import Payload


@schedule("hooks.follow", every=timedelta(seconds=5))
def follow(payload: Payload, now: datetime) -> None:
    """Make deliveries of what was sealed, and send what is due for another try."""
    services.follow(now=now)
    services.deliver_due(now=now)


@handler("hooks.deliver")
def deliver(payload: Payload, now: datetime) -> None:
    """Send what waits."""
    services.deliver_due(now=now)


@schedule("hooks.clean", every=timedelta(days=1))
def clean(payload: Payload, now: datetime) -> None:
    """Delete deliveries that ended long ago."""
    before = now - timedelta(days=number("keep_days", now, 30))
    Delivery.objects.filter(made_at__lt=before).exclude(state=DeliveryState.WAITING).delete()
