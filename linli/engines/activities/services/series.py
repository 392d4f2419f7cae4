"""Series: set up, their next meetings made ahead, one skipped, the series ended."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.activities import selectors
from linli.engines.activities.models import Meeting, Series
from linli.engines.activities.permissions import check_convene, check_series
from linli.engines.activities.rules.dates import Move, moved, occurrences
from linli.engines.activities.services.planning import plan_meeting
from linli.engines.activities.services.steps import need, record, told
from linli.engines.activities.types import Guest, NewMeeting, NewSeries, NewVenue
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook

log = logging.getLogger(__name__)


@whole
def save_series(*, by: Actor, now: datetime, data: NewSeries) -> Series:
    """Set a series up and make its first meetings.

    Raises:
        ForbiddenError: not who convenes for the unit. InvalidError: by field.
    """
    kind = selectors.kind(data.kind)
    area = places.area(data.area_id) if data.area_id is not None else None
    check_convene(by, data.unit_id, area.path if area else "")
    _check(data)
    row = Series.objects.create(
        kind=kind.code,
        title=clean(data.title)[:80],
        unit_id=data.unit_id,
        area=area,
        day=data.day,
        every_months=data.every_months,
        move=data.move.value,
        starts=data.starts,
        minutes=data.minutes,
        place=clean(data.place)[:120],
        chair=told(data.chair, 80),
        secretary_id=data.secretary_id,
        invited={"groups": list(data.groups), "areas": list(data.area_ids), "units": list(data.unit_ids)},
        standing=list(data.standing),
        first_on=data.first_on,
        created_label=by.label,
        created_at=now,
    )
    after = {"day": row.day, "move": row.move, "first_on": row.first_on.isoformat()}
    record(by, now, "save_series", "series", row.uuid, row.title, after=after)
    make_meetings(row, now)
    return row


def _check(data: NewSeries) -> None:
    need(title=data.title, place=data.place)
    errors: dict[str, list[str]] = {}
    if not 1 <= data.day <= 31:
        errors["day"] = [_("请填写 1 至 31。")]
    if not 10 <= data.minutes <= 600:
        errors["minutes"] = [_("时长应为 10 至 600 分钟。")]
    if not 1 <= data.every_months <= 12:
        errors["every_months"] = [_("间隔应为 1 至 12 个月。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="activities.series", fields=errors)


def make_due(*, now: datetime) -> int:
    """Make the meetings of every series that fall into the days ahead; return how many. Running it again makes none."""
    made = 0
    today = timezone.localtime(now).date()
    for row in Series.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today)).select_related("area", "unit"):
        try:
            made += make_meetings(row, now)
        except DomainError as error:  # one series must not stop the others
            log.warning("series %s: %s", row.pk, error)
    return made


def make_meetings(series: Series, now: datetime) -> int:
    """Make those meetings of a series within the days ahead that are not there yet; return how many."""
    today = timezone.localtime(now).date()
    until = today + timedelta(days=selectors.number("series_days", now))
    if series.ended_on is not None:
        until = min(until, series.ended_on)
    there = set(series.meetings.values_list("occurrence", flat=True))
    made = 0
    for day in occurrences(series.first_on, series.day, every_months=series.every_months, until=until):
        held = moved(day, Move(series.move), selectors.is_workday)
        if day in there or day.isoformat() in series.skipped or held < today:
            continue
        try:
            with transaction.atomic():
                _make(series, day, held, now)
        except IntegrityError:  # another worker made it
            continue
        made += 1
    return made


def _make(series: Series, day: date, held: date, now: datetime) -> Meeting:
    begins = rulebook.working_calendar().at(held, series.starts)
    kind, invited = selectors.kind(series.kind), series.invited
    title = _("%(title)s（%(year)s年%(month)s月）") % {"title": series.title, "year": day.year, "month": day.month}
    data = NewMeeting(
        kind=series.kind,
        title=title,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=series.minutes),
        unit_id=series.unit_id,
        venues=(NewVenue(series.place),),
        chair=series.chair,
        secretary_id=series.secretary_id,
        area_id=series.area_id,
        groups=tuple(invited.get("groups", ())),
        area_ids=tuple(invited.get("areas", ())),
        unit_ids=tuple(invited.get("units", ())),
        guests=tuple(Guest(g) for g in kind.guests),
        standing=tuple(series.standing),
        series_id=series.pk,
        occurrence=day,
    )
    return plan_meeting(by=SYSTEM, now=now, data=data)


@whole
def skip(*, by: Actor, now: datetime, series: Series, day: date, reason: str) -> Series:
    """Leave one occurrence out that was not made yet; one that was made is called off by itself.

    Raises:
        ForbiddenError: not who convenes. InvalidError: no reason. ConflictError: it was made, or is no day of it.
    """
    check_series(by, series)
    need(reason=reason)
    row = Series.objects.select_for_update().get(pk=series.pk)
    if row.meetings.filter(occurrence=day).exists():
        raise ConflictError(_("这一次会议已经生成。"), code="activities.skip", hint=_("请打开该次会议取消它。"))
    if day not in set(occurrences(row.first_on, row.day, every_months=row.every_months, until=day)):
        raise InvalidError(
            _("这一天没有会议。"), code="activities.skip", fields={"day": [_("请选择这个系列的开会日。")]}
        )
    row.skipped = {**row.skipped, day.isoformat(): told(reason, 200)}
    row.save(update_fields=["skipped"])
    series.skipped = row.skipped
    after = {"day": day.isoformat()}
    record(by, now, "skip", "series", row.uuid, row.title, after=after, reason=told(reason, 200))
    return series


@whole
def end_series(*, by: Actor, now: datetime, series: Series, on: date, reason: str) -> Series:
    """End a series with the day ``on``; meetings made already stay until they are called off."""
    check_series(by, series)
    need(reason=reason)
    if Series.objects.filter(pk=series.pk, ended_on__isnull=True).update(ended_on=on) != 1:
        raise ConflictError(_("这个系列已经结束。"), code="activities.series", hint=_("请刷新后查看。"))
    series.ended_on = on
    after = {"ended_on": on.isoformat()}
    record(by, now, "end_series", "series", series.uuid, series.title, after=after, reason=told(reason, 200))
    return series
