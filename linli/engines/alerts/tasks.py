"""Jobs of the room `alerts`, and what an event of a warning says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from linli.engines.alerts import services
from linli.engines.alerts.models import Alert
from linli.foundation.hooks.events import describes
from linli.foundation.jobs.services import schedule


@schedule("alerts.remind", every=timedelta(minutes=5))
def remind(_payload: dict[str, Any], now: datetime) -> None:
    """Tell who leads of warnings that nobody took note of."""
    services.remind(now=now)


@describes(
    "alert",
    {
        "hazard": _("预警灾种"), "colour": _("预警颜色"), "exercise": _("是否演练"), "begins_at": _("开始时间"),
        "ends_at": _("结束时间"), "lifted": _("是否已解除"),
    },
)  # fmt: skip
def said(uuids: Collection[UUID]) -> dict[UUID, dict[str, object]]:
    """Say of warnings in an event what they are and how long they hold."""
    rows = Alert.objects.filter(uuid__in=uuids)
    return {
        a.uuid: {
            "hazard": a.hazard, "colour": a.colour, "exercise": a.exercise, "begins_at": a.begins_at.isoformat(),
            "ends_at": a.ends_at.isoformat(), "lifted": a.lifted_at is not None,
        }
        for a in rows
    }  # fmt: skip
