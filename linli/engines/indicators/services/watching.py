"""Thresholds: set, dropped, and looked at after folding; who set one is told once each time it is crossed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.engines.indicators.models import Watch
from linli.engines.indicators.permissions import figure_for, may_read
from linli.engines.indicators.rules.measuring import crossed
from linli.engines.indicators.selectors.choosing import keys_of, labels
from linli.engines.indicators.selectors.counting import counted, narrow_of
from linli.engines.indicators.selectors.days import Period, zone
from linli.engines.indicators.selectors.watches import watch_for
from linli.engines.indicators.types import Dimension, Unit
from linli.engines.indicators.types import Value as Figured
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.journal import services as journal
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

MOST = 50
_MOST_DAYS = 366
_WATCHED = frozenset({Dimension.NONE, Dimension.UNIT, Dimension.AREA, Dimension.CATEGORY})


@whole
def set_watch(
    *,
    by: Actor,
    now: datetime,
    figure: str,
    above: bool,
    threshold: float,
    days: int,
    dimension: str = "",
    key: str = "",
) -> Watch:
    """Set a threshold for oneself; set again, it has the new value and begins anew.

    Raises:
        NotFoundError: there is no such figure for ``by``.
        InvalidError: the threshold, the days or what it is narrowed to make no sense.
        ConflictError: ``by`` has too many already.
    """
    found = figure_for(by, figure)
    if by.user_id is None:
        raise NotFoundError(_("没有找到这个指标。"), code="indicators.figure")
    _check(found.unit, threshold, days)
    if dimension not in _WATCHED or (dimension and key not in dict(keys_of(dimension, now))):
        raise InvalidError(_("请选择范围。"), code="indicators.key", fields={"key": [_("请从列表中选择。")]})
    if Watch.objects.filter(user=by.user_id).count() >= MOST:
        raise ConflictError(
            _("最多设 %(most)s 个提醒。") % {"most": MOST}, code="indicators.many", hint=_("请先删去不用的。")
        )
    row, _made = Watch.objects.update_or_create(
        user_id=by.user_id, figure=figure, dimension=dimension, key=key, days=days, above=above,
        defaults={"threshold": threshold, "raised_at": None, "seen_value": None, "seen_at": None},
        create_defaults={"threshold": threshold, "created_at": now},
    )  # fmt: skip
    after = {"figure": figure, "threshold": threshold, "above": above, "days": days, "of": [dimension, key]}
    journal.record(
        by=by, verb="indicators.watch", kind="watch", uuid=row.uuid, label=str(found.name), now=now, after=after
    )
    return row


def _check(unit: str, threshold: float, days: int) -> None:
    most = 100.0 if unit == Unit.SHARE else 1e9
    if not 0 <= threshold <= most:
        raise InvalidError(
            _("阈值不在范围内。"), code="indicators.threshold", fields={"threshold": [_("百分比请填 0 到 100。")]}
        )
    if not 1 <= days <= _MOST_DAYS:
        raise InvalidError(_("天数不在范围内。"), code="indicators.days", fields={"days": [_("请填 1 到 366。")]})


@whole
def drop_watch(*, by: Actor, now: datetime, uuid: UUID) -> None:
    """Drop a threshold of one's own.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    row = watch_for(by, uuid)
    journal.record(
        by=by, verb="indicators.unwatch", kind="watch", uuid=row.uuid, label=row.figure, now=now,
        before={"threshold": row.threshold},
    )  # fmt: skip
    row.delete()


def look(*, now: datetime) -> int:
    """Look at every threshold; return how many were crossed just now. One that cannot be read holds up no other."""
    return sum(_look(pk, now) for pk in Watch.objects.order_by("pk").values_list("pk", flat=True))


@whole
def _look(pk: int, now: datetime) -> bool:
    watch = Watch.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk).first()
    if watch is None:
        return False
    actor = people.actor_for(watch.user, now)
    if not may_read(actor):
        return False
    period = Period.last(watch.days, now.astimezone(zone()).date())
    narrow = narrow_of(watch.dimension, watch.key)
    try:
        found = counted(actor, watch.figure, period, narrow=narrow, now=now)
    except NotFoundError:  # a figure that is there no more, or is not for this person any longer
        return False
    beyond = crossed(found.total.value, watch.threshold, above=watch.above)
    raised = bool(beyond) and watch.raised_at is None
    watch.seen_value, watch.seen_at = found.total.value, now
    if raised:
        watch.raised_at, watch.times = now, watch.times + 1
        _tell(watch, found.total, found.figure.unit, str(found.figure.name), now)
    elif beyond is False:
        watch.raised_at = None
    watch.save(update_fields=["seen_value", "seen_at", "raised_at", "times"])
    return raised


def _tell(watch: Watch, value: Figured, unit: str, name: str, now: datetime) -> None:
    with override(getattr(watch.user, "language", None) or "zh-hans"):
        on = now.astimezone(zone()).date()
        where = labels(watch.dimension, {watch.key}, on).get(watch.key, "") if watch.dimension else _("全街道")
        said = {Unit.SHARE: _("%(n)s％"), Unit.COUNT: _("%(n)s 件"), Unit.TIME: _("%(n)s 分钟")}[Unit(unit)]
        params = {
            "figure": name,
            "where": where,
            "value": said % {"n": f"{value.value or 0:.1f}".removesuffix(".0")},
            "counted": f"{value.part:g} / {value.whole}",
            "threshold": said % {"n": f"{watch.threshold:g}"},
            "days": str(watch.days),
        }
        url = f"/desk/figures/{watch.figure}/?days={watch.days}"
        if watch.dimension:
            url += f"&{watch.dimension}={watch.key}"
    messages.tell_users(
        [watch.user_id],
        template="indicators.crossed",
        params=params,
        url=url,
        key=f"indicators.crossed:{watch.uuid}:{watch.times}:{now.isoformat()}",
        now=now,
    )
