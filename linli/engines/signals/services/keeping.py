"""The ledger of devices, and forgetting what is past its days."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.signals.events import DEVICE
from linli.engines.signals.models import Device, Event
from linli.engines.signals.permissions import check_judge
from linli.engines.signals.selectors import numbers
from linli.engines.signals.types import DeviceData, DeviceKind, Numbers
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.faults import Faults, stale
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people

_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,40}")
_KNOWN_AGAIN = 2  # days: longer than an event may be late, so that a repeat is always known


class DeviceFaults(Faults):
    """What is wrong with an entry of the ledger."""

    room = "signals"


def _checked(data: DeviceData, now: datetime, n: Numbers, other: int) -> dict[str, Any]:
    """Return the fields as they are kept, or raise with all that is wrong."""
    wrong = DeviceFaults()
    number = data.number.strip()
    if not _NUMBER.fullmatch(number):
        wrong.add("number", _("编号由 1 至 40 个字母、数字和 . _ - 组成。"))
    elif any(pk != other for pk in Device.objects.filter(number=number).values_list("pk", flat=True)):
        wrong.add("number", _("台账中已有这个编号。"))
    if data.unit_id is None:
        wrong.add("unit", _("请选择负责维护的单位。"))
    if not 1 <= data.retention_days <= n.longest_retention:
        wrong.add("retention_days", _("保存天数为 1 至 %(most)s 天。") % {"most": n.longest_retention})
    if data.notice_on is not None and data.notice_on > people.local_day(now):
        wrong.add("notice_on", _("日期在将来。请在告示牌设置后填写。"))
    fields = {
        "number": number,
        "kind": wrong.choice("kind", data.kind, DeviceKind.values),
        "place": wrong.words("place", data.place, 120, needed=True),
        "purpose": wrong.words("purpose", data.purpose, 200, needed=True),
        "unit_id": data.unit_id, "program_id": data.program_id, "venue_id": data.venue_id, "area_id": data.area_id,
        "lat": data.point.lat if data.point else None, "lon": data.point.lon if data.point else None,
        "notice_on": data.notice_on, "retention_days": data.retention_days, "active": data.active,
    }  # fmt: skip
    wrong.check()
    return fields


def _shown(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in fields.items()}


@whole
def add_device(*, by: Actor, now: datetime, data: DeviceData) -> Device:
    """Enter a device.

    Raises:
        ForbiddenError: not one who keeps the ledger.
        InvalidError: with every field that is wrong.
    """
    check_judge(by)
    fields = _checked(data, now, numbers(now), 0)
    row = Device.objects.create(**fields, entered_at=now, watched_from=now)
    journal.record(
        by=by, verb="signals.add_device", kind=DEVICE, uuid=row.uuid, label=row.number, now=now, after=_shown(fields)
    )
    return row


@whole
def change_device(*, by: Actor, now: datetime, device: Device, data: DeviceData, expected: int) -> Device:
    """Change an entry; taken out of use, it is watched no more and nothing is taken of it.

    Raises:
        ForbiddenError: not one who keeps the ledger.
        StaleError: somebody changed it since version ``expected``.
        InvalidError: with every field that is wrong.
    """
    check_judge(by)
    row = Device.objects.select_for_update().get(pk=device.pk)
    if row.version != expected:
        raise stale()
    fields = _checked(data, now, numbers(now), row.pk)
    before = {name: getattr(row, name) for name in fields}
    if fields["active"] != row.active:
        row.watched_from, row.silent_since, row.flooding_since = now, None, None
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    changed = {name: value for name, value in fields.items() if before[name] != value}
    journal.record(
        by=by, verb="signals.change_device", kind=DEVICE, uuid=row.uuid, label=row.number, now=now,
        before=_shown({name: before[name] for name in changed}), after=_shown(changed),
    )  # fmt: skip
    return row


def forget(*, now: datetime) -> int:
    """Delete the events that are past their device's days; what was judged and the hourly sums stay."""
    deleted = 0
    for days in Device.objects.order_by("retention_days").values_list("retention_days", flat=True).distinct():
        before = now - timedelta(days=max(days, _KNOWN_AGAIN))
        deleted += Event.objects.filter(device__retention_days=days, taken_at__lt=before).delete()[0]
    return deleted
