"""Public reads of the room `signals`. Keep it small and stable."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.signals.models import Device, Draft, Flow
from linli.engines.signals.permissions import check_read, devices_q
from linli.engines.signals.types import DeviceFilters, DeviceKind, DraftState, Numbers
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.rulebook import selectors as rulebook

QUEUE = 60


def numbers(now: datetime) -> Numbers:
    """Return the numbers of this room on the day of ``now``."""
    on = localtime(now).date()
    return Numbers(**{name: int(rulebook.value(f"signals.{name}", on=on)) for name in Numbers.__dataclass_fields__})


def waiting(by: Actor, *, text: str = "") -> tuple[list[Draft], bool]:
    """Return the drafts that wait, the first that came first, at most :data:`QUEUE`; and whether there are more."""
    check_read(by)
    rows = _named(Draft.objects.filter(state=DraftState.WAITING), text).select_related("device", "device__unit")
    found = list(rows.order_by("came_at", "id")[: QUEUE + 1])
    return found[:QUEUE], len(found) > QUEUE


def decided(by: Actor, *, text: str = "", cursor: str = "", size: int = 50) -> Page[Draft]:
    """Return one page of the drafts that were judged, the last that came first."""
    check_read(by)
    rows = _named(Draft.objects.exclude(state=DraftState.WAITING), text).select_related("device")
    return keyset(rows, keys=[("came_at", datetime), ("id", int)], cursor=cursor, size=size, descending=True)


def _named(rows: QuerySet[Draft], text: str) -> QuerySet[Draft]:
    words = text.strip()[:60]
    if not words:
        return rows
    return rows.filter(Q(device__number__icontains=words) | Q(device__place__icontains=words) | Q(case_number=words))


def draft_for(by: Actor, uuid: UUID) -> Draft:
    """Return one draft.

    Raises:
        ForbiddenError: ``by`` reads none.
        NotFoundError: there is none.
    """
    check_read(by)
    found = Draft.objects.filter(uuid=uuid).select_related("device", "device__unit").first()
    if found is None:
        raise NotFoundError(_("没有这条感知信号。"), code="signals.no_draft")
    return found


def devices(by: Actor, filters: DeviceFilters, *, cursor: str = "", size: int = 50) -> Page[Device]:
    """Return one page of the ledger by number, of what ``by`` may read."""
    rows = _narrow(Device.objects.filter(devices_q(by)), filters).select_related("unit")
    return keyset(rows, keys=[("number", str), ("id", int)], cursor=cursor, size=size)


_STATES: dict[str, Q] = {
    "silent": Q(active=True, silent_since__isnull=False),
    "flooding": Q(active=True, flooding_since__isnull=False),
    "unsigned": Q(active=True, notice_on__isnull=True),
    "ended": Q(active=False),
}


def _narrow(rows: QuerySet[Device], filters: DeviceFilters) -> QuerySet[Device]:
    q = _STATES.get(filters.state, Q())
    if filters.kind in DeviceKind.values:
        q &= Q(kind=filters.kind)
    words = filters.text.strip()[:60]
    if words:
        q &= Q(number__icontains=words) | Q(place__icontains=words) | Q(unit__name__icontains=words)
    return rows.filter(q)


def device_for(by: Actor, uuid: UUID) -> Device:
    """Return one device of the ledger.

    Raises:
        NotFoundError: there is none for this reader.
    """
    found = Device.objects.filter(devices_q(by), uuid=uuid).select_related("unit", "area", "venue", "program").first()
    if found is None:
        raise NotFoundError(_("没有这台设备。"), code="signals.no_device")
    return found


def flows(device: Device, now: datetime, *, hours: int = 24) -> list[Flow]:
    """Return the hourly sums of the last ``hours``, newest first."""
    return list(Flow.objects.filter(device=device, hour__gt=now - timedelta(hours=hours)).order_by("-hour"))


def drafts_of(device: Device, *, limit: int = 10) -> list[Draft]:
    """Return the newest drafts of a device."""
    return list(Draft.objects.filter(device=device).order_by("-came_at", "-id")[:limit])
