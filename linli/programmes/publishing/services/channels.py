"""Keeping channels: the usual ones ship, each may be renamed, switched off, added to."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.programmes.publishing.models import Channel
from linli.programmes.publishing.permissions import may_release, need
from linli.programmes.publishing.services import pieces
from linli.programmes.publishing.types import ChannelData, ChannelKind

# 两微一端、社区报 and what every subdistrict has beside them.
SHIPPED = (
    ChannelData("wechat", "微信公众号", ChannelKind.WECHAT, order=10),
    ChannelData("weibo", "微博", ChannelKind.WEIBO, order=20),
    ChannelData("app", "客户端", ChannelKind.APP, order=30),
    ChannelData("paper", "社区报", ChannelKind.PAPER, order=40),
    ChannelData("portal", "居民网页", ChannelKind.WEB, order=50),
    ChannelData("board", "公告栏", ChannelKind.BOARD, order=60),
    ChannelData("cloud", "社区云", ChannelKind.CLOUD, order=70),
    ChannelData("meeting", "会议通报", ChannelKind.MEETING, order=80),
)
_CODE = re.compile(r"^[a-z][a-z0-9_-]{1,23}$")


def load_shipped(*, by: Actor, now: datetime) -> int:
    """Enter the usual channels that are not there yet; return how many."""
    known = set(Channel.objects.values_list("code", flat=True))
    missing = [c for c in SHIPPED if c.code not in known]
    for data in missing:
        _write(by, now, data)
    return len(missing)


def save_channel(*, by: Actor, now: datetime, data: ChannelData) -> Channel:
    """Enter a channel or change the one with that code.

    Raises:
        ForbiddenError: not of those who release. InvalidError: with what is wrong by field.
    """
    need(may_release(by), _("渠道由街道维护。"))
    return _write(by, now, data)


@whole
def _write(by: Actor, now: datetime, data: ChannelData) -> Channel:
    texts = {"name": clean(data.name), "address": clean(data.address), "note": clean(data.note)}
    faults = pieces.lengths(
        {"name": (texts["name"], 40), "address": (texts["address"], 200), "note": (texts["note"], 200)},
        needed=("name",),
    )
    if not _CODE.match(data.code):
        faults["code"] = [_("代码用小写字母开头，2 至 24 个字母、数字或横线。")]
    if data.kind not in ChannelKind.values:
        faults["kind"] = [_("请选择一种。")]
    pieces.refuse(faults)
    old = Channel.objects.filter(code=data.code).first()
    values: dict[str, Any] = {**texts, "kind": str(data.kind), "order": data.order, "active": data.active}
    row, _made = Channel.objects.update_or_create(code=data.code, defaults=values)
    journal.record(
        by=by,
        verb="publishing.save_channel",
        kind="publishing_channel",
        uuid=None,
        label=row.name,
        now=now,
        before={k: getattr(old, k) for k in values} if old else None,
        after=values,
    )
    return row
