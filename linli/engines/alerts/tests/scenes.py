"""Messages about warnings, as the city sends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.engines.alerts.types import Message, MessageKind, Reference, Via

CITY = "w-sh@example.cn"


def message(now: datetime, identifier: str, kind: str = "alert", *, after: int = 0, follows: tuple[str, ...] = (),
            **more: Any) -> Message:  # fmt: skip
    """Return a message, sent ``after`` minutes after ``now`` less an hour."""
    said: dict[str, Any] = {
        "hazard": "rain", "colour": "yellow", "headline": "暴雨黄色预警", "text": "预计 6 小时内降雨 50 毫米以上。",
        "issuer": "市气象台", "area_text": "长宁区", "ends_at": now + timedelta(hours=6),
    }  # fmt: skip
    sent = now - timedelta(hours=1) + timedelta(minutes=after)
    return Message(
        sender=CITY, identifier=identifier, sent_at=sent, kind=MessageKind(kind), via=Via.CAP,
        references=tuple(Reference(CITY, i) for i in follows), **({} if kind == "cancel" else said | more),
    )  # fmt: skip


def cap(now: datetime, identifier: str = "A1", kind: str = "Alert", *, info: str | None = None, after: int = 0,
        references: str = "", status: str = "Actual", head: str = "") -> bytes:  # fmt: skip
    """Return a CAP 1.2 message."""
    sent = (now - timedelta(hours=1) + timedelta(minutes=after)).isoformat(timespec="seconds")
    ends = (now + timedelta(hours=6)).isoformat(timespec="seconds")
    told = info if info is not None else (
        "<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>"
        f"<severity>Severe</severity><certainty>Likely</certainty><expires>{ends}</expires>"
        "<senderName>上海中心气象台</senderName><headline>暴雨橙色预警</headline>"
        "<description>预计 3 小时内降雨 50 毫米以上。</description><instruction>停止户外作业。</instruction>"
        "<area><areaDesc>长宁区</areaDesc><geocode><valueName>code</valueName><value>310105</value></geocode></area>"
        "</info>"
    )  # fmt: skip
    followed = f"<references>{references}</references>" if references else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>{CITY}</sender><sent>{sent}</sent><status>{status}</status>"
        f"<msgType>{kind}</msgType><scope>Public</scope>{followed}{told}</alert>"
    ).encode()
