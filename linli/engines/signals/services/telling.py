"""Tells the people who keep a device that it is silent, floods, or is back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.signals.events import DEVICE
from linli.engines.signals.models import Device
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

TEMPLATE = "signals.device"


def keepers(device: Device, now: datetime) -> list[int]:
    """Return who is told: the people of its unit, or whoever leads the shift where the unit has none."""
    found = [h.user_id for h in people.members_of(device.unit_id, now=now)]
    return found or people.holders("shift_leader", "", now)


def tell(device: Device, what: str, since: datetime, now: datetime) -> None:
    """Tell once of ``what`` (silent, flooding, back, calm), which began at ``since``."""
    words = {
        "silent": _("失联：长时间没有收到心跳，请查看供电和网络。"),
        "flooding": _("信号过多：超过每分钟上限的部分没有接收，请检查设备。"),
        "back": _("已恢复：重新收到设备的消息。"),
        "calm": _("已恢复：信号数量回到正常。"),
    }
    messages.tell_users(
        keepers(device, now), template=TEMPLATE,
        params={"title": f"{device.number} {device.place}", "what": words[what]},
        url=f"/desk/signals/devices/{device.uuid}/", key=f"{TEMPLATE}:{device.uuid}:{what}:{since.isoformat()}",
        now=now, subject_kind=DEVICE, subject_uuid=device.uuid,
    )  # fmt: skip
