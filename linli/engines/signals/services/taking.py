"""What comes from devices: events, sums of people passing, heartbeats. Nothing here makes a case."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.signals.events import DRAFT
from linli.engines.signals.models import Device, Draft, Event, Flow
from linli.engines.signals.permissions import get_device_for
from linli.engines.signals.rules.folding import Rate, counted, home_of
from linli.engines.signals.selectors import numbers
from linli.engines.signals.services.telling import tell
from linli.engines.signals.types import DeviceKind, Numbers, Outcome, Signal, SignalKind
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.db.again import whole
from linli.foundation.core.faults import one, several
from linli.foundation.journal import services as journal

_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_UNIT = re.compile(r"[A-Za-z%℃°μ/²³]{0,12}")
_AHEAD = timedelta(minutes=5)
_LARGEST = 1_000_000
_MOST_PASSING = 100_000
_COUNTING = frozenset({DeviceKind.CAMERA.value, DeviceKind.COUNTER.value})


def _when_wrong(at: datetime, now: datetime, n: Numbers) -> str:
    if at.tzinfo is None:
        return _("请写明时区，例如 +08:00。")
    if at > now + _AHEAD:
        return _("时间在将来，请校对设备时钟。")
    if at < now - timedelta(hours=n.late_hours):
        return _("已超过 %(hours)s 小时，不再接收。") % {"hours": n.late_hours}
    return ""


def _check(signal: Signal, now: datetime, n: Numbers) -> None:
    """Say all that is wrong with an event at once."""
    wrong: dict[str, list[str]] = {}
    if not _ID.fullmatch(signal.id):
        wrong["id"] = [_("事件编号由 1 至 64 个字母、数字和 . _ : - 组成。")]
    if signal.kind not in SignalKind.values:
        wrong["kind"] = [_("请从列出的选项中选择。")]
    if words := _when_wrong(signal.at, now, n):
        wrong["at"] = [words]
    if signal.value is not None and not (math.isfinite(signal.value) and abs(signal.value) <= _LARGEST):
        wrong["value"] = [_("数值超出范围。")]
    if not _UNIT.fullmatch(signal.unit):
        wrong["unit"] = [_("请填写计量单位，例如 cm。")]
    if wrong:
        raise several("signals", wrong)


@whole
def take(*, by: Actor, now: datetime, device: str, signal: Signal) -> Outcome:
    """Take one event of a device: it begins a draft, or is folded into one of the same kind within the window.

    Repeats are known by their id and counted once. Beyond the rate nothing is kept but how many were shed.

    Args:
        device: the number of the device in the ledger.

    Raises:
        NotFoundError: no such device, or not one that ``by`` sends for.
        InvalidError: what does not fit.
    """
    row, n = get_device_for(by, device), numbers(now)
    _check(signal, now, n)
    rate, over = counted(
        Rate(row.rate_from, row.rate_count) if row.rate_from is not None else None, now, n.flood_per_minute
    )
    row.rate_from, row.rate_count = rate.began, rate.count
    if over:
        _shed(row, now)
        return Outcome.SHED
    key = keyed_hash(f"{row.pk}:{signal.id}", "signals.event")
    if Event.objects.filter(device=row, key_hash=key).exists():
        outcome = Outcome.REPEATED
    else:
        draft, outcome = _fold(row, signal, by=by, now=now, window=timedelta(minutes=n.fold_minutes))
        Event.objects.create(device=row, key_hash=key, draft=draft, at=signal.at, taken_at=now)
    _heard(row, now)
    return outcome


def _shed(row: Device, now: datetime) -> None:
    begins = row.flooding_since is None
    row.flooding_since = row.flooding_since or now
    row.shed, row.shed_at = (1 if begins else row.shed + 1), now
    _heard(row, now)
    if begins:
        tell(row, "flooding", now, now)


def _fold(row: Device, signal: Signal, *, by: Actor, now: datetime, window: timedelta) -> tuple[Draft, Outcome]:
    near = Draft.objects.filter(
        device=row, kind=signal.kind, anchor__gt=signal.at - window, anchor__lt=signal.at + window
    )
    found = {d.anchor: d for d in near}
    home = home_of(found, signal.at, window)
    if home is None:
        draft = Draft.objects.create(
            device=row, kind=signal.kind, anchor=signal.at, first_at=signal.at, last_at=signal.at,
            value=signal.value, unit=signal.unit, came_at=now,
        )  # fmt: skip
        journal.record(
            by=by, verb="signals.draft", kind=DRAFT, uuid=draft.uuid, label=row.number, now=now,
            after={"kind": signal.kind, "at": signal.at.isoformat()},
        )  # fmt: skip
        return draft, Outcome.DRAFTED
    draft = found[home]
    values = [v for v in (draft.value, signal.value) if v is not None]
    Draft.objects.filter(pk=draft.pk).update(
        count=F("count") + 1, first_at=min(draft.first_at, signal.at), last_at=max(draft.last_at, signal.at),
        value=max(values, default=None), unit=draft.unit or signal.unit,
    )  # fmt: skip
    return draft, Outcome.FOLDED


def _heard(row: Device, now: datetime) -> None:
    """Note that the device lives; tell its keepers where it was silent."""
    since, row.silent_since = row.silent_since, None
    row.heard_at = row.watched_from = now
    row.save(
        update_fields=[
            "heard_at", "watched_from", "silent_since", "rate_from", "rate_count", "flooding_since", "shed", "shed_at",
        ]
    )  # fmt: skip
    if since is not None:
        tell(row, "back", since, now)


@whole
def hear(*, by: Actor, now: datetime, device: str) -> None:
    """Note a heartbeat; not journalled, since nothing is decided or changed but when it was last heard.

    Raises:
        NotFoundError: no such device, or not one that ``by`` sends for.
    """
    _heard(get_device_for(by, device), now)


@whole
def put_flow(*, by: Actor, now: datetime, device: str, hour: datetime, count: int) -> None:
    """Keep how many people passed a device in an hour; sent again, the last sum holds.

    Raises:
        NotFoundError: no such device, or not one that ``by`` sends for.
        InvalidError: no whole hour, one to come or too long ago, a number out of bounds, a device that counts nobody.
    """
    row, n = get_device_for(by, device), numbers(now)
    wrong: dict[str, list[str]] = {}
    if words := _when_wrong(hour, now, n):
        wrong["hour"] = [words]
    elif hour.timestamp() % 3600:
        wrong["hour"] = [_("只接收整点起的一小时合计。")]
    elif hour + timedelta(hours=1) > now + _AHEAD:
        wrong["hour"] = [_("这一小时还没有结束，请在结束后报送合计。")]
    if not 0 <= count <= _MOST_PASSING:
        wrong["count"] = [_("数值超出范围。")]
    if wrong:
        raise several("signals", wrong)
    if row.kind not in _COUNTING:
        raise one("signals", "device", _("这类设备不报送人流。"))
    Flow.objects.update_or_create(device=row, hour=hour, defaults={"count": count})
    _heard(row, now)
